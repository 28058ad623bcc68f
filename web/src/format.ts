// Values in plain words: numbers as the reader writes them, codes as their
// titles, units as people say them.

import { type Catalog, type Field, type Lang, say } from "./catalog.ts";
import { words } from "./words.ts";

const locale: Record<Lang, string> = { id: "id-ID", en: "en-GB" };

/** UCUM codes that are not written the way people read them. */
const units: Record<string, string | Record<Lang, string>> = {
  m2: "m²",
  m3: "m³",
  km2: "km²",
  har: "ha",
  a: { id: "tahun", en: "years" },
  mo: { id: "bulan", en: "months" },
  d: { id: "hari", en: "days" },
  h: { id: "jam", en: "hours" },
  min: { id: "menit", en: "min" },
  s: { id: "detik", en: "s" },
  "km/h": { id: "km/jam", en: "km/h" },
  "kW.h": "kWh",
  "kW.h/a": { id: "kWh/tahun", en: "kWh/year" },
  "Mbit/s": "Mbit/s",
  deg: "°",
  Cel: "°C",
};

/** Indonesian words of UCUM annotations, which are English: {person}. */
const annotations: Record<string, string> = {
  person: "orang",
  people: "orang",
  household: "rumah tangga",
  family: "keluarga",
  unit: "unit",
  floor: "lantai",
  space: "tempat",
  tree: "pohon",
  vehicle: "kendaraan",
  user: "pengguna",
  member: "anggota",
  lane: "lajur",
};

/** A unit as people write it. An unknown code is shown as it stands. */
export function unitWord(code: string, lang: Lang): string {
  const known = units[code];
  if (known) return typeof known === "string" ? known : known[lang];
  return code.replace(/\{([^}]*)\}/g, (_, word: string) =>
    (lang === "id" ? (annotations[word] ?? word) : word).replaceAll("_", " "),
  );
}

/**
 * A number with the locale's marks. Four digits stay together, so that a year
 * reads as a year.
 */
export function number(value: number, lang: Lang, maximumFractionDigits = 2): string {
  const options = { maximumFractionDigits, useGrouping: "min2" } as Intl.NumberFormatOptions;
  return new Intl.NumberFormat(locale[lang], options).format(value);
}

/** A calendar day, YYYY-MM-DD, which has no time zone. */
export function day(value: string, lang: Lang): string {
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(locale[lang], { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/** A moment, in the reader's own time zone, which is named. */
export function moment(value: string, lang: Lang): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(locale[lang], {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(date);
}

/** The value of a field in words, or undefined where nothing is recorded. */
export function value(catalog: Catalog, field: Field, raw: unknown, lang: Lang): string | undefined {
  if (raw === null || raw === undefined || raw === "") return undefined;
  const title = catalog.code(field, String(raw));
  if (title) return say(title, lang);
  if (typeof raw === "boolean") return raw ? words[lang].yes : words[lang].no;
  if (typeof raw === "number") {
    const unit = field.unit ? unitWord(field.unit, lang) : "";
    const text = number(raw, lang, field.type === "integer" ? 0 : 2);
    return unit ? `${text}${unit === "°" || unit === "%" ? "" : "\u00a0"}${unit}` : text;
  }
  if (field.type === "date") return day(String(raw), lang);
  if (field.type === "timestamp") return moment(String(raw), lang);
  return String(raw);
}
