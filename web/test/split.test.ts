import { describe, expect, test } from "vitest";
import {
  areaOf,
  isArea,
  type Line,
  lengthOf,
  lines,
  type Point,
  type Shape,
  same,
  shapeOf,
  turn,
} from "../src/edit/shape.ts";
import { crossesItself, split } from "../src/edit/split.ts";
import { inside, polygon, shared, square } from "./shapes.ts";

function pieces(shape: Shape, cut: Line): Shape[] {
  const answer = split(shape, cut);
  if ("refused" in answer) throw new Error(answer.refused);
  return answer.pieces;
}

/** In square degrees, where a vertex on a straight border changes nothing. */
function flatArea(shape: Shape): number {
  return shape.parts
    .flatMap((part) => part.map((ring, r) => (r === 0 ? 1 : -1) * Math.abs(turn(ring))))
    .reduce((s, a) => s + a, 0);
}

/** Nothing is lost or made: the areas add up, and what one piece has on the cut the other has too. */
function sound(shape: Shape, parts: Shape[]): void {
  const sum = parts.reduce((s, p) => s + flatArea(p), 0);
  expect(sum / flatArea(shape)).toBeCloseTo(1, 6);
}

describe("an area", () => {
  test("is split in two by a line across, with one border between", () => {
    const shape = polygon(square(95, 5, 0.01));
    const parts = pieces(shape, [
      [95.004, 4.99],
      [95.004, 5.02],
    ]);
    expect(parts).toHaveLength(2);
    sound(shape, parts);
    expect(areaOf(parts[0] as Shape)).toBeGreaterThan(areaOf(parts[1] as Shape));
    expect(shared(parts[0] as Shape, parts[1] as Shape)).toEqual(new Set(["95.004,5", "95.004,5.01"]));
  });

  test("keeps the vertices it had, bit by bit", () => {
    const odd: Line = [
      [95.12345678901234, 5.000000000000001],
      [95.13, 5.0000000001],
      [95.13000000000001, 5.01],
      [95.12345678901, 5.0099999999999],
    ];
    const shape = polygon(odd);
    const parts = pieces(shape, [
      [95.126, 4.9],
      [95.1261, 5.1],
    ]);
    const after = parts.flatMap((p) => lines(p).flatMap((l) => l.line));
    for (const p of odd) expect(after.some((q) => same(p, q))).toBe(true);
    sound(shape, parts);
  });

  test("from one of its corners to another, which the cut was snapped to", () => {
    const ring = square(95, 5, 0.01);
    const shape = polygon(ring);
    const parts = pieces(shape, [ring[0] as Point, ring[2] as Point]);
    expect(parts.map((p) => p.parts[0]?.[0]?.length)).toEqual([3, 3]);
    sound(shape, parts);
  });

  test("by a line that begins on its border and bends inside", () => {
    const shape = polygon(square(95, 5, 0.01));
    const parts = pieces(shape, [
      [95, 5.003],
      [95.005, 5.003],
      [95.005, 5],
    ]);
    sound(shape, parts);
    expect(shared(parts[0] as Shape, parts[1] as Shape)).toEqual(
      new Set(["95,5.003", "95.005,5.003", "95.005,5"]),
    );
  });

  test("a hole that is cut opens, one that is not stays where it lies", () => {
    const shape = polygon(square(95, 5, 0.1), square(95.02, 5.02, 0.01), square(95.07, 5.07, 0.01));
    const across = pieces(shape, [
      [94.9, 5.025],
      [95.2, 5.025],
    ]);
    expect(across).toHaveLength(2);
    sound(shape, across);
    expect(across.map((p) => p.parts[0]?.length)).toEqual([2, 1]);
    expect(inside(across[0] as Shape, [95.075, 5.075])).toBe(false);
  });

  test("into as many pieces as the line makes", () => {
    const comb: Line = [
      [0, 0],
      [5, 0],
      [5, 3],
      [4, 3],
      [4, 1],
      [3, 1],
      [3, 3],
      [2, 3],
      [2, 1],
      [1, 1],
      [1, 3],
      [0, 3],
    ].map(([x = 0, y = 0]) => [95 + x / 100, 5 + y / 100] as const);
    const shape = polygon(comb);
    const parts = pieces(shape, [
      [94.9, 5.02],
      [95.2, 5.02],
    ]);
    expect(parts).toHaveLength(4);
    sound(shape, parts);
  });

  test("of several parts gives away only what was cut", () => {
    const shape: Shape = {
      kind: "MultiPolygon",
      parts: [[square(95, 5, 0.01)], [square(95.1, 5, 0.02)]],
    };
    const parts = pieces(shape, [
      [95.003, 4.9],
      [95.003, 5.1],
    ]);
    expect(parts.map((p) => p.parts.length)).toEqual([2, 1]);
    sound(shape, parts);
  });

  test.each([
    [
      "beside it",
      [
        [94, 4],
        [94, 6],
      ],
      "misses",
    ],
    [
      "that ends inside",
      [
        [94, 5.005],
        [95.005, 5.005],
      ],
      "misses",
    ],
    [
      "along its border",
      [
        [95, 5],
        [95.01, 5],
      ],
      "misses",
    ],
    [
      "that crosses itself",
      [
        [94, 5.005],
        [95.02, 5.005],
        [95.02, 5.02],
        [95.005, 5.02],
        [95.005, 4],
      ],
      "crosses-itself",
    ],
  ] as [string, Line, string][])("by a line %s is not", (_, cut, refused) => {
    expect(split(polygon(square(95, 5, 0.01)), cut)).toEqual({ refused });
  });

  test("tells the borders which vertices they need", () => {
    const answer = split(polygon(square(95, 5, 0.01)), [
      [95.004, 4.99],
      [95.004, 5.02],
    ]);
    expect("joints" in answer && answer.joints.map((j) => j.at)).toEqual([
      [95.004, 5],
      [95.004, 5.01],
    ]);
  });

  test("any cut of any convex area leaves two sound pieces", () => {
    let state = 7;
    const random = () => {
      state = (state * 1664525 + 1013904223) % 2 ** 32;
      return state / 2 ** 32;
    };
    for (let i = 0; i < 300; i++) {
      const n = 3 + Math.floor(random() * 30);
      const ring: Line = Array.from({ length: n }, (_, k) => {
        const a = (2 * Math.PI * (k + random() * 0.5)) / n;
        return [95.3 + Math.cos(a) * 0.01, 5.5 + Math.sin(a) * 0.01] as const;
      });
      const shape = polygon(ring);
      const a = random() * Math.PI;
      const cut: Line = [
        [95.3 - Math.cos(a), 5.5 - Math.sin(a)],
        [95.3 + Math.cos(a), 5.5 + Math.sin(a)],
      ];
      const parts = pieces(shape, cut);
      expect(parts, `round ${i}`).toHaveLength(2);
      sound(shape, parts);
      expect(shared(parts[0] as Shape, parts[1] as Shape).size).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("a line", () => {
  const road = shapeOf("MultiLineString", {
    type: "MultiLineString",
    coordinates: [
      [
        [95, 5],
        [95.02, 5],
        [95.02, 5.03],
      ],
    ],
  });

  test("is split where the cut crosses it, and both end there", () => {
    const parts = pieces(road, [
      [95.01, 4.9],
      [95.01, 5.1],
    ]);
    expect(parts.map((p) => p.parts[0]?.[0]?.length)).toEqual([3, 2]);
    expect(parts[0]?.parts[0]?.[0]?.[0]).toEqual([95.01, 5]);
    expect(parts.reduce((s, p) => s + lengthOf(p.parts[0]?.[0] ?? []), 0)).toBeCloseTo(
      lengthOf(road.parts[0]?.[0] ?? []),
      3,
    );
  });

  test("is split at a vertex that the cut goes through", () => {
    const parts = pieces(road, [
      [95.01, 5.01],
      [95.02, 5],
      [95.03, 4.99],
    ]);
    expect(parts.map((p) => p.parts[0]?.[0]?.length)).toEqual([2, 2]);
    expect(isArea(parts[0] as Shape)).toBe(false);
  });

  test("is not split where the cut only passes", () => {
    expect(
      split(road, [
        [94, 4],
        [94, 6],
      ]),
    ).toEqual({ refused: "misses" });
  });
});

describe("a ring crosses itself", () => {
  const ring = square(95, 5, 1);
  const at = (x: number, y: number): Point => [95 + x, 5 + y];

  test("where two of its sides meet", () => {
    // A bow tie, a corner on another side, and one corner that two have.
    expect(crossesItself([at(0, 0), at(1, 1), at(1, 0), at(0, 1)], true)).toBe(true);
    expect(crossesItself([at(0, 0), at(2, 0), at(2, 1), at(1, 0), at(0, 1)], true)).toBe(true);
    expect(crossesItself([at(0, 0), at(1, 1), at(2, 0), at(2, 2), at(1, 1), at(0, 2)], true)).toBe(true);
    // Only the side that closes it.
    expect(crossesItself([at(0, 0), at(2, 0), at(2, 2), at(1, -1)], true)).toBe(true);
  });

  test("but not at its corners", () => {
    expect(crossesItself(ring, true)).toBe(false);
    expect(crossesItself(ring.slice(0, 3), true)).toBe(false);
    expect(crossesItself([at(0, 0), at(2, 0), at(1, 0.5), at(2, 2), at(0, 2)], true)).toBe(false);
  });
});
