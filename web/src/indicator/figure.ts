// Figures as people read them.

import type { Lang } from "../catalog.ts";
import { fixed, locale, unitWord } from "../format.ts";
import type { UnitKind } from "../hash.ts";
import type { Definition, Kind, Listed, Reading, Roads, Status, Term } from "./answer.ts";

export type Measure = "area" | "length" | "people" | "features";

interface Measures {
  numerator?: Measure;
  denominator?: Measure;
}

/** What the numerator and the denominator of a kind are counted in; undefined: there is none. */
const measures: Record<Exclude<Kind, "on_roads">, Measures> = {
  area_share: { numerator: "area", denominator: "area" },
  weighted_area_share: { numerator: "area", denominator: "area" },
  area_by_class: { numerator: "area", denominator: "area" },
  length: { numerator: "length" },
  count: { numerator: "features", denominator: "features" },
  per_head: { numerator: "area", denominator: "people" },
  standard: { numerator: "area", denominator: "area" },
  people_near: { numerator: "people", denominator: "people" },
  external: {},
};

const onRoads: Record<Roads["measure"], Measures> = {
  people_in_time: { numerator: "people", denominator: "people" },
  places_per_head: { numerator: "features", denominator: "people" },
  routes_fit: { numerator: "length", denominator: "length" },
  people_by_road: { numerator: "people", denominator: "people" },
};

export function measuresOf({ kind, roads }: Pick<Definition, "kind" | "roads">): Measures {
  if (kind === "on_roads") return roads ? onRoads[roads.measure] : {};
  return measures[kind];
}

export type Measured = Pick<Definition, "unit" | "decimals">;

/** The number and its unit apart, as a card sets them in two sizes. */
export function parts(
  value: number,
  { unit, decimals }: Measured,
  lang: Lang,
  signed = false,
): { number: string; unit: string } {
  const currency = /^\{([A-Z]{3})\}(.*)$/.exec(unit);
  if (currency) {
    const options = { style: "currency", currency: currency[1], maximumFractionDigits: decimals } as const;
    const number = new Intl.NumberFormat(locale[lang], {
      ...options,
      ...(signed ? { signDisplay: "exceptZero" } : {}),
    }).format(value);
    return { number, unit: currency[2] ? unitWord(`1${currency[2]}`, lang).slice(1) : "" };
  }
  // Land is read in hectares; square metres would run to eight digits.
  if (unit === "m2") return { number: fixed(value / 10_000, 2, lang, signed), unit: "ha" };
  if (unit === "m") return { number: fixed(value / 1_000, 2, lang, signed), unit: "km" };
  return { number: fixed(value, decimals, lang, signed), unit: unit === "1" ? "" : unitWord(unit, lang) };
}

export function figure(value: number, measured: Measured, lang: Lang, signed = false): string {
  const { number, unit } = parts(value, measured, lang, signed);
  return unit ? `${number}\u00a0${unit}` : number;
}

/** A figure that somebody set, as a target: without the decimals that it does not have. */
export function round(value: number, { unit, decimals }: Measured, lang: Lang): string {
  const own = String(value).split(".")[1]?.length ?? 0;
  return unit === "m2" || unit === "m"
    ? figure(value, { unit, decimals }, lang)
    : figure(value, { unit, decimals: own }, lang);
}

/** A difference of two shares is told in points, so that nobody reads it as a share of the share. */
export function change(value: number, measured: Measured, lang: Lang): string {
  if (measured.unit !== "%") return figure(value, measured, lang, true);
  const points = lang === "id" ? "poin" : "points";
  return `${fixed(value, Math.max(measured.decimals, 2), lang, true)}\u00a0${points}`;
}

/** A numerator or denominator. */
export function measured(value: number, measure: Measure, lang: Lang): string {
  switch (measure) {
    case "area":
      return `${fixed(value / 10_000, 2, lang)}\u00a0ha`;
    case "length":
      return `${fixed(value / 1_000, 2, lang)}\u00a0km`;
    case "people":
      return `${fixed(value, 0, lang)}\u00a0${lang === "id" ? "orang" : "people"}`;
    case "features":
      return fixed(value, 0, lang);
    default:
      throw new Error(`no measure ${measure satisfies never}`);
  }
}

/** Square metres to the square metre, for those who check. */
export function squareMetres(value: number, lang: Lang): string {
  return `${fixed(value, 0, lang)}\u00a0m²`;
}

/** Whether the target is asked of units of a kind: what the law asks of a city it does not ask of each gampong. */
export function targeted(
  { target, direction }: Pick<Definition, "target" | "direction">,
  by: UnitKind,
): boolean {
  return (
    target !== undefined && direction !== "none" && (target.units === undefined || target.units.includes(by))
  );
}

/** How a value stands to the target: at least 80 % of the way is near, or at most 125 % where less is better. */
export function statusOf(
  { target, direction }: Pick<Definition, "target" | "direction">,
  value: number | null,
): Status {
  if (!target || value === null || direction === "none") return "none";
  if (direction === "up")
    return value >= target.value ? "met" : value >= 0.8 * target.value ? "near" : "missed";
  return value <= target.value ? "met" : value <= 1.25 * target.value ? "near" : "missed";
}

/** Whether a difference is nothing but zeros as change tells it. */
export function unchanged(difference: number, { unit, decimals }: Measured): boolean {
  const scale = { m2: 10_000, m: 1_000 }[unit];
  const shown = scale ? 2 : unit === "%" ? Math.max(decimals, 2) : decimals;
  return Number((Math.abs(difference) / (scale ?? 1)).toFixed(shown)) === 0;
}

/** Of a difference as it is shown: for the better, for the worse, or neither. */
export function better(
  { direction }: Pick<Definition, "direction">,
  difference: number,
  shown: Measured,
): boolean | undefined {
  if (direction === "none" || unchanged(difference, shown)) return undefined;
  return difference > 0 === (direction === "up");
}

/** The terms that count under the choices of method; what is published where none is given. */
export function counting(
  { parts, switches }: Pick<Definition, "parts" | "switches">,
  chosen: Record<string, boolean>,
): Term[] {
  const on = new Map(switches?.map((s) => [s.id, chosen[s.id] ?? s.on]));
  return (parts ?? []).filter((term) => !term.switch || on.get(term.switch));
}

/** The one that a trial is about where none is named: the first with a target that counts land. */
export function tryable(all: readonly Listed[]): Listed | undefined {
  const land = [...all].sort((a, b) => a.order - b.order).filter((i) => i.parts?.length);
  return land.find((i) => i.target) ?? land[0];
}

/** With so many decimals that two digits of a small difference are seen. */
export function finer(measured: Measured, difference: number | null): Measured {
  if (!difference) return measured;
  const needed = 1 - Math.floor(Math.log10(Math.abs(difference)));
  return { ...measured, decimals: Math.min(Math.max(measured.decimals, needed), 6) };
}

/** What one card shows. */
export interface Card {
  first: Listed;
  beside: Listed[];
}

/**
 * The list as cards: each indicator once, with those beside it that are always
 * shown with it. One that stands beside an earlier one has no card of its own.
 */
export function cards(all: readonly Listed[]): Card[] {
  const sorted = [...all].sort((a, b) => a.order - b.order || a.id.localeCompare(b.id));
  const by = new Map(sorted.map((i) => [i.id, i]));
  const taken = new Set<string>();
  const out: Card[] = [];
  for (const first of sorted) {
    if (taken.has(first.id)) continue;
    taken.add(first.id);
    const beside = (first.beside ?? []).flatMap((id) => {
      const other = by.get(id);
      return other && !taken.has(id) ? [other] : [];
    });
    for (const other of beside) taken.add(other.id);
    out.push({ first, beside });
  }
  return out;
}

/** The readings from best to worst; those without a value are left out. */
export function ranked(readings: readonly Reading[], direction: Definition["direction"]): Reading[] {
  const sign = direction === "down" ? 1 : -1;
  return readings
    .filter((r) => r.value !== null)
    .sort((a, b) => sign * ((a.value ?? 0) - (b.value ?? 0)) || a.code.localeCompare(b.code));
}
