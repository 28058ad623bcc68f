// From the server's style to what the reader wants to see: layers on and off,
// opacity, fonts of our own, requests to our own host.

import type {
  LayerSpecification,
  Map as MapLibre,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import { type Catalog, type FeatureRef, type Lang, type Layer, say } from "./catalog.ts";
import { value } from "./format.ts";
import type { Address } from "./hash.ts";
import { ownHost } from "./http.ts";
import { isShown, opacityOf } from "./state.ts";

/** The key under which a style layer names the plan's layer that it draws. */
const owner = "simtaru:layer";

/** Opacity properties by type of style layer. */
const opacities: Record<string, string[]> = {
  fill: ["fill-opacity"],
  line: ["line-opacity"],
  circle: ["circle-opacity", "circle-stroke-opacity"],
  symbol: ["text-opacity", "icon-opacity"],
  "fill-extrusion": ["fill-extrusion-opacity"],
};

export interface Dial {
  property: string;
  /** The value that the server gave, undefined for the default of 1. */
  base: unknown;
}

/** One style layer of a layer of the plan. */
export interface Drawn {
  style: string;
  dials: Dial[];
}

export interface TileSource {
  id: string;
  min: number;
  max: number;
}

/** Which parts of the style draw each layer of the plan. */
export class Parts {
  readonly drawn = new Map<string, Drawn[]>();
  readonly sources = new Map<string, Set<string>>();
  readonly #source = new Map<string, TileSource>();

  constructor(style: StyleSpecification) {
    for (const [id, source] of Object.entries(style.sources)) {
      const { minzoom = 0, maxzoom = 22 } = source as { minzoom?: number; maxzoom?: number };
      this.#source.set(id, { id, min: minzoom, max: maxzoom });
    }
    for (const layer of style.layers) {
      const id = ownerOf(layer);
      if (id === undefined || !("source" in layer)) continue;
      const paint = (layer.paint ?? {}) as Record<string, unknown>;
      const dials = (opacities[layer.type] ?? []).map((property) => ({ property, base: paint[property] }));
      this.drawn.set(id, [...(this.drawn.get(id) ?? []), { style: layer.id, dials }]);
      this.sources.set(id, (this.sources.get(id) ?? new Set()).add(String(layer.source)));
    }
  }

  /** Switches and fades the map's layers as the address asks. */
  dress(map: MapLibre, catalog: Catalog, address: Address): void {
    for (const layer of catalog.layers) {
      const factor = opacityOf(address, layer.id);
      for (const { style, dials } of this.drawn.get(layer.id) ?? []) {
        if (!map.getLayer(style)) continue;
        map.setLayoutProperty(style, "visibility", isShown(address, layer) ? "visible" : "none");
        for (const { property, base } of dials) {
          // The name comes from the table above, the value from scaled.
          map.setPaintProperty(style, property as never, scaled(base, factor) as never);
        }
      }
    }
  }

  sourcesOf(layer: string): TileSource[] {
    return [...(this.sources.get(layer) ?? [])].flatMap((id) => this.#source.get(id) ?? []);
  }
}

export function ownerOf(layer: { metadata?: unknown }): string | undefined {
  const id = (layer.metadata as Record<string, unknown> | undefined)?.[owner];
  return typeof id === "string" ? id : undefined;
}

/**
 * The style as this page can draw it. Text is drawn from the page's own font,
 * not from glyph files; every address is of our own host; and where tiles are
 * comes from the catalogue, which spares one TileJSON request a source.
 */
export function adapt(style: StyleSpecification, catalog: Catalog): StyleSpecification {
  const { glyphs: _, "font-faces": __, ...rest } = style as StyleSpecification & { "font-faces"?: unknown };
  const owners = new Map<string, Set<string | undefined>>();
  for (const layer of rest.layers) {
    if (!("source" in layer)) continue;
    const source = String(layer.source);
    owners.set(source, (owners.get(source) ?? new Set()).add(ownerOf(layer)));
  }
  const sources = Object.fromEntries(
    Object.entries(rest.sources).map(([id, source]) => {
      const [only, ...others] = owners.get(id) ?? [];
      const layer = others.length === 0 && only !== undefined ? catalog.layer(only) : undefined;
      return [id, ownSource(source, layer)];
    }),
  );
  return { ...rest, sources, layers: rest.layers.map(ownFont) };
}

function ownSource(source: SourceSpecification, layer: Layer | undefined): SourceSpecification {
  if (source.type !== "vector") return source;
  const { url, tiles, ...rest } = source;
  if (layer) {
    const { min, max } = layer.zooms;
    return { ...rest, tiles: [ownHost(layer.tiles)], minzoom: min, maxzoom: max };
  }
  return {
    ...rest,
    ...(tiles ? { tiles: tiles.map(ownHost) } : {}),
    ...(url ? { url: ownHost(url) } : {}),
  };
}

/** The same as Parts.dress, for a style that no map draws yet. */
export function withAddress(
  style: StyleSpecification,
  catalog: Catalog,
  address: Address,
): StyleSpecification {
  const layers = style.layers.map((layer) => {
    const owned = catalog.layer(ownerOf(layer) ?? "");
    if (!owned) return layer;
    const paint: Record<string, unknown> = { ...layer.paint };
    for (const property of opacities[layer.type] ?? []) {
      paint[property] = scaled(paint[property], opacityOf(address, owned.id));
    }
    const visibility = isShown(address, owned) ? "visible" : "none";
    return { ...layer, paint, layout: { ...layer.layout, visibility } } as LayerSpecification;
  });
  return { ...style, layers };
}

function ownFont(layer: LayerSpecification): LayerSpecification {
  if (layer.type !== "symbol" || !layer.layout?.["text-field"]) return layer;
  const asked = JSON.stringify(layer.layout["text-font"] ?? "");
  const font = /bold|black/i.test(asked) ? "Simtaru Bold" : "Simtaru Medium";
  return { ...layer, layout: { ...layer.layout, "text-font": [font] } };
}

/**
 * An opacity multiplied by factor. Expressions on zoom may stand only at the
 * top, so for those the outputs are multiplied, for all others the whole.
 */
export function scaled(base: unknown, factor: number): unknown {
  if (base === undefined || base === null) return factor;
  if (typeof base === "number") return base * factor;
  if (!Array.isArray(base)) return factor;
  const [kind] = base as [string];
  const input = kind === "step" ? base[1] : base[2];
  const onZoom = Array.isArray(input) && input[0] === "zoom";
  if (onZoom && kind === "step") {
    return base.map((part, i) => (i >= 2 && i % 2 === 0 ? scaled(part, factor) : part));
  }
  if (onZoom && kind.startsWith("interpolate")) {
    return base.map((part, i) => (i >= 4 && i % 2 === 0 ? scaled(part, factor) : part));
  }
  return ["*", factor, base];
}

/** The name of a feature in words: its label, its name, its class, or its number. */
export function headline(
  catalog: Catalog,
  layer: Layer,
  ref: FeatureRef,
  properties: Record<string, unknown>,
  lang: Lang,
): string {
  const candidates = [
    layer.label?.field,
    layer.search,
    layer.style?.field,
    layer.fields.find((f) => f.type === "text")?.name,
  ];
  for (const name of candidates) {
    const field = layer.fields.find((f) => f.name === name);
    const text = field && value(catalog, field, properties[field.name], lang);
    if (text) return text;
  }
  return `${say(layer.title, lang)} ${ref.id}`;
}
