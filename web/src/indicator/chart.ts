// The geometry of the chart of a series.

import type { Recorded } from "./answer.ts";

export interface Dot {
  x: number;
  y: number;
  value: number;
  /** The day, or the name of the release. */
  when: string;
  method: number;
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
  const points = series.flatMap((r) =>
    r.value === null
      ? []
      : [{ value: r.value, when: r.on ?? r.label ?? "", method: r.method, day: dayOf(r) }],
  );
  if (points.length === 0) return undefined;
  const values = points.map((p) => p.value).concat(target ?? []);
  const ticks = ticksOf(Math.min(...values), Math.max(...values));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const days = points.map((p) => p.day);
  // Days stand as far apart as they are; where one has none, all stand equally far.
  const dated = days.every((d) => d !== undefined);
  const at = (i: number) => (dated ? (days[i] ?? 0) : i);
  const [first, last] = [at(0), at(points.length - 1)];
  const x = (i: number) =>
    last > first ? ((at(i) - first) / (last - first)) * frame.width : frame.width / 2;
  const y = (value: number) => frame.height * (1 - (value - low) / (high - low));
  const dots = points.map((p, i) => ({
    x: x(i),
    y: y(p.value),
    value: p.value,
    when: p.when,
    method: p.method,
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

function dayOf({ on }: Recorded): number | undefined {
  const time = on ? Date.parse(on.slice(0, 10)) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
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
