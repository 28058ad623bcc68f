// The server's answers. Every address is of our own host.

import type { Geometry } from "geojson";
import type { StyleSpecification } from "maplibre-gl";
import type { Box, CatalogAnswer, FeatureRef, Lang, Layer } from "./catalog.ts";
import { ask, json } from "./http.ts";

export interface SearchResult {
  layer: string;
  id: number | string;
  name: string;
  detail?: string;
  bbox?: Box;
  /** lon, lat in degrees. */
  center?: [number, number];
}

export interface Item {
  type: "Feature";
  id: number | string;
  geometry: Geometry | null;
  properties: Record<string, unknown>;
  /** Of the version that was read, where it was read alone. */
  etag?: string;
}

export function itemPath(layer: Layer, ref: FeatureRef): string {
  return `${layer.items}/${encodeURIComponent(ref.id)}`;
}

export const api = {
  catalog: (lang: Lang) => json<CatalogAnswer>("/api/v1/catalog", { lang }),
  style: (lang: Lang) => json<StyleSpecification>("/styles/plan.json", { lang }),
  item: async (layer: Layer, ref: FeatureRef, lang: Lang, signal?: AbortSignal): Promise<Item> => {
    const response = await ask(itemPath(layer, ref), { lang, signal });
    return { ...((await response.json()) as Item), etag: response.headers.get("etag") ?? "" };
  },
  search: async (text: string, lang: Lang, signal?: AbortSignal): Promise<SearchResult[]> => {
    const query = new URLSearchParams({ q: text, lang, limit: "12" });
    const answer = await json<{ results?: SearchResult[] }>(`/api/v1/search?${query}`, { lang, signal });
    return answer.results ?? [];
  },
};
