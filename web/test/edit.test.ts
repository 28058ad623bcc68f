import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import { Catalog, type Layer } from "../src/catalog.ts";
import { conflictOf, geometryKey, resolved, settled } from "../src/edit/conflict.ts";
import { placeIn, told } from "../src/edit/fault.ts";
import { changedGeometry, copied, valuesOf } from "../src/edit/patch.ts";
import { did } from "../src/edit/ring.ts";
import { type FormField, fault, formOf, read, type Schema } from "../src/edit/schema.ts";
import { geometryOf, type Point, shapeOf } from "../src/edit/shape.ts";
import { grow, holds, indexOf, type Stretch, stretches, verticesOf } from "../src/edit/stretch.ts";
import { editWords } from "../src/edit/words.ts";
import { HttpError } from "../src/http.ts";
import { polygon, square } from "./shapes.ts";

const layer: Layer = {
  id: "alpha",
  title: { id: "Alfa", en: "Alpha" },
  group: "g",
  geometry: "MultiPolygon",
  order: 1,
  visible: true,
  zooms: { min: 9, max: 14 },
  policy: "live",
  fields: [
    { name: "name", type: "text", title: { id: "Nama", en: "Name" } },
    { name: "kind", type: "text", title: { id: "Jenis" }, codes: { list: "kind", version: "1" } },
    { name: "floors", type: "integer", title: { id: "Lantai" }, unit: "{storey}" },
    { name: "number", type: "text", title: { id: "Nomor" }, unique: true },
    { name: "open", type: "boolean", title: { id: "Buka" } },
  ],
  items: "/ogc/collections/alpha/items",
  tiles: "/tiles/alpha/{z}/{x}/{y}",
};

const catalog = new Catalog({
  city: { title: { id: "Kota" }, demo: true },
  groups: [],
  layers: [layer],
  codes: [{ list: "kind", version: "1", codes: [{ code: "K-1", title: { id: "Satu", en: "One" } }] }],
});

const schema: Schema = {
  required: ["name"],
  properties: {
    id: { type: "integer", readOnly: true },
    name: { type: "string", maxLength: 5 },
    kind: { type: ["string", "null"], oneOf: [{ const: "K-1", title: "Satu" }] },
    floors: { type: ["integer", "null"], minimum: 1, maximum: 9 },
    number: { type: "string" },
    open: { type: ["boolean", "null"] },
    revision: { type: "integer", readOnly: true },
  },
};

test("what the database computes is no part of an edit", () => {
  const computed: Layer = {
    ...layer,
    fields: [...layer.fields, { name: "score", type: "integer", title: { id: "Nilai" }, computed: true }],
  };
  const read = {
    values: valuesOf(computed, { name: "A", floors: 2, score: 1 }),
    shape: shapeOf("MultiPolygon", null),
  };
  expect(read.values).toEqual({ name: "A", kind: null, floors: 2, number: null, open: null });
  const theirs: Item = {
    id: "1",
    type: "Feature",
    geometry: null,
    properties: { name: "A", floors: 4, score: 3 },
  };
  const about = { id: "1", own: true, by: "budi", at: "" };
  const { rows } = conflictOf(
    computed,
    about,
    read,
    { ...read, values: { ...read.values, floors: 3 } },
    theirs,
  );
  expect(rows.map((row) => row.name)).toEqual(["floors"]);
});

describe("what a drawing tool did", () => {
  const ring: Point[] = [
    [1, 1],
    [2, 1],
    [2, 2],
    [1, 2],
  ];

  test.each([
    [
      "moved the first",
      [
        [0, 0],
        [2, 1],
        [2, 2],
        [1, 2],
      ],
      { kind: "moved", index: 0, to: [0, 0] },
    ],
    [
      "moved one",
      [
        [1, 1],
        [2, 1],
        [3, 3],
        [1, 2],
      ],
      { kind: "moved", index: 2, to: [3, 3] },
    ],
    [
      "added one",
      [
        [1, 1],
        [1.5, 1],
        [2, 1],
        [2, 2],
        [1, 2],
      ],
      { kind: "added", index: 1, at: [1.5, 1] },
    ],
    [
      "added one after the last",
      [
        [1, 1],
        [2, 1],
        [2, 2],
        [1, 2],
        [1, 1.5],
      ],
      { kind: "added", index: 4, at: [1, 1.5] },
    ],
    [
      "took the first away",
      [
        [2, 1],
        [2, 2],
        [1, 2],
      ],
      { kind: "removed", index: 0 },
    ],
    [
      "took the last away",
      [
        [1, 1],
        [2, 1],
        [2, 2],
      ],
      { kind: "removed", index: 3 },
    ],
    ["did nothing", ring, undefined],
    [
      "did more than one thing",
      [
        [0, 0],
        [2, 1],
        [3, 3],
        [1, 2],
      ],
      undefined,
    ],
  ] as [string, Point[], unknown][])("it %s", (_, now, what) => {
    expect(did(ring, now)).toEqual(what);
  });
});

describe("a line of very many vertices", () => {
  const many: Point[] = Array.from(
    { length: 1001 },
    (_, i) => [Math.cos(i / 160), Math.sin(i / 160)] as const,
  );
  const shape = polygon(many);

  test("is taken in stretches that share their ends, and around the end of a ring", () => {
    const all = stretches(shape, 400);
    expect(all.map((s) => [s.from, s.count])).toEqual([
      [0, 401],
      [400, 401],
      [800, 202],
    ]);
    const last = all[2] as Stretch;
    expect(verticesOf(last, many).at(-1)).toBe(many[0]);
    expect(indexOf(last, 201)).toBe(0);
    for (let index = 0; index < 1001; index++) {
      expect(all.some((s) => holds(s, { part: 0, line: 0, index }))).toBe(true);
    }
  });

  test.each([399, 400, 401, 402])("of %d is whole up to the limit, and never both", (n) => {
    const all = stretches(polygon(many.slice(0, n)), 400);
    expect(all.some((s) => s.whole)).toBe(n <= 400);
    expect(all.length).toBe(n <= 400 ? 1 : 2);
  });

  test("stays the same line while vertices come and go", () => {
    const all = stretches(shape, 400);
    let line: Point[] = [...many];
    const middle = all[1] as Stretch;
    grow(all, middle, 1);
    line = [...line.slice(0, 500), [9, 9], ...line.slice(500)];
    expect(indexOf(middle, 100)).toBe(500);
    expect(verticesOf(middle, line)[100]).toEqual([9, 9]);
    expect(verticesOf(all[2] as Stretch, line)[0]).toBe(many[800]);
    grow(all, all[0] as Stretch, -1);
    line = line.filter((_, i) => i !== 7);
    expect(verticesOf(middle, line)[100]).toEqual([9, 9]);
    expect(verticesOf(all[2] as Stretch, line).at(-1)).toBe(many[0]);
  });
});

describe("the form", () => {
  const words = editWords.id;
  const form = formOf(schema, layer, catalog, "id");
  const named = (name: string) => form.find((f) => f.name === name) as FormField;

  test("has the layer's fields, not what the server writes", () => {
    expect(form.map((f) => f.name)).toEqual(["name", "kind", "floors", "number", "open"]);
    expect(named("name").required).toBe(true);
    expect(named("floors")).toMatchObject({ type: "integer", min: 1, max: 9, unit: "lantai" });
    expect(named("open").type).toBe("boolean");
  });

  test("has the titles of codes in the reader's language", () => {
    expect(named("kind").options).toEqual([{ code: "K-1", title: "Satu" }]);
    const english = formOf(schema, layer, catalog, "en").find((f) => f.name === "kind");
    expect(english?.options).toEqual([{ code: "K-1", title: "One" }]);
  });

  test.each([
    ["floors", "3", 3],
    ["floors", "3.5", undefined],
    ["floors", "tiga", undefined],
    ["floors", " ", null],
    ["open", "false", false],
    ["open", "", null],
    ["name", "Aula", "Aula"],
  ] as const)("reads %s %j as %j", (name, text, value) => {
    expect(read(named(name), text)).toEqual(value);
  });

  test.each([
    ["name", null, words.required],
    ["name", "panjang", words.tooLong(5)],
    ["floors", 10, "Harus 1 sampai 9."],
    ["floors", undefined, words.wholeNumber],
    ["floors", null, undefined],
    ["floors", 9, undefined],
  ] as const)("says of %s %j: %s", (name, value, what) => {
    expect(fault(named(name), value, words, "id")).toBe(what);
  });
});

describe("two who changed the same", () => {
  const item = (properties: Record<string, unknown>, side = 0.01): Item => ({
    type: "Feature",
    id: 7,
    properties: { ...properties, revision: 4 },
    geometry: geometryOf(polygon(square(95, 5, side))),
  });
  const was = item({ name: "Aula", floors: 2, open: true });
  const readThen = { values: valuesOf(layer, was.properties), shape: shapeOf("MultiPolygon", was.geometry) };
  const about = { id: "7", own: true, by: "siti", at: "2026-11-24T03:00:00Z" };
  const against = (mine: Record<string, unknown>, theirs: Item, shape = readThen.shape) =>
    conflictOf(layer, about, readThen, { values: { ...readThen.values, ...mine }, shape }, theirs);

  test("what only one changed is chosen, what both changed is asked", () => {
    const conflict = against({ name: "Balai", floors: 3 }, item({ name: "Gedung", floors: 2, open: false }));
    expect(conflict.rows.map((r) => [r.name, r.mine, r.theirs, r.choice])).toEqual([
      ["name", "Balai", "Gedung", undefined],
      ["floors", 3, 2, "mine"],
      ["open", true, false, "theirs"],
    ]);
    expect(settled([conflict])).toBe(false);
    for (const row of conflict.rows) row.choice ??= "theirs";
    expect(settled([conflict])).toBe(true);
    expect(resolved(conflict, { ...readThen.values, name: "Balai", floors: 3 }).values).toEqual({
      ...readThen.values,
      name: "Gedung",
      floors: 3,
      open: false,
    });
  });

  test("the geometry is one of the choices", () => {
    const mine = polygon(square(95, 5, 0.02));
    const both = against({}, item({ name: "Aula", floors: 2, open: true }, 0.03), mine);
    expect(both.rows.map((r) => [r.name, r.choice])).toEqual([[geometryKey, undefined]]);
    const only = against({}, item({ name: "Aula", floors: 2, open: true }), mine);
    expect(only.rows.map((r) => [r.name, r.choice])).toEqual([[geometryKey, "mine"]]);
    expect(resolved(only, readThen.values).shape).toBe(mine);
  });

  test("the same change of both is no conflict: it was mine, and its answer was lost", () => {
    expect(against({ name: "Balai" }, item({ name: "Balai", floors: 2, open: true })).rows).toEqual([]);
  });
});

describe("what is sent", () => {
  test("no geometry where the shape is the one that was read", () => {
    const shape = polygon(square(95, 5, 0.01));
    expect(changedGeometry(shape, shape)).toBeUndefined();
    expect(changedGeometry(shape, polygon(square(95, 5, 0.02)))).toMatchObject({ type: "MultiPolygon" });
  });

  test("a piece gets all attributes but what only one may have", () => {
    expect(copied(layer, { name: "Aula", kind: null, floors: 0, number: "12", open: false })).toEqual({
      name: "Aula",
      floors: 0,
      open: false,
    });
  });
});

test.each([
  [
    "Geometri tidak sah: garisnya memotong dirinya sendiri di bujur 95.3212345, lintang 5.5412345.",
    [95.3212345, 5.5412345],
  ],
  ["The geometry is invalid: Self-intersection at 95.32, -5.54.", [95.32, -5.54]],
  ["Nama: wajib diisi.", undefined],
])("%s names its place", (text, place) => {
  expect(placeIn(text)).toEqual(place);
});

test("each fault is told at its field, the others of the whole", () => {
  const error = new HttpError(422, {
    type: "/docs/problems#refused",
    title: "Melanggar aturan data",
    faults: [
      { position: 0, at: "name", detail: "Nama: wajib diisi." },
      { position: 1, at: "geom", detail: "Geometri tidak sah di bujur 95.3, lintang 5.5." },
    ],
  });
  expect(told(error, layer)).toEqual({
    faults: { name: "Nama: wajib diisi." },
    text: "Geometri tidak sah di bujur 95.3, lintang 5.5.",
    at: [95.3, 5.5],
  });
});
