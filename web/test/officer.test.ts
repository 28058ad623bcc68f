import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Item } from "../src/api.ts";
import { Catalog, type CatalogAnswer } from "../src/catalog.ts";
import { format, parse } from "../src/hash.ts";
import { Closures } from "../src/officer/closures.ts";
import { Desk } from "../src/officer/desk.ts";
import { roadsNear } from "../src/officer/nearroad.ts";
import { type Area, type Coverage, rows, shade } from "../src/officer/people.ts";
import { type Outcome, reasons } from "../src/officer/plans.ts";
import { Refuges } from "../src/officer/refuges.ts";
import type { Session } from "../src/session.ts";
import { Store } from "../src/state.ts";

const degree = 1 / 111_195;
const line = (id: number, coordinates: number[][], properties = {}): Item => ({
  type: "Feature",
  id,
  geometry: { type: "MultiLineString", coordinates: [coordinates] },
  properties,
});

describe("the road under a finger", () => {
  const south = line(1, [[0, 0], [100 * degree, 0]], { name: "Jalan Lama" }); // biome-ignore format: short
  const beside = line(2, [[0, 4 * degree], [100 * degree, 4 * degree]], { name: "Jalan Baru" }); // biome-ignore format: short
  const over = line(3, [[50 * degree, -40 * degree], [50 * degree, 40 * degree]], { name: "Jembatan", bridge: true }); // biome-ignore format: short

  test("is the nearest of its level, and a bridge is whole", () => {
    const found = roadsNear([beside, south, over], [47 * degree, 1 * degree], 10);
    expect(found.map(({ name, level, distance }) => [name, level, Math.round(distance)])).toEqual([
      ["Jalan Lama", 0, 1],
      ["Jembatan", 1, 3],
    ]);
    expect(found[1]?.stretch).toHaveLength(2);
    const [from, to] = [found[0]?.stretch[0]?.[0] ?? 0, found[0]?.stretch.at(-1)?.[0] ?? 0];
    expect([from, to].map((lon) => Math.round(lon / degree))).toEqual([35, 59]);
  });

  test("is none out of reach, and none at a level of its own where it is said", () => {
    expect(roadsNear([south], [50 * degree, 20 * degree], 10)).toEqual([]);
    const low = roadsNear([line(4, [[0, 0], [degree, 0]], { bridge: true, level: 0 })], [0, 0], 10); // biome-ignore format: short
    expect(low[0]?.level).toBe(0);
  });
});

describe("who is out of reach", () => {
  const area = (code: string, people: number | null, uncovered: number | null): Area => ({
    id: 1,
    code,
    name: code,
    district: "",
    people,
    uncovered,
  });
  const of = (...areas: Area[]): Coverage => ({
    minutes: 15,
    hazard: null,
    people: 0,
    uncovered: 0,
    unplaced: 0,
    areas,
  });

  test("is listed by number, with what has changed", () => {
    const opened = of(area("a", 10, 4), area("b", 10, 3), area("c", 10, 0), area("d", null, null));
    const now = of(area("a", 10, 0), area("b", 10, 5), area("c", 10, 0), area("d", null, null));
    expect(rows(now, { opened }).map(({ code, uncovered, more }) => [code, uncovered, more])).toEqual([
      ["b", 5, 2],
      ["a", 0, -4],
    ]);
  });

  test("is shaded by share", () => {
    expect(shade(area("a", 100, 10))).toBe("#fde0c5");
    expect(shade(area("a", 100, 11))).toBe("#f8b58b");
    expect(shade(area("a", 100, 0))).toBeUndefined();
    expect(shade(area("a", null, null))).toBeUndefined();
  });
});

test("why people are left is told of both plans", () => {
  const left = (why: string, people: number) => ({ why, text: { id: why }, people });
  const outcome = (...not_saved: object[]) => ({ not_saved }) as unknown as Outcome;
  expect(reasons(outcome(left("full", 3)), outcome(left("late", 9), left("full", 1)), "id")).toEqual([
    ["late", 0, 9],
    ["full", 3, 1],
  ]);
});

test("the address of the desk is read as it is written", () => {
  for (const text of [
    "#view=officer&duty=closures",
    "#view=officer&duty=people&minutes=20&profile=car",
    "#view=officer&duty=plans&plan=7e57d004-2b97-0e7a-b45f-5387367791cd&beside=2",
  ])
    expect(format(parse(text))).toBe(text);
  expect(parse("#view=officer&duty=x&minutes=7&beside=2").officer).toEqual({ duty: "closures" });
});

describe("what is written", () => {
  const layer = (id: string, list: string) => ({
    id,
    group: "danger",
    geometry: "MultiPolygon",
    order: 1,
    edit: true,
    items: `/${id}/items`,
    fields: [{ name: "grade", codes: { list, version: "1" } }],
  });
  const catalog = new Catalog({
    city: { title: {}, demo: true },
    groups: [],
    layers: [layer("barrier", "closure_severity"), layer("haven", "shelter_status")],
    codes: [],
  } as unknown as CatalogAnswer);
  const sent: { method: string; key: string | null; match: string | null; body: unknown }[] = [];
  let answer: (method: string) => Response;
  let desk: Desk;

  beforeEach(() => {
    vi.useFakeTimers();
    sent.length = 0;
    vi.stubGlobal("location", { origin: "http://here" });
    vi.stubGlobal("fetch", async (_: string, init: RequestInit & { headers: Record<string, string> }) => {
      const method = init.method ?? "GET";
      if (method !== "GET")
        sent.push({
          method,
          key: init.headers["idempotency-key"] ?? null,
          match: init.headers["if-match"] ?? null,
          body: JSON.parse(String(init.body)),
        });
      return answer(method);
    });
    const store = new Store(parse(""));
    store.update({ catalog });
    desk = new Desk({ store } as unknown as Session, () => {});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("a closure whose answer was lost is sent again as it was", async () => {
    const closures = new Closures(desk);
    let lost = true;
    answer = (method) => {
      if (method === "POST" && lost) throw new TypeError("no answer");
      if (method === "POST") return new Response(null, { status: 201, headers: { location: "/x/7" } });
      return Response.json({ features: [] });
    };
    const road = { name: "A", bridge: false, level: 0, at: [1, 2], stretch: [], distance: 0 };
    await closures.close(road);
    expect(closures.phase?.kind).toBe("failed");
    lost = false;
    vi.advanceTimersByTime(5_000);
    await closures.again();
    expect(closures.phase).toMatchObject({ kind: "closed", id: "7" });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  test("steps that follow each other are one change of what was read; theirs is not written over", async () => {
    const refuges = new Refuges(desk);
    const haven = (revision: number, occupancy: number) => ({
      type: "Feature",
      id: 1,
      geometry: null,
      properties: { name: "M", status: "ready", capacity: 500, occupancy, revision },
    });
    let [now, refused] = [haven(1, 10), false];
    answer = (method) => {
      if (method === "PATCH")
        return refused ? Response.json({}, { status: 412 }) : new Response(null, { status: 204 });
      return Response.json({ ...now, features: [now] });
    };
    await refuges.load();
    const [item] = refuges.items ?? [];
    if (!item) throw new Error("nothing was read");
    refuges.fill(item, 20);
    refuges.fill(item, 30);
    // What others said arrives before this is sent.
    now = haven(2, 77);
    refused = true;
    await refuges.load();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([
      { method: "PATCH", key: null, match: '"1"', body: { properties: { occupancy: 30 } } },
    ]);
    expect(refuges.drafts.get("1")?.overtaken?.theirs.properties["occupancy"]).toBe(77);
    refused = false;
    refuges.settle("1", true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent[1]?.match).toBe('"2"');
    expect(refuges.drafts.size).toBe(0);
  });
});
