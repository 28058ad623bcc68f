// The geometry of the chart of a series.

import { cityDay, type Recorded } from "./answer.ts";

export interface Dot {
  x: number;
  y: number;
  value: number;
  /** The day in the city. */
  day: string;
  /** The name of the release that the value belongs to. */
  label?: string;
  method: number;
}

/** The name of a release, where it is written. */
export interface Label {
  x: number;
  y: number;
  text: string;
  anchor: "start" | "middle" | "end";
}

export interface Chart {
  dots: Dot[];
  /** A path for each stretch of one method version: values of two are not comparable. */
  paths: string[];
  ticks: { y: number; value: number }[];
  target: number | undefined;
}

export interface Frame {
  width: number;
  height: number;
}

/** Where everything of a series is in the frame, the target with it; undefined where nothing was recorded. */
export function chart(
  series: readonly Recorded[],
  target: number | undefined,
  frame: Frame,
): Chart | undefined {
  const points = series
    .flatMap((r) => (r.value === null ? [] : [{ ...r, value: r.value, time: Date.parse(r.at) }]))
    .sort((a, b) => a.time - b.time);
  if (points.length === 0) return undefined;
  const values = points.map((p) => p.value).concat(target ?? []);
  const ticks = ticksOf(Math.min(...values), Math.max(...values));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  // Moments stand as far apart as they are, those of releases too.
  const [first = 0, last = 0] = [points[0]?.time, points.at(-1)?.time];
  const x = (time: number) =>
    last > first ? ((time - first) / (last - first)) * frame.width : frame.width / 2;
  const y = (value: number) => frame.height * (1 - (value - low) / (high - low));
  const dots = points.map((p) => ({
    x: x(p.time),
    y: y(p.value),
    value: p.value,
    day: dayOf(p),
    method: p.method,
    ...(p.label ? { label: p.label } : {}),
  }));
  return {
    dots,
    paths: stretches(dots).map((s) => s.map((d, i) => `${i ? "L" : "M"}${r(d.x)} ${r(d.y)}`).join("")),
    ticks: ticks.map((value) => ({ value, y: y(value) })),
    target: target === undefined ? undefined : y(target),
  };
}

function stretches(dots: readonly Dot[]): Dot[][] {
  const out: Dot[][] = [];
  for (const dot of dots) {
    const open = out.at(-1);
    if (open && open[0]?.method === dot.method) open.push(dot);
    else out.push([dot]);
  }
  return out.filter((s) => s.length > 1);
}

/** The day that a recorded value is of, in the city. */
export function dayOf({ on, at }: Pick<Recorded, "on" | "at">): string {
  return on ?? cityDay(at);
}

/** Width of a letter of 12 pixels, on the wide side. */
const letter = 7;

/** The names of releases, above their dots; one that would lie on another's is left to the table. */
export function labelsOf(dots: readonly Dot[], { width }: Frame): Label[] {
  const out: (Label & { from: number; to: number })[] = [];
  // The newest are written first.
  for (const { x, y, label } of [...dots].reverse()) {
    if (!label) continue;
    const long = label.length * letter;
    const anchor = x < long / 2 ? "start" : x > width - long / 2 ? "end" : "middle";
    const from = x - { start: 0, middle: long / 2, end: long }[anchor];
    const at = y < 22 ? y + 20 : y - 10;
    if (out.some((o) => from < o.to && o.from < from + long && Math.abs(o.y - at) < 14)) continue;
    out.push({ x, y: at, text: label, anchor, from, to: from + long });
  }
  return out.map(({ x, y, text, anchor }) => ({ x, y, text, anchor }));
}

/** Three to six round values that hold both ends. */
export function ticksOf(low: number, high: number): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => s >= rough) ?? power;
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
