// Features for the tests to edit: which there are, what they are made of, and
// what the server has kept of them.

import type { Position } from "geojson";
import type { Item } from "../src/api.ts";
import type { CatalogAnswer, Layer } from "../src/catalog.ts";
import type { EditPage } from "./editing.ts";
import { lines } from "./geometry.ts";
import { as, items, json, type Login, people } from "./helper.ts";

/** The catalogue as planners see it; nothing where none may log in. */
export async function plannersCatalog(): Promise<CatalogAnswer> {
  const [planner] = people;
  return planner
    ? ((await (await as(planner, "GET", "/api/v1/catalog")).json()) as CatalogAnswer)
    : { city: { title: {}, demo: true }, groups: [], layers: [], codes: [] };
}

/** A feature of one part without holes, the nth of those of some size. */
export async function pick(layer: Layer, nth: number): Promise<Item> {
  const all = await items(layer, 400);
  const plain = all.filter((f) => f.geometry && lines(f.geometry).length === 1 && points(f).length < 60);
  const big = plain.filter((f) => extent(points(f)) > 60);
  const found = big[nth % big.length] ?? plain[0];
  if (!found) throw new Error(`${layer.id} has no plain feature`);
  return found;
}

export function freeText(layer: Layer): string | undefined {
  return layer.fields.find((f) => f.type === "text" && !f.codes && !f.required && (f.maxLength ?? 0) > 200)
    ?.name;
}

export function points(f: Item): Position[] {
  return f.geometry ? lines(f.geometry).flatMap((line) => line.slice(0, -1)) : [];
}

export function equal(p: Position, q: Position): boolean {
  return p[0] === q[0] && p[1] === q[1];
}

/** Metres from west to east and south to north, the smaller of both. */
function extent(all: Position[]): number {
  const span = (i: number) => Math.max(...all.map((p) => p[i] ?? 0)) - Math.min(...all.map((p) => p[i] ?? 0));
  return Math.min(span(0), span(1)) * 111_000;
}

export async function number(layer: Layer): Promise<number> {
  return (await json<{ numberMatched: number }>(`${layer.items}?limit=1`)).numberMatched;
}

/** Every version of a feature, the newest first. */
export async function history(who: Login, layer: Layer, id: string | number) {
  const answer = await as(who, "GET", `${layer.items}/${id}/history`);
  return (
    (await answer.json()) as {
      versions: {
        revision: number;
        operation: string;
        actor: string;
        changed: object;
        geometryChanged: boolean;
      }[];
    }
  ).versions;
}

export interface Corner {
  point: Position;
  at: { x: number; y: number };
}

/** The vertices that can be seen beside the panels, and stand apart from each other. */
export async function visible(map: EditPage, ring: Position[]): Promise<Corner[]> {
  const all: Corner[] = [];
  for (const point of ring.slice(0, -1)) all.push({ point, at: await map.at(point) });
  const out: Corner[] = [];
  for (const one of all) {
    const alone = all.every((o) => o === one || Math.hypot(o.at.x - one.at.x, o.at.y - one.at.y) > 20);
    if (alone && (await map.seen(one.at))) out.push(one);
  }
  return out;
}
