// Extracts as the server tells them.

import type { Position } from "geojson";
import { token } from "../account.ts";
import type { Intensity, Near, Provision, Verdicts } from "../api.ts";
import type { Box, Lang, Text } from "../catalog.ts";
import type { ExtractView } from "../hash.ts";
import { json } from "../http.ts";

export interface Land {
  /** The national number of the parcel (NIB). */
  number?: string;
  right?: Text;
  certificateNo?: string;
  /** m2. */
  certificateArea: number | null;
  geometricArea: number;
  /** m2: what the shares are of. */
  area: number;
  note?: Text;
  address?: string;
  village?: string;
  district?: string;
}

/** What one kind of feature has on the land: an area, a length, or points. */
export interface Entry {
  code?: string;
  title: Text;
  color: string;
  /** m2, and percent of the land. */
  area?: number;
  percent?: number;
  /** m. */
  length?: number;
  points?: number;
  /** m; 0 on the land. */
  distance: number;
  sentence: Text;
  zone?: Zone;
}

export interface Zone {
  block?: string;
  intensity: Intensity[];
  activities: Verdicts;
  /** They are those of an entry above with the same code, and not said again. */
  activitiesAbove?: boolean;
  references: Provision[];
}

/** Where the law says what a theme shows. */
export interface Legal {
  document: string;
  article?: string;
  link?: string;
  status?: "in_force" | "under_change" | "draft";
}

export interface Theme {
  id: string;
  title: Text;
  sentence: Text;
  entries: Entry[];
  /** How many entries were left out. */
  more?: number;
  check?: { sentence: Text };
  note?: Text;
  /** Of documents of a former form it is not known. */
  legal?: Legal[];
}

/** The activities of a zone, also where an entry above has said them. */
export function activitiesOf({ entries }: Theme, { code, zone }: Entry): Verdicts {
  if (!zone?.activitiesAbove) return zone?.activities ?? [];
  return entries.find((e) => e.code === code && e.zone && !e.zone.activitiesAbove)?.zone?.activities ?? [];
}

export interface Absent {
  id: string;
  title: Text;
  why?: Text;
}

export interface Extract {
  id: string;
  /** RFC 3339. */
  createdAt: string;
  /** RFC 3339: when its content is removed; absent: never. */
  keptUntil?: string;
  office: Text;
  sentence: Text;
  land: Land;
  options: { roadClass?: string };
  concerned: Theme[];
  notConcerned: Absent[];
  withoutData: Absent[];
  nearestPark: Near | null;
  nearestShelter: Near | null;
  layers: {
    title: Text;
    version: string;
    updatedAt: string | null;
    licence: string;
    attribution: Text;
  }[];
  disclaimers: Text[];
  /** The box around the land and what lies beside it. */
  frame: Box;
  /** Of the land, as a MultiPolygon has it. */
  outline: Position[][][];
}

/** Whether an extract is genuine, and what has changed since. */
export interface Verdict {
  /** null where it is unsigned: then nobody knows. */
  genuine: boolean | null;
  /** How that is known. */
  proof: "signed" | "unsigned" | "broken";
  /** null where that cannot be said. */
  changed: boolean | null;
  changes: Text[];
}

/** As it is sent: its members may be called as layers are, which this program does not know by name. */
type Sent = Omit<Extract, "land" | "frame" | "outline"> & { parcel: Land } & {
  map: { frame: Box } & { parcel: Position[][][] };
};

function read({ parcel: land, map: { frame, parcel: outline }, ...rest }: Sent): Extract {
  return { ...rest, land, frame, outline };
}

/** The question for the land of a view; undefined where it has none. */
export function questionOf({ land, ring, frontage }: ExtractView): object | undefined {
  const more = frontage ? { roadClass: frontage } : {};
  if (land) return { parcel: Number(land), ...more };
  if (!ring) return undefined;
  return { geometry: { type: "Polygon", coordinates: [[...ring, ...ring.slice(0, 1)]] }, ...more };
}

const root = "/api/v1/extracts";

export const extracts = {
  make: async (question: object, lang: Lang, csrf: string | null | undefined, signal: AbortSignal) =>
    read(await json<Sent>(root, { lang, method: "POST", headers: token(csrf), body: question, signal })),
  one: async (id: string, lang: Lang, signal: AbortSignal) =>
    read(await json<Sent>(`${root}/${id}`, { lang, signal })),
  verify: (id: string, lang: Lang, signal: AbortSignal) =>
    json<Verdict>(`${root}/${id}/verify`, { lang, signal }),
  /** The address of the PDF. */
  pdf: (id: string, lang: Lang) => `${root}/${id}.pdf?lang=${lang}`,
  /** The address of the page that may be handed on. */
  page: (id: string) => `/extracts/${id}`,
};
