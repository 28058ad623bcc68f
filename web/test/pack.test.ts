// The reader of packs against what the server says of the same city: the file
// is written by a test of the server (TestPackFixture), which sees that it is current.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Text } from "../src/catalog.ts";
import { follow } from "../src/evacuation/follow.ts";
import { type Pack, readPack } from "../src/evacuation/pack.ts";

interface Told {
  /** s after the moment of the pack when one leaves. */
  after?: number;
  late?: boolean;
  from: [number, number];
  hazard: string;
  shelter: string;
  seconds: number;
  metres: number;
  margin: number | null;
  bridges: string[] | null;
  steps: Text[] | null;
  sentence: Text;
  last: [number, number];
}

const fixture = JSON.parse(readFileSync(new URL("./offline.fixture", import.meta.url), "utf8")) as {
  pack: string;
  now: string;
  ways: Told[];
};
const file = Uint8Array.from(Buffer.from(fixture.pack, "base64"));
const now = Date.parse(fixture.now);

/** A sentence without its lengths, and these in m. */
function parts(text: string | undefined): { words: string; metres: number[] } {
  const metres: number[] = [];
  const words = (text ?? "").replace(/([\d.,]+) (k?m)\b/g, (_, n: string, unit: string) => {
    metres.push(unit === "km" ? Number(n.replace(",", ".")) * 1000 : Number(n.replace(/[.,]/g, "")));
    return "*";
  });
  return { words, metres };
}

test("a pack leads as the server does: shelter, time, length, words, and time to spare", async () => {
  const pack: Pack = await readPack(file);
  expect(fixture.ways.length).toBeGreaterThan(30);
  let others = 0;
  for (const told of fixture.ways) {
    const about = `${told.from} after ${told.after}`;
    const answer = follow(pack, told.from, now + (told.after ?? 0) * 1000);
    expect(answer?.cannot_reach_in_time, about).toBe(told.late ?? false);
    const [way] = answer?.routes ?? [];
    expect(answer?.event?.hazard ?? "", about).toBe(told.hazard);
    expect(way?.destination.name ?? "", about).toBe(told.shelter);
    if (!way) continue;
    expect(Math.abs(way.duration - told.seconds), about).toBeLessThan(0.6);
    expect(Math.abs(way.length - told.metres), about).toBeLessThan(told.metres / 500 + 1);
    expect(way.margin === null, about).toBe(told.margin === null);
    expect(Math.abs((way.margin ?? 0) - (told.margin ?? 0)), about).toBeLessThan(0.6);
    expect(way.bridges, about).toEqual(told.bridges ?? []);
    for (const lang of ["id", "en"] as const) {
      const mine = way.steps.map((s) => parts(s.text[lang]));
      const theirs = (told.steps ?? []).map((s) => parts(s[lang]));
      // Coordinates are rounded: an angle may come to the other side of what makes a turn sharp.
      if (String(mine.map((s) => s.words)) !== String(theirs.map((s) => s.words))) {
        others++;
        continue;
      }
      mine.forEach((s, i) => {
        s.metres.forEach((m, k) => {
          expect(Math.abs(m - (theirs[i]?.metres[k] ?? 0)), about).toBeLessThanOrEqual(m < 1000 ? 10 : 100);
        });
      });
    }
    const line = way.geometry.coordinates;
    expect(line[0], about).toEqual(told.from);
    expect(line.at(-1), about).toEqual(way.destination.coordinates);
    expect((line.at(-2)?.[0] ?? 0) - told.last[0], about).toBeCloseTo(0, 5);
  }
  expect(others).toBeLessThanOrEqual(2);
});

test("what is broken, cut short or of another version is refused", async () => {
  for (const at of [3, 10, 60, file.length - 1]) {
    const broken = Uint8Array.from(file);
    broken[at] = (broken[at] ?? 0) ^ 1;
    await expect(readPack(broken), String(at)).rejects.toThrow();
  }
  await expect(readPack(file.slice(0, file.length - 1))).rejects.toThrow();
  await expect(readPack(new Uint8Array(0))).rejects.toThrow();
});

/** The file with some bytes changed, and a hash that fits. */
async function forged(change: (body: Uint8Array) => void): Promise<Uint8Array<ArrayBuffer>> {
  const forged = Uint8Array.from(file);
  change(forged.subarray(36));
  forged.set(new Uint8Array(await crypto.subtle.digest("SHA-256", forged.subarray(36))), 4);
  return forged;
}

test("hops that go in a circle, or to nothing, are refused and not followed", async () => {
  let refused = 0;
  // The hops are at the end; each is changed to others.
  for (let i = 1; i <= 60; i++) {
    const bytes = await forged((body) => {
      body[body.length - i] = ((body[body.length - i] ?? 0) + 2 * (i % 4) + 2) % 128;
    });
    const outcome = await readPack(bytes).then(
      () => "read",
      (error: Error) => error.message,
    );
    if (outcome !== "read") refused++;
  }
  expect(refused).toBeGreaterThan(20);
});

test("an event is over by the clock, and what is too late is not told as a way", async () => {
  const pack = await readPack(file);
  const under = fixture.ways.find((w) => w.late);
  if (!under) throw new Error("no place that is too late");
  const late = follow(pack, under.from, now + (under.after ?? 0) * 1000);
  expect(late?.routes).toEqual([]);
  expect(late?.cannot_reach_in_time).toBe(true);
  expect(late?.sentence.en).toMatch(/no shelter can be reached before the hazard/);
  expect(follow(pack, under.from, now - 3_600_000)?.event).toBeNull();
  expect(follow(pack, [95.2, 5.62], now)).toBeUndefined();
});
