// Values in plain words: numbers as the reader writes them, codes as their
// titles, units as people say them.

import { type Catalog, type Field, type Lang, say } from "./catalog.ts";
import { words } from "./words.ts";

export const locale: Record<Lang, string> = { id: "id-ID", en: "en-GB" };

/** Atoms of UCUM that are not written the way people read them. */
const atoms: Record<string, string | Record<Lang, string>> = {
  m2: "m²",
  m3: "m³",
  km2: "km²",
  har: "ha",
  deg: "°",
  Cel: "°C",
  a: { id: "tahun", en: "year" },
  mo: { id: "bulan", en: "month" },
  wk: { id: "minggu", en: "week" },
  d: { id: "hari", en: "day" },
  h: { id: "jam", en: "h" },
  min: { id: "menit", en: "min" },
  s: { id: "detik", en: "s" },
};

/** UCUM annotations, which are English words in braces, in Indonesian. */
const annotations: Record<string, string> = {
  "{building}": "bangunan",
  "{criterion}": "kriteria",
  "{entrance}": "pintu masuk",
  "{family}": "keluarga",
  "{household}": "rumah tangga",
  "{inspection}": "pemeriksaan",
  "{junction}": "simpang",
  "{lane}": "lajur",
  "{member}": "anggota",
  "{person}": "orang",
  "{phase}": "fase",
  "{sign}": "tanda",
  "{space}": "petak",
  "{storey}": "lantai",
  "{tree}": "pohon",
  "{user}": "pengguna",
  "{vehicle}": "kendaraan",
  "{violation}": "pelanggaran",
};

const plurals: Record<string, string> = { person: "people", criterion: "criteria", family: "families" };

/** A unit as people write it. An unknown code is shown as it stands. */
export function unitWord(code: string, lang: Lang): string {
  return code
    .split("/")
    .map((part) => (part === "kW.h" ? "kWh" : atomWord(part, lang)))
    .join("/");
}

function atomWord(atom: string, lang: Lang): string {
  const known = atoms[atom];
  if (known) return typeof known === "string" ? known : known[lang];
  const word = (lang === "id" && annotations[atom]) || atom.replace(/^\{(.*)\}$/, "$1");
  return word.replaceAll("_", " ");
}

/** A number with its unit: money in front, counted things in the plural where the language has one. */
export function quantity(count: number, unit: string, lang: Lang, digits: number): string {
  const currency = /^\{([A-Z]{3})\}$/.exec(unit)?.[1];
  if (currency) {
    const options = { style: "currency", currency, maximumFractionDigits: 0 } as const;
    return new Intl.NumberFormat(locale[lang], options).format(count);
  }
  const text = number(count, lang, digits, unit !== "");
  if (!unit) return text;
  let word = unitWord(unit, lang);
  const counted = /^\{[a-z_]+\}$/.test(unit) || unit === "a" || unit === "mo" || unit === "d";
  if (lang === "en" && counted && count !== 1) word = plurals[word] ?? `${word}s`;
  return word === "°" || word === "%" ? text + word : `${text}\u00a0${word}`;
}

/**
 * A number with the locale's marks. Without a unit four digits stay together,
 * so that a year reads as a year.
 */
export function number(value: number, lang: Lang, maximumFractionDigits = 2, measured = false): string {
  const useGrouping = measured ? "always" : "min2";
  const options = { maximumFractionDigits, useGrouping } as Intl.NumberFormatOptions;
  return new Intl.NumberFormat(locale[lang], options).format(value);
}

/** With exactly so many decimals, so that figures below each other can be compared. */
export function fixed(value: number, decimals: number, lang: Lang, signed = false): string {
  return new Intl.NumberFormat(locale[lang], {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: "always",
    ...(signed ? { signDisplay: "exceptZero" } : {}),
  } as Intl.NumberFormatOptions).format(value);
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

/** The time of day of a moment (ms since 1970), in the reader's own time zone. */
export function clock(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(locale[lang], { hour: "2-digit", minute: "2-digit" }).format(at);
}

/**
 * The value of a field as it is listed: an official code, which the map also
 * writes on the ground, stands behind its title: Jalur Hijau (RTH-8).
 */
export function listed(catalog: Catalog, field: Field, raw: unknown, lang: Lang): string | undefined {
  const words = value(catalog, field, raw, lang);
  const code = String(raw);
  const official = /^[A-Z0-9][A-Z0-9.-]*$/.test(code) && catalog.code(field, code) !== undefined;
  return official && words && !words.includes(code) ? `${words} (${code})` : words;
}

/** The value of a field in words, or undefined where nothing is recorded. */
export function value(catalog: Catalog, field: Field, raw: unknown, lang: Lang): string | undefined {
  if (raw === null || raw === undefined || raw === "") return undefined;
  const title = catalog.code(field, String(raw));
  if (title) return say(title, lang);
  if (typeof raw === "boolean") return raw ? words[lang].yes : words[lang].no;
  if (typeof raw === "number") {
    return quantity(raw, field.unit ?? "", lang, field.type === "integer" ? 0 : 2);
  }
  if (field.type === "date") return day(String(raw), lang);
  if (field.type === "timestamp") return moment(String(raw), lang);
  return String(raw);
}
