// The way to a shelter by a pack, as the server tells it from the same city:
// what it says, internal/evac/steps.go says in the same words.

import type { Position } from "geojson";
import type { Text } from "../catalog.ts";
import { fixed } from "../format.ts";
import type { Answer, Near, Way } from "./answer.ts";
import { type Door, doorOf, type Edge, hopOf, type Pack, type PackEvent, type Tree } from "./pack.ts";

const none = Number.POSITIVE_INFINITY;
/** As the server has them, in m: how far one may begin from a road, another road that may be taken, a refuge. */
const reach = 1000;
const otherRoad = 100;
const refugeReach = 1000;
/** The length in m below which the way to the road is not told. */
const offRoad = 5;

interface Place {
  edge: number;
  /** m from the edge's node `from`. */
  along: number;
  at: Position;
  /** m. */
  distance: number;
}

/** A stretch of one edge, in m along it; ms from the departure when it is left. */
interface Leg {
  edge: number;
  from: number;
  to: number;
  end: number;
}

interface Found {
  door: Door;
  legs: Leg[];
  /** ms until one is inside. */
  length: number;
}

/** Where to run from a place at a moment (ms since 1970); undefined where the pack has no road near. */
export function follow(pack: Pack, from: readonly [number, number], now: number): Answer | undefined {
  const event = eventAt(pack, from, now);
  const tree = treeOf(pack, event?.hazard ?? "");
  const near = locate(pack, from);
  const [first] = near;
  if (!first || !tree) return undefined;
  let way: Way | undefined;
  let late = false;
  const tried = new Set<number>();
  for (const place of near) {
    // Another road nearby is taken where the nearest is not connected to any shelter, not where it is closed.
    const part = pack.part[pack.edges[place.edge]?.from ?? 0] ?? 0;
    if (tried.has(part)) continue;
    tried.add(part);
    const found = find(pack, tree, place);
    way = found && tell(pack, tree, from, place, found, event, now);
    if (way?.margin && way.margin < 0) {
      late = true;
      const sooner = inTime(pack, tree, place, (edge) => deadline(tree, edge, event) - now);
      way = sooner && tell(pack, tree, from, place, sooner, event, now);
    }
    if (way) break;
  }
  const told: Answer = {
    sentence: {},
    from: { coordinates: [...from] },
    event: event
      ? { hazard: event.hazard, level: event.level, arrival_at: event.arrival_at, message: event.message }
      : null,
    departure_at: new Date(now).toISOString(),
    routes: [],
    alternative: null,
    passed_over: [],
    cannot_reach_in_time: false,
    refuge: null,
  };
  if (way) return { ...told, routes: [way], sentence: goTo(way) };
  const refuge = event ? tallest(pack, from) : null;
  return { ...told, cannot_reach_in_time: late, refuge, sentence: nowhere(late, refuge) };
}

function eventAt(pack: Pack, [lon, lat]: readonly [number, number], now: number): PackEvent | undefined {
  const levels = ["awas", "siaga", "waspada", ""];
  const grave = ({ level }: PackEvent) => (levels.indexOf(level) + levels.length) % levels.length;
  return pack.head.events
    .filter(
      (e) =>
        Date.parse(e.starts_at) <= now &&
        (e.ends_at === null || now < Date.parse(e.ends_at)) &&
        e.rings.filter((ring) => within(ring, lon * 1e6, lat * 1e6)).length % 2 > 0,
    )
    .sort(
      (a, b) => grave(a) - grave(b) || Date.parse(b.starts_at) - Date.parse(a.starts_at) || b.id - a.id,
    )[0];
}

/** By the even-odd rule, of a ring of differences. */
function within(ring: number[], px: number, py: number): boolean {
  let inside = false;
  let [x = 0, y = 0] = ring;
  for (let i = 2; i < ring.length; i += 2) {
    const [nx, ny] = [x + (ring[i] ?? 0), y + (ring[i + 1] ?? 0)];
    if (y > py !== ny > py && px < x + ((py - y) / (ny - y)) * (nx - x)) inside = !inside;
    [x, y] = [nx, ny];
  }
  return inside;
}

function treeOf({ head, trees }: Pack, hazard: string): Tree | undefined {
  return trees[Math.max(head.hazards.indexOf(hazard), 0)];
}

/** m of a degree of longitude and of latitude on WGS 84. */
function metresAt(lat: number): [number, number] {
  const a = 6378137;
  const e2 = 0.00669437999014;
  const w2 = 1 - e2 * Math.sin((lat * Math.PI) / 180) ** 2;
  const degree = Math.PI / 180;
  return [
    (a / Math.sqrt(w2)) * Math.cos(lat * degree) * degree,
    ((a * (1 - e2)) / (w2 * Math.sqrt(w2))) * degree,
  ];
}

function distance([ax = 0, ay = 0]: readonly number[], [bx = 0, by = 0]: readonly number[]): number {
  const [mx, my] = metresAt((ay + by) / 2);
  return Math.hypot((bx - ax) * mx, (by - ay) * my);
}

/** The nearest places from which one may set off, the nearest first; one an edge, none much farther than the first. */
function locate(pack: Pack, from: readonly [number, number]): Place[] {
  const [mx, my] = metresAt(from[1]);
  let most = reach;
  const found: Place[] = [];
  pack.edges.forEach((e, edge) => {
    const shut = e.held.filter((s) => s.speed <= 0 && s.from < e.length && s.to > 0);
    const before = Math.min(...shut.map((s) => s.from), e.length);
    const after = Math.max(...shut.map((s) => s.to), 0);
    const parts: [number, number][] = shut.length
      ? [
          ...(e.back ? [[0, before] as [number, number]] : []),
          ...(e.onward ? [[after, e.length] as [number, number]] : []),
        ]
      : [[0, e.length]];
    let best: Place | undefined;
    for (const [lo, hi] of parts) {
      if (lo > hi) continue;
      const at = nearestOn(e, edge, lo, hi, from, mx, my);
      if (at && at.distance <= most && (!best || at.distance < best.distance)) best = at;
    }
    if (!best) return;
    found.push(best);
    most = Math.min(most, best.distance + otherRoad);
  });
  const sorted = found.sort((a, b) => a.distance - b.distance || a.edge - b.edge);
  return sorted.filter(({ distance: d }) => d <= (sorted[0]?.distance ?? 0) + otherRoad);
}

/** How long the line of an edge is here, against what the pack says: coordinates are rounded. */
function drawn({ line, length }: Edge): number {
  let all = 0;
  for (let i = 2; i < line.length; i += 2) all += distance(point(line, i - 2), point(line, i));
  return length > 0 ? all / length : 1;
}

function point(line: Float64Array, i: number): [number, number] {
  return [line[i] ?? 0, line[i + 1] ?? 0];
}

function nearestOn(
  e: Edge,
  edge: number,
  lo: number,
  hi: number,
  [px, py]: readonly [number, number],
  mx: number,
  my: number,
): Place | undefined {
  let best: Place | undefined;
  const scale = drawn(e);
  let start = 0;
  for (let i = 2; i < e.line.length; i += 2) {
    const [ax, ay] = point(e.line, i - 2);
    const [bx, by] = point(e.line, i);
    const [x, y, dx, dy] = [(px - ax) * mx, (py - ay) * my, (bx - ax) * mx, (by - ay) * my];
    const length = Math.hypot(dx, dy) / scale;
    if (length > 0 && start + length >= lo && start <= hi) {
      const free = (x * dx + y * dy) / (dx * dx + dy * dy);
      const t = Math.min(Math.max(free, 0, (lo - start) / length), 1, (hi - start) / length);
      const far = Math.hypot(x - t * dx, y - t * dy);
      if (!best || far < best.distance) {
        const along = Math.min(Math.max(start + t * length, lo), hi);
        best = { edge, along, at: [ax + t * (bx - ax), ay + t * (by - ay)], distance: far };
      }
    }
    start += length;
  }
  return best;
}

/** ms from a place to another on an edge, of which nothing between may be closed, nor a front be passed. */
function pass(e: Edge, tree: Tree, edge: number, from: number, to: number): number {
  const front = tree.fronts.get(edge);
  const [lo, hi] = [Math.min(from, to), Math.max(from, to)];
  const rising = from < to ? front?.rises : front?.falls;
  if (from !== to && !(from < to ? e.onward : e.back)) return none;
  if (rising?.some((at) => lo < at && at < hi)) return none;
  if (e.held.some((s) => s.speed <= 0 && s.from < hi && s.to > lo)) return none;
  let metres = 0;
  for (let at = lo; at < hi; ) {
    let [next, factor] = [hi, 1];
    for (const s of e.held) {
      if (s.from <= at && at < s.to) [next, factor] = [Math.min(next, s.to), Math.min(factor, s.speed)];
      else if (s.from > at) next = Math.min(next, s.from);
    }
    metres += (next - at) / factor;
    at = next;
  }
  return Math.round((metres / e.speed) * 1000);
}

/** The sooner of the ways by the ends of the edge, and straight to a door on it. */
function find(pack: Pack, tree: Tree, place: Place): Found | undefined {
  const e = pack.edges[place.edge];
  if (!e) return undefined;
  const walk = Math.round((place.distance / pack.head.pace) * 1000);
  let best: Found | undefined;
  const ends = [
    { node: e.from, end: 0 },
    { node: e.to, end: e.length },
  ];
  for (const { node, end } of ends) {
    const start = walk + pass(e, tree, place.edge, place.along, end);
    const length = start + (tree.time[node] ?? none);
    if (length < (best?.length ?? none)) {
      const first = { edge: place.edge, from: place.along, to: end, end: start };
      const rest = trail(pack, tree, node, start);
      best = rest && { ...rest, legs: [first, ...rest.legs] };
    }
  }
  for (const door of tree.doors.filter((d) => d.edge === place.edge)) {
    const end = walk + pass(e, tree, place.edge, place.along, door.along);
    if (end + door.off < (best?.length ?? none)) {
      const leg = { edge: place.edge, from: place.along, to: door.along, end };
      best = { door, legs: [leg], length: end + door.off };
    }
  }
  return best;
}

/** From a node, by the hops. */
function trail(pack: Pack, tree: Tree, start: number, clock: number): Found | undefined {
  const legs: Leg[] = [];
  let [node, end] = [start, clock];
  for (;;) {
    const door = doorOf(tree, node);
    if (door) {
      const e = pack.edges[door.edge];
      if (!e) return undefined;
      const side = sideOf(pack, door, node);
      const length = end + (side > 0 ? door.to : door.from);
      legs.push({ edge: door.edge, from: side, to: door.along, end: length - door.off });
      return { door, legs, length };
    }
    const edge = hopOf(pack.at, tree, node);
    const e = pack.edges[edge ?? -1];
    if (!e || edge === undefined) return undefined;
    const onward = e.from === node;
    end += onward ? e.along : e.against;
    legs.push({ edge, from: onward ? 0 : e.length, to: onward ? e.length : 0, end });
    node = onward ? e.to : e.from;
  }
}

/**
 * Where the fastest way is too late somewhere: the shelter that is reached first, with no edge left after it is
 * due (ms from now). Dijkstra's, forward in time; an edge that is closed stays closed, so it is exact.
 */
function inTime(pack: Pack, tree: Tree, place: Place, due: (edge: number) => number): Found | undefined {
  const e = pack.edges[place.edge];
  if (!e) return undefined;
  const time = new Float64Array(pack.at.length).fill(none);
  const via = new Int32Array(pack.at.length).fill(-1);
  const queue = new Queue();
  const reached = (node: number, at: number, edge: number) => {
    if (at >= (time[node] ?? 0)) return;
    time[node] = at;
    via[node] = edge;
    queue.push(at, node);
  };
  let best: { length: number; door: Door; node: number } | undefined;
  const arrived = (length: number, door: Door, node: number) => {
    if (length <= due(door.edge) && length < (best?.length ?? none)) best = { length, door, node };
  };
  const doors = new Map<number, Door[]>();
  for (const door of tree.doors) {
    const { from = -1, to = -1 } = pack.edges[door.edge] ?? {};
    for (const node of new Set([from, to])) doors.set(node, [...(doors.get(node) ?? []), door]);
  }
  const walk = Math.round((place.distance / pack.head.pace) * 1000);
  const leave = (along: number) => walk + pass(e, tree, place.edge, place.along, along);
  for (const [node, end] of [
    [e.from, 0],
    [e.to, e.length],
  ] as const) {
    if (leave(end) <= due(place.edge)) reached(node, leave(end), -1);
  }
  for (const door of tree.doors) {
    if (door.edge === place.edge) arrived(leave(door.along) + door.off, door, -1);
  }
  for (let node = queue.pop(time); node !== undefined; node = queue.pop(time)) {
    const now = time[node] ?? none;
    if (best && now >= best.length) break;
    for (const door of doors.get(node) ?? []) {
      const ends = pack.edges[door.edge];
      const cost = Math.min(ends?.from === node ? door.from : none, ends?.to === node ? door.to : none);
      arrived(now + cost, door, node);
    }
    for (const edge of pack.at[node] ?? []) {
      const road = pack.edges[edge];
      if (!road) continue;
      const front = tree.fronts.get(edge);
      const onward = road.from === node;
      const barred = onward ? front?.rises.length : front?.falls.length;
      const at = now + (onward ? road.along : road.against);
      if (!barred && at <= due(edge)) reached(onward ? road.to : road.from, at, edge);
    }
  }
  if (!best) return undefined;
  const { door, length, node: last } = best;
  if (last < 0) {
    const leg = { edge: place.edge, from: place.along, to: door.along, end: length - door.off };
    return { door, length, legs: [leg] };
  }
  const legs = [{ edge: door.edge, from: sideOf(pack, door, last), to: door.along, end: length - door.off }];
  let node = last;
  for (let edge = via[node] ?? -1; edge >= 0; edge = via[node] ?? -1) {
    const road = pack.edges[edge];
    if (!road) return undefined;
    const onward = road.to === node;
    const [from, to] = onward ? [0, road.length] : [road.length, 0];
    legs.unshift({ edge, from, to, end: time[node] ?? 0 });
    node = onward ? road.from : road.to;
  }
  const start = node === e.from && leave(0) === time[node] ? 0 : e.length;
  legs.unshift({ edge: place.edge, from: place.along, to: start, end: time[node] ?? 0 });
  return { door, length, legs };
}

/** The end of a door's edge, in m, by which it is reached from a node. */
function sideOf({ edges }: Pack, door: Door, node: number): number {
  const e = edges[door.edge];
  return e?.from === node && !(e.to === node && door.to < door.from) ? 0 : (e?.length ?? 0);
}

/** Nodes by time; one may be in it more than once. */
class Queue {
  readonly #heap: { at: number; node: number }[] = [];

  push(at: number, node: number): void {
    let i = this.#heap.length;
    for (let up = (i - 1) >> 1; i > 0 && at < (this.#heap[up]?.at ?? 0); up = (i - 1) >> 1) {
      this.#heap[i] = this.#heap[up] as { at: number; node: number };
      i = up;
    }
    this.#heap[i] = { at, node };
  }

  /** The first whose time still holds. */
  pop(time: Float64Array): number | undefined {
    for (;;) {
      const [first] = this.#heap;
      const last = this.#heap.pop();
      if (!first || !last) return undefined;
      if (this.#heap.length) this.#sink(last);
      if (time[first.node] === first.at) return first.node;
    }
  }

  #sink(item: { at: number; node: number }): void {
    let i = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * i + 1], this.#heap[2 * i + 2]];
      const child = right && left && right.at < left.at ? 2 * i + 2 : 2 * i + 1;
      const least = this.#heap[child];
      if (!least || least.at >= item.at) break;
      this.#heap[i] = least;
      i = child;
    }
    this.#heap[i] = item;
  }
}

/** ms since 1970 when an edge must have been left. */
function deadline(tree: Tree, edge: number, event: PackEvent | undefined): number {
  const front = tree.fronts.get(edge);
  if (!front || !event) return none;
  const start = Date.parse(event.starts_at);
  const beside = event.beside.get(edge);
  if (!event.arrival_at || beside === -1) return start + front.arrival;
  return Math.min(Date.parse(event.arrival_at), beside === undefined ? none : start + beside);
}

function tell(
  pack: Pack,
  tree: Tree,
  from: readonly [number, number],
  begins: Place,
  found: Found,
  event: PackEvent | undefined,
  now: number,
): Way {
  const shelter = pack.head.shelters[found.door.goal];
  if (!shelter) throw new Error("no such shelter");
  const writer = new Writer(pack, [...from]);
  writer.put(begins.at);
  for (const leg of found.legs) writer.leg(leg);
  writer.put(shelter.coordinates);
  let [least, tight] = [none, found.legs[0]];
  found.legs.forEach((leg, i) => {
    const end = leg.end + (i === found.legs.length - 1 ? found.door.off : 0);
    const spare = deadline(tree, leg.edge, event) - now - end;
    if (spare < least) [least, tight] = [spare, leg];
  });
  const at = tight && pack.edges[tight.edge];
  return {
    destination: shelter,
    length: writer.metres(),
    duration: found.length / 1000,
    margin: least === none ? null : least / 1000,
    tightest:
      least === none || !at || !tight
        ? null
        : {
            name: at.name,
            deadline: new Date(deadline(tree, tight.edge, event)).toISOString(),
            coordinates: stretch(at, tight.to, tight.to)[0] ?? begins.at,
          },
    bridges: writer.bridges,
    steps: writer.finish(begins.distance, shelter.name, shelter.coordinates),
    geometry: { type: "LineString", coordinates: writer.line },
  };
}

/** The stretch of an edge's line from m to m along it, the other way round where `from` is more. */
function stretch(e: Edge, from: number, to: number): Position[] {
  const scale = drawn(e);
  const [lo, hi] = [Math.min(from, to) * scale, Math.max(from, to) * scale];
  const out: Position[] = [];
  let at = 0;
  for (let i = 2; i < e.line.length; i += 2) {
    const [a, b] = [point(e.line, i - 2), point(e.line, i)];
    const length = distance(a, b);
    if (length > 0 && at + length >= lo && at <= hi) {
      for (const place of [lo, hi]) {
        const t = Math.min(Math.max((place - at) / length, 0), 1);
        const p: Position = t === 1 ? b : [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        if (String(out.at(-1)) !== String(p)) out.push(p);
      }
    }
    at += length;
  }
  return from > to ? out.reverse() : out;
}

type Turn =
  | "depart"
  | "straight"
  | "slight_left"
  | "left"
  | "sharp_left"
  | "slight_right"
  | "right"
  | "sharp_right"
  | "back";

function bearing([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position): number {
  const [mx, my] = metresAt((ay + by) / 2);
  return ((Math.atan2((bx - ax) * mx, (by - ay) * my) * 180) / Math.PI + 360) % 360;
}

function turnOf(before: number, after: number): Turn {
  const d = ((after - before + 540) % 360) - 180;
  const side = (left: Turn, right: Turn) => (d < 0 ? left : right);
  const size = Math.abs(d);
  if (size < 25) return "straight";
  if (size < 50) return side("slight_left", "slight_right");
  if (size < 125) return side("left", "right");
  return size < 170 ? side("sharp_left", "sharp_right") : "back";
}

const turns: Record<Exclude<Turn, "depart">, [string, string]> = {
  straight: ["Lurus terus", "Continue"],
  slight_left: ["Serong kiri", "Bear left"],
  left: ["Belok kiri", "Turn left"],
  sharp_left: ["Belok tajam ke kiri", "Turn sharply left"],
  slight_right: ["Serong kanan", "Bear right"],
  right: ["Belok kanan", "Turn right"],
  sharp_right: ["Belok tajam ke kanan", "Turn sharply right"],
  back: ["Berbalik arah", "Turn back"],
};

const winds = [
  ["utara", "north"],
  ["timur laut", "north-east"],
  ["timur", "east"],
  ["tenggara", "south-east"],
  ["selatan", "south"],
  ["barat daya", "south-west"],
  ["barat", "west"],
  ["barat laut", "north-west"],
] as const;

/** Both languages at once. */
const both = (id: string, en: string): Text => ({ id, en });

/** The sentence of a step, without its length. */
function begin(turn: Turn, e: Edge, toward: number): [string, string] {
  const { name } = e;
  const [id, en] = turns[turn === "depart" ? "straight" : turn];
  if (e.bridge) {
    const named = name ? ` (${name})` : "";
    if (turn === "depart" || turn === "straight")
      return [`Seberangi jembatan${named}`, `Cross the bridge${named}`];
    return [`${id}, lalu seberangi jembatan${named}`, `${en}, then cross the bridge${named}`];
  }
  if (turn === "depart") {
    const [windID, windEN] = winds[Math.floor(((toward + 22.5) % 360) / 45)] ?? winds[0];
    return [
      `Pergi ke arah ${windID}${name ? ` di ${name}` : ""}`,
      `Head ${windEN}${name ? ` on ${name}` : ""}`,
    ];
  }
  if (e.steps) return [`${id}, lewat tangga`, `${en}, by the steps`];
  if (!name) return [id, en];
  return turn === "straight"
    ? [`${id} di ${name}`, `${en} on ${name}`]
    : [`${id} ke ${name}`, `${en} onto ${name}`];
}

/** A length as one says it: to 10 m, from a kilometre on to 100 m. */
function paces(metres: number): [string, string] {
  const far = metres >= 995;
  const value = far ? metres / 1000 : Math.max(Math.round(metres / 10) * 10, 10);
  const say = (lang: "id" | "en") => `${fixed(value, far ? 1 : 0, lang)} ${far ? "km" : "m"}`;
  return [say("id"), say("en")];
}

interface Step {
  id: string;
  en: string;
  bridge: boolean;
  coordinates: Position;
  metres: number;
}

/** Makes the line and the steps of a way. */
class Writer {
  readonly line: Position[];
  readonly bridges: string[] = [];
  readonly #steps: Step[] = [];
  readonly #pack: Pack;
  #before: number | undefined;
  #road: Edge | undefined;

  constructor(pack: Pack, start: Position) {
    this.#pack = pack;
    this.line = [start];
  }

  put(p: Position): void {
    if (String(this.line.at(-1)) !== String(p)) this.line.push(p);
  }

  metres(): number {
    return this.line.reduce((all, p, i) => all + distance(this.line[i - 1] ?? p, p), 0);
  }

  leg({ edge, from, to }: Leg): void {
    const e = this.#pack.edges[edge];
    const part = e && Math.abs(from - to) >= 0.01 ? stretch(e, from, to) : [];
    const [first, second] = part;
    const [last, prior] = [part.at(-1), part.at(-2)];
    if (!e || !first || !second || !last || !prior) return;
    const after = bearing(first, second);
    const turn = this.#before === undefined ? "depart" : turnOf(this.#before, after);
    const junction = e.fork[from > to ? 1 : 0];
    const road = this.#road;
    this.put(first);
    const other = !road || e.name !== road.name || e.bridge !== road.bridge || e.steps !== road.steps;
    if (other || (junction && turn !== "straight" && turn !== "slight_left" && turn !== "slight_right")) {
      const [id, en] = begin(turn, e, after);
      this.#steps.push({ id, en, bridge: e.bridge, coordinates: first, metres: 0 });
      if (e.bridge) this.bridges.push(e.name);
    }
    const step = this.#steps.at(-1);
    if (step) step.metres += Math.abs(to - from);
    this.#road = e;
    for (const p of part) this.put(p);
    this.#before = bearing(prior, last);
  }

  finish(toRoad: number, shelter: string, at: Position): Way["steps"] {
    const steps = this.#steps.map(({ id, en, bridge, coordinates, metres }) => {
      const [far, length] = paces(metres);
      return { text: both(`${id}, ${far}.`, `${en}, ${length}.`), bridge, coordinates };
    });
    const [far, length] = paces(toRoad);
    const road = both(`Menuju jalan terdekat, ${far} lurus.`, `Get to the nearest road, ${length} straight.`);
    return [
      ...(toRoad >= offRoad ? [{ text: road, bridge: false, coordinates: this.line[0] ?? at }] : []),
      ...steps,
      { text: both(`Tiba di ${shelter}.`, `Arrive at ${shelter}.`), bridge: false, coordinates: at },
    ];
  }
}

function goTo({ destination: { name }, length, duration }: Way): Text {
  const [far, metres] = paces(length);
  const n = Math.ceil(duration / 60);
  return both(
    `Pergi ke ${name}: ${far}, sekitar ${n} menit.`,
    `Go to ${name}: ${metres}, about ${n === 1 ? "1 minute" : `${n} minutes`}.`,
  );
}

/** The tallest refuge nearby, whether there is room or not. */
function tallest({ head }: Pack, from: readonly [number, number]): Near | null {
  const near = head.shelters
    .map((s) => ({ ...s, distance: distance(from, s.coordinates) }))
    .filter((s) => s.open && s.refuge_height !== null && s.distance <= refugeReach);
  const height = (s: Near) => s.refuge_height ?? 0;
  return near.sort((a, b) => height(b) - height(a) || a.distance - b.distance)[0] ?? null;
}

function nowhere(late: boolean, refuge: Near | null): Text {
  if (late) {
    return both(
      `Menurut data yang tersimpan tidak ada tempat evakuasi yang tercapai sebelum bahaya tiba. Naiklah setinggi mungkin sekarang${refuge ? `; yang tertinggi di dekat sini: ${refuge.name}` : ""}.`,
      `By what is kept no shelter can be reached before the hazard. Get as high as you can now${refuge ? `; the tallest known nearby is ${refuge.name}` : ""}.`,
    );
  }
  return both(
    "Menurut data yang tersimpan tidak ada jalan terbuka dari sini ke tempat evakuasi yang masih menerima orang.",
    "By what is kept no open way leads from here to a shelter that takes people.",
  );
}
