// Geometry while it is edited. Coordinates are the server's own numbers and
// stay them, to the last bit, until somebody moves the vertex that has them.

import type { Geometry } from "geojson";
import type { Box, Layer } from "../catalog.ts";

/** lon, lat in degrees. */
export type Point = readonly [number, number];
/** Vertices in order. A ring does not repeat its first vertex. */
export type Line = readonly Point[];
/** Of an area: the outer ring, then its holes; otherwise one line or point. */
export type Part = readonly Line[];

export interface Shape {
  readonly kind: Layer["geometry"];
  readonly parts: readonly Part[];
}

/** One line of a shape. */
export interface Where {
  part: number;
  line: number;
}

export function same(a: Point | undefined, b: Point | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

/** Whether both have the same vertices in the same order, to the last bit. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a === b || JSON.stringify(a.parts) === JSON.stringify(b.parts);
}

/** The shape of a geometry; heights are not kept. */
export function shapeOf(kind: Layer["geometry"], geometry: Geometry | null | undefined): Shape {
  switch (geometry?.type) {
    case "Point":
      return { kind, parts: [[[flat(geometry.coordinates)]]] };
    case "LineString":
      return { kind, parts: [[geometry.coordinates.map(flat)]] };
    case "MultiLineString":
      return { kind, parts: geometry.coordinates.map((line) => [line.map(flat)]) };
    case "Polygon":
      return { kind, parts: [geometry.coordinates.map(openRing)] };
    case "MultiPolygon":
      return { kind, parts: geometry.coordinates.map((rings) => rings.map(openRing)) };
    default:
      return { kind, parts: [] };
  }
}

/** The geometry of a shape, in the layer's type; null where there is none. */
export function geometryOf(shape: Shape): Geometry | null {
  const { kind, parts } = shape;
  if (parts.length === 0) return null;
  const list = (line: Line) => line.map(([lon, lat]) => [lon, lat]);
  switch (kind) {
    case "Point":
      return { type: "Point", coordinates: list(parts[0]?.[0] ?? [])[0] ?? [] };
    case "MultiLineString":
      return { type: "MultiLineString", coordinates: parts.map((part) => list(part[0] ?? [])) };
    case "MultiPolygon":
      return {
        type: "MultiPolygon",
        coordinates: parts.map((part) => part.map((ring) => list(closed(ring)))),
      };
    default:
      throw new Error(`no geometry of kind ${kind satisfies never}`);
  }
}

function flat(position: readonly number[]): Point {
  return [position[0] ?? Number.NaN, position[1] ?? Number.NaN];
}

function openRing(ring: readonly (readonly number[])[]): Line {
  const points = ring.map(flat);
  return points.length > 1 && same(points[0], points.at(-1)) ? points.slice(0, -1) : points;
}

export function closed(ring: Line): Line {
  return ring[0] ? [...ring, ring[0]] : ring;
}

export function isArea(shape: Shape): boolean {
  return shape.kind === "MultiPolygon";
}

export function lineAt(shape: Shape, { part, line }: Where): Line | undefined {
  return shape.parts[part]?.[line];
}

/** Each line of the shape with where it is. */
export function lines(shape: Shape): { where: Where; line: Line }[] {
  return shape.parts.flatMap((part, p) => part.map((line, l) => ({ where: { part: p, line: l }, line })));
}

/** The same shape where change returns the same lines. */
export function mapLines(shape: Shape, change: (line: Line, where: Where) => Line): Shape {
  let changed = false;
  const parts = shape.parts.map((part, p) =>
    part.map((line, l) => {
      const next = change(line, { part: p, line: l });
      changed ||= next !== line;
      return next;
    }),
  );
  return changed ? { ...shape, parts } : shape;
}

export function withLine(shape: Shape, { part, line }: Where, next: Line): Shape {
  return mapLines(shape, (old, where) => (where.part === part && where.line === line ? next : old));
}

/** The segments of a line; of a ring also the one that closes it. */
export function* segments(line: Line, ring: boolean): Generator<[Point, Point]> {
  for (let i = 1; i < line.length; i++) yield [line[i - 1] as Point, line[i] as Point];
  const [first, last] = [line[0], line.at(-1)];
  if (ring && line.length > 2 && first && last) yield [last, first];
}

export function boxOf(shapes: Iterable<Shape>): Box | undefined {
  let box: Box | undefined;
  for (const shape of shapes) {
    for (const { line } of lines(shape)) {
      for (const [x, y] of line) {
        box ??= [x, y, x, y];
        box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
      }
    }
  }
  return box;
}

/**
 * Without vertices that repeat the one before, rings of fewer than three and
 * lines of fewer than two vertices: what is left behind when vertices are
 * dragged onto each other.
 */
export function tidy(shape: Shape): Shape {
  if (shape.kind === "Point") return shape;
  const area = isArea(shape);
  const least = area ? 3 : 2;
  const once = (line: Line): Line => {
    const kept = line.filter((p, i) => !same(p, line[i - 1]));
    return area && kept.length > 1 && same(kept[0], kept.at(-1)) ? kept.slice(0, -1) : kept;
  };
  const parts = shape.parts
    .map((part) => part.map(once).filter((line, l) => line.length >= least || l === 0))
    .filter((part) => (part[0]?.length ?? 0) >= least);
  return { ...shape, parts };
}

/** Twice the signed area in square degrees: positive for a ring that runs counter-clockwise. */
export function turn(ring: Line): number {
  let sum = 0;
  for (const [a, b] of segments(ring, true)) sum += a[0] * b[1] - b[0] * a[1];
  return sum;
}

/** Whether the point is inside the ring; on its edge either may be said. */
export function inRing([x, y]: Point, ring: Line): boolean {
  let inside = false;
  for (const [a, b] of segments(ring, true)) {
    if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside;
  }
  return inside;
}

/** Whether the point is inside the part, and in none of its holes. */
export function inPart(point: Point, part: Part): boolean {
  const [outer, ...holes] = part;
  return outer !== undefined && inRing(point, outer) && !holes.some((hole) => inRing(point, hole));
}

/** Mean radius of the earth, metres. */
const earth = 6_371_008.8;
const radians = Math.PI / 180;

/** Metres along the line, on a sphere: right to half a percent. */
export function lengthOf(line: Line, ring = false): number {
  let sum = 0;
  for (const [a, b] of segments(line, ring)) {
    const dLat = (b[1] - a[1]) * radians;
    const dLon = (b[0] - a[0]) * radians;
    const h =
      Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * Math.sin(dLon / 2) ** 2;
    sum += 2 * earth * Math.asin(Math.sqrt(h));
  }
  return sum;
}

/** Square metres, on a sphere: right to half a percent. */
export function areaOf(shape: Shape): number {
  if (!isArea(shape)) return 0;
  let sum = 0;
  for (const part of shape.parts) {
    part.forEach((ring, l) => {
      let excess = 0;
      for (const [a, b] of segments(ring, true)) {
        excess += (b[0] - a[0]) * radians * (2 + Math.sin(a[1] * radians) + Math.sin(b[1] * radians));
      }
      sum += (l === 0 ? 1 : -1) * Math.abs((excess * earth * earth) / 2);
    });
  }
  return sum;
}
