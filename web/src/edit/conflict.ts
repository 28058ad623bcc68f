// Two people changed one feature: what each of them made of it, and what it
// is to become.

import type { Item } from "../api.ts";
import type { Layer } from "../catalog.ts";
import { revisionOf, type Values, valuesOf } from "./patch.ts";
import { type Shape, sameShape, shapeOf } from "./shape.ts";

export type Choice = "mine" | "theirs";

/** The key of the geometry among the names of fields, which none can have. */
export const geometryKey = "(geometry)";

export interface Row {
  /** A field's name, or geometryKey. */
  name: string;
  mine: unknown;
  theirs: unknown;
  /** undefined where both changed it: somebody must choose. */
  choice: Choice | undefined;
}

export interface Conflict {
  id: string;
  /** Whether it is the feature itself that was edited, not a neighbour. */
  own: boolean;
  theirs: Item;
  by: string;
  at: string;
  mineShape: Shape;
  theirShape: Shape;
  rows: Row[];
}

export interface Side {
  values: Values;
  shape: Shape;
}

/** What differs between mine and theirs; where only one of them changed a thing, that one is chosen. */
export function conflictOf(
  layer: Layer,
  about: { id: string; own: boolean; by: string; at: string },
  read: Side,
  mine: Side,
  theirs: Item,
): Conflict {
  const theirValues = valuesOf(layer, theirs.properties);
  const found = shapeOf(layer.geometry, theirs.geometry);
  const theirShape = sameShape(found, read.shape)
    ? read.shape
    : sameShape(found, mine.shape)
      ? mine.shape
      : found;
  const choose = (iDid: boolean, theyDid: boolean): Choice | undefined =>
    iDid && theyDid ? undefined : iDid ? "mine" : "theirs";
  const rows: Row[] = [];
  for (const { name } of layer.fields) {
    const [was, i, they] = [read.values, mine.values, theirValues].map((v) => v[name] ?? null);
    if (i !== they) rows.push({ name, mine: i, theirs: they, choice: choose(i !== was, they !== was) });
  }
  if (theirShape !== mine.shape) {
    const choice = choose(mine.shape !== read.shape, theirShape !== read.shape);
    rows.push({ name: geometryKey, mine: mine.shape, theirs: theirShape, choice });
  }
  return { ...about, theirs, mineShape: mine.shape, theirShape, rows };
}

export function settled(conflicts: readonly Conflict[]): boolean {
  return conflicts.every((c) => c.rows.every((r) => r.choice !== undefined));
}

/** What was chosen, on top of mine. */
export function resolved(conflict: Conflict, mine: Values): { values: Values; shape: Shape } {
  const values: Record<string, unknown> = { ...mine };
  let shape = conflict.mineShape;
  for (const row of conflict.rows) {
    if (row.choice !== "theirs") continue;
    if (row.name === geometryKey) shape = conflict.theirShape;
    else values[row.name] = row.theirs;
  }
  return { values, shape };
}

/** The revision of theirs, as If-Match takes it. */
export function etagOf(item: Item): string {
  return item.etag || `"${revisionOf(item) ?? 0}"`;
}
