import { describe, expect, test } from "vitest";
import { Catalog, type CatalogAnswer } from "../src/catalog.ts";
import type { Answer, Listed, Reading, Recorded } from "../src/indicator/answer.ts";
import { cityDay, endOf, query } from "../src/indicator/answer.ts";
import { chart, labelsOf, ticksOf } from "../src/indicator/chart.ts";
import {
  better,
  cards,
  change,
  counting,
  figure,
  finer,
  parts,
  ranked,
  round,
  statusOf,
  targeted,
  tryable,
  unchanged,
} from "../src/indicator/figure.ts";
import { type Column, columns, pressed, type Row, sorted } from "../src/indicator/order.ts";
import { classes, classOf } from "../src/indicator/scale.ts";
import { boxOf } from "../src/indicator/shapes.ts";
import { choicesOf } from "../src/indicator/trial/choice.ts";
import { bodyOf, type Piece } from "../src/indicator/trial/trial.ts";
import { indicatorWords } from "../src/indicator/words.ts";
import { polygon, square } from "./shapes.ts";

const share = { unit: "%", decimals: 2 };

function reading(code: string, value: number | null, more: Partial<Reading> = {}): Reading {
  const by = "gampong";
  const versions = { boundary: "b1", data: "d1" };
  return {
    indicator: "i",
    by,
    code,
    name: `G ${code}`,
    value,
    numerator: null,
    denominator: null,
    features: 0,
    method: 1,
    ...versions,
    at: "2026-11-25T03:00:00Z",
    ...more,
  };
}

describe("figures", () => {
  test("are written in the reader's language, with the decimals of the indicator", () => {
    expect(figure(14.33, share, "id")).toBe("14,33\u00a0%");
    expect(figure(14.3, share, "en")).toBe("14.30\u00a0%");
    expect(figure(0, share, "id")).toBe("0,00\u00a0%");
  });

  test("land is told in hectares, lines in kilometres, money with its sign in front", () => {
    expect(figure(61_359_000, { unit: "m2", decimals: 0 }, "id")).toBe("6.135,90\u00a0ha");
    expect(figure(1_234, { unit: "m", decimals: 0 }, "en")).toBe("1.23\u00a0km");
    expect(figure(2_500_000, { unit: "{IDR}/mo", decimals: 0 }, "id")).toBe("Rp\u00a02.500.000\u00a0/bulan");
    expect(parts(8.25, { unit: "m2/{person}", decimals: 2 }, "id")).toEqual({
      number: "8,25",
      unit: "m²/orang",
    });
    expect(figure(12, { unit: "1", decimals: 0 }, "en")).toBe("12");
  });

  test("a difference of shares is told in points, with its sign", () => {
    expect(change(0.5, share, "id")).toBe("+0,50\u00a0poin");
    expect(change(-1.25, share, "en")).toBe("-1.25\u00a0points");
    expect(change(0, share, "en")).toBe("0.00\u00a0points");
    expect(change(10_000, { unit: "m2", decimals: 0 }, "en")).toBe("+1.00\u00a0ha");
  });

  test("a small difference is told as finely as it needs", () => {
    expect(figure(4.2425, finer(share, 0.0004), "en")).toBe("4.24250\u00a0%");
    expect(figure(4.2425, finer(share, 1.3), "en")).toBe("4.24\u00a0%");
    expect(finer(share, 1e-12).decimals).toBe(6);
    expect(finer(share, 0)).toBe(share);
  });

  test("a target has no decimals that nobody set", () => {
    expect(round(20, share, "id")).toBe("20\u00a0%");
    expect(round(12.5, share, "id")).toBe("12,5\u00a0%");
  });

  test.each([
    ["up", 20, 20, "met"],
    ["up", 20, 16, "near"],
    ["up", 20, 15.99, "missed"],
    ["down", 10, 10, "met"],
    ["down", 10, 12.5, "near"],
    ["down", 10, 12.51, "missed"],
    ["none", 10, 5, "none"],
    ["up", 20, null, "none"],
  ] as const)("%s to %d: %s is %s", (direction, value, now, status) => {
    expect(statusOf({ direction, target: { value, source: "" } }, now)).toBe(status);
  });

  test("a target is for the units that it names", () => {
    const target = { value: 20, source: "", units: ["city" as const] };
    expect(targeted({ direction: "up", target }, "city")).toBe(true);
    expect(targeted({ direction: "up", target }, "gampong")).toBe(false);
    expect(targeted({ direction: "up", target: { value: 20, source: "" } }, "gampong")).toBe(true);
    expect(targeted({ direction: "none", target }, "city")).toBe(false);
    expect(targeted({ direction: "up" }, "city")).toBe(false);
  });

  test("more is better only where the indicator says so", () => {
    expect(better({ direction: "up" }, 1, share)).toBe(true);
    expect(better({ direction: "down" }, 1, share)).toBe(false);
    expect(better({ direction: "down" }, -1, share)).toBe(true);
    expect(better({ direction: "none" }, 1, share)).toBeUndefined();
    expect(better({ direction: "up" }, 0, share)).toBeUndefined();
  });
});

test("a difference that is told as zero is none", () => {
  expect(better({ direction: "up" }, 0.004, share)).toBeUndefined();
  expect(better({ direction: "up" }, -0.006, share)).toBe(false);
  const told = (unit: string, decimals: number, by: number) => change(by, { unit, decimals }, "en");
  for (const [unit, decimals, none, some] of [
    ["%", 0, 0.0049, 0.0051],
    ["m2", 0, 49, 51],
    ["m", 0, 4.9, 5.1],
    ["1", 0, 0.49, 0.51],
    ["m2/{person}", 2, 0.0049, 0.0051],
  ] as const) {
    for (const sign of [1, -1]) {
      expect(unchanged(sign * none, { unit, decimals }), unit).toBe(true);
      expect(told(unit, decimals, sign * none).replace(/m²/, "")).not.toMatch(/[1-9]/);
      expect(unchanged(sign * some, { unit, decimals }), unit).toBe(false);
      expect(told(unit, decimals, sign * some)).toMatch(/[1-9]/);
    }
  }
});

test("what counts depends on the choices of method", () => {
  const definition = {
    parts: [{ part: "park" }, { part: "water", switch: "water" }, { part: "reef", switch: "reef" }],
    switches: [
      { id: "water", title: {}, on: false },
      { id: "reef", title: {}, on: true },
    ],
  };
  const names = (chosen: Record<string, boolean>) => counting(definition, chosen).map((t) => t.part);
  expect(names({})).toEqual(["park", "reef"]);
  expect(names({ water: true, reef: false })).toEqual(["park", "water"]);
});

test("a trial is about the first that has a target and counts land", () => {
  const listed = (id: string, order: number, more: object) => ({ id, order, ...more }) as unknown as Listed;
  const land = { parts: [{ part: "p" }] };
  const target = { target: { value: 20, source: "" } };
  const all = [listed("c", 3, { ...land, ...target }), listed("b", 2, land), listed("a", 1, target)];
  expect(tryable(all)?.id).toBe("c");
  expect(tryable(all.slice(1))?.id).toBe("b");
  expect(tryable([])).toBeUndefined();
});

test("indicators that stand beside each other share one card, once", () => {
  const listed = (id: string, order: number, beside: string[] = []) =>
    ({ id, order, beside }) as unknown as Listed;
  const all = [
    listed("c", 3, ["a", "b"]),
    listed("b", 2, ["a"]),
    listed("a", 1, ["b", "gone"]),
    listed("d", 4, ["a"]),
  ];
  expect(cards(all).map(({ first, beside }) => [first.id, ...beside.map((i) => i.id)])).toEqual([
    ["a", "b"],
    ["c"],
    ["d"],
  ]);
});

test("the ranking begins with the best, and leaves out what has no value", () => {
  const all = [reading("1", 5), reading("2", null), reading("3", 9), reading("4", 5)];
  expect(ranked(all, "up").map((r) => r.code)).toEqual(["3", "1", "4"]);
  expect(ranked(all, "down").map((r) => r.code)).toEqual(["1", "4", "3"]);
});

describe("the classes of a choropleth", () => {
  test("hold every value once, at most five, each with its colour", () => {
    const values = Array.from({ length: 90 }, (_, i) => (i * 37) % 91);
    const all = classes(values, 2);
    expect(all).toHaveLength(5);
    expect(all.reduce((sum, c) => sum + c.count, 0)).toBe(90);
    expect(new Set(all.map((c) => c.colour)).size).toBe(5);
    for (const v of values) {
      const c = classOf(v, all, 2);
      expect(c && v >= c.from && v <= c.to, String(v)).toBe(true);
    }
  });

  test("values that are equal as they are shown have one colour", () => {
    const values = [...Array(50).fill(0), 0.001, 0.004, 3, 7, 7, 12];
    const all = classes(values, 2);
    expect(classOf(0, all, 2)).toBe(classOf(0.004, all, 2));
    expect(all[0]?.from).toBe(0);
    expect(all.at(-1)?.to).toBe(12);
  });

  test("one value is one class, none is none, and no value has no class", () => {
    expect(classes([4, 4], 1)).toHaveLength(1);
    expect(classes([], 1)).toEqual([]);
    expect(classOf(null, classes([1, 2], 1), 1)).toBeUndefined();
  });
});

describe("the table", () => {
  const rows: Row[] = [
    { reading: reading("1", 5, { name: "Lamdom", features: 2 }), district: "B" },
    { reading: reading("2", null, { name: "Ilie", features: 9 }), district: "A" },
    { reading: reading("3", 9, { name: "Ateuk 10", features: 1 }), district: "B" },
    { reading: reading("4", 7, { name: "Ateuk 9", features: 3 }), district: "A" },
  ];
  const order = (column: Column, down: boolean) =>
    sorted(rows, { column, down }, "id").map((r) => r.reading.code);

  test("sorts numbers as numbers and names as people do, those without a value last either way", () => {
    expect(order("value", true)).toEqual(["3", "4", "1", "2"]);
    expect(order("value", false)).toEqual(["1", "4", "3", "2"]);
    expect(order("name", false)).toEqual(["4", "3", "2", "1"]);
    expect(order("district", false)).toEqual(["2", "4", "1", "3"]);
    expect(order("features", true)).toEqual(["2", "4", "1", "3"]);
  });

  test("a press on a column sorts by it, another turns it round", () => {
    expect(pressed({ column: "value", down: true }, "name")).toEqual({ column: "name", down: false });
    expect(pressed({ column: "name", down: false }, "value")).toEqual({ column: "value", down: true });
    expect(pressed({ column: "value", down: true }, "value")).toEqual({ column: "value", down: false });
    expect(columns).toContain("value");
  });
});

describe("the chart", () => {
  const recorded = (on: string, value: number | null, method = 1): Recorded => ({
    on,
    value,
    numerator: null,
    denominator: null,
    method,
    at: `${on}T05:00:00Z`,
  });
  const frame = { width: 100, height: 50 };

  test("releases stand among the days by their moment, and are marked", () => {
    const { on: _, ...released } = recorded("2026-01-02", 20);
    const drawn = chart(
      [
        recorded("2026-01-01", 10),
        { ...released, label: "RTRW 2026", at: "2026-01-02T17:00:00Z" },
        recorded("2026-01-11", 15),
      ],
      undefined,
      frame,
    );
    expect(drawn?.dots.map((d) => d.x)).toEqual([0, 15, 100]);
    expect(drawn?.dots.map((d) => d.label)).toEqual([undefined, "RTRW 2026", undefined]);
    // 17:00 UTC is the next day in the city.
    expect(drawn?.dots[1]?.day).toBe("2026-01-03");
    expect(labelsOf(drawn?.dots ?? [], frame)).toMatchObject([{ x: 15, text: "RTRW 2026", anchor: "start" }]);
  });

  test("names of releases do not lie on each other", () => {
    const dot = (x: number, label: string) => ({ x, y: 40, value: 1, day: "2026-01-01", method: 1, label });
    const texts = (...dots: ReturnType<typeof dot>[]) =>
      labelsOf(dots, { width: 560, height: 180 }).map((l) => l.text);
    expect(texts(dot(100, "first"), dot(110, "second"), dot(555, "third"))).toEqual(["third", "second"]);
  });

  test("days stand as far apart as they are, and values as high", () => {
    const drawn = chart(
      [recorded("2026-01-01", 10), recorded("2026-01-02", 20), recorded("2026-01-11", 15)],
      undefined,
      frame,
    );
    expect(drawn?.dots.map((d) => d.x)).toEqual([0, 10, 100]);
    expect(drawn?.dots.map((d) => d.y)).toEqual([50, 0, 25]);
    expect(drawn?.paths).toHaveLength(1);
  });

  test("the line breaks where the method changes", () => {
    const days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"];
    const drawn = chart(
      days.map((d, i) => recorded(d, i, i < 2 ? 1 : 2)),
      undefined,
      frame,
    );
    expect(drawn?.paths).toHaveLength(2);
  });

  test("the target is in the frame, days without a value are not, and nothing is nothing", () => {
    const drawn = chart([recorded("2026-01-01", 14), recorded("2026-01-02", null)], 20, frame);
    expect(drawn?.dots).toHaveLength(1);
    expect(drawn?.target).toBeGreaterThanOrEqual(0);
    expect(drawn?.target).toBeLessThan(drawn?.dots[0]?.y ?? 0);
    expect(chart([recorded("2026-01-01", null)], 20, frame)).toBeUndefined();
  });

  test.each([
    [0, 0],
    [14.33, 14.33],
    [0, 20],
    [-3, 7],
    [1e6, 3.2e6],
  ])("round marks hold %d to %d", (low, high) => {
    const ticks = ticksOf(low, high);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThan(8);
    expect(ticks[0]).toBeLessThanOrEqual(low);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
  });
});

test("a view asks for its units, its day to the end, and its switches", () => {
  const asked = new URLSearchParams(
    query({ day: "2026-03-01", switches: { water: true, b: false } }, "gampong"),
  );
  expect(Object.fromEntries(asked)).toEqual({
    by: "gampong",
    at: endOf("2026-03-01"),
    b: "false",
    water: "true",
  });
});

test.each(["America/New_York", "Asia/Jakarta", "Pacific/Kiritimati"])(
  "a day is the city's, read in %s",
  (zone) => {
    const before = process.env["TZ"];
    process.env["TZ"] = zone;
    try {
      expect(endOf("2026-03-01")).toBe("2026-03-01T17:00:00.000Z");
      expect(endOf("2025-12-31")).toBe("2025-12-31T17:00:00.000Z");
      expect(cityDay("2026-03-01T16:59:59Z")).toBe("2026-03-01");
      expect(cityDay("2026-03-01T17:00:00Z")).toBe("2026-03-02");
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  },
);

test("the box is around all parts of all shapes", () => {
  const shape = (coordinates: number[][][][]) => ({
    type: "Feature" as const,
    properties: {},
    geometry: { type: "MultiPolygon" as const, coordinates },
  });
  const at = (x: number, y: number) => [
    [
      [x, y, 7],
      [x + 1, y, 7],
      [x, y + 1, 7],
      [x, y, 7],
    ],
  ];
  expect(
    boxOf({ type: "FeatureCollection", features: [shape([at(0, 0), at(5, -2)]), shape([at(-3, 1)])] }),
  ).toEqual([-3, -2, 6, 2]);
  expect(boxOf({ type: "FeatureCollection", features: [] })).toBeUndefined();
});

describe("what land may be tried as", () => {
  const coded = (name: string, list: string, required = true) => ({
    name,
    type: "text" as const,
    title: { id: name },
    codes: { list, version: "1" },
    required,
  });
  const catalog = new Catalog({
    city: { title: { id: "Kota" }, demo: true },
    groups: [],
    codes: [],
    layers: [
      {
        id: "leafy",
        title: { id: "Hijau" },
        group: "g",
        geometry: "MultiPolygon",
        order: 1,
        visible: true,
        zooms: { min: 0, max: 16 },
        policy: "live",
        fields: [
          { name: "name", type: "text", title: { id: "Nama" } },
          coded("class", "c"),
          coded("owner", "o"),
          coded("mood", "m", false),
          { name: "open", type: "boolean", title: { id: "Terbuka" } },
        ],
        tiles: "",
        items: "",
      },
    ],
  } as CatalogAnswer);
  const codes = (...list: string[]) => ({ type: "string", enum: list });
  const schemas = new Map([
    [
      "leafy",
      {
        properties: {
          name: { type: "string" },
          class: codes("PS", "T1", "T2"),
          owner: codes("private", "public"),
          mood: codes("gay", "sad"),
          open: { type: "boolean" },
        },
      },
    ],
  ]);
  const answer = (where: object[], by?: string, classes?: string[]) =>
    ({
      parts: [{ part: "p", ...(classes ? { classes } : {}) }],
      coverage: { id: "c", title: {}, parts: [{ id: "p", title: { id: "P" }, layer: "leafy", where, by }] },
    }) as unknown as Answer;

  test("has the values that the part asks for", () => {
    const where = [
      { field: "owner", in: ["public"] },
      { field: "class", in: ["T1", "T2"] },
      { field: "open", in: ["true"] },
    ];
    const [choice] = choicesOf(answer(where, "class"), catalog, schemas, "id");
    // Which of the classes is nobody's to assume: the factors differ.
    expect(choice?.values).toEqual({ owner: "public", open: true });
    expect(choice?.ask).toEqual({ field: "class", codes: ["T1", "T2"] });
    // What has codes is asked; what the part does not name and nobody requires is not.
    expect(choice?.fields).toEqual(["class", "owner"]);
  });

  test("keeps to the classes that are counted, and away from those that are not", () => {
    const [only] = choicesOf(answer([], "class", ["T2"]), catalog, schemas, "id");
    expect(only?.values["class"]).toBe("T2");
    expect(only?.ask).toBeUndefined();
    const [any] = choicesOf(answer([], "class"), catalog, schemas, "id");
    expect(any?.ask?.codes).toEqual(["PS", "T1", "T2"]);
    const [some] = choicesOf(answer([{ field: "class", not: ["T1"] }], "class"), catalog, schemas, "id");
    expect(some?.ask?.codes).toEqual(["PS", "T2"]);
    const not = [{ field: "class", not: ["PS", "T1"] }];
    expect(choicesOf(answer(not), catalog, schemas, "id")[0]?.values["class"]).toBe("T2");
  });

  test("becomes an edit: made, changed, or taken away", () => {
    const layer = catalog.layers[0];
    if (!layer) throw new Error("no layer");
    const piece: Piece = {
      key: 1,
      op: "create",
      name: "",
      layer,
      shape: polygon(square(95, 5, 1)),
      area: 1,
      values: { class: "T1" },
    };
    const made = bodyOf(piece);
    expect(made).toMatchObject({ op: "create", layer: "leafy", properties: { class: "T1" } });
    expect(made.geometry?.type).toBe("MultiPolygon");
    const ref = { layer: "leafy", id: "12" };
    expect(bodyOf({ ...piece, ref, op: "update" })).toEqual({
      op: "update",
      layer: "leafy",
      id: 12,
      properties: { class: "T1" },
    });
    expect(bodyOf({ ...piece, ref, op: "delete" })).toEqual({ op: "delete", layer: "leafy", id: 12 });
  });
});

test("both languages say everything", () => {
  const empty = (words: object): string[] =>
    Object.entries(words).flatMap(([key, text]) =>
      typeof text === "object" ? empty(text) : text === "" && key !== "none" ? [key] : [],
    );
  expect(empty(indicatorWords.id)).toEqual([]);
  expect(empty(indicatorWords.en)).toEqual([]);
});
