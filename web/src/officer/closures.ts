// Roads that are closed now: closed by a tap, opened again as fast.

import type { Geometry } from "geojson";
import type { Item } from "../api.ts";
import type { Layer } from "../catalog.ts";
import { write } from "../edit/write.ts";
import { type Desk, type Fault, momentOf, text } from "./desk.ts";
import { boxAround, type Road, roadsNear } from "./nearroad.ts";

const hourMs = 3_600_000;
/** A finger is so many px wide, and a tap on a road never so many m beside it. */
const fingerPx = 18;
const [leastM, mostM] = [6, 80];

/** A closure as it is asked for, once however often it is sent. */
interface Order {
  key: string;
  properties: Record<string, unknown>;
}

export type Phase =
  /** A tap is to say where. */
  | { kind: "pointing"; why?: "nothing" }
  | { kind: "looking" }
  /** A bridge and what is below it: somebody must say which. */
  | { kind: "which"; roads: Road[] }
  | { kind: "closing"; target: Road }
  /** It was refused, or no answer came: what is tried again is the same, so that it is not closed twice. */
  | { kind: "failed"; target: Road; order: Order }
  | { kind: "closed"; target: Road; id: string };

export class Closures {
  phase: Phase | undefined;
  fault: Fault | undefined;
  /** Those that hold now, the latest first. */
  now: Item[] | undefined;
  /** Those that are being changed. */
  readonly busy = new Set<string>();
  readonly #desk: Desk;
  #all: Item[] = [];

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get layer(): Layer | undefined {
    return this.#desk.mine("closure_severity");
  }

  async load(): Promise<void> {
    const { layer } = this;
    if (!layer) return;
    const fault = await this.#desk.dare(async () => {
      this.#all = await this.#desk.all(layer);
    });
    if (fault) this.fault = fault;
    this.tick();
  }

  /** Closures end by the clock. */
  tick(): void {
    const { now } = this.#desk;
    this.now = this.#all
      .filter((item) => (momentOf(item, "starts_at") ?? 0) <= now + 1000)
      .filter((item) => (momentOf(item, "ends_at") ?? Number.POSITIVE_INFINITY) > now)
      .sort((a, b) => (momentOf(b, "starts_at") ?? 0) - (momentOf(a, "starts_at") ?? 0));
    this.#desk.changed();
  }

  point(on: boolean): void {
    this.phase = on ? { kind: "pointing" } : undefined;
    this.fault = undefined;
    this.#desk.changed();
  }

  /** A tap on the map, which says nothing unless one is waited for. */
  async tapped(at: [number, number]): Promise<void> {
    if (this.phase?.kind !== "pointing") return;
    const roads = this.#desk.catalog?.coded("road_class");
    const { map } = this.#desk.session;
    if (!roads || !this.layer) return;
    this.phase = { kind: "looking" };
    this.fault = undefined;
    this.#desk.changed();
    const metresPx = (40_075_017 * Math.cos((at[1] * Math.PI) / 180)) / (512 * 2 ** (map?.getZoom() ?? 16));
    const reach = Math.min(Math.max(metresPx * fingerPx, leastM), mostM);
    let near: Road[] = [];
    this.fault = await this.#desk.dare(async () => {
      const { items } = await write.around(roads, boxAround(at, reach), this.#desk.lang);
      near = roadsNear(items, at, reach);
    });
    const [first, ...others] = near;
    if (this.fault) this.phase = { kind: "pointing" };
    else if (!first) this.phase = { kind: "pointing", why: "nothing" };
    else if (others.length > 0) this.phase = { kind: "which", roads: near };
    else return this.close(first);
    this.#desk.changed();
  }

  close(road: Road): Promise<void> {
    const properties = {
      ...(road.name ? { name: road.name } : {}),
      reason: road.bridge ? "bridge" : "damage",
      severity: "closed",
      level: road.level,
      starts_at: this.#desk.stamp(),
      verified: true,
    };
    return this.#order(road, { key: crypto.randomUUID(), properties });
  }

  async again(): Promise<void> {
    if (this.phase?.kind === "failed") await this.#order(this.phase.target, this.phase.order);
  }

  async #order(road: Road, order: Order): Promise<void> {
    const { layer } = this;
    if (!layer) return;
    this.phase = { kind: "closing", target: road };
    this.#desk.changed();
    let id = "";
    this.fault = await this.#desk.dare(async () => {
      id = await write.create(layer, order.properties, shapeOf(road), order.key, this.#desk.sender);
    });
    this.phase = this.fault ? { kind: "failed", target: road, order } : { kind: "closed", target: road, id };
    await this.load();
  }

  /** Opens it again, from now. */
  async reopen(id: string): Promise<void> {
    await this.#set(id, { ends_at: this.#desk.stamp(1000) });
    if (!this.fault && this.phase?.kind === "closed" && this.phase.id === id) this.phase = undefined;
    this.tick();
  }

  /** So many hours longer than now, or than it was to be. */
  extend(id: string, hours: number): Promise<void> {
    const item = this.#find(id);
    const until = Math.max((item && momentOf(item, "ends_at")) ?? 0, this.#desk.now);
    return this.#set(id, {
      ends_at: new Date(Math.ceil(until / 1000) * 1000 + hours * hourMs).toISOString(),
    });
  }

  explain(id: string, reason: string): Promise<void> {
    return this.#set(id, { reason });
  }

  async #set(id: string, properties: Record<string, unknown>): Promise<void> {
    const { layer } = this;
    if (!layer) return;
    this.busy.add(id);
    // Of what somebody else changed meanwhile the server says so, and the list has it next.
    this.fault = await this.#desk.dare(async () => {
      const item = this.#find(id);
      if (item) await this.#desk.set(layer, item, properties);
    });
    this.busy.delete(id);
    await this.load();
  }

  #find(id: string): Item | undefined {
    return this.#all.find((item) => String(item.id) === id);
  }

  /** What the map shows as about to be closed, or closed just now. */
  get shown(): Road[] {
    const { phase } = this;
    if (phase?.kind === "which") return phase.roads;
    return phase && "target" in phase ? [phase.target] : [];
  }
}

/** All of a bridge, of a road the place; the server makes either as wide as a street. The roads at the ends of a bridge are of another level. */
function shapeOf({ bridge, stretch, at }: Road): Geometry {
  return bridge ? { type: "LineString", coordinates: stretch } : { type: "Point", coordinates: at };
}

/** A closure that knows no end has none. */
export function until(item: Item): number | undefined {
  return text(item, "ends_at") ? momentOf(item, "ends_at") : undefined;
}
