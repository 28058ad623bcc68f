// The road or bridge under a finger.

import type { Position } from "geojson";
import type { Item } from "../api.ts";
import type { Box } from "../catalog.ts";

export interface Road {
  name: string;
  bridge: boolean;
  /** 0 on the ground, 1 above it, -1 below it. */
  level: number;
  /** Where on it the finger is nearest. */
  at: Position;
  /** All of a bridge, of a road a few steps to both sides. */
  stretch: Position[];
  /** m from the finger. */
  distance: number;
}

const degreeM = 111_195;
/** What of a road is shown as closed, in m to both sides. */
const besideM = 12;

/** m a degree of longitude and latitude. */
function scale(lat: number): [number, number] {
  return [degreeM * Math.cos((lat * Math.PI) / 180), degreeM];
}

/** The box of so many m around a place. */
export function boxAround([lon, lat]: readonly [number, number], metres: number): Box {
  const [x, y] = scale(lat);
  return [lon - metres / x, lat - metres / y, lon + metres / x, lat + metres / y];
}

/** The roads within reach of a place in m, the nearest first: of each level the nearest only. */
export function roadsNear(items: readonly Item[], at: readonly [number, number], reach: number): Road[] {
  const near = items.flatMap((item) => roadOf(item, at) ?? []).filter((road) => road.distance <= reach);
  near.sort((a, b) => a.distance - b.distance);
  return near.filter((road, i) => near.findIndex((other) => other.level === road.level) === i);
}

function roadOf({ geometry, properties: p }: Item, at: readonly [number, number]): Road | undefined {
  if (geometry?.type !== "MultiLineString") return undefined;
  let best: { line: Position[]; along: number; distance: number } | undefined;
  for (const line of geometry.coordinates) {
    const found = nearest(line, at);
    if (found && !(best && best.distance <= found.distance)) best = { line, ...found };
  }
  if (!best) return undefined;
  const bridge = p["bridge"] === true;
  const { line, along, distance } = best;
  const stretch = bridge ? line : cut(line, along - besideM, along + besideM);
  return {
    name: String(p["name"] ?? ""),
    bridge,
    level: typeof p["level"] === "number" ? p["level"] : bridge ? 1 : p["tunnel"] === true ? -1 : 0,
    at: pointAt(line, along),
    stretch,
    distance,
  };
}

/** How far along a line, in m, it is nearest to a place, and how near. */
function nearest(line: Position[], [lon, lat]: readonly [number, number]) {
  const [kx, ky] = scale(lat);
  let best: { along: number; distance: number } | undefined;
  let before = 0;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1] ?? [], line[i] ?? []].map(([x = 0, y = 0]) => [
      (x - lon) * kx,
      (y - lat) * ky,
    ]);
    const [ax = 0, ay = 0] = a ?? [];
    const [dx, dy] = [(b?.[0] ?? 0) - ax, (b?.[1] ?? 0) - ay];
    const length = Math.hypot(dx, dy);
    const t = length > 0 ? Math.min(Math.max(-(ax * dx + ay * dy) / length ** 2, 0), 1) : 0;
    const distance = Math.hypot(ax + t * dx, ay + t * dy);
    if (!best || distance < best.distance) best = { along: before + t * length, distance };
    before += length;
  }
  return best;
}

function lengths(line: Position[]): number[] {
  const [kx, ky] = scale(line[0]?.[1] ?? 0);
  return line.slice(1).map(([x = 0, y = 0], i) => {
    const [px = 0, py = 0] = line[i] ?? [];
    return Math.hypot((x - px) * kx, (y - py) * ky);
  });
}

/** The point so many m along a line, its ends beyond them. */
function pointAt(line: Position[], metres: number): Position {
  let rest = Math.max(metres, 0);
  for (const [i, length] of lengths(line).entries()) {
    const [x = 0, y = 0] = line[i] ?? [];
    const [nx = 0, ny = 0] = line[i + 1] ?? [];
    if (rest <= length && length > 0) return [x + ((nx - x) * rest) / length, y + ((ny - y) * rest) / length];
    rest -= length;
  }
  return [...(line.at(-1) ?? [])];
}

/** What of a line is between two places on it, in m from its beginning. */
function cut(line: Position[], from: number, to: number): Position[] {
  let along = 0;
  const between: Position[] = [];
  for (const [i, length] of lengths(line).entries()) {
    along += length;
    const vertex = line[i + 1];
    if (vertex && along > from && along < to) between.push(vertex);
  }
  return [pointAt(line, from), ...between, pointAt(line, to)];
}
