import { describe, expect, test } from "vitest";
import type { Layer } from "../src/catalog.ts";
import { mergePatch, valuesOf } from "../src/edit/patch.ts";
import {
  type Borders,
  insertVertex,
  joinBorder,
  moveAll,
  moveVertex,
  removeVertex,
  type Scene,
} from "../src/edit/scene.ts";
import { geometryOf, type Line, lines, type Point, type Shape, shapeOf, tidy } from "../src/edit/shape.ts";
import { Snapper } from "../src/edit/snap.ts";
import { Undo } from "../src/edit/undo.ts";
import { polygon, shared, square } from "./shapes.ts";

// Two areas side by side with a border of awkward numbers, and one on top of both.
const a: Point = [95.12345678901234, 5.000000000000001];
const b: Point = [95.12345678901299, 5.0123456789];
const west = polygon([[95.1, 5], a, b, [95.1, 5.01]]);
const east = polygon([a, [95.15, 5], [95.15, 5.01], b]);
const north = polygon([[95.1, 5.01], b, [95.15, 5.01], [95.12, 5.03]]);

const borders: Borders = new Map([
  ["2", east],
  ["3", north],
]);
const scene: Scene = { own: west, pieces: [], around: new Map() };
const corner = (index: number) => ({ part: 0, line: 0, index });
const neighbour = (s: Scene, id: string) => (s.around.get(id) ?? borders?.get(id)) as Shape;

describe("borders", () => {
  test("a vertex that is shared moves in all who share it, the others stay", () => {
    const to: Point = [95.124, 5.013];
    const moved = moveVertex(scene, corner(2), to, borders);
    for (const shape of [moved.own, neighbour(moved, "2"), neighbour(moved, "3")]) {
      expect(lines(shape).some(({ line }) => line.some((p) => p === to))).toBe(true);
    }
    expect(shared(moved.own, neighbour(moved, "2"))).toEqual(new Set([`${a[0]},${a[1]}`, "95.124,5.013"]));
    expect([...moved.around.keys()]).toEqual(["2", "3"]);
  });

  test("alone it moves in the feature only", () => {
    const moved = moveVertex(scene, corner(2), [95.124, 5.013], undefined);
    expect(moved.around.size).toBe(0);
    expect(shared(moved.own, east).size).toBe(1);
  });

  test("what is not moved keeps its numbers to the last bit", () => {
    const moved = moveVertex(scene, corner(0), [95.09, 5], borders);
    const before = lines(west)[0]?.line ?? [];
    const after = lines(moved.own)[0]?.line ?? [];
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(JSON.stringify(geometryOf(moved.own))).toContain("95.12345678901234,5.000000000000001");
  });

  test("a vertex put onto a border is put into both sides of it", () => {
    const at: Point = [95.1234567, 5.005];
    const put = insertVertex(scene, corner(1), at, borders);
    expect(shared(put.own, neighbour(put, "2")).has("95.1234567,5.005")).toBe(true);
    expect(neighbour(put, "3")).toBe(north);
    const ring = lines(neighbour(put, "2"))[0]?.line ?? [];
    // Between b and a, where the border runs the other way.
    expect(ring).toEqual([a, [95.15, 5], [95.15, 5.01], b, at]);
  });

  test("a corner snapped onto a neighbour's segment becomes its vertex", () => {
    const at: Point = [95.135, 5];
    const joined = joinBorder(scene, a, [95.15, 5], at, borders);
    expect(lines(neighbour(joined, "2"))[0]?.line[1]).toBe(at);
  });

  test("a vertex on a border of two is taken from both", () => {
    const put = insertVertex(scene, corner(1), [95.1234567, 5.005], borders);
    const removed = removeVertex(put, corner(2), borders);
    if ("refused" in removed) throw new Error(removed.refused);
    expect(geometryOf(removed.scene.own)).toEqual(geometryOf(west));
    expect(geometryOf(neighbour(removed.scene, "2"))).toEqual(geometryOf(east));
  });

  test("where three meet a vertex is not taken away", () => {
    expect(removeVertex(scene, corner(2), borders)).toEqual({ refused: "junction" });
    expect("scene" in removeVertex(scene, corner(2), undefined)).toBe(true);
  });

  test("a triangle keeps its corners", () => {
    const three: Scene = { own: polygon([a, b, [95, 5]]), pieces: [], around: new Map() };
    expect(removeVertex(three, corner(0), borders)).toEqual({ refused: "too-few" });
  });

  test("the whole is moved by the same way, holes and parts too", () => {
    const holed: Scene = {
      own: {
        kind: "MultiPolygon",
        parts: [[square(95, 5, 0.1), square(95.02, 5.02, 0.01)], [square(96, 5, 0.1)]],
      },
      pieces: [],
      around: new Map(),
    };
    const moved = moveAll(holed, [95, 5], [95.5, 5.25]);
    expect(moved.own.parts[0]?.[0]?.[0]).toEqual([95.5, 5.25]);
    expect(moved.own.parts[0]?.[1]?.[0]?.[0]).toBeCloseTo(95.52, 8);
    expect(moved.own.parts[1]?.[0]?.[0]).toEqual([96.5, 5.25]);
  });
});

describe("geometry", () => {
  test.each([
    [
      "MultiPolygon",
      {
        type: "MultiPolygon",
        coordinates: [
          [
            [
              [95.1, 5.000000000000001],
              [95.2, 5],
              [95.2, 5.1],
              [95.1, 5.000000000000001],
            ],
          ],
        ],
      },
    ],
    [
      "MultiLineString",
      {
        type: "MultiLineString",
        coordinates: [
          [
            [95.1, 5],
            [95.2, 5.12345678901234],
          ],
          [
            [1, 2],
            [3, 4],
          ],
        ],
      },
    ],
    ["Point", { type: "Point", coordinates: [95.12345678901234, 5.1] }],
  ] as const)("%s comes back as it was read", (kind, geometry) => {
    expect(geometryOf(shapeOf(kind, geometry as never))).toEqual(geometry);
  });

  test("vertices dragged onto each other are one", () => {
    const line: Line = [
      [95, 5],
      [95, 5],
      [95.1, 5],
      [95.1, 5.1],
      [95.1, 5.1],
      [95, 5],
    ];
    expect(tidy(polygon(line)).parts[0]?.[0]).toEqual([
      [95, 5],
      [95.1, 5],
      [95.1, 5.1],
    ]);
  });
});

describe("snapping", () => {
  const project = ([lon, lat]: Point) => ({ x: (lon - 95) * 1e5, y: (5 - lat) * 1e5 });
  const reach = { vertexPx: 12, segmentPx: 8 };
  const snapper = new Snapper([east, north]);

  test("gives the neighbour's vertex to the last bit", () => {
    const snap = snapper.near([a[0] + 0.00008, a[1] - 0.00005], project, reach);
    expect(snap).toEqual({ kind: "vertex", at: a });
    expect(snap?.at[0] === a[0] && snap.at[1] === a[1]).toBe(true);
  });

  test("gives a point of the segment with its ends, and a vertex before a segment", () => {
    const snap = snapper.near([95.135, 5.00005], project, reach);
    expect(snap?.kind).toBe("segment");
    expect(snap?.kind === "segment" && [snap.a, snap.b]).toEqual([a, [95.15, 5]]);
    expect(snapper.near([95.14995, 5.00005], project, reach)?.kind).toBe("vertex");
  });

  test("does not hold what is moved to where it was", () => {
    expect(snapper.near([a[0] + 0.00001, a[1]], project, reach, a)).toBeUndefined();
  });

  test("out of reach is nothing", () => {
    expect(snapper.near([95.13, 5.005], project, reach)).toBeUndefined();
  });
});

describe("steps back and forth", () => {
  test("each step, and no further than there are", () => {
    const undo = new Undo("a");
    undo.push("b");
    undo.push("c");
    expect([undo.undo(), undo.state, undo.undo(), undo.state, undo.undo()]).toEqual([
      true,
      "b",
      true,
      "a",
      false,
    ]);
    expect([undo.redo(), undo.state, undo.canRedo]).toEqual([true, "b", true]);
    undo.push("d");
    expect([undo.canRedo, undo.redo(), undo.state]).toEqual([false, false, "d"]);
  });

  test("nothing done is no step, and the oldest are forgotten", () => {
    const undo = new Undo(0, 3);
    undo.push(0);
    expect(undo.canUndo).toBe(false);
    for (let i = 1; i <= 5; i++) undo.push(i);
    while (undo.undo());
    expect(undo.state).toBe(2);
  });
});

describe("what is sent", () => {
  const layer = {
    fields: [
      { name: "name", type: "text", title: {} },
      { name: "floors", type: "integer", title: {} },
      { name: "open", type: "boolean", title: {} },
    ],
  } as unknown as Layer;
  const read = valuesOf(layer, { name: "Aula", floors: 2, revision: 7, updated_at: "x" });

  test("only what changed, null for what was taken away", () => {
    expect(mergePatch(read, { ...read, name: null, open: false })).toEqual({
      properties: { name: null, open: false },
    });
  });

  test("nothing where nothing changed, zero and no are values", () => {
    expect(mergePatch(read, { ...read })).toBeUndefined();
    expect(mergePatch(read, { ...read, floors: 0 })).toEqual({ properties: { floors: 0 } });
  });

  test("a geometry that was taken away is null, one that was not touched is not sent", () => {
    expect(mergePatch(read, read, null)).toEqual({ geometry: null });
    expect(mergePatch(read, { ...read, floors: 3 }, undefined)).toEqual({ properties: { floors: 3 } });
  });
});
