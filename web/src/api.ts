// The server's answers. Every address is of our own host.

import type { Geometry } from "geojson";
import type { StyleSpecification } from "maplibre-gl";
import type { Box, CatalogAnswer, FeatureRef, Lang, Layer, Text } from "./catalog.ts";
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

export interface Activity {
  code: string;
  title: Text;
}

export interface Admitted extends Activity {
  conditions?: { code: string; text: Text }[];
}

/** A rule of how much may be built; what is absent is not stated. */
export interface Intensity {
  blocks?: string[];
  roads?: string[];
  /** m2, the first included, the second not. */
  plotFrom?: number;
  plotTo?: number;
  /** Percent of the plot. */
  kdb?: number;
  kdh?: number;
  ktb?: number;
  /** Times the plot. */
  klb?: number;
  /** m. */
  height?: number;
  floors?: number;
  setback?: Record<string, number>;
  /** What it makes of the plot, m2; floors are a rough number. */
  figures?: { footprint?: number; floorArea?: number; green?: number; basement?: number; floors?: number };
}

/** Activities by answer. */
export type Verdicts = { verdict: string; title: Text; activities: Admitted[] }[];

/** Where a rule stands in the law. */
export interface Provision {
  document: string;
  article?: string;
  link?: string;
  about: Text;
}

/** What the plan allows at a point. */
export interface Here {
  status: "zone" | "border" | "overlap" | "no_plan";
  sentence: Text;
  zones: {
    id: number;
    code: string;
    title: Text;
    activities: Verdicts;
    intensity: Intensity[];
    special: { title: Text; state: "here" | "none" | "unknown"; value?: string }[];
    references: Provision[];
  }[];
  overlays: { layer: string; title: Text; features: { id: number; sentence: Text; distance: number }[] }[];
  /** The parcel that holds the point. */
  plot: (Near & { id: number }) | null;
  nearestPark: Near | null;
  nearestShelter: Near | null;
}

export interface Near {
  name: string;
  /** m. */
  distance: number;
}

/** A score by criteria; null is what was not assessed. */
export interface Score {
  criteria: Criterion[];
  /** The mean of the aspects, in percent. */
  sectoralPercent: number | null;
  total: number | null;
  class: string | null;
}

export interface Criterion {
  id: string;
  title: string;
  /** Names the denominator. */
  per: string;
  /** UCUM code of volume and denominator. */
  unit: string;
  volume: number | null;
  denominator: number | null;
  percent: number | null;
  score: number | null;
}

/** What follows from the numbers of a feature. */
export interface Findings {
  score: Score;
  /** Absent where there is nothing to handle, or where too little is known. */
  handling: {
    /** 1, the first, to 9. */
    priority: number;
    classification: string;
    weight: "high" | "medium" | "low";
    pattern: "pemugaran" | "peremajaan" | "permukiman_kembali";
  } | null;
  findings: { code: string; message: string }[];
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
  /** What is allowed at lon, lat; more of the question narrows the answer. */
  here: (
    [lon, lat]: [number, number],
    more: { activity?: string; plot_m2?: string; road_class?: string },
    lang: Lang,
    signal?: AbortSignal,
  ): Promise<Here> => {
    const query = new URLSearchParams({ lon: lon.toFixed(7), lat: lat.toFixed(7), ...more });
    return json<Here>(`/api/v1/zoning/at?${query}`, { lang, signal });
  },
  findings: (address: string, lang: Lang, signal: AbortSignal) => json<Findings>(address, { lang, signal }),
  activities: async (text: string, lang: Lang, signal?: AbortSignal): Promise<Activity[]> => {
    const query = new URLSearchParams({ q: text, limit: "6" });
    return (await json<{ activities: Activity[] }>(`/api/v1/activities?${query}`, { lang, signal }))
      .activities;
  },
};
