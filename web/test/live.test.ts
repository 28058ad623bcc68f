import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listen, parseChange, pause } from "../src/live.ts";

class FakeSource {
  readonly handlers = new Map<string, (event: { data?: unknown }) => void>();
  closed = false;
  addEventListener(type: string, handle: (event: { data?: unknown }) => void): void {
    this.handlers.set(type, handle);
  }
  close(): void {
    this.closed = true;
  }
  say(type: string, data?: unknown): void {
    this.handlers.get(type)?.({ data: data === undefined ? undefined : JSON.stringify(data) });
  }
}

/** Writes down what the listener hears, in order. */
function start() {
  const sources: FakeSource[] = [];
  const heard: unknown[] = [];
  const stop = listen(
    {
      change: (c) => heard.push(["change", c.layer, ...c.ids]),
      resync: () => heard.push("resync"),
      status: (s) => heard.push(["status", s.databaseDown, s.asOf]),
      link: (open) => heard.push(open ? "open" : "lost"),
    },
    () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
  );
  const last = () => sources.at(-1) as FakeSource;
  return { sources, heard, stop, last };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the event stream", () => {
  test("hands on changes and status, and starts without a resync", () => {
    const { heard, last, stop } = start();
    last().say("open");
    last().say("change", { layer: "a", ids: [1, 2], bbox: [0, 0, 1, 1], op: "update" });
    last().say("status", { asOf: "2026-11-24T00:00:00Z", behind: 4, databaseDown: true });
    expect(heard).toEqual(["open", ["change", "a", "1", "2"], ["status", true, "2026-11-24T00:00:00Z"]]);
    stop();
  });

  test("a lost connection is tried again, and what was missed is asked for", () => {
    const { sources, heard, last, stop } = start();
    last().say("open");
    last().say("error");
    expect(sources[0]?.closed).toBe(true);
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    last().say("open");
    expect(heard).toEqual(["open", "lost", "open", "resync"]);
    stop();
  });

  test("pauses grow, are spread, and have an end", () => {
    expect(pause(0, 0)).toBe(500);
    expect(pause(0, 1)).toBe(1_000);
    expect(pause(3, 1)).toBe(8_000);
    expect(pause(50, 1)).toBe(30_000);
    expect(pause(50, 0)).toBe(15_000);
  });

  test("a message that cannot be understood means: ask for everything", () => {
    const { heard, last, stop } = start();
    last().handlers.get("change")?.({ data: "{" });
    expect(heard).toEqual(["resync"]);
    stop();
  });

  test("stops for good", () => {
    const { sources, last, stop } = start();
    last().say("error");
    stop();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });

  test("a change with a broken box touches the whole layer", () => {
    expect(parseChange('{"layer":"a","ids":[7],"bbox":[1,2]}')).toEqual({ layer: "a", ids: ["7"] });
    expect(parseChange('{"ids":[7]}')).toBeUndefined();
    expect(parseChange("[]")).toBeUndefined();
    expect(parseChange("null")).toBeUndefined();
  });
});
