// Plans for the evacuation of the whole city: asked for, followed while they
// are made, and read.

import type { FeatureCollection } from "geojson";
import { token } from "../account.ts";
import type { Lang, Text } from "../catalog.ts";
import { ask, json } from "../http.ts";
import type { Desk, Fault } from "./desk.ts";

const root = "/api/v1/evacuation/plans";
const pollMs = 1_500;

interface Left {
  why: string;
  text: Text;
  people: number;
}

interface Times {
  /** Minutes. */
  mean: number;
  p95: number;
  last: number;
}

export interface Outcome {
  people: number;
  saved: number;
  not_saved_at_least: number;
  gap: number;
  optimal: boolean;
  arrival: Times;
  not_saved: Left[];
  areas: { code: string; name: string; people: number; saved: number; not_saved: Left[] }[];
  shelters: { id: number; name: string; capacity: number; room: number; people: number }[];
  arrivals_per_minute: number[];
}

export interface Plan {
  id: string;
  title: string;
  asked_by: string;
  asked_at: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  cancelling: boolean;
  progress: { phase: string; share: number; saved: number; bound: number; gap: number; seconds: number };
  note: Text | null;
  problem: { detail: Text } | null;
  asked: { profile: string; hazard: string; minutes: number };
  outcome: Outcome | null;
}

/** What is asked for, as it is written. */
export interface Order {
  title: string;
  profile: string;
  hazard: string;
  minutes: number;
  departure: { from_min: number; to_min: number };
  people: "night";
}

export function unfinished({ status }: Plan): boolean {
  return status === "queued" || status === "running";
}

export class Plans {
  /** The newest first. */
  list: Plan[] | undefined;
  fault: Fault | undefined;
  asking = false;
  /** Where the people of the open plan go, and of which it is. */
  flows: { id: string; lines: FeatureCollection } | undefined;
  readonly #desk: Desk;
  #poll: ReturnType<typeof setTimeout> | undefined;
  #flowing = "";
  readonly #whole = new Map<string, Plan | undefined>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Plans are for who leads evacuations, and so are warnings. */
  get mine(): boolean {
    return this.#desk.mine("event_level") !== undefined;
  }

  find(id: string | undefined): Plan | undefined {
    return this.list?.find((plan) => plan.id === id);
  }

  async load(): Promise<void> {
    clearTimeout(this.#poll);
    const fault = await this.#desk.dare(async () => {
      const { plans } = await json<{ plans: Plan[] }>(root, { lang: this.#desk.lang });
      this.list = plans.sort((a, b) => b.asked_at.localeCompare(a.asked_at));
    });
    if (fault) this.fault = fault;
    if (this.list?.some(unfinished)) this.#poll = setTimeout(() => void this.load(), pollMs);
    this.follow();
  }

  close(): void {
    clearTimeout(this.#poll);
  }

  /** Reads where people go in the plan that the address opens. */
  follow(): void {
    const { officer } = this.#desk.session.store.state.address;
    for (const id of [officer?.plan, officer?.beside]) void this.#read(id);
    const plan = this.find(officer?.plan);
    if (!plan?.outcome || this.#flowing === plan.id) return;
    this.#flowing = plan.id;
    void this.#desk.dare(async () => {
      const lines = await json<FeatureCollection>(`${root}/${plan.id}/flows`, { lang: this.#desk.lang });
      if (this.#flowing === plan.id) this.flows = { id: plan.id, lines };
    });
  }

  /** What a plan comes to, gampong and shelters included: the list has only the sums. */
  whole(id: string | undefined): Outcome | undefined {
    return (id && this.#whole.get(id)?.outcome) || undefined;
  }

  async #read(id: string | undefined): Promise<void> {
    if (!id || !this.find(id)?.outcome || this.#whole.has(id)) return;
    this.#whole.set(id, undefined);
    const fault = await this.#desk.dare(async () => {
      this.#whole.set(id, await json<Plan>(`${root}/${id}`, { lang: this.#desk.lang }));
    });
    if (fault) this.#whole.delete(id);
  }

  /** The plan that was asked for, where it was taken. */
  async order(body: Order): Promise<string | undefined> {
    let id: string | undefined;
    this.asking = true;
    this.#desk.changed();
    this.fault = await this.#desk.dare(async () => {
      const { lang, csrf } = this.#desk.sender;
      id = (await json<Plan>(root, { lang, method: "POST", headers: token(csrf), body })).id;
    });
    this.asking = false;
    await this.load();
    return id;
  }

  /** Ends one that is being made, which is kept as it is then; takes away another. */
  async drop(id: string): Promise<void> {
    this.fault = await this.#desk.dare(async () => {
      const { lang, csrf } = this.#desk.sender;
      await ask(`${root}/${id}`, { lang, method: "DELETE", headers: token(csrf) });
    });
    await this.load();
  }
}

/** Of the people who are not saved, why, most first; of two plans side by side. */
export function reasons(
  a: Outcome,
  b: Outcome | undefined,
  lang: Lang,
): [string, number, number | undefined][] {
  const all = new Map<string, [string, number, number | undefined]>();
  const put = (list: Left[], at: 1 | 2) => {
    for (const { why, text, people } of list) {
      const row = all.get(why) ?? [text[lang] ?? why, 0, b && 0];
      row[at] = people;
      all.set(why, row);
    }
  };
  put(a.not_saved, 1);
  if (b) put(b.not_saved, 2);
  return [...all.values()].sort((x, y) => Math.max(y[1], y[2] ?? 0) - Math.max(x[1], x[2] ?? 0));
}
