// An edit that is not saved yet, kept by the browser through a reload.

import type { Geometry } from "geojson";
import type { Item } from "./api.ts";

export interface Kept {
  layer: string;
  /** What was read; absent for a new feature. */
  base?: Item;
  values: Record<string, unknown>;
  geometry: Geometry | null;
  pieces: Geometry[];
  /** Neighbours whose borders moved along. */
  around: { base: Item; geometry: Geometry | null }[];
}

const name = "simtaru.draft";

export function keep(draft: Kept | undefined): void {
  try {
    if (draft) sessionStorage.setItem(name, JSON.stringify(draft));
    else sessionStorage.removeItem(name);
  } catch {
    // No room, or not allowed: then only the open page holds the edit.
  }
}

export function kept(): Kept | undefined {
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(name) ?? "null");
    const { layer, values } = (draft ?? {}) as Partial<Kept>;
    return typeof layer === "string" && typeof values === "object" ? (draft as Kept) : undefined;
  } catch {
    return undefined;
  }
}
