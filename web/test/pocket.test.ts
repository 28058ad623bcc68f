import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const file = Uint8Array.from(
  Buffer.from(
    (JSON.parse(readFileSync(new URL("./offline.fixture", import.meta.url), "utf8")) as { pack: string })
      .pack,
    "base64",
  ),
);

/** What the browser keeps, by path. */
let shelf: Map<string, { body: ArrayBuffer; headers: Headers }>;
let asked: { path: string; tag: string | null }[];
let answer: (path: string) => Response;

const whole = (asOf: string, tag = '"a"') =>
  new Response(file, { headers: { etag: tag, "simtaru-as-of": asOf } });

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime("2026-11-25T05:00:00Z");
  vi.resetModules();
  shelf = new Map();
  asked = [];
  answer = () => whole("2026-11-25T05:00:00Z");
  const url = (key: string | { url: string }) => (typeof key === "string" ? `http://here${key}` : key.url);
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("location", { origin: "http://here" });
  vi.stubGlobal("caches", {
    open: async () => ({
      match: async (key: string | { url: string }) => {
        const kept = shelf.get(url(key));
        return kept && new Response(kept.body, { headers: kept.headers });
      },
      put: async (key: string, response: Response) => {
        shelf.set(url(key), { body: await response.arrayBuffer(), headers: response.headers });
      },
      delete: async (key: string | { url: string }) => shelf.delete(url(key)),
      keys: async () => [...shelf.keys()].map((name) => ({ url: name })),
    }),
  });
  vi.stubGlobal("fetch", async (address: string, { headers }: { headers: Record<string, string> }) => {
    const path = address.replace("http://here/api/v1/evacuation/pack/", "");
    asked.push({ path, tag: headers["if-none-match"] ?? null });
    return answer(path);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const fresh = async () => (await import("../src/evacuation/pocket.ts")).pockets;
const at = (text: string) => Date.parse(text);

test("a pack is fetched once, kept through a reload, and asked again by its ETag when it is old", async () => {
  const first = await fresh();
  const states: string[] = [];
  first.told = () => states.push(first.state.kind);
  await first.want("foot");
  await first.want("foot");
  expect(states).toEqual(["fetching", "kept", "kept"]);
  expect(asked).toEqual([{ path: "city?profile=foot", tag: null }]);
  // When the page is opened again without a network
  vi.resetModules();
  const second = await fresh();
  answer = () => {
    throw new TypeError("Failed to fetch");
  };
  vi.setSystemTime("2026-11-25T07:00:00Z");
  await second.want("foot");
  expect(second.state).toEqual({ kind: "kept", asOf: at("2026-11-25T05:00:00Z") });
  expect((await second.pack("car"))?.pack.head.profile).toBe("foot");
  // When there is one, and nothing has changed
  answer = () =>
    new Response(null, { status: 304, headers: { "simtaru-as-of": "2026-11-25T07:00:00Z", etag: '"a"' } });
  await second.want("foot");
  expect(asked.at(-1)).toEqual({ path: "city?profile=foot", tag: '"a"' });
  expect(second.state).toEqual({ kind: "kept", asOf: at("2026-11-25T07:00:00Z") });
  expect([...shelf.values()][0]?.headers.get("simtaru-as-of")).toBe("2026-11-25T07:00:00Z");
});

test("what is broken is not kept, and not put in place of what is whole", async () => {
  const pockets = await fresh();
  const broken = Uint8Array.from(file);
  broken[100] = (broken[100] ?? 0) ^ 1;
  answer = () => new Response(broken, { headers: { etag: '"b"', "simtaru-as-of": "2026-11-25T05:00:00Z" } });
  await pockets.want("foot");
  expect(pockets.state.kind).toBe("none");
  expect(shelf.size).toBe(0);
  answer = () => whole("2026-11-25T05:00:00Z");
  await pockets.want("foot");
  answer = () => new Response(broken);
  await pockets.renew();
  expect(pockets.state.kind).toBe("kept");
  expect((await pockets.pack("foot"))?.etag).toBe('"a"');
});

test("of a city that is too large the gampong is kept where somebody asked", async () => {
  const pockets = await fresh();
  answer = (path) =>
    path.startsWith("city") ? new Response(null, { status: 422 }) : whole("2026-11-25T05:00:00Z");
  await pockets.want("foot");
  expect(pockets.state.kind).toBe("none");
  const versions = { graph_version: "", hazard_version: "", area: "11.71.01.2001" };
  await pockets.want("foot", versions);
  expect(asked.at(-1)?.path).toBe("11.71.01.2001?profile=foot");
  expect(pockets.state.kind).toBe("kept");
});

test("phones ask spread over a while, and of how people go the last two are kept", async () => {
  const pockets = await fresh();
  await pockets.want("foot");
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  pockets.rush();
  pockets.rush();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(() => expect(asked.length).toBe(2));
  // A change while somebody looks does not wait for the rush.
  pockets.rush();
  pockets.changed();
  await vi.advanceTimersByTimeAsync(11_000);
  await vi.waitFor(() => expect(asked.length).toBe(3)); // the one before is being read
  await pockets.want("car");
  await pockets.want("bicycle");
  expect([...shelf.keys()].map((name) => name.replace(/.*=/, ""))).toEqual(["car", "bicycle"]);
});

test("a browser that cannot keep anything says so, and asks for nothing", async () => {
  vi.stubGlobal("caches", undefined);
  const pockets = await fresh();
  await pockets.want("foot");
  expect(pockets.state.kind).toBe("unable");
  expect(asked).toEqual([]);
});
