// Shapes that several tests make.

import { inPart, type Line, lines, type Part, type Point, type Shape } from "../src/edit/shape.ts";

export function square(lon: number, lat: number, side: number): Line {
  return [
    [lon, lat],
    [lon + side, lat],
    [lon + side, lat + side],
    [lon, lat + side],
  ];
}

export function polygon(...rings: Part): Shape {
  return { kind: "MultiPolygon", parts: [rings] };
}

export function inside(shape: Shape, point: Point): boolean {
  return shape.parts.some((part) => inPart(point, part));
}

/** The vertices that both have, as text, so that they are compared to the last bit. */
export function shared(a: Shape, b: Shape): Set<string> {
  const of = (shape: Shape) =>
    new Set(lines(shape).flatMap(({ line }) => line.map((p) => `${p[0]},${p[1]}`)));
  const mine = of(a);
  return new Set([...of(b)].filter((p) => mine.has(p)));
}
