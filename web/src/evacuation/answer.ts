// Where to run, as the server tells it.

import type { LineString, Position } from "geojson";
import type { Lang, Text } from "../catalog.ts";
import type { EvacuateView } from "../hash.ts";
import { ask } from "../http.ts";

export interface Shelter {
  id: number;
  name: string;
  coordinates: Position;
  /** People there is room for. */
  room: number;
  /** m, of the refuge floor above the ground. */
  refuge_height: number | null;
}

/** A shelter, and how far it is in m as the crow flies. */
export interface Near extends Shelter {
  distance: number;
}

export interface Way {
  destination: Shelter;
  /** m. */
  length: number;
  /** s. */
  duration: number;
  /** s to spare for who leaves at the departure, where the hazard is closest behind. */
  margin: number | null;
  /** Where that is; the deadline as RFC 3339. */
  tightest: { name: string; deadline: string; coordinates: Position } | null;
  /** Names. */
  bridges: string[];
  steps: { text: Text; bridge: boolean; coordinates: Position }[];
  geometry: LineString;
}

export interface Answer {
  graph_version?: string;
  hazard_version?: string;
  sentence: Text;
  /** The code of its gampong, where it is in one. */
  from: { coordinates: Position; area?: string | null };
  event: { hazard: string; level: string; arrival_at: string | null; message: Text } | null;
  /** RFC 3339; of a question without one, the server's now. */
  departure_at: string;
  /** The fastest first, each to another shelter. */
  routes: Way[];
  /** The best way by none of the bridges of the first. */
  alternative: Way | null;
  passed_over: (Near & { why: string; text: Text })[];
  cannot_reach_in_time: boolean;
  refuge: Near | null;
  /** RFC 3339: of when the plan is that was asked, where the database is away. */
  asOf?: string;
}

export async function waysFrom(
  { from, profile }: EvacuateView,
  lang: Lang,
  signal: AbortSignal,
): Promise<Answer> {
  const query = new URLSearchParams({ from: String(from), ...(profile ? { profile } : {}) });
  const response = await ask(`/api/v1/evacuation/routes?${query}`, { lang, signal });
  const asOf = response.headers.get("simtaru-as-of");
  return { ...((await response.json()) as Answer), ...(asOf ? { asOf } : {}) };
}
