// The server's answers. Every address is of our own host.

import type { Geometry } from "geojson";
import type { StyleSpecification } from "maplibre-gl";
import type { Box, CatalogAnswer, FeatureRef, Lang, Layer } from "./catalog.ts";

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
}

/** An answer other than 2xx; title is the server's own sentence, if it gave one. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
  ) {
    super(`${status} ${title}`);
  }
}

/** Longer than this nobody waits for an answer. */
const timeoutMs = 20_000;

async function get<T>(address: string, lang: Lang, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await fetch(ownHost(address), {
    headers: { accept: "application/geo+json, application/json", "accept-language": lang },
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  if (!response.ok) {
    const problem: unknown = await response.json().catch(() => ({}));
    throw new HttpError(response.status, (problem as { title?: string }).title ?? response.statusText);
  }
  return (await response.json()) as T;
}

/**
 * The same path on the host that served this page. The server writes its
 * public address into links; behind another name that would be a foreign host.
 */
export function ownHost(address: string): string {
  return location.origin + address.replace(/^https?:\/\/[^/]+/, "");
}

export const api = {
  catalog: (lang: Lang) => get<CatalogAnswer>("/api/v1/catalog", lang),
  style: (lang: Lang) => get<StyleSpecification>("/styles/plan.json", lang),
  item: (layer: Layer, ref: FeatureRef, lang: Lang, signal?: AbortSignal) =>
    get<Item>(`${layer.items}/${encodeURIComponent(ref.id)}`, lang, signal),
  search: async (text: string, lang: Lang, signal?: AbortSignal): Promise<SearchResult[]> => {
    const query = new URLSearchParams({ q: text, lang, limit: "12" });
    const answer = await get<{ results?: SearchResult[] }>(`/api/v1/search?${query}`, lang, signal);
    return answer.results ?? [];
  },
};
