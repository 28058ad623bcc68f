// Who reaches no shelter with room in time, by gampong, as roads close and
// shelters fill.

import { json } from "../http.ts";
import type { Desk, Fault } from "./desk.ts";

export interface Area {
  id: number;
  code: string;
  name: string;
  district: string;
  /** null where nobody has counted them. */
  people: number | null;
  uncovered: number | null;
}

export interface Coverage {
  minutes: number;
  /** Whose zones are not entered; a code. */
  hazard: string | null;
  people: number;
  uncovered: number;
  /** Of whom nobody knows a road near. */
  unplaced: number;
  areas: Area[];
}

/** Of the same question, as it was when the desk was opened, and before the last change. */
export interface Since {
  opened: Coverage;
  before?: Coverage;
}

/** After a change the server's roads follow within a second: asked when that is quiet, and surely once more. */
const quietMs = [500, 2_500];

export class People {
  now: Coverage | undefined;
  since: Since | undefined;
  fault: Fault | undefined;
  asking = false;
  readonly #desk: Desk;
  #question = "";
  #request: AbortController | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The hazard that is announced, as far as there are rules for it. */
  hazard: string | undefined;

  /** Asks what the address asks for, where it has not been asked. */
  follow(): void {
    const { officer } = this.#desk.session.store.state.address;
    if (!officer) {
      this.close();
      return;
    }
    const { minutes = 15, profile } = officer;
    const { hazard } = this;
    const query = {
      minutes: String(minutes),
      ...(profile ? { profile } : {}),
      ...(hazard ? { hazard } : {}),
    };
    const question = String(new URLSearchParams(query));
    if (question === this.#question) return;
    this.#question = question;
    this.since = undefined;
    void this.ask();
  }

  close(): void {
    this.#question = "";
    this.#request?.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  touched(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = quietMs.map((ms) => setTimeout(() => void this.ask(), ms));
  }

  async ask(): Promise<void> {
    if (!this.#question) return;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.asking = true;
    const fault = await this.#desk.dare(async () => {
      const { signal } = request;
      const now = await json<Coverage>(`/api/v1/evacuation/coverage?${this.#question}`, {
        lang: this.#desk.lang,
        signal,
      });
      if (this.#request === request) this.#had(now);
    });
    if (this.#request !== request) return;
    this.asking = false;
    this.fault = fault;
    this.#desk.changed();
  }

  #had(now: Coverage): void {
    const old = this.now;
    this.now = now;
    if (!this.since) this.since = { opened: now };
    else if (old && moved(old, now)) this.since = { ...this.since, before: old };
  }
}

function moved(a: Coverage, b: Coverage): boolean {
  const text = ({ uncovered, unplaced, areas }: Coverage) =>
    `${uncovered} ${unplaced} ${areas.map((x) => x.uncovered)}`;
  return text(a) !== text(b);
}

export interface Row extends Area {
  people: number;
  uncovered: number;
  /** More than when the desk was opened. */
  more: number;
}

/** The gampong with somebody out of reach, or whose number has changed: most first. */
export function rows({ areas }: Coverage, since: Since | undefined): Row[] {
  const was = new Map(since?.opened.areas.map((area) => [area.code, area.uncovered]));
  return areas
    .map((area) => {
      const { people, uncovered } = { people: area.people ?? 0, uncovered: area.uncovered ?? 0 };
      return { ...area, people, uncovered, more: uncovered - (was.get(area.code) ?? uncovered) };
    })
    .filter(({ uncovered, more }) => uncovered > 0 || more !== 0)
    .sort((a, b) => b.uncovered - a.uncovered || b.more - a.more);
}

/** Colours by the share of people out of reach, to the share up to which they are. */
export const shades: [number, string][] = [
  [0.1, "#fde0c5"],
  [0.3, "#f8b58b"],
  [0.6, "#f0746e"],
  [1, "#c4365c"],
];

export function shade({ people, uncovered }: Area): string | undefined {
  if (!uncovered || !people) return undefined;
  return shades.find(([to]) => uncovered / people <= to)?.[1] ?? shades.at(-1)?.[1];
}
