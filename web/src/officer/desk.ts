// What the parts of the officer's desk share: who writes, the server's clock,
// and the features of a layer as they are now.

import { loggedOut } from "../account.ts";
import type { Item } from "../api.ts";
import type { Catalog, Lang, Layer } from "../catalog.ts";
import { etagOf } from "../edit/conflict.ts";
import { type Sender, write } from "../edit/write.ts";
import { ask, HttpError } from "../http.ts";
import type { Session } from "../session.ts";
import { officerWords } from "./words.ts";

/** So many features a page, and so many pages: closures that have ended are kept for ever, and the newest come last. */
const pageOf = 1000;
const mostPages = 30;

/** Why something was not done: the server's words, or nothing where none came. */
export type Fault = { words?: string };

export class Desk {
  /** ms by which the server's clock is ahead of this device's. */
  #ahead = 0;

  constructor(
    readonly session: Session,
    /** Something is to be drawn again. */
    readonly changed: () => void,
  ) {}

  get catalog(): Catalog | undefined {
    return this.session.store.state.catalog;
  }

  get lang(): Lang {
    return this.session.store.state.address.lang;
  }

  get sender(): Sender {
    return { lang: this.lang, csrf: this.session.store.state.account?.csrf };
  }

  /** Now on the server's clock, by which closures and events begin and end; ms since 1970. */
  get now(): number {
    return Date.now() + this.#ahead;
  }

  /** A moment from now as the server reads it; now is a second ago, so that it has begun. */
  stamp(inMs = 0): string {
    return new Date(Math.floor(this.now / 1000 - 1) * 1000 + inMs).toISOString();
  }

  /** The layer, where who is logged in may change it. */
  mine(list: string): Layer | undefined {
    const layer = this.catalog?.coded(list);
    return layer?.edit ? layer : undefined;
  }

  async all(layer: Layer, query = ""): Promise<Item[]> {
    const items: Item[] = [];
    let next: string | undefined = `${layer.items}?limit=${pageOf}${query}`;
    for (let page = 0; next && page < mostPages; page++) {
      const response = await ask(next, { lang: this.lang });
      const date = Date.parse(response.headers.get("date") ?? "");
      if (date) this.#ahead = date + 500 - Date.now();
      const answer = (await response.json()) as { features: Item[]; links?: { rel: string; href: string }[] };
      items.push(...answer.features);
      next = answer.links?.find((l) => l.rel === "next")?.href;
    }
    if (next) throw new HttpError(507, { detail: officerWords[this.lang].tooMany(pageOf * mostPages) });
    return items;
  }

  /** Changes a feature that is still as it was read. */
  set(layer: Layer, item: Item, properties: Record<string, unknown>): Promise<void> {
    const ref = { layer: layer.id, id: String(item.id) };
    return write.patch(layer, ref, etagOf(item), { properties }, this.sender);
  }

  /** Does something that may be refused; why not, where it was not done. */
  async dare(what: () => Promise<unknown>): Promise<Fault | undefined> {
    try {
      await what();
      return undefined;
    } catch (error) {
      if (loggedOut(error)) void this.session.askLogin();
      return error instanceof HttpError ? { words: error.words } : {};
    } finally {
      this.changed();
    }
  }
}

/** A property that is text; empty where there is none. */
export function text(item: Item, name: string): string {
  return String(item.properties[name] ?? "");
}

/** A property that is a moment, in ms since 1970. */
export function momentOf(item: Item, name: string): number | undefined {
  const at = Date.parse(text(item, name));
  return Number.isNaN(at) ? undefined : at;
}

/** A property that is a number; 0 where nobody has said. */
export function count(item: Item, name: string): number {
  return Number(item.properties[name] ?? 0) || 0;
}
