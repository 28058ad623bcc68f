// Indicators as the server tells them.

import type { FeatureCollection, Geometry } from "geojson";
import type { Lang, Text } from "../catalog.ts";
import type { IndicatorView, UnitKind } from "../hash.ts";
import { json } from "../http.ts";

export type Kind =
  | "area_share"
  | "weighted_area_share"
  | "area_by_class"
  | "length"
  | "count"
  | "per_head"
  | "standard"
  | "people_near"
  | "on_roads"
  | "external";

export type Status = "met" | "near" | "missed" | "none";

/** The land of one class of one part, m2. */
export interface ClassReading {
  part: string;
  class: string;
  title: Text;
  color?: string;
  area: number;
  weighted?: number;
  need?: number;
  deficit?: number;
  drawn?: Drawn;
  features: number;
}

/** What becomes of the land of features as they are drawn, m2: sum less overlap less outside is the land that counts. */
export interface Drawn {
  sum: number;
  overlap: number;
  /** Of the city alone: the features of a gampong go on in its neighbours. */
  outside?: number;
  /** Of all classes together: the land that none of them covers. */
  uncovered?: number;
}

/** Names of the content of the gampong and of the other layers: equal names, equal content. */
type Versions = { boundary: string; data: string };

export interface Reading extends Versions {
  indicator: string;
  by: UnitKind;
  code: string;
  name: string;
  /** null where there is none; why says why. */
  value: number | null;
  why?: Text;
  numerator: number | null;
  denominator: number | null;
  features: number;
  classes?: ClassReading[];
  drawn?: Drawn;
  method: number;
  /** RFC 3339; null where there is no value yet. */
  at: string | null;
  actor?: string;
  sent?: string;
}

export interface Condition {
  field: string;
  in?: string[];
  not?: string[];
}

interface Set {
  layer: string;
  where?: Condition[];
}

export interface Part extends Set {
  id: string;
  title: Text;
  by?: string;
}

export interface Term {
  part: string;
  classes?: string[];
  /** Counted only while this choice of method is on. */
  switch?: string;
}

/** What is asked of the road network. */
export interface Roads {
  measure: "people_in_time" | "places_per_head" | "routes_fit" | "people_by_road";
}

export interface Definition {
  id: string;
  title: Text;
  explanation: Text;
  kind: Kind;
  group: string;
  order: number;
  method: number;
  /** UCUM code. */
  unit: string;
  decimals: number;
  direction: "up" | "down" | "none";
  target?: { value: number; source: string; units?: UnitKind[] };
  units: UnitKind[];
  office: Text;
  freshFor?: number;
  roads?: Roads;
  /** m, in a straight line or along the roads. */
  distance?: number;
  parts?: Term[];
  switches?: { id: string; title: Text; on: boolean }[];
  beside?: string[];
  /** What it is computed from. */
  layers: string[];
}

/** An indicator as the list has it: with the city's reading. */
export interface Listed extends Definition {
  value: Reading;
  status: Status;
  old: boolean;
  ageDays: number | null;
  trend: { since: string; difference: number } | null;
}

export interface Overview {
  indicators: Listed[];
  asOf?: string;
}

export interface Area {
  hectares: number;
  source: string;
  value: number | null;
  difference: number | null;
}

export interface Claim {
  value: number;
  year?: number;
  source: string;
  /** Hectares. */
  numerator?: number;
  denominator?: number;
  note?: Text;
  /** Of what was published from what is computed: the sum of the other three, where those are known. */
  difference: number | null;
  ofNumerator: number | null;
  ofDenominator: number | null;
  /** What was published from its own numerator and denominator. */
  ofItself: number | null;
}

/** One indicator for all units of a kind. */
export interface Answer extends Omit<Definition, "coverage"> {
  readings: Reading[];
  areas?: Area[];
  claims?: Claim[];
  coverage?: { id: string; title: Text; description?: Text; parts: Part[] };
  at?: string;
  asOf?: string;
}

export interface Recorded {
  on?: string;
  label?: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  method: number;
  /** The moment that the value speaks of, RFC 3339. */
  at: string;
}

export interface EditBody {
  op: "create" | "update" | "delete";
  layer: string;
  id?: number;
  properties?: Record<string, unknown>;
  geometry?: Geometry;
}

export interface Difference {
  indicator: string;
  by: UnitKind;
  code: string;
  name: string;
  before: Reading;
  after: Reading;
  difference: number | null;
}

const root = "/api/v1/indicators";

const dayMs = 86_400_000;
/** The city keeps WIB, UTC+07:00, all year round. */
const cityMs = 7 * 3_600_000;

/** The day, YYYY-MM-DD, that a moment belongs to in the city, wherever the reader is. */
export function cityDay(moment: string | number): string {
  return new Date(new Date(moment).getTime() + cityMs).toISOString().slice(0, 10);
}

/** The end of a day of the city, which is where its next begins: an address says the same to everybody. */
export function endOf(day: string): string {
  return new Date(Date.parse(day) + dayMs - cityMs).toISOString();
}

/** What a view asks for, as the query of every address of an indicator. */
export function query(view: IndicatorView, by: UnitKind): string {
  const out = new URLSearchParams({ by });
  if (view.day) out.set("at", endOf(view.day));
  for (const name of Object.keys(view.switches).sort()) out.set(name, String(view.switches[name]));
  return String(out);
}

export function address(id: string, form: "" | ".csv" | ".geojson", asked: string): string {
  return `${root}/${encodeURIComponent(id)}${form}?${asked}`;
}

export const indicators = {
  all: (lang: Lang, signal: AbortSignal) => json<Overview>(root, { lang, signal }),
  one: (id: string, asked: string, lang: Lang, signal: AbortSignal) =>
    json<Answer>(address(id, "", asked), { lang, signal }),
  shapes: (id: string, asked: string, lang: Lang, signal: AbortSignal) =>
    json<FeatureCollection>(address(id, ".geojson", asked), { lang, signal }),
  series: async (
    id: string,
    by: UnitKind,
    code: string,
    lang: Lang,
    signal: AbortSignal,
  ): Promise<Recorded[]> => {
    const asked = new URLSearchParams({ by, code });
    return (
      await json<{ series: Recorded[] }>(`${root}/${encodeURIComponent(id)}/series?${asked}`, {
        lang,
        signal,
      })
    ).series;
  },
  whatIf: async (
    edits: EditBody[],
    lang: Lang,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Difference[]> =>
    (
      await json<{ differences: Difference[] }>(`${root}/what-if`, {
        lang,
        method: "POST",
        headers,
        body: { edits },
        signal,
      })
    ).differences,
};
