// The address is the state: everything that a link should carry, and its one
// text form. Parsing never fails; what cannot be read is left at its default.
//
//   #map=13.25/5.5483/95.3238&lang=en&on=a,b&off=c&opacity=a:40&at=a/12&past=3
//   #view=indicators&indicator=a&by=gampong&day=2026-01-31&with=b&without=c
//   #view=extract&extract=UUID, or &land=12, or &ring=95.31,5.54;95.32,5.54;95.32,5.55
//   #view=evacuate&from=95.3238,5.5483&profile=foot_elderly
//   #view=officer&duty=people&minutes=15&profile=foot_elderly, or &duty=plans&plan=ID&beside=ID

import type { FeatureRef, Lang } from "./catalog.ts";

/** Zoom, and latitude and longitude of the centre in degrees. */
export interface Position {
  zoom: number;
  lat: number;
  lon: number;
}

export interface Address {
  position?: Position;
  lang: Lang;
  /** Layers switched by the reader; the others are as the catalogue says. */
  shown: Record<string, boolean>;
  /** Percent, for layers that are not fully opaque. */
  opacity: Record<string, number>;
  pick?: FeatureRef;
  /** The revision of the picked feature whose history is open. */
  past?: number;
  /** The page of indicators stands in place of the map. */
  indicators?: IndicatorView;
  /** An extract is open, or being made. */
  extract?: ExtractView;
  /** Where to run is told, or being asked. */
  evacuate?: EvacuateView;
  /** The desk of the officers of disaster management is open. */
  officer?: OfficerView;
}

/** How people may flee, as the server names it; the first where none is chosen. */
export const profiles = ["foot", "foot_elderly", "foot_helped", "bicycle", "motorcycle", "car"] as const;
export type Profile = (typeof profiles)[number];

export interface EvacuateView {
  /** lon, lat in degrees to 6 decimals; none: the place is being found. */
  from?: readonly [number, number];
  profile?: Profile;
}

export const duties = ["closures", "shelters", "event", "people", "plans"] as const;
export type Duty = (typeof duties)[number];

/** Minutes that may be chosen for who is within reach of safety; the third where none is chosen. */
export const reaches = [5, 10, 15, 20, 30, 45, 60] as const;

/** What of the officer's desk is open. */
export interface OfficerView {
  duty: Duty;
  minutes?: number;
  profile?: Profile;
  /** Of a plan, and of one to compare it with. */
  plan?: string;
  beside?: string;
}

/** Classes of the road in front, which rules may depend on. */
export const roadClasses = ["arteri", "kolektor", "lokal", "lingkungan"] as const;
export type RoadClass = (typeof roadClasses)[number];

/** Which extract: one that was made, or the land that one is to be made of; none: land is being drawn. */
export interface ExtractView {
  /** UUID. */
  id?: string;
  /** The id of a registered piece of land. */
  land?: string;
  /** Corners in degrees, lon and lat to 7 decimals, the first not repeated. */
  ring?: readonly (readonly [number, number])[];
  /** Of land that one is to be made of. */
  frontage?: RoadClass;
}

export const unitKinds = ["city", "kecamatan", "gampong"] as const;
export type UnitKind = (typeof unitKinds)[number];

/** What the page of indicators shows. */
export interface IndicatorView {
  /** The one that is open; none: all of them. */
  id?: string;
  by?: UnitKind;
  /** The day whose end the values speak of, YYYY-MM-DD; none: now. */
  day?: string;
  /** Choices of method that differ from what is published. */
  switches: Record<string, boolean>;
  /** The tool for trying changes is open. */
  trial?: boolean;
}

const layerId = /^[a-z][a-z0-9_]{0,39}$/;
const featureId = /^[0-9]{1,19}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A number, or a UUID. */
const planId = /^[0-9a-f-]{1,36}$/;
/** A drawing of more corners makes a link that is too long to hand on. */
export const mostCorners = 60;
/** More layers than this in a link are not a link that this map wrote. */
const maxLayers = 200;

export function parse(hash: string): Address {
  const part = new Map<string, string>();
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const cut = pair.indexOf("=");
    if (cut > 0) part.set(pair.slice(0, cut), decode(pair.slice(cut + 1)));
  }
  const address: Address = {
    lang: part.get("lang") === "en" ? "en" : "id",
    shown: {},
    opacity: {},
  };
  const position = parsePosition(part.get("map"));
  if (position) address.position = position;
  for (const id of list(part.get("on"))) if (layerId.test(id)) address.shown[id] = true;
  for (const id of list(part.get("off"))) if (layerId.test(id)) address.shown[id] = false;
  for (const entry of list(part.get("opacity"))) {
    const [id = "", percent = ""] = entry.split(":");
    if (layerId.test(id) && /^\d{1,3}$/.test(percent) && Number(percent) < 100) {
      address.opacity[id] = Number(percent);
    }
  }
  const [layer = "", id = ""] = (part.get("at") ?? "").split("/");
  if (layerId.test(layer) && featureId.test(id)) address.pick = { layer, id };
  const past = part.get("past") ?? "";
  if (address.pick && /^[1-9]\d{0,14}$/.test(past)) address.past = Number(past);
  const view = part.get("view");
  if (view === "indicators" || view === "trial") address.indicators = parseView(part, view === "trial");
  if (view === "extract") address.extract = parseExtract(part);
  if (view === "evacuate") address.evacuate = parseEvacuate(part);
  if (view === "officer") address.officer = parseOfficer(part);
  return address;
}

export function format(address: Address): string {
  const out: string[] = [];
  if (address.position) {
    const { zoom, lat, lon } = address.position;
    out.push(`map=${round(zoom, 2)}/${round(lat, 5)}/${round(lon, 5)}`);
  }
  if (address.lang !== "id") out.push(`lang=${address.lang}`);
  const switched = Object.keys(address.shown).sort();
  const on = switched.filter((id) => address.shown[id]);
  const off = switched.filter((id) => !address.shown[id]);
  if (on.length) out.push(`on=${on.join(",")}`);
  if (off.length) out.push(`off=${off.join(",")}`);
  const opacity = Object.entries(address.opacity).filter(([, percent]) => percent < 100);
  if (opacity.length)
    out.push(
      `opacity=${opacity
        .sort()
        .map((e) => e.join(":"))
        .join(",")}`,
    );
  if (address.pick) out.push(`at=${address.pick.layer}/${address.pick.id}`);
  if (address.pick && address.past !== undefined) out.push(`past=${address.past}`);
  if (address.indicators) out.push(...formatView(address.indicators));
  else if (address.evacuate) out.push(...formatEvacuate(address.evacuate));
  else if (address.officer) out.push(...formatOfficer(address.officer));
  else if (address.extract) out.push(...formatExtract(address.extract));
  return out.length ? `#${out.join("&")}` : "";
}

function parseView(part: Map<string, string>, trial: boolean): IndicatorView {
  const view: IndicatorView = { switches: {} };
  if (trial) view.trial = true;
  const id = part.get("indicator") ?? "";
  if (layerId.test(id)) view.id = id;
  const by = unitKinds.find((kind) => kind === part.get("by"));
  if (by) view.by = by;
  const day = part.get("day") ?? "";
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))) view.day = day;
  for (const name of list(part.get("with"))) if (layerId.test(name)) view.switches[name] = true;
  for (const name of list(part.get("without"))) if (layerId.test(name)) view.switches[name] = false;
  return view;
}

function formatView({ id, by, day, switches, trial }: IndicatorView): string[] {
  const names = Object.keys(switches).sort();
  const on = names.filter((name) => switches[name]);
  const off = names.filter((name) => !switches[name]);
  return [
    `view=${trial ? "trial" : "indicators"}`,
    ...(id ? [`indicator=${id}`] : []),
    ...(by ? [`by=${by}`] : []),
    ...(day ? [`day=${day}`] : []),
    ...(on.length ? [`with=${on.join(",")}`] : []),
    ...(off.length ? [`without=${off.join(",")}`] : []),
  ];
}

function parseExtract(part: Map<string, string>): ExtractView {
  const id = part.get("extract") ?? "";
  if (uuid.test(id)) return { id };
  const found = roadClasses.find((name) => name === part.get("front"));
  const more = found ? { frontage: found } : {};
  const land = part.get("land") ?? "";
  if (featureId.test(land)) return { land, ...more };
  const corners = (part.get("ring") ?? "").split(";").map((corner) => corner.split(",").map(coordinate));
  const ring = corners.flatMap(([lon, lat], i): [number, number][] =>
    lon !== undefined && lat !== undefined && corners[i]?.length === 2 ? [[lon, lat]] : [],
  );
  return ring.length === corners.length && ring.length >= 3 && ring.length <= mostCorners
    ? { ring, ...more }
    : more;
}

function coordinate(text: string): number | undefined {
  return /^-?\d{1,3}(\.\d{1,7})?$/.test(text) ? Number(text) : undefined;
}

function formatExtract({ id, land, ring, frontage }: ExtractView): string[] {
  const corners = ring?.map((corner) => corner.map((v) => round(v, 7)).join(",")).join(";");
  return [
    "view=extract",
    ...(id ? [`extract=${id}`] : []),
    ...(land ? [`land=${land}`] : []),
    ...(ring && ring.length <= mostCorners ? [`ring=${corners}`] : []),
    ...(frontage ? [`front=${frontage}`] : []),
  ];
}

/** A place as an address has it. */
export function placeOf([lon, lat]: readonly [number, number]): readonly [number, number] {
  return [round(lon, 6), round(lat, 6)];
}

function parseEvacuate(part: Map<string, string>): EvacuateView {
  const view: EvacuateView = {};
  const [lon, lat, more] = (part.get("from") ?? "").split(",").map(coordinate);
  if (
    lon !== undefined &&
    lat !== undefined &&
    more === undefined &&
    Math.abs(lon) <= 180 &&
    Math.abs(lat) < 90
  )
    view.from = [lon, lat];
  const profile = profiles.find((name) => name === part.get("profile"));
  if (profile) view.profile = profile;
  return view;
}

function formatEvacuate({ from, profile }: EvacuateView): string[] {
  return [
    "view=evacuate",
    ...(from ? [`from=${placeOf(from).join(",")}`] : []),
    ...(profile ? [`profile=${profile}`] : []),
  ];
}

function parseOfficer(part: Map<string, string>): OfficerView {
  const view: OfficerView = { duty: duties.find((name) => name === part.get("duty")) ?? "closures" };
  const minutes = reaches.find((n) => String(n) === part.get("minutes"));
  if (minutes) view.minutes = minutes;
  const profile = profiles.find((name) => name === part.get("profile"));
  if (profile) view.profile = profile;
  const [plan = "", beside = ""] = [part.get("plan"), part.get("beside")];
  if (planId.test(plan)) view.plan = plan;
  if (view.plan && planId.test(beside)) view.beside = beside;
  return view;
}

function formatOfficer({ duty, minutes, profile, plan, beside }: OfficerView): string[] {
  return [
    "view=officer",
    `duty=${duty}`,
    ...(minutes ? [`minutes=${minutes}`] : []),
    ...(profile ? [`profile=${profile}`] : []),
    ...(plan ? [`plan=${plan}`] : []),
    ...(plan && beside ? [`beside=${beside}`] : []),
  ];
}

function parsePosition(text: string | undefined): Position | undefined {
  const numbers = (text ?? "").split("/").map((s) => (s === "" ? Number.NaN : Number(s)));
  const [zoom, lat, lon] = numbers;
  if (numbers.length !== 3 || zoom === undefined || lat === undefined || lon === undefined) return undefined;
  const sound = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85.06 && Math.abs(lon) <= 180;
  return sound ? { zoom, lat, lon } : undefined;
}

function list(text: string | undefined): string[] {
  return text ? text.split(",").slice(0, maxLayers) : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
