// The classes of a choropleth: how values are told apart by colour.

/** YlGnBu of ColorBrewer, which says of it that colour-blind people can read it, and that it prints. */
const ramps: Record<number, string[]> = {
  1: ["#41b6c4"],
  2: ["#a1dab4", "#2c7fb8"],
  3: ["#c7e9b4", "#41b6c4", "#225ea8"],
  4: ["#ffffcc", "#a1dab4", "#41b6c4", "#225ea8"],
  5: ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"],
};

/** Where there is no value. */
export const blank = "#c9c9c9";

const most = 5;

export interface Class {
  /** From this value on, up to below the next class; the last one takes its end too. */
  from: number;
  to: number;
  colour: string;
  count: number;
}

/**
 * At most five classes of about equally many values, from the smallest to the
 * greatest. Limits are rounded to the decimals that are shown, so that the
 * legend tells the truth; values that are equal as shown are never torn apart.
 */
export function classes(values: readonly number[], decimals: number): Class[] {
  const rounded = values.map((v) => round(v, decimals)).sort((a, b) => a - b);
  const distinct = [...new Set(rounded)];
  const [least, greatest] = [distinct[0], distinct.at(-1)];
  if (least === undefined || greatest === undefined) return [];
  const count = Math.min(most, distinct.length);
  const limits = [least];
  for (let i = 1; i < count; i++) {
    const at = rounded[Math.floor((i * rounded.length) / count)] ?? greatest;
    if (at > (limits.at(-1) ?? least)) limits.push(at);
  }
  const colours = ramps[limits.length] ?? [];
  return limits.map((from, i) => {
    const to = limits[i + 1] ?? greatest;
    const last = i === limits.length - 1;
    return {
      from,
      to,
      colour: colours[i] ?? blank,
      count: rounded.filter((v) => v >= from && (last || v < to)).length,
    };
  });
}

/** The class of a value; undefined where there is no value. */
export function classOf(value: number | null, all: readonly Class[], decimals: number): Class | undefined {
  if (value === null) return undefined;
  const v = round(value, decimals);
  return all.findLast((c) => v >= c.from);
}

function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
