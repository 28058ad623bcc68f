import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { StyleSpecification } from "maplibre-gl";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Box, Catalog, type Layer } from "../src/catalog.ts";
import { highlightLayers, highlightSource } from "../src/highlight.ts";
import { adapt, headline, Parts, scaled, withAddress } from "../src/mapstyle.ts";
import { distinct } from "../src/pick.ts";

const layer = (id: string, more: Partial<Layer> = {}): Layer => ({
  id,
  title: { id: `Lapisan ${id}`, en: `Layer ${id}` },
  group: "g",
  geometry: "MultiPolygon",
  order: 1,
  visible: true,
  zooms: { min: 9, max: 14 },
  policy: "live",
  fields: [],
  items: `/ogc/collections/${id}/items`,
  tiles: `/tiles/${id}/{z}/{x}/{y}`,
  ...more,
});

const catalog = new Catalog({
  city: { title: { id: "Kota" }, demo: true },
  groups: [{ id: "g", title: { id: "G" } }],
  layers: [layer("alpha"), layer("beta", { visible: false, order: 0 })],
  codes: [],
});

const zoomed = ["interpolate", ["linear"], ["zoom"], 9, 0.2, 14, ["case", ["has", "x"], 0.8, 0.4]];

const style = {
  version: 8,
  glyphs: "https://elsewhere.example/{fontstack}/{range}.pbf",
  sources: {
    one: {
      type: "vector",
      tiles: ["https://plan.example/tiles/alpha/{z}/{x}/{y}"],
      minzoom: 9,
      maxzoom: 14,
    },
    two: { type: "vector", url: "https://plan.example/tiles/beta.json" },
  },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": "#ffffff" } },
    {
      id: "alpha-fill",
      type: "fill",
      source: "one",
      "source-layer": "alpha",
      metadata: { "simtaru:layer": "alpha" },
      paint: { "fill-opacity": zoomed },
    },
    {
      id: "alpha-label",
      type: "symbol",
      source: "one",
      "source-layer": "alpha",
      metadata: { "simtaru:layer": "alpha" },
      layout: { "text-field": ["get", "name"], "text-font": ["Noto Sans Bold"] },
    },
    {
      id: "beta-line",
      type: "line",
      source: "two",
      "source-layer": "beta",
      metadata: { "simtaru:layer": "beta" },
    },
  ],
} as unknown as StyleSpecification;

beforeAll(() => {
  vi.stubGlobal("location", { origin: "http://plan.test" });
});

describe("the style on this page", () => {
  test("asks only the host that served the page, and no glyph files", () => {
    const adapted = adapt(style, catalog);
    expect(JSON.stringify(adapted)).not.toContain("example");
    expect(adapted.glyphs).toBeUndefined();
    expect(adapted.layers.find((l) => l.id === "alpha-label")?.layout).toMatchObject({
      "text-font": ["Simtaru Bold"],
    });
  });

  test("takes the tiles from the catalogue, and a TileJSON only where it must", () => {
    const strange = { ...style, layers: style.layers.filter((l) => l.id !== "beta-line") };
    expect(adapt(style, catalog).sources["two"]).toEqual({
      type: "vector",
      tiles: ["http://plan.test/tiles/beta/{z}/{x}/{y}"],
      minzoom: 9,
      maxzoom: 14,
    });
    expect(adapt(strange, catalog).sources["two"]).toEqual({
      type: "vector",
      url: "http://plan.test/tiles/beta.json",
    });
  });

  test("is a valid style in every state", () => {
    const address = { lang: "id" as const, shown: { beta: true }, opacity: { alpha: 35 } };
    const dressed = withAddress(adapt(style, catalog), catalog, address);
    const whole = {
      ...dressed,
      sources: { ...dressed.sources, ...highlightSource() },
      layers: [...dressed.layers, ...highlightLayers()],
    };
    expect(validateStyleMin(whole as never).map((e) => e.message)).toEqual([]);
    expect(whole.layers.find((l) => l.id === "beta-line")?.layout?.visibility).toBe("visible");
  });

  test("shows what the catalogue shows where the reader chose nothing", () => {
    const dressed = withAddress(adapt(style, catalog), catalog, { lang: "id", shown: {}, opacity: {} });
    const visibility = dressed.layers.map((l) => l.layout?.visibility);
    expect(visibility).toEqual([undefined, "visible", "visible", "none"]);
  });

  test("tells the sources of a layer and their zooms", () => {
    const parts = new Parts(adapt(style, catalog));
    expect(parts.sourcesOf("alpha")).toEqual([{ id: "one", min: 9, max: 14 }]);
    expect(parts.sourcesOf("unknown")).toEqual([]);
  });
});

describe("opacity times a factor", () => {
  test.each([
    [undefined, 0.5],
    [0.8, 0.4],
    [
      ["get", "o"],
      ["*", 0.5, ["get", "o"]],
    ],
    [
      ["step", ["zoom"], 0.2, 12, 0.6],
      ["step", ["zoom"], 0.1, 12, 0.3],
    ],
    [zoomed, ["interpolate", ["linear"], ["zoom"], 9, 0.1, 14, ["*", 0.5, ["case", ["has", "x"], 0.8, 0.4]]]],
  ])("%j", (base, want) => {
    expect(scaled(base, 0.5)).toEqual(want);
  });
});

describe("what a tap found", () => {
  const hit = (owner: string | undefined, id: number | undefined) =>
    ({
      id,
      properties: {},
      layer: { id: "x", metadata: owner ? { "simtaru:layer": owner } : {} },
    }) as never;

  test("is one entry a feature, in the order of the map, and nothing of ours", () => {
    const hits = [
      hit("alpha", 2),
      hit(undefined, 9),
      hit("beta", 2),
      hit("alpha", 2),
      hit("alpha", undefined),
    ];
    expect(distinct(hits).map((f) => f.ref)).toEqual([
      { layer: "alpha", id: "2" },
      { layer: "beta", id: "2" },
    ]);
  });

  test("is called by its label, its name, its class, or its number", () => {
    const fields = [
      { name: "kind", type: "text" as const, title: {} },
      { name: "nama", type: "text" as const, title: {} },
    ];
    const named = layer("alpha", { fields, search: "nama", style: { field: "kind" } });
    const ref = { layer: "alpha", id: "7" };
    expect(headline(catalog, named, ref, { nama: "Lampulo", kind: "B" }, "id")).toBe("Lampulo");
    expect(headline(catalog, named, ref, { kind: "B" }, "id")).toBe("B");
    expect(headline(catalog, named, ref, {}, "en")).toBe("Layer alpha 7");
  });
});

describe("the catalogue", () => {
  test("has the box of its layers where the city names none", () => {
    const of = (bbox: Box | undefined, ...boxes: Box[]) =>
      new Catalog({
        city: { title: {}, demo: false, ...(bbox ? { bbox } : {}) },
        groups: [],
        layers: boxes.map((box, i) => layer(`l${i}`, { bbox: box })),
        codes: [],
      }).box;
    expect(of([1, 1, 2, 2], [0, 0, 9, 9])).toEqual([1, 1, 2, 2]);
    expect(of([0, 0, 0, 0], [1, 1, 2, 2], [0, 0, 1, 3])).toEqual([0, 0, 2, 3]);
    expect(of(undefined)).toBeUndefined();
  });

  test("lists the topmost layer first", () => {
    expect(catalog.grouped().flatMap((g) => g.layers.map((l) => l.id))).toEqual(["alpha", "beta"]);
  });
});
