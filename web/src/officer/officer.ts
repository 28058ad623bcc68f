// The desk of who is on duty in a disaster: roads closed and opened, shelters
// as they fill, what is announced, and whom that leaves out of reach.

import { concerns } from "../evacuation/events.ts";
import type { Duty } from "../hash.ts";
import type { Session } from "../session.ts";
import { Closures } from "./closures.ts";
import { Desk } from "./desk.ts";
import { type Board, board } from "./draw.ts";
import { Hazards } from "./hazards.ts";
import { People } from "./people.ts";
import { Plans } from "./plans.ts";
import { Refuges } from "./refuges.ts";

/** Changes that arrive within this are read together. */
const quietMs = 200;
/** Hazards whose zones rule ways. */
const ruled = ["earthquake", "flash_flood", "flood", "tsunami"];
/** Closures begin and end by the clock. */
const tickMs = 10_000;

export class Officer {
  readonly desk: Desk;
  readonly closures: Closures;
  readonly refuges: Refuges;
  readonly hazards: Hazards;
  readonly people: People;
  readonly plans: Plans;
  /** What the map draws; a new object is a new drawing. */
  board: Board | undefined;
  readonly #session: Session;
  #open = false;
  #who: string | undefined;
  #duty: Duty | undefined;
  #touched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.desk = new Desk(session, () => this.#draw());
    this.closures = new Closures(this.desk);
    this.refuges = new Refuges(this.desk);
    this.hazards = new Hazards(this.desk);
    this.people = new People(this.desk);
    this.plans = new Plans(this.desk);
    session.store.subscribe(() => this.#follow());
    this.#follow();
  }

  /** What who is logged in may do here; nothing for others. */
  get duties(): Duty[] {
    const { closures, refuges, hazards } = this;
    const mine: Duty[] = [
      ...(closures.layer ? (["closures"] as const) : []),
      ...(refuges.layer ? (["shelters"] as const) : []),
      ...(hazards.layer ? (["event"] as const) : []),
    ];
    if (mine.length === 0) return [];
    return [...mine, "people", ...(this.plans.mine ? (["plans"] as const) : [])];
  }

  /** The part that is open: one that there is. */
  get duty(): Duty | undefined {
    const { officer } = this.#session.store.state.address;
    const { duties } = this;
    return duties.find((name) => name === officer?.duty) ?? duties[0];
  }

  /** Whether a tool has the map in hand. */
  get drawing(): boolean {
    return this.#open && this.hazards.drawing;
  }

  tapped(at: [number, number]): void {
    void this.closures.tapped(at);
  }

  /** A layer has changed, or perhaps all of them. */
  touched(layer?: string): void {
    const { catalog } = this.#session.store.state;
    if (!this.#open || !catalog) return;
    for (const id of layer ? [layer] : catalog.layers.map((one) => one.id)) this.#touched.add(id);
    if (!layer || concerns(catalog, layer)) this.people.touched();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const touched = this.#touched;
      this.#touched = new Set();
      for (const part of [this.closures, this.refuges, this.hazards])
        if (part.layer && touched.has(part.layer.id)) void part.load();
    }, quietMs);
  }

  #follow(): void {
    const { address, account, catalog } = this.#session.store.state;
    const open = Boolean(address.officer && this.duties.length > 0);
    const who = `${account?.person?.name ?? ""} ${catalog?.layers.filter((l) => l.edit).length}`;
    const [was, before] = [this.#open, this.#who];
    // What follows draws, which leads here again.
    this.#open = open;
    this.#who = who;
    if (open && !(was && before === who)) {
      for (const part of [this.closures, this.refuges, this.hazards]) void part.load();
      clearInterval(this.#tick);
      this.#tick = setInterval(() => this.closures.tick(), tickMs);
    }
    if (!open && was) {
      clearInterval(this.#tick);
      this.closures.point(false);
      this.hazards.cancel();
      this.people.close();
    }
    const { announced } = this.hazards;
    this.people.hazard = ruled.find((hazard) => hazard === announced);
    if (open) this.people.follow();
    const duty = open ? this.duty : undefined;
    if (duty !== this.#duty) {
      this.#duty = duty;
      if (duty === "plans") void this.plans.load();
      else this.plans.close();
      this.#draw();
    } else if (duty === "plans") this.plans.follow();
  }

  #draw(): void {
    this.board = board(this);
    this.#session.store.update({ officer: this });
  }
}
