// Snapping to the borders of what lies around. The point that is given is the
// neighbour's own, bit by bit; one on a segment comes with the segment's ends,
// so that the neighbour can be given the same vertex.

import { roundedPoint } from "./scene.ts";
import { isArea, lines, type Point, type Shape, same, segments } from "./shape.ts";

export type Snap = { kind: "vertex"; at: Point } | { kind: "segment"; at: Point; a: Point; b: Point };

/** Where a point is on the screen, in CSS pixels. */
export type Project = (point: Point) => { x: number; y: number };

export interface Reach {
  vertexPx: number;
  segmentPx: number;
}

export class Snapper {
  readonly #segments: [Point, Point][] = [];
  readonly #points: Point[] = [];

  constructor(shapes: Iterable<Shape>) {
    for (const shape of shapes) {
      for (const { line } of lines(shape)) {
        this.#points.push(...line);
        this.#segments.push(...segments(line, isArea(shape)));
      }
    }
  }

  /**
   * The nearest vertex within reach, or else the nearest point of a segment.
   * Vertices at except, and segments from there, are not considered: they are
   * what is being moved.
   */
  near(point: Point, project: Project, reach: Reach, except?: Point): Snap | undefined {
    const here = project(point);
    const [dx, dy] = degrees(point, project, Math.max(reach.vertexPx, reach.segmentPx));
    let best: Snap | undefined;
    let least = reach.vertexPx;
    for (const p of this.#points) {
      if (Math.abs(p[0] - point[0]) > dx || Math.abs(p[1] - point[1]) > dy || same(p, except)) continue;
      const { x, y } = project(p);
      const far = Math.hypot(x - here.x, y - here.y);
      if (far <= least) {
        least = far;
        best = { kind: "vertex", at: p };
      }
    }
    if (best) return best;
    least = reach.segmentPx;
    for (const [a, b] of this.#segments) {
      if (same(a, except) || same(b, except)) continue;
      if (Math.min(a[0], b[0]) - dx > point[0] || Math.max(a[0], b[0]) + dx < point[0]) continue;
      if (Math.min(a[1], b[1]) - dy > point[1] || Math.max(a[1], b[1]) + dy < point[1]) continue;
      const [pa, pb] = [project(a), project(b)];
      const square = (pb.x - pa.x) ** 2 + (pb.y - pa.y) ** 2;
      if (square === 0) continue;
      const t = ((here.x - pa.x) * (pb.x - pa.x) + (here.y - pa.y) * (pb.y - pa.y)) / square;
      if (t <= 0 || t >= 1) continue;
      const far = Math.hypot(here.x - pa.x - t * (pb.x - pa.x), here.y - pa.y - t * (pb.y - pa.y));
      if (far > least) continue;
      least = far;
      // Straight in degrees, as the database sees the segment.
      const at = roundedPoint([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
      best = same(at, a) || same(at, b) ? { kind: "vertex", at } : { kind: "segment", at, a, b };
    }
    return best;
  }
}

/** How many degrees the reach is at most, around the point. */
function degrees(point: Point, project: Project, px: number): [number, number] {
  const step = 1e-5;
  const here = project(point);
  const east = project([point[0] + step, point[1]]);
  const north = project([point[0], point[1] + step]);
  const perX = Math.hypot(east.x - here.x, east.y - here.y) / step;
  const perY = Math.hypot(north.x - here.x, north.y - here.y) / step;
  return [(px * 1.5) / perX, (px * 1.5) / perY];
}
