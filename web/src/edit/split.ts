// Splitting an area or a line by a drawn line. First both are given common
// vertices wherever they meet; then every point that decides is one of them,
// and what is left and right of the cut have the very same border.

import { roundedPoint } from "./scene.ts";
import {
  areaOf,
  inPart,
  inRing,
  isArea,
  type Line,
  lengthOf,
  type Part,
  type Point,
  type Shape,
  same,
  segments,
  turn,
} from "./shape.ts";

export type Split =
  | {
      /** The largest first; parts that were not cut stay with it. */
      pieces: Shape[];
      /** Vertices that the borders were given, in the order in which they can be put in. */
      joints: Joint[];
    }
  | { refused: "crosses-itself" | "misses" };

export interface Joint {
  a: Point;
  b: Point;
  at: Point;
}

/** Closer than this, in degrees, is on it: twice what a coordinate is rounded by. */
const on = 2e-9;

export function split(shape: Shape, drawn: Line): Split {
  const cut = drawn.filter((p, i) => !same(p, drawn[i - 1]));
  if (cut.length < 2) return { refused: "misses" };
  if (crossesItself(cut)) return { refused: "crosses-itself" };
  const area = isArea(shape);
  const joints: Joint[] = [];
  const whole: Part[] = [];
  const cuts: Part[] = [];
  for (const part of shape.parts) {
    const noded = node(part, cut, area);
    const pieces = area ? cutArea(noded.part, noded.cut) : cutLine(noded.part[0] ?? [], noded.cut);
    if (pieces.length < 2) {
      whole.push(part);
      continue;
    }
    joints.push(...noded.joints);
    cuts.push(...pieces);
  }
  if (cuts.length < 2) return { refused: "misses" };
  const size = (part: Part) => (area ? areaOf({ kind: shape.kind, parts: [part] }) : lengthOf(part[0] ?? []));
  const [first, ...rest] = cuts.sort((a, b) => size(b) - size(a));
  const pieces = [[...(first ? [first] : []), ...whole], ...rest.map((part) => [part])];
  return { pieces: pieces.map((parts) => ({ kind: shape.kind, parts })), joints };
}

interface Noded {
  part: Part;
  cut: Line;
  joints: Joint[];
}

/** Gives the part and the cut a common vertex wherever they meet. */
function node(part: Part, drawn: Line, ring: boolean): Noded {
  const vertices = part.flat();
  // A vertex of the cut that is as good as one of the part becomes that one.
  let cut: Line = drawn.map((p) => vertices.find((v) => distance(v, p) < on) ?? p);
  // Vertices of the part on the cut become vertices of the cut.
  cut = withPoints(cut, false, (a, b) => vertices.filter((v) => between(v, a, b)));
  const joints: Joint[] = [];
  const joined = part.map((line) =>
    withPoints(line, ring, (a, b) => {
      const found = [...cut.filter((p) => between(p, a, b)), ...crossings(a, b, cut)];
      found.sort((p, q) => along(p, a, b) - along(q, a, b));
      const points = found.filter((p, i) => !same(p, a) && !same(p, b) && !same(p, found[i - 1]));
      let from = a;
      for (const at of points) {
        joints.push({ a: from, b, at });
        from = at;
      }
      return points;
    }),
  );
  const added = joints.map((j) => j.at);
  cut = withPoints(cut, false, (a, b) => added.filter((p) => between(p, a, b)));
  return { part: joined, cut, joints };
}

/** The line with the points that find gives put onto its segments, in order. */
function withPoints(line: Line, ring: boolean, find: (a: Point, b: Point) => Point[]): Line {
  const out: Point[] = line[0] ? [line[0]] : [];
  const end = ring && line.length > 2;
  for (const [a, b] of segments(line, ring)) {
    const points = find(a, b).sort((p, q) => along(p, a, b) - along(q, a, b));
    for (const p of points) if (!same(p, out.at(-1)) && !same(p, b)) out.push(p);
    if (!end || b !== line[0]) out.push(b);
  }
  return out;
}

/** Where the cut crosses the segment between their ends, rounded as new vertices are. */
function crossings(a: Point, b: Point, cut: Line): Point[] {
  const out: Point[] = [];
  for (const [c, d] of segments(cut, false)) {
    const at = crossing(a, b, c, d);
    if (!at) continue;
    const near = [c, d].find((p) => distance(p, at) < on);
    out.push(near ?? roundedPoint(at));
  }
  return out;
}

/** The point where two segments cross properly: not at an end of either. */
function crossing(a: Point, b: Point, c: Point, d: Point): Point | undefined {
  const [abx, aby] = [b[0] - a[0], b[1] - a[1]];
  const [cdx, cdy] = [d[0] - c[0], d[1] - c[1]];
  const cross = abx * cdy - aby * cdx;
  if (cross === 0) return undefined;
  const [acx, acy] = [c[0] - a[0], c[1] - a[1]];
  const t = (acx * cdy - acy * cdx) / cross;
  const u = (acx * aby - acy * abx) / cross;
  if (t <= 0 || t >= 1 || u <= 0 || u >= 1) return undefined;
  const at: Point = [a[0] + t * abx, a[1] + t * aby];
  return distance(at, a) < on || distance(at, b) < on ? undefined : at;
}

/** Whether a line meets itself; of a ring, apart from where one side ends and the next begins. */
export function crossesItself(line: Line, ring = false): boolean {
  const all = [...segments(line, ring)];
  return all.some(([a, b], i) =>
    all.some(([c, d], j) => {
      if (j <= i) return false;
      if (crossing(a, b, c, d)) return true;
      const next = j === i + 1 || (ring && i === 0 && j === all.length - 1);
      if (next) return false;
      const touches = between(c, a, b) || between(d, a, b) || between(a, c, d) || between(b, c, d);
      return same(a, d) || same(b, d) || (ring && touches);
    }),
  );
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** How far along the segment the point is, 0 to 1. */
function along(p: Point, a: Point, b: Point): number {
  const square = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
  return square === 0 ? 0 : ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / square;
}

/** Whether the point is on the segment, and at neither end. */
function between(p: Point, a: Point, b: Point): boolean {
  if (same(p, a) || same(p, b)) return false;
  const t = along(p, a, b);
  if (t <= 0 || t >= 1) return false;
  return distance(p, [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]) < on;
}

const key = (p: Point) => `${p[0]},${p[1]}`;

/** The stretches of the cut from one common vertex to the next. */
function stretches(cut: Line, nodes: ReadonlySet<string>): Line[] {
  const out: Line[] = [];
  let from = -1;
  cut.forEach((p, i) => {
    if (!nodes.has(key(p))) return;
    if (from >= 0) out.push(cut.slice(from, i + 1));
    from = i;
  });
  return out;
}

/** Traces the faces that the rings and the stretches inside make. */
function cutArea(part: Part, cut: Line): Part[] {
  // With the inside on the left: the outer ring counter-clockwise, holes clockwise.
  const rings = part.map((ring, r) => (turn(ring) > 0 === (r === 0) ? ring : [...ring].reverse()));
  const edges = new Set<string>();
  const out = new Map<string, Point[]>();
  const add = (a: Point, b: Point) => {
    edges.add(`${key(a)} ${key(b)}`);
    out.set(key(a), [...(out.get(key(a)) ?? []), b]);
  };
  for (const ring of rings) for (const [a, b] of segments(ring, true)) add(a, b);
  const nodes = new Set(out.keys());
  let chords = 0;
  for (const stretch of stretches(cut, nodes)) {
    const [a, b] = stretch as [Point, Point];
    if (edges.has(`${key(a)} ${key(b)}`) || edges.has(`${key(b)} ${key(a)}`)) continue;
    if (!inPart([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], part)) continue;
    chords++;
    for (const [p, q] of segments(stretch, false)) {
      add(p, q);
      add(q, p);
    }
  }
  return chords === 0 ? [part] : partsOf(faces(out));
}

/** All closed walks with the area on their left. */
function faces(out: ReadonlyMap<string, Point[]>): Line[] {
  const used = new Set<string>();
  const found: Line[] = [];
  for (const [start, ends] of out) {
    for (const end of ends) {
      if (used.has(`${start} ${key(end)}`)) continue;
      const ring: Point[] = [];
      let from = start.split(",").map(Number) as unknown as Point;
      let to = end;
      while (!used.has(`${key(from)} ${key(to)}`)) {
        used.add(`${key(from)} ${key(to)}`);
        ring.push(from);
        const next = leftmost(from, to, out.get(key(to)) ?? []);
        if (!next) break;
        from = to;
        to = next;
      }
      found.push(ring);
    }
  }
  return found;
}

/** Of the ways on from a vertex, the first clockwise from the way back. */
function leftmost(from: Point, at: Point, ways: readonly Point[]): Point | undefined {
  const back = Math.atan2(from[1] - at[1], from[0] - at[0]);
  let best: Point | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const way of ways) {
    let angle = back - Math.atan2(way[1] - at[1], way[0] - at[0]);
    while (angle <= 1e-12) angle += 2 * Math.PI;
    if (angle < least) {
      least = angle;
      best = way;
    }
  }
  return best;
}

/** Outer rings with the holes that lie in them. */
function partsOf(rings: Line[]): Part[] {
  const parts = rings.filter((ring) => turn(ring) > 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => turn(ring) < 0)) {
    const within = parts.filter(([outer]) => outer && hole.some((p) => inRing(p, outer)));
    const smallest = within.sort((a, b) => turn(a[0] ?? []) - turn(b[0] ?? []))[0];
    smallest?.push(hole);
  }
  return parts;
}

function cutLine(line: Line, cut: Line): Part[] {
  const nodes = new Set(cut.map(key));
  const pieces: Point[][] = [[]];
  line.forEach((p, i) => {
    pieces.at(-1)?.push(p);
    if (i > 0 && i < line.length - 1 && nodes.has(key(p))) pieces.push([p]);
  });
  return pieces.map((piece) => [piece]);
}
