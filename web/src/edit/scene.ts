// What is edited together: the feature itself, the pieces that were split off,
// and the neighbours that share borders with it. Every change makes a new
// scene, so that one step back is one reference.

import {
  isArea,
  type Line,
  lineAt,
  lines,
  mapLines,
  type Point,
  type Shape,
  same,
  type Where,
  withLine,
} from "./shape.ts";

export interface Scene {
  readonly own: Shape;
  /** Split off from the feature; they are new features once saved. */
  readonly pieces: readonly Shape[];
  /** Neighbours whose shape has changed with it, by id. */
  readonly around: ReadonlyMap<string, Shape>;
}

/** The shapes of the neighbours as they were read, by id, whose borders follow; undefined where none do. */
export type Borders = ReadonlyMap<string, Shape> | undefined;

/** A vertex of the feature itself. */
export interface Corner extends Where {
  index: number;
}

export function cornerPoint(scene: Scene, corner: Corner): Point | undefined {
  return lineAt(scene.own, corner)?.[corner.index];
}

/** Applies the change to everything that borders follow. */
function everywhere(scene: Scene, borders: Borders, change: (shape: Shape) => Shape): Scene {
  const own = change(scene.own);
  const pieces = scene.pieces.map(change);
  const around = new Map(scene.around);
  for (const [id, read] of borders ?? []) {
    const now = scene.around.get(id) ?? read;
    const next = change(now);
    if (next !== now) around.set(id, next);
  }
  return { own, pieces, around };
}

/** Moves a vertex, and every vertex at the same point of those that move together. */
export function moveVertex(scene: Scene, corner: Corner, to: Point, borders: Borders): Scene {
  const from = cornerPoint(scene, corner);
  if (!from || same(from, to)) return scene;
  return everywhere(scene, borders, (shape) => replaceVertex(shape, from, to));
}

export function replaceVertex(shape: Shape, from: Point, to: Point): Shape {
  return mapLines(shape, (line) =>
    line.some((p) => same(p, from)) ? line.map((p) => (same(p, from) ? to : p)) : line,
  );
}

/**
 * Puts a vertex after the one at index, and onto the same segment of those
 * that share it, so that the border stays one line.
 */
export function insertVertex(scene: Scene, after: Corner, at: Point, borders: Borders): Scene {
  const line = lineAt(scene.own, after);
  const a = line?.[after.index];
  const b = line?.[(after.index + 1) % line.length];
  if (!line || !a || !b) return scene;
  return everywhere(scene, borders, (shape) => splitSegment(shape, a, b, at));
}

/** Puts a vertex onto each segment between a and b, whichever way it runs. */
export function splitSegment(shape: Shape, a: Point, b: Point, at: Point): Shape {
  if (same(a, at) || same(b, at)) return shape;
  const ring = isArea(shape);
  return mapLines(shape, (line) => {
    const last = ring ? line.length : line.length - 1;
    const out: Point[] = [];
    line.forEach((p, i) => {
      out.push(p);
      const next = line[(i + 1) % line.length];
      if (i < last && ((same(p, a) && same(next, b)) || (same(p, b) && same(next, a)))) out.push(at);
    });
    return out.length > line.length ? out : line;
  });
}

/** Puts a vertex that was snapped onto a border into that border. */
export function joinBorder(scene: Scene, a: Point, b: Point, at: Point, borders: Borders): Scene {
  return everywhere(scene, borders, (shape) => splitSegment(shape, a, b, at));
}

export type Removal = { scene: Scene } | { refused: "too-few" | "junction" };

/**
 * Takes a vertex away, also from those that share the border through it.
 * Refused where a line would have too few, or where other borders meet there:
 * then something would be left open.
 */
export function removeVertex(scene: Scene, corner: Corner, borders: Borders): Removal {
  const line = lineAt(scene.own, corner);
  const at = line?.[corner.index];
  if (!line || !at) return { scene };
  const ring = isArea(scene.own);
  if (line.length <= (ring ? 3 : 2)) return { refused: "too-few" };
  const alone = withLine(
    scene.own,
    corner,
    line.filter((_, i) => i !== corner.index),
  );
  if (!borders || !ring) return { scene: { ...scene, own: alone } };
  const ends = [line.at(corner.index - 1), line[(corner.index + 1) % line.length]];
  const others = [
    scene.own,
    ...scene.pieces,
    ...[...borders].map(([id, read]) => scene.around.get(id) ?? read),
  ];
  let shared = 0;
  for (const shape of others) {
    for (const { line: l } of lines(shape)) {
      const i = l.findIndex((p) => same(p, at));
      if (i < 0) continue;
      const mine = [l.at(i - 1), l[(i + 1) % l.length]];
      const along = ends.every((end) => mine.some((p) => same(p, end)));
      if (!along) return { refused: "junction" };
      if (l.length <= 3) return { refused: "too-few" };
      shared++;
    }
  }
  if (shared <= 1) return { scene: { ...scene, own: alone } };
  return { scene: everywhere(scene, borders, (shape) => withoutVertex(shape, at)) };
}

function withoutVertex(shape: Shape, at: Point): Shape {
  return mapLines(shape, (line) => (line.some((p) => same(p, at)) ? line.filter((p) => !same(p, at)) : line));
}

/**
 * Moves the whole feature by the same way on the map (web Mercator, so that it
 * keeps its look), rounded to what a coordinate is written with.
 */
export function moveAll(scene: Scene, from: Point, to: Point): Scene {
  const dx = to[0] - from[0];
  const dy = mercator(to[1]) - mercator(from[1]);
  if (dx === 0 && dy === 0) return scene;
  const shift = (line: Line) =>
    line.map(([x, y]) => [rounded(x + dx), rounded(latitude(mercator(y) + dy))] as const);
  return { ...scene, own: mapLines(scene.own, shift) };
}

function mercator(lat: number): number {
  return Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
}

function latitude(y: number): number {
  return (Math.atan(Math.exp(y)) * 360) / Math.PI - 90;
}

/** A tenth of a millimetre: how finely new coordinates are made. */
export const decimals = 9;

export function rounded(value: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}

export function roundedPoint([lon, lat]: Point): Point {
  return [rounded(lon), rounded(lat)];
}
