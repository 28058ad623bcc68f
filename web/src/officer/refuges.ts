// Shelters as they fill: who has room, who is full, who is shut.

import { api, type Item } from "../api.ts";
import type { Layer } from "../catalog.ts";
import { HttpError } from "../http.ts";
import { count, type Desk, type Fault, text } from "./desk.ts";

/** Steps that follow each other within this are one change. */
const quietMs = 700;

/** A change that somebody else was faster than. */
export interface Overtaken {
  mine: Record<string, unknown>;
  theirs: Item;
  by: string;
}

/** What an officer has said of a shelter that the server does not know yet, and what became of it. */
export interface Draft {
  /** As it was when that was said. */
  read: Item;
  values: Record<string, unknown>;
  sending: boolean;
  timer?: ReturnType<typeof setTimeout>;
  fault?: Fault;
  overtaken?: Overtaken;
}

/** Those that a person on duty sets, in this order; others stand in the plan. */
export const settable = ["ready", "open", "full", "closed"];

export class Refuges {
  items: Item[] | undefined;
  fault: Fault | undefined;
  readonly drafts = new Map<string, Draft>();
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get layer(): Layer | undefined {
    return this.#desk.mine("shelter_status");
  }

  async load(): Promise<void> {
    const { layer } = this;
    if (!layer) return;
    this.fault = await this.#desk.dare(async () => {
      const items = await this.#desk.all(layer);
      this.items = items.sort((a, b) => text(a, "name").localeCompare(text(b, "name")));
    });
  }

  /** A value as it is said here, or else as it is read. */
  value(item: Item, name: string): unknown {
    const draft = this.drafts.get(String(item.id));
    return draft && name in draft.values ? draft.values[name] : item.properties[name];
  }

  /** Says how many are in it; it is sent when that is quiet. */
  fill(item: Item, people: number): void {
    this.#say(item, { occupancy: Math.max(Math.round(people), 0) }, quietMs);
  }

  mark(item: Item, status: string): void {
    this.#say(item, { status }, 0);
  }

  #say(item: Item, values: Record<string, unknown>, inMs: number): void {
    const id = String(item.id);
    const draft = this.drafts.get(id) ?? { read: item, values: {}, sending: false };
    Object.assign(draft.values, values);
    delete draft.fault;
    this.drafts.set(id, draft);
    clearTimeout(draft.timer);
    if (!draft.sending && !draft.overtaken) draft.timer = setTimeout(() => void this.#send(id), inMs);
    this.#desk.changed();
  }

  async #send(id: string): Promise<void> {
    const { layer } = this;
    const draft = this.drafts.get(id);
    if (!layer || !draft || draft.sending) return;
    const values = { ...draft.values };
    draft.sending = true;
    const fault = await this.#desk.dare(async () => {
      try {
        await this.#desk.set(layer, draft.read, values);
      } catch (error) {
        if (!(error instanceof HttpError) || error.status !== 412) throw error;
        return this.#overtaken(layer, draft, values, error.problem.current?.updatedBy ?? "");
      }
      draft.read = await this.#read(layer, id);
      for (const [name, value] of Object.entries(values))
        if (draft.values[name] === value) delete draft.values[name];
    });
    draft.sending = false;
    if (fault) draft.fault = fault;
    else if (!draft.overtaken) {
      if (Object.keys(draft.values).length > 0) return this.#send(id);
      this.drafts.delete(id);
    }
    this.#desk.changed();
  }

  /** Where others changed what is said here too, somebody must choose; what else they changed stays. */
  async #overtaken(layer: Layer, draft: Draft, mine: Record<string, unknown>, by: string): Promise<void> {
    const theirs = await this.#read(layer, String(draft.read.id));
    const touched = Object.keys(mine).some((name) => theirs.properties[name] !== draft.read.properties[name]);
    const differs = Object.entries(mine).some(([name, value]) => theirs.properties[name] !== value);
    draft.read = theirs;
    if (!differs) draft.values = {};
    else if (touched) draft.overtaken = { mine, theirs, by };
  }

  /** Of two who said something, one is right. */
  settle(id: string, mine: boolean): void {
    const draft = this.drafts.get(id);
    if (!draft?.overtaken) return;
    delete draft.overtaken;
    if (mine) void this.#send(id);
    else this.drafts.delete(id);
    this.#desk.changed();
  }

  again(id: string): void {
    void this.#send(id);
  }

  async #read(layer: Layer, id: string): Promise<Item> {
    const fresh = await api.item(layer, { layer: layer.id, id }, this.#desk.lang);
    this.items = this.items?.map((one) => (String(one.id) === id ? fresh : one));
    return fresh;
  }

  /** How many it has room for. */
  room(item: Item): number {
    const shut = !["ready", "open"].includes(String(this.value(item, "status")));
    return shut ? 0 : Math.max(count(item, "capacity") - Number(this.value(item, "occupancy") ?? 0), 0);
  }
}
