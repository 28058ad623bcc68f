// All state of the page, in one place. The part in `address` is mirrored in
// the URL; elements read the state and call the session, nothing else.

import type { StyleSpecification } from "maplibre-gl";
import type { Account } from "./account.ts";
import type { Item } from "./api.ts";
import type { Box, Catalog, FeatureRef, Layer } from "./catalog.ts";
import type { Editor } from "./edit/editor.ts";
import type { Past } from "./edit/past.ts";
import type { Evacuation } from "./evacuation/evacuation.ts";
import type { HazardEvent } from "./evacuation/events.ts";
import type { Extract } from "./extract/extract.ts";
import type { Address } from "./hash.ts";
import type { Board } from "./indicator/board.ts";
import type { Kept } from "./kept.ts";
import type { Freshness } from "./live.ts";
import type { Officer } from "./officer/officer.ts";

/** A feature under the finger, with the few attributes that tiles carry. */
export interface Found {
  ref: FeatureRef;
  properties: Record<string, unknown>;
}

export type Detail =
  | { kind: "loading"; ref: FeatureRef }
  | { kind: "ready"; ref: FeatureRef; item: Item }
  | { kind: "gone"; ref: FeatureRef }
  | { kind: "failed"; ref: FeatureRef };

/** Where the map should go; a new object is a new order. */
export interface Flight {
  box?: Box;
  /** lon, lat in degrees. */
  center?: [number, number];
  zoom?: number;
}

export interface State {
  address: Address;
  phase: "loading" | "ready" | "failed";
  catalog?: Catalog;
  style?: StyleSpecification;
  /** What the last tap found; undefined when nothing was asked. */
  found?: Found[];
  /** Where the last tap was: lon, lat in degrees. */
  at?: [number, number];
  detail?: Detail;
  flight?: Flight;
  /** Zoom of the map while it moves; the address holds it when it rests. */
  zoom: number;
  linkLost: boolean;
  freshness?: Freshness;
  noWebgl: boolean;
  /** Some tiles did not arrive. */
  mapTrouble: boolean;
  /** undefined until the server has said it, and where it has no logins. */
  account?: Account;
  /** A dialog over the page. */
  dialog?: "login" | "account";
  /** Why the identity provider's way back opened nothing: a code. */
  refused?: string;
  /** What is being edited; its parts are loaded when somebody edits. */
  editor?: Editor;
  /** The history that is open. */
  past?: Past;
  /** The figures of the page of indicators; its parts are loaded when somebody opens it. */
  board?: Board;
  /** The extract that the address opens; its parts are loaded when somebody asks for one. */
  extract?: Extract;
  /** Where to run from the place in the address; its parts are loaded when somebody asks. */
  evacuation?: Evacuation;
  /** The officer's desk; its parts are loaded when somebody opens it. */
  officer?: Officer;
  /** Hazards that are announced, also those that begin later or are over by now. */
  events?: HazardEvent[];
  /** An edit that this browser kept through a reload. */
  kept?: Kept;
  /** A new release of this program is there. */
  newVersion?: boolean;
  /** A part of this program did not arrive. */
  partMissing?: boolean;
}

export class Store {
  #state: State;
  #listeners = new Set<() => void>();

  constructor(address: Address) {
    this.#state = { address, phase: "loading", zoom: 0, linkLost: false, noWebgl: false, mapTrouble: false };
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  /** Merges the patch; a property given as undefined is removed. */
  update(patch: { [K in keyof State]?: State[K] | undefined }): void {
    this.#state = merge(this.#state, patch);
    for (const listener of this.#listeners) listener();
  }

  /** Merges a patch into the address. */
  go(patch: { [K in keyof Address]?: Address[K] | undefined }): void {
    this.update({ address: merge(this.#state.address, patch) });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function merge<T extends object>(old: T, patch: { [K in keyof T]?: T[K] | undefined }): T {
  const next = { ...old, ...patch };
  for (const key of Object.keys(next) as (keyof T)[]) if (next[key] === undefined) delete next[key];
  return next;
}

export function isShown(address: Address, layer: Layer): boolean {
  return address.shown[layer.id] ?? layer.visible;
}

/** Opacity of a layer as the reader chose it, 0 to 1. */
export function opacityOf(address: Address, id: string): number {
  return (address.opacity[id] ?? 100) / 100;
}
