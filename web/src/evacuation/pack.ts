// The file by which the way is found without a server; its description is
// internal/evac/pack/doc.go.

import type { Text } from "../catalog.ts";
import type { Shelter } from "./answer.ts";

export interface Head {
  area: { kind: string; code: string; name: string };
  profile: string;
  /** m/s off the roads. */
  pace: number;
  graph_version: string;
  hazard_version: string;
  /** RFC 3339: when a closure next begins or ends by the clock. */
  until: string | null;
  names: string[];
  /** m/s. */
  speeds: number[];
  shelters: (Shelter & { open: boolean })[];
  /** One a tree; "" is none. */
  hazards: string[];
  events: PackEvent[];
  counts: { nodes: number; edges: number };
}

export interface PackEvent {
  id: number;
  hazard: string;
  level: string;
  /** RFC 3339. */
  starts_at: string;
  arrival_at: string | null;
  ends_at: string | null;
  message: Text;
  rings: number[][];
  /** As in the file. */
  apart?: number[];
  /** By edge: ms from its start that are the deadline too, -1 if its arrival is not. */
  beside: Map<number, number>;
}

export interface Edge {
  from: number;
  to: number;
  bridge: boolean;
  steps: boolean;
  /** Whether it may be gone along its line, and against it. */
  onward: boolean;
  back: boolean;
  /** Whether more than two roads meet at its nodes. */
  fork: [boolean, boolean];
  /** m/s. */
  speed: number;
  name: string;
  /** m. */
  length: number;
  /** ms to pass it now, along and against; Infinity is closed. */
  along: number;
  against: number;
  /** lon, lat by turns, in degrees, from node to node. */
  line: Float64Array;
  held: Stretch[];
}

/** What is closed (0) or slow, from m to m. */
export interface Stretch {
  from: number;
  to: number;
  speed: number;
}

export interface Front {
  /** ms from the start of the hazard; Infinity: not known. */
  arrival: number;
  rises: number[];
  falls: number[];
}

export interface Door {
  edge: number;
  goal: number;
  /** m. */
  along: number;
  /** ms from there to the shelter. */
  off: number;
  /** ms to it from the ends of its edge; Infinity: no way. */
  from: number;
  to: number;
}

export interface Tree {
  fronts: Map<number, Front>;
  doors: Door[];
  hops: Uint32Array;
  /** ms to the shelter, by node. */
  time: Float64Array;
}

export interface Pack {
  head: Head;
  edges: Edge[];
  /** Edges at each node, in the order of their numbers. */
  at: number[][];
  /** By node: the same for those that are connected in the pack. */
  part: Uint32Array;
  trees: Tree[];
}

const magic = "SEP1";
const hashed = magic.length + 32;

/** What is not a whole pack of this version throws. */
export async function readPack(file: Uint8Array<ArrayBuffer>): Promise<Pack> {
  if (new TextDecoder().decode(file.subarray(0, magic.length)) !== magic) throw new Error("not this version");
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", file.subarray(hashed)));
  if (sum.some((byte, i) => byte !== file[magic.length + i])) throw new Error("broken");
  return decode(new Reader(file, hashed));
}

function besideOf(apart: number[]): Map<number, number> {
  const all = new Map<number, number>();
  let edge = 0;
  for (let i = 0; i + 1 < apart.length; i += 2) {
    edge += apart[i] ?? 0;
    all.set(edge, (apart[i + 1] ?? 0) - 1);
  }
  return all;
}

class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  number(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 53; unit *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) break;
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
    throw new Error("no number");
  }

  /** How many follow, each of at least one byte. */
  count(): number {
    const n = this.number();
    if (n > this.bytes.length - this.at) throw new Error("fewer than there should be");
    return n;
  }

  list<T>(one: () => T): T[] {
    return Array.from({ length: this.count() }, one);
  }

  below(n: number): number {
    const value = this.number();
    if (value >= n) throw new Error("no such number");
    return value;
  }

  signed(): number {
    const n = this.number();
    return n % 2 ? -(n + 1) / 2 : n / 2;
  }

  metres(): number {
    return this.number() / 100;
  }

  /** ms plus 1, of which 0 is none. */
  perhaps(): number {
    const n = this.number();
    return n ? n - 1 : Number.POSITIVE_INFINITY;
  }
}

function decode(r: Reader): Pack {
  const length = r.count();
  const head = JSON.parse(new TextDecoder().decode(r.bytes.subarray(r.at, r.at + length))) as Head;
  r.at += length;
  for (const event of head.events) event.beside = besideOf(event.apart ?? []);
  const { nodes: n, edges: m } = head.counts;
  if (!(n + m <= r.bytes.length - r.at)) throw new Error("fewer than there should be");
  const nodes = new Float64Array(2 * n);
  let x = 0;
  let y = 0;
  for (let v = 0; v < n; v++) {
    nodes[2 * v] = x += r.signed();
    nodes[2 * v + 1] = y += r.signed();
  }
  const column = <T>(one: (i: number) => T): T[] => Array.from({ length: m }, (_, i) => one(i));
  let before = 0;
  const from = column(() => (before += r.number()));
  const to = column((i) => (from[i] ?? 0) + r.signed());
  if (from.some((v) => v >= n) || to.some((v) => v < 0 || v >= n)) throw new Error("no such node");
  const flags = column(() => r.number());
  const names = column(() => r.below(head.names.length + 1));
  const weights = column(() => r.number());
  const edges = column((i): Edge => {
    const [a = 0, b = 0, f = 0, weight = 0] = [from[i], to[i], flags[i], weights[i]];
    const speed = head.speeds[Math.floor(f / 64)];
    if (!speed) throw new Error("no such speed");
    const vertices = r.count();
    const line = new Float64Array(2 * vertices + 4);
    line[0] = nodes[2 * a] ?? 0;
    line[1] = nodes[2 * a + 1] ?? 0;
    for (let k = 2; k < 2 * vertices + 2; k++) line[k] = (line[k - 2] ?? 0) + r.signed();
    line[2 * vertices + 2] = nodes[2 * b] ?? 0;
    line[2 * vertices + 3] = nodes[2 * b + 1] ?? 0;
    const [onward, back] = [(f & 4) === 0, (f & 8) === 0];
    return {
      from: a,
      to: b,
      bridge: (f & 1) > 0,
      steps: (f & 2) > 0,
      onward,
      back,
      fork: [(f & 16) > 0, (f & 32) > 0],
      speed,
      name: head.names[(names[i] ?? 0) - 1] ?? "",
      length: (weight * speed) / 1000,
      along: onward ? weight : Number.POSITIVE_INFINITY,
      against: back ? weight : Number.POSITIVE_INFINITY,
      line: line.map((micro) => micro / 1e6),
      held: [],
    };
  });
  let at = 0;
  const edge = () => {
    at += r.number();
    const found = edges[at];
    if (!found) throw new Error("no such edge");
    return found;
  };
  r.list(() => {
    const e = edge();
    e.along = Math.max(r.perhaps(), e.onward ? 0 : Number.POSITIVE_INFINITY);
    e.against = Math.max(r.perhaps(), e.back ? 0 : Number.POSITIVE_INFINITY);
    e.held = r.list(() => {
      const start = r.metres();
      return { from: start, to: start + r.metres(), speed: r.number() / 1e4 };
    });
  });
  const beside: number[][] = Array.from({ length: n }, () => []);
  edges.forEach((e, i) => {
    beside[e.from]?.push(i);
    if (e.to !== e.from) beside[e.to]?.push(i);
  });
  const trees = head.hazards.map((): Tree => {
    at = 0;
    const fronts = new Map<number, Front>();
    r.list(() => {
      edge();
      fronts.set(at, {
        arrival: r.perhaps(),
        rises: r.list(() => r.metres()),
        falls: r.list(() => r.metres()),
      });
    });
    at = 0;
    const doors = r.list((): Door => {
      edge();
      return {
        edge: at,
        goal: r.below(head.shelters.length),
        along: r.metres(),
        off: r.number(),
        from: r.perhaps(),
        to: r.perhaps(),
      };
    });
    const hops = Uint32Array.from({ length: n }, () => r.number());
    const tree = { fronts, doors, hops, time: new Float64Array(n).fill(Number.NaN) };
    for (let v = 0; v < n; v++) measure(edges, beside, tree, v);
    return tree;
  });
  if (r.at !== r.bytes.length) throw new Error("more than there should be");
  return { head, edges, at: beside, part: partsOf(edges, n), trees };
}

/** Which nodes are connected, whatever is closed. */
function partsOf(edges: Edge[], nodes: number): Uint32Array {
  const above = Uint32Array.from({ length: nodes }, (_, v) => v);
  const top = (v: number): number => {
    let at = v;
    for (let up = above[at] ?? at; up !== at; up = above[at] ?? at) {
      above[at] = above[up] ?? up;
      at = up;
    }
    return at;
  };
  for (const { from, to } of edges) above[top(from)] = top(to);
  return above.map((_, v) => top(v));
}

/** The next edge from a node with a way; undefined at a door. */
export function hopOf(beside: number[][], tree: Tree, node: number): number | undefined {
  const hop = tree.hops[node] ?? 0;
  return hop % 2 ? beside[node]?.[(hop - 1) / 2] : undefined;
}

/** The door at a node whose hop is one. */
export function doorOf(tree: Tree, node: number): Door | undefined {
  const hop = tree.hops[node] ?? 0;
  return hop > 0 && hop % 2 === 0 ? tree.doors[hop / 2 - 1] : undefined;
}

/** Times of a node and of all on its way; a way that comes to no end, or goes where it may not, throws. */
function measure(edges: Edge[], beside: number[][], tree: Tree, start: number): void {
  const trail: { node: number; ms: number }[] = [];
  let node = start;
  let time = tree.time[node] ?? Number.NaN;
  while (Number.isNaN(time)) {
    if (trail.length > beside.length) throw new Error("a way in a circle");
    const door = doorOf(tree, node);
    const e = edges[hopOf(beside, tree, node) ?? -1];
    if (door) {
      const end = edges[door.edge];
      const ms = Math.min(
        end?.from === node ? door.from : Number.POSITIVE_INFINITY,
        end?.to === node ? door.to : Number.POSITIVE_INFINITY,
      );
      if (ms === Number.POSITIVE_INFINITY) throw new Error("no way to a door");
      tree.time[node] = time = ms;
    } else if (e) {
      const ms = e.from === node ? e.along : e.against;
      if (ms === Number.POSITIVE_INFINITY) throw new Error("a way over a closed edge");
      trail.push({ node, ms });
      node = e.from === node ? e.to : e.from;
      time = tree.time[node] ?? Number.NaN;
    } else if (tree.hops[node] === 0) {
      tree.time[node] = time = Number.POSITIVE_INFINITY;
    } else throw new Error("no such hop");
  }
  if (time === Number.POSITIVE_INFINITY && trail.length) throw new Error("a way to nowhere");
  for (const { node, ms } of trail.reverse()) tree.time[node] = time += ms;
}
