// The order of the table's rows.

import type { Reading } from "./answer.ts";

export const columns = ["name", "district", "value", "numerator", "denominator", "features"] as const;
export type Column = (typeof columns)[number];

export interface Order {
  column: Column;
  down: boolean;
}

export interface Row {
  reading: Reading;
  /** The kecamatan of a gampong. */
  district: string;
}

/** The same rows in order; those without a value come last either way. */
export function sorted(rows: readonly Row[], { column, down }: Order, lang: string): Row[] {
  const collator = new Intl.Collator(lang, { numeric: true });
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [cell(a, column), cell(b, column)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const difference =
      typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
    return sign * difference || a.reading.code.localeCompare(b.reading.code);
  });
}

function cell({ reading, district }: Row, column: Column): string | number | null {
  return column === "district" ? district : reading[column];
}

/** Another press on the same column turns it round; figures begin with the greatest. */
export function pressed(order: Order, column: Column): Order {
  if (order.column === column) return { column, down: !order.down };
  return { column, down: column !== "name" && column !== "district" };
}
