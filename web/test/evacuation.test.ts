import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Catalog, type CatalogAnswer } from "../src/catalog.ts";
import { Evacuation, type Had, serverNow, spareAt } from "../src/evacuation/evacuation.ts";
import { eventLayer, type HazardEvent, onAt } from "../src/evacuation/events.ts";
import { away, countdown, distance, unbroken } from "../src/evacuation/figure.ts";
import { type EvacuateView, parse } from "../src/hash.ts";
import type { Session } from "../src/session.ts";
import { Store } from "../src/state.ts";

const layer = (id: string, group: string, geometry: string, list?: string) => ({
  id,
  group,
  geometry,
  order: 1,
  fields: list ? [{ name: "grade", codes: { list, version: "1" } }] : [],
});
const catalog = new Catalog({
  city: { title: {}, demo: true },
  groups: [],
  layers: [
    layer("alarm", "danger", "MultiPolygon", "event_level"),
    layer("barrier", "danger", "MultiPolygon"),
    layer("street", "moving", "MultiLineString"),
    layer("garden", "green", "MultiPolygon"),
  ],
  codes: [],
} as unknown as CatalogAnswer);

const here = [95.3, 5.55] as const;
const way = (id: number, east: number) => ({
  destination: { id, name: `T${id}`, coordinates: [east, 5.56], room: 10, refuge_height: null },
  length: 500,
  duration: 300,
  margin: 600,
  tightest: { name: "Jalan A", deadline: "2026-11-25T01:20:00Z", coordinates: [95.3, 5.551] },
  bridges: [],
  steps: [],
  geometry: { type: "LineString", coordinates: [here, [east, 5.56]] },
});
const told = (from: readonly number[], ...routes: object[]) => ({
  sentence: {},
  from: { coordinates: from },
  event: null,
  departure_at: "2026-11-25T01:00:00Z",
  routes,
  alternative: null,
  passed_over: [],
  cannot_reach_in_time: false,
  refuge: null,
});

const asked: string[] = [];
/** What the server says; a number is a refusal, nothing is no answer. */
let answer: object | number | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  answer = told(here, way(1, 95.31), way(2, 95.32));
  vi.stubGlobal("location", { origin: "http://here" });
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("document", { hidden: false, addEventListener: () => {} });
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(new URL(address).search);
    if (answer === undefined) throw new TypeError("no answer");
    const status = typeof answer === "number" ? answer : 200;
    return new Response(JSON.stringify(status === 200 ? answer : { detail: "Tidak bisa." }), { status });
  });
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(view: EvacuateView) {
  const store = new Store({ ...parse(""), evacuate: view });
  store.update({ catalog });
  const flights: unknown[] = [];
  const evacuation = new Evacuation({ store, fly: (f: unknown) => flights.push(f) } as unknown as Session);
  await vi.advanceTimersByTimeAsync(10);
  const had = (): Had => {
    if (evacuation.phase?.kind !== "answered") throw new Error(`it is ${evacuation.phase?.kind}`);
    return evacuation.phase.had;
  };
  return { store, evacuation, flights, had };
}

describe("where to run", () => {
  test("is asked for the place and the way to go, and shown whole", async () => {
    const { evacuation, flights } = await open({ from: here, profile: "foot_elderly" });
    expect(asked).toEqual(["?from=95.3%2C5.55&profile=foot_elderly"]);
    expect(evacuation.way?.destination.name).toBe("T1");
    expect(evacuation.course?.map((f) => f.properties?.["role"])).toEqual(["way", "from", "to"]);
    expect(flights).toEqual([{ box: [95.3, 5.55, 95.31, 5.56] }]);
  });

  test("is asked again after a change of dangers or streets, twice, and of nothing else", async () => {
    const { evacuation } = await open({ from: here });
    evacuation.touched("garden");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(1);
    for (const id of ["barrier", "street", undefined]) {
      asked.length = 0;
      evacuation.touched(id);
      await vi.advanceTimersByTimeAsync(700);
      expect(asked, id).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(2_300);
      expect(asked, id).toHaveLength(2);
    }
  });

  test("says when the way is another, and goes on showing the one that was chosen while it holds", async () => {
    const { evacuation, flights, had } = await open({ from: here });
    evacuation.show(1);
    const looks = flights.length;
    answer = told(here, way(1, 95.312), way(2, 95.32));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(had().changed).toBeUndefined();
    expect(evacuation.way?.destination.id).toBe(2);
    expect(flights).toHaveLength(looks);
    answer = told(here, way(3, 95.33), way(2, 95.325));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(had().changed).toBeDefined();
    expect(evacuation.way?.destination.id).toBe(3);
    expect(flights).toHaveLength(looks + 1);
    answer = told(here);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(evacuation.way).toBeUndefined();
  });

  test("keeps its last answer without a connection, of another place as well, but not of another way to go", async () => {
    const { store, evacuation, had } = await open({ from: here });
    answer = undefined;
    evacuation.again();
    await vi.advanceTimersByTimeAsync(10);
    expect(had().trouble).toBe("offline");
    expect(evacuation.way?.destination.id).toBe(1);
    store.go({ evacuate: { from: [95.301, 5.55] } });
    await vi.advanceTimersByTimeAsync(10);
    expect(had().answer.from.coordinates).toEqual(here);
    store.go({ evacuate: { from: here, profile: "car" } });
    await vi.advanceTimersByTimeAsync(10);
    expect(evacuation.phase).toEqual({ kind: "failed", again: true });
    answer = told(here, way(1, 95.31));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(had().trouble).toBeUndefined();
    answer = 503;
    evacuation.again();
    await vi.advanceTimersByTimeAsync(10);
    expect(had().trouble).toBe("Tidak bisa.");
  });

  test("tells a refusal in the server's words, in place of an answer", async () => {
    const { evacuation } = await open({ from: here });
    answer = 422;
    evacuation.again();
    await vi.advanceTimersByTimeAsync(10);
    expect(evacuation.phase).toEqual({ kind: "failed", again: false, why: "Tidak bisa." });
  });

  test("is asked for one place at a time, and no more when the view is closed", async () => {
    const { store, evacuation } = await open({ from: here });
    store.go({ evacuate: { from: [95.301, 5.55] } });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(asked).toHaveLength(3);
    evacuation.touched();
    store.go({ evacuate: undefined });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toHaveLength(3);
    expect(evacuation.phase).toBeUndefined();
    expect(evacuation.course).toBeUndefined();
  });

  test("is from where the phone is, or from a tap where that is not known", async () => {
    let result: ((where: object) => void) | undefined;
    let failure: ((why: object) => void) | undefined;
    vi.stubGlobal("navigator", {
      geolocation: {
        getCurrentPosition: (ok: typeof result, no: typeof failure) => {
          [result, failure] = [ok, no];
        },
      },
    });
    const { store, evacuation } = await open({});
    expect(evacuation.phase).toEqual({ kind: "locating" });
    result?.({ coords: { longitude: 95.30000012, latitude: 5.55, accuracy: 80 } });
    await vi.advanceTimersByTimeAsync(10);
    expect(store.state.address.evacuate).toEqual({ from: [95.3, 5.55] });
    expect(evacuation.accuracy).toBe(80);
    evacuation.locate();
    failure?.({ code: 1, PERMISSION_DENIED: 1 });
    expect(evacuation.phase).toEqual({ kind: "choosing", why: "refused" });
    evacuation.locate();
    failure?.({ code: 3, PERMISSION_DENIED: 1 });
    expect(evacuation.phase).toEqual({ kind: "choosing", why: "unlocated" });
    evacuation.choose();
    expect(evacuation.phase).toEqual({ kind: "choosing" });
    // A place that comes late does not take that of a tap.
    evacuation.locate();
    store.go({ evacuate: { from: [95.31, 5.55] } });
    result?.({ coords: { longitude: 95.4, latitude: 5.5, accuracy: 5 } });
    expect(store.state.address.evacuate?.from).toEqual([95.31, 5.55]);
    expect(evacuation.accuracy).toBeUndefined();
  });

  test("counts on the server's clock, whatever that of the phone says", async () => {
    const { evacuation, had } = await open({ from: here });
    const shown = evacuation.way;
    if (!shown) throw new Error("no way");
    const now = serverNow(had(), had().at + 60_000);
    expect(new Date(now).toISOString()).toBe("2026-11-25T01:01:00.000Z");
    expect(spareAt(shown, had().answer.departure_at, now)).toBe(540);
    expect(spareAt({ ...shown, margin: null }, had().answer.departure_at, now)).toBeUndefined();
  });
});

test("events are on from their start until their end, and while they are switched on", () => {
  const event = (more: Partial<HazardEvent>): HazardEvent => ({
    id: "1",
    hazard: {},
    level: {},
    message: {},
    on: true,
    starts: 100,
    ...more,
  });
  expect(onAt(undefined, 100)).toEqual([]);
  expect(onAt([event({})], 99)).toEqual([]);
  expect(onAt([event({})], 100)).toHaveLength(1);
  expect(onAt([event({ ends: 200 })], 199)).toHaveLength(1);
  expect(onAt([event({ ends: 200 })], 200)).toEqual([]);
  expect(onAt([event({ on: false })], 150)).toEqual([]);
  expect(eventLayer(catalog)?.id).toBe("alarm");
});

test("figures are said as people read them", () => {
  expect(distance(44.4, "id")).toBe("44 m");
  expect(distance(627.4, "id")).toBe("630 m");
  expect(distance(997, "id")).toBe("1 km");
  expect(distance(1260, "id")).toBe("1,3 km");
  expect(countdown(425.9)).toBe("07:05");
  expect(countdown(4500)).toBe("75:00");
  expect(countdown(-3)).toBe("00:00");
  expect(unbroken("Belok kiri, 110 m. Lalu 1,2 km 5 mil")).toBe(
    "Belok kiri, 110\u00a0m. Lalu 1,2\u00a0km 5 mil",
  );
  expect(away([95.3, 5.55], [95.3, 5.56])).toBeCloseTo(1112, 0);
  expect(away([95.3, 5.55], [95.31, 5.55])).toBeCloseTo(1107, 0);
});
