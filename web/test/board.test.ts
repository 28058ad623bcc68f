import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type IndicatorView, parse } from "../src/hash.ts";
import { Board } from "../src/indicator/board.ts";
import type { Session } from "../src/session.ts";
import { Store } from "../src/state.ts";

const asked: string[] = [];
/** What the server says, by path; a number is a refusal. */
let answers: Record<string, unknown> = {};

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  const listed = (id: string, layers: string[]) => ({
    id,
    layers,
    units: ["city", "kecamatan", "gampong"],
    value: {},
  });
  const readings = [{ code: "11.71" }];
  answers = {
    "/api/v1/indicators": { indicators: [listed("green", ["leafy"]), listed("slum", ["poor"])] },
    "/api/v1/indicators/green": { id: "green", readings },
    "/api/v1/indicators/green.geojson": { type: "FeatureCollection", features: [] },
    "/api/v1/indicators/green/series": { series: [] },
  };
  vi.stubGlobal("location", { origin: "http://here" });
  vi.stubGlobal("fetch", async (address: string) => {
    const url = new URL(address);
    asked.push(url.pathname + url.search);
    const answer = answers[url.pathname];
    const refused = typeof answer === "number" || answer === undefined;
    return new Response(JSON.stringify(refused ? { detail: "Tidak boleh." } : answer), {
      status: typeof answer === "number" ? answer : answer === undefined ? 404 : 200,
    });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(view: IndicatorView) {
  const store = new Store({ ...parse(""), indicators: view });
  const session = { store } as unknown as Session;
  const board = new Board(session);
  store.update({ board });
  await vi.advanceTimersByTimeAsync(10);
  return { board, store };
}

describe("the board", () => {
  test("asks for all at first, and for one in its smallest units when it is opened", async () => {
    const { board, store } = await open({ switches: {} });
    expect(asked).toEqual(["/api/v1/indicators"]);
    store.go({ indicators: { id: "green", switches: { water: true } } });
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toContain("/api/v1/indicators/green?by=gampong&water=true");
    expect(asked).toContain("/api/v1/indicators/green?by=city&water=true");
    expect(asked).toContain("/api/v1/indicators/green/series?by=city&code=11.71");
    expect(board.opened?.answer.id).toBe("green");
  });

  test("asks again, and twice more, when a layer of what is shown changes; not for another", async () => {
    const { board } = await open({ id: "green", switches: {} });
    asked.length = 0;
    board.touched("poor");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual([]);
    board.touched("leafy");
    board.touched("leafy");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.filter((path) => path === "/api/v1/indicators")).toHaveLength(3);
  });

  test("all cards are shown: any of their layers counts", async () => {
    const { board } = await open({ switches: {} });
    asked.length = 0;
    board.touched("poor");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
    board.touched("other");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
  });

  test("says in the server's words what it refuses, and recovers", async () => {
    answers["/api/v1/indicators/green"] = 403;
    const { board } = await open({ id: "green", switches: {} });
    expect(board.trouble).toBe("Tidak boleh.");
    answers["/api/v1/indicators/green"] = { id: "green", readings: [] };
    await board.load();
    expect(board.trouble).toBeUndefined();
  });

  test("an indicator that is not there is told as such", async () => {
    const { board } = await open({ id: "nothing", switches: {} });
    expect(board.trouble).toContain("Tidak ada indikator");
    expect(board.opened).toBeUndefined();
  });
});
