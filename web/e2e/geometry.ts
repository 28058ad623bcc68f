// Small geometry for the tests: where to tap, and how far a decoded tile is
// from its source.

import type { Position } from "geojson";
import type { Line } from "../src/inside.ts";

export { inside, lines } from "../src/inside.ts";

/** Position in the units of a tile, 0,0 at its north-west corner. */
export function inTile(p: Position, z: number, x: number, y: number, extent: number): Position {
  const [lon = 0, lat = 0] = p;
  const n = 2 ** z;
  const sin = Math.sin((lat * Math.PI) / 180);
  return [
    (((lon + 180) / 360) * n - x) * extent,
    ((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * n - y) * extent,
  ];
}

/** Distance from a point to the nearest of the lines. */
export function distance(p: Position, to: Line[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (const line of to) {
    if (line.length === 1) best = Math.min(best, length(p, line[0] ?? []));
    for (let i = 1; i < line.length; i++)
      best = Math.min(best, toSegment(p, line[i - 1] ?? [], line[i] ?? []));
  }
  return best;
}

function length([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position): number {
  return Math.hypot(ax - bx, ay - by);
}

function toSegment(p: Position, a: Position, b: Position): number {
  const [px = 0, py = 0] = p;
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.min(Math.max(((px - ax) * dx + (py - ay) * dy) / square, 0), 1);
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}
