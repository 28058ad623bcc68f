// Numbers of a way as people read them on the run.

import type { Position } from "geojson";
import type { Lang } from "../catalog.ts";
import { locale, number } from "../format.ts";

/** A length in m: to 10 m below a kilometre, to 100 m above. */
export function distance(metres: number, lang: Lang): string {
  const tens = metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10;
  return tens < 1000 ? `${number(tens, lang, 0)} m` : `${number(metres / 1000, lang, 1)} km`;
}

/** A sentence whose lengths keep their unit in the same line. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (k?m)\b/g, "$1\u00a0$2");
}

/** s as minutes and seconds, at least none: 07:05, 75:00. */
export function countdown(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** m between two places that are near each other, lon and lat in degrees. */
export function away(a: Readonly<Position>, b: Readonly<Position>): number {
  const [lonA = 0, latA = 0] = a;
  const [lonB = 0, latB = 0] = b;
  const degree = 111_195;
  const x = (lonB - lonA) * Math.cos(((latA + latB) / 2) * (Math.PI / 180));
  return Math.hypot(x, latB - latA) * degree;
}

/** How long ago a moment was, in ms since 1970: just now, 5 minutes ago, 2 hours ago. */
export function ago(then: number, now: number, lang: Lang): string {
  const minutes = Math.max(Math.floor((now - then) / 60_000), 0);
  if (minutes < 1) return lang === "id" ? "baru saja" : "just now";
  const say = (n: number, unit: Intl.RelativeTimeFormatUnit) =>
    new Intl.RelativeTimeFormat(locale[lang]).format(-Math.floor(n), unit);
  if (minutes < 60) return say(minutes, "minute");
  return minutes < 48 * 60 ? say(minutes / 60, "hour") : say(minutes / 1440, "day");
}
