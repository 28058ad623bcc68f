// A place that is surely in a geometry.

import type { Geometry, Position } from "geojson";

export type Line = Position[];

/** The lines of a geometry: rings, parts, or points as lines of one vertex. */
export function lines(geometry: Geometry): Line[] {
  switch (geometry.type) {
    case "Point":
      return [[geometry.coordinates]];
    case "MultiPoint":
      return geometry.coordinates.map((p) => [p]);
    case "LineString":
      return [geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
    default:
      throw new Error(`unexpected ${geometry.type}`);
  }
}

/** A point of the geometry, lon and lat in degrees: inside an area, on a line. Undefined for an empty one. */
export function inside(geometry: Geometry): Position | undefined {
  const [first] = lines(geometry);
  if (!first?.length) return undefined;
  if (geometry.type === "Point") return first[0];
  if (geometry.type.includes("Line")) {
    const i = Math.max(Math.floor(first.length / 2), 1);
    return middle(first[i - 1], first[i]);
  }
  // The middle of the widest crossing of one parallel with the rings.
  const lats = first.map((p) => p[1] ?? 0);
  const lat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const rings = geometry.type === "MultiPolygon" ? (geometry.coordinates[0] ?? []) : lines(geometry);
  const at = rings.flatMap((ring) => crossings(ring, lat)).sort((a, b) => a - b);
  let best: { width: number; lon: number } | undefined;
  for (let i = 0; i + 1 < at.length; i += 2) {
    const [west = 0, east = 0] = [at[i], at[i + 1]];
    if (!best || east - west > best.width) best = { width: east - west, lon: (west + east) / 2 };
  }
  return best && [best.lon, lat];
}

function crossings(ring: Line, lat: number): number[] {
  const out: number[] = [];
  for (let i = 1; i < ring.length; i++) {
    const [x0 = 0, y0 = 0] = ring[i - 1] ?? [];
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    if (y0 > lat !== y1 > lat) out.push(x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0));
  }
  return out;
}

function middle(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (!a || !b) return a ?? b;
  return [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2];
}
