// From what a person changed to what the server is sent.

import type { Geometry } from "geojson";
import type { Item } from "../api.ts";
import type { Layer } from "../catalog.ts";
import { geometryOf, type Shape, tidy } from "./shape.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface MergePatch {
  geometry?: Geometry | null;
  properties?: Record<string, unknown>;
}

export type EditBody =
  | {
      op: "create";
      layer: string;
      feature: { type: "Feature"; geometry: Geometry | null; properties: Values };
    }
  | { op: "update"; layer: string; id: number; ifRevision?: number; patch: MergePatch }
  | { op: "delete"; layer: string; id: number; ifRevision?: number };

/** The values of the fields that people fill in; absent and empty are null. */
export function valuesOf(layer: Layer, properties: Readonly<Record<string, unknown>>): Values {
  const filled = layer.fields.filter((f) => !f.computed);
  return Object.fromEntries(filled.map((f) => [f.name, properties[f.name] ?? null]));
}

/** The fields whose value is another one now. */
export function changes(before: Values, after: Values): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(after)) {
    if ((value ?? null) !== (before[name] ?? null)) out[name] = value ?? null;
  }
  return out;
}

/** RFC 7396: what is not named stays, null takes away. undefined where nothing changed. */
export function mergePatch(
  before: Values,
  after: Values,
  geometry?: Geometry | null,
): MergePatch | undefined {
  const properties = changes(before, after);
  const patch: MergePatch = {};
  if (geometry !== undefined) patch.geometry = geometry;
  if (Object.keys(properties).length > 0) patch.properties = properties;
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** The geometry to send, undefined where the shape is the one that was read. */
export function changedGeometry(read: Shape, now: Shape): Geometry | null | undefined {
  return read === now ? undefined : geometryOf(tidy(now));
}

/** All that a new feature has of the one that it was split off: not what must be one of its kind. */
export function copied(layer: Layer, values: Values): Values {
  const out: Record<string, unknown> = {};
  for (const field of layer.fields) {
    const value = values[field.name] ?? null;
    if (value !== null && !(field.unique && !field.required)) out[field.name] = value;
  }
  return out;
}

export function revisionOf(item: Item): number | undefined {
  const revision = item.properties["revision"];
  return typeof revision === "number" ? revision : undefined;
}
