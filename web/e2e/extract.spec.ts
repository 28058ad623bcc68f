// The extract: of the parcel under a tap and of land that is drawn, as the
// server made it, by link, on paper, and what goes wrong.

import type { Polygon } from "geojson";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Here, Item } from "../src/api.ts";
import { say, type Text } from "../src/catalog.ts";
import type { Theme, Verdict } from "../src/extract/answer.ts";
import { extractWords } from "../src/extract/words.ts";
import { day, fixed, number } from "../src/format.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { base, canEdit, catalog, forgive, json, phone, shot, sql } from "./helper.ts";

const given = await catalog();
const small = { ...phone, viewport: { width: 360, height: 740 } };

/** The document as it is kept. */
interface Kept {
  id: string;
  keptUntil: string;
  sentence: Text;
  concerned: Theme[];
  notConcerned: { title: Text }[];
  withoutData: { title: Text; why: Text }[];
}

class ExtractPage extends MapPage {
  static override async open(hash = "", options?: Parameters<typeof MapPage.open>[1]): Promise<ExtractPage> {
    const { page, lang } = await MapPage.open(hash, options);
    return new ExtractPage(page, lang);
  }

  get say() {
    return extractWords[this.lang];
  }

  get panel(): Locator {
    return this.page.locator("simtaru-extract");
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Waits until land can be drawn. */
  async inHand(): Promise<void> {
    await this.panel.getByText(this.say.drawing).waitFor();
    await this.panel.locator("button.solid:enabled").waitFor();
  }

  /** Follows a link into the same page. */
  async goto(view: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, `#map=17/5.55/95.32&${view}`);
  }

  /** The document that the address names, once it is shown. */
  async shown(): Promise<Kept> {
    await this.panel.locator(".sentence").waitFor();
    const id = /extract=([0-9a-f-]{36})/.exec(await this.hash())?.[1];
    return json<Kept>(`/api/v1/extracts/${id}`);
  }

  /** Each part that concerns the land: what it is, how much, and how far its bar is filled with which colour. */
  parts(): Promise<{ name: string; size: string; filled: number | undefined; colour: string | null }[]> {
    return this.panel.locator(".entries > li").evaluateAll((list) =>
      list.map((one) => {
        const words = (part: string) =>
          one.querySelector(part)?.textContent?.replace(/\s+/g, " ").trim() ?? "";
        const bar = one.querySelector(".ground")?.getBoundingClientRect().width;
        const share = one.querySelector(".share");
        return {
          name: words(".what span"),
          size: words(".size"),
          filled: bar && share ? (100 * share.getBoundingClientRect().width) / bar : undefined,
          colour: share?.getAttribute("fill") ?? null,
        };
      }),
    );
  }
}

/** A place in the sub-zone of that code that is in a parcel, and the parcel. */
async function plotIn(code: string): Promise<{ lon: number; lat: number; id: number }> {
  const layer = given.layers.find((l) => l.style?.field === "kodszn");
  const { features } = await json<{ features: Item[] }>(`${layer?.items}?kodszn=${code}&limit=20`);
  for (const { geometry } of features) {
    const [lon, lat] = (geometry && inside(geometry)) ?? [];
    if (lon === undefined || lat === undefined) continue;
    const { plot } = await json<Here>(`/api/v1/zoning/at?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}`);
    if (plot) return { lon, lat, id: plot.id };
  }
  throw new Error(`no ${code} is in a parcel`);
}

describe("the extract of a parcel", () => {
  test("is made at a tap, sentence first, and the way back leads back", async () => {
    // Given
    const { lon, lat } = await plotIn("R-2");
    const map = await ExtractPage.open(`#map=18/${lat}/${lon}`);
    await map.tap();
    // When
    await map.button(map.words.makeExtract).click();
    // Then
    const made = await map.shown();
    expect(await map.panel.locator(".sentence").innerText()).toBe(made.sentence.id);
    const parts = await map.parts();
    const entries = made.concerned.flatMap((theme) => theme.entries);
    expect(parts.length).toBe(entries.length);
    for (const [i, entry] of entries.entries()) {
      expect(parts[i]?.name).toContain(say(entry.title, "id"));
      if (entry.area === undefined) continue;
      expect(parts[i]?.size).toBe(
        `${number(entry.area, "id", 0, true)} m² (${fixed(entry.percent ?? 0, 1, "id")}%)`,
      );
      expect(parts[i]?.filled).toBeCloseTo(entry.percent ?? 0, 0);
      expect(parts[i]?.colour).toBe(entry.color);
    }
    // It was asked for without a login, and says at once until when it is kept.
    await map.panel.getByText(map.say.kept(day(made.keptUntil, "id"))).waitFor();
    const [zoning] = made.concerned;
    await map.panel.getByText(say(zoning?.check?.sentence, "id")).waitFor();
    // What it rules is folded, with figures for the land.
    const zone = zoning?.entries[0]?.zone;
    const footprint = map.panel.getByText(
      `${number(zone?.intensity[0]?.figures?.footprint ?? 0, "id", 2, true)} m²`,
      { exact: true },
    );
    expect(await footprint.isVisible()).toBe(false);
    await map.panel.getByText(map.say.built).first().click();
    await footprint.waitFor();
    await map.panel.getByText(map.say.activities, { exact: true }).first().click();
    await map.panel.getByText(say(zone?.activities[0]?.activities[0]?.title, "id")).first().waitFor();
    await map.panel.getByText(map.say.law, { exact: true }).first().click();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "extract");
    // What is not concerned, and of what nobody knows and why.
    for (const { title, why } of made.withoutData)
      await map.panel.getByText(`${say(title, "id")}: ${say(why, "id")}`).waitFor();
    await map.panel.getByText(map.say.notConcerned(made.notConcerned.length)).click();
    await map.panel.getByText(say(made.notConcerned[0]?.title, "id"), { exact: true }).waitFor();
    // On paper, and to hand on.
    const pdf = await map.panel.getByRole("link", { name: map.say.pdf, exact: true }).getAttribute("href");
    const printed = await fetch(`${base}${pdf}`);
    expect(printed.headers.get("content-type")).toBe("application/pdf");
    expect(await map.panel.getByRole("link", { name: `/extracts/${made.id}` }).count()).toBe(1);
    // When
    await map.page.goBack();
    // Then what was tapped is there again, and the way forward leads to the extract
    await map.button(map.words.makeExtract).waitFor();
    expect(await map.hash()).not.toContain("extract");
    expect(await map.page.getByText(map.words.hereMiddle).count()).toBe(0);
    await map.page.goForward();
    expect((await map.shown()).id).toBe(made.id);
    await map.panel.getByText(map.say.holds).waitFor();
  });

  test("is read by its link on a phone, in English, and printed alone with nothing folded", async () => {
    const { id } = await plotIn("K-1");
    const map = await ExtractPage.open(`#view=extract&land=${id}&lang=en`, small);
    const made = await map.shown();
    expect(await map.panel.locator(".sentence").innerText()).toBe(made.sentence.en);
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await map.page.reload();
    expect((await map.shown()).id).toBe(made.id);
    await map.panel.getByText(map.say.holds).waitFor();
    await map.settled();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "extract-phone");
    // When it is printed
    await map.page.emulateMedia({ media: "print" });
    await map.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await map.panel.locator("details:not([open])").count()).toBe(0);
    expect(await map.page.locator("simtaru-sheet.plan").isVisible()).toBe(false);
    expect(await map.panel.locator(".handed").isVisible()).toBe(false);
    const height = await map.page.evaluate(() => document.documentElement.scrollHeight);
    expect(height).toBeGreaterThan(1500);
    await map.page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await map.panel.locator("details[open]").count()).toBe(0);
    await map.page.emulateMedia({ media: "screen" });
    // Without a signature it is neither called genuine nor false
    const verdict = await json<Verdict>(`/api/v1/extracts/${made.id}/verify`);
    await map.page.route("**/verify", (route) =>
      route.fulfill({ json: { ...verdict, genuine: null, proof: "unsigned" } }),
    );
    await map.page.reload();
    await map.panel.getByText(`${map.say.unsigned} ${map.say.holds}`).waitFor();
    expect(await map.panel.getByRole("alert").count()).toBe(0);
    // When another place is tapped, the extract is left
    await map.settled();
    await map.tap(0.3, 0.2);
    await map.panel.waitFor({ state: "detached" });
    expect(await map.hash()).not.toContain("extract");
  });

  // The parcels are edited without being released.
  test.runIf(canEdit)("says what has changed since", async () => {
    const { id } = await plotIn("R-3");
    const map = await ExtractPage.open(`#view=extract&land=${id}`);
    const made = await map.shown();
    const layer = given.layers.find((l) => l.fields.some((f) => f.name === "certificate_area"))?.id;
    const grow = (m2: number) =>
      sql(`update plan.${layer} set certificate_area = certificate_area + ${m2} where id = ${id}`);
    try {
      await grow(100);
      await expect
        .poll(async () => (await json<Verdict>(`/api/v1/extracts/${made.id}/verify`)).changed)
        .toBe(true);
      await map.page.reload();
      await map.panel.getByText(map.say.changed).waitFor();
      const { changes } = await json<Verdict>(`/api/v1/extracts/${made.id}/verify`);
      expect(await map.panel.locator(".message li").allInnerTexts()).toEqual(changes.map((c) => c.id));
      await shot(map.page, "extract-changed");
    } finally {
      await grow(-100);
    }
  });
});

describe("land of one's own", () => {
  test("is drawn with a finger, and is not lost", async () => {
    const { lon, lat } = await plotIn("R-2");
    const map = await ExtractPage.open(`#map=17/${lat}/${lon}`, small);
    await map.tap();
    await map.button(map.words.drawExtract).click();
    await map.inHand();
    expect(await violations(map.page)).toEqual([]);
    for (const [x, y] of [
      [0.3, 0.2],
      [0.6, 0.2],
      [0.6, 0.45],
    ] as const) {
      await map.tap(x, y);
      await map.page.waitForTimeout(400);
    }
    await shot(map.page, "extract-drawing");
    await map.button(map.say.finish).click();
    const made = await map.shown();
    expect(made.concerned[0]?.check).toBeDefined();
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await map.page.reload();
    expect((await map.shown()).id).toBe(made.id);
  });

  test("is drawn by keyboard", async () => {
    const { lon, lat } = await plotIn("R-2");
    const map = await ExtractPage.open(`#map=18/${lat}/${lon}&lang=en`);
    await map.canvas.focus();
    await map.page.keyboard.press("Enter");
    await map.button(map.words.drawExtract).click();
    await map.inHand();
    await map.canvas.focus();
    const corner = async (key: string) => {
      await map.page.keyboard.press("Space");
      const before = await map.hash();
      await map.page.keyboard.press(key);
      await expect.poll(() => map.hash(), { timeout: 20_000 }).not.toBe(before);
    };
    await corner("ArrowRight");
    await corner("ArrowDown");
    await corner("ArrowLeft");
    await map.page.keyboard.press("Enter");
    const made = await map.shown();
    expect(await map.panel.locator(".sentence").innerText()).toBe(made.sentence.en);
    // Escape leaves the tool.
    await map.page.evaluate(() => {
      location.hash = location.hash.replace(/&extract=[^&]*/, "");
    });
    await map.inHand();
    await map.canvas.focus();
    await map.page.keyboard.press("Escape");
    await map.panel.waitFor({ state: "detached" });
  });
});

describe("what goes wrong is told in plain words", () => {
  const land: [what: string, corners: string][] = [
    ["in the sea", "95.2,5.7 95.201,5.7 95.201,5.701"],
    ["with longitude and latitude exchanged", "5.55,95.31 5.551,95.31 5.551,95.311"],
    ["that crosses itself", "95.32,5.55 95.321,5.551 95.321,5.55 95.32,5.551"],
    ["that is too large", "95.3,5.53 95.33,5.53 95.33,5.56 95.3,5.56"],
  ];
  test("of land that no extract can be made of", async () => {
    const map = await ExtractPage.open("#map=15/5.55/95.32");
    for (const [what, corners] of land) {
      const line = corners.split(" ").map((corner) => corner.split(",").map(Number));
      const geometry: Polygon = { type: "Polygon", coordinates: [[...line, ...line.slice(0, 1)]] };
      const refused = await fetch(`${base}/api/v1/extracts`, {
        method: "POST",
        headers: { "content-type": "application/json", "accept-language": "id" },
        body: JSON.stringify({ geometry }),
      });
      const { detail } = (await refused.json()) as { detail: string };
      expect(refused.status, what).toBeGreaterThanOrEqual(400);
      await map.goto(`view=extract&ring=${corners.replaceAll(" ", ";")}`);
      await map.panel.getByRole("alert").getByText(detail).waitFor();
      expect(forgive(/status of 4/).length, what).toBe(1);
    }
    await shot(map.page, "extract-refused");
    // It is still there to be tried again, or drawn anew.
    expect(await map.hash()).toContain("ring=");
    await map.button(map.say.redraw).click();
    await map.inHand();
  });

  test("of too many, of one that was cancelled, of a server that does not answer, and of none", async () => {
    const { id } = await plotIn("R-2");
    const map = await ExtractPage.open("#map=17/5.55/95.32");
    const detail = "Terlalu banyak kutipan dibuat. Coba lagi 20 detik lagi.";
    await map.page.route("**/api/v1/extracts", (route) =>
      route.fulfill({
        status: 429,
        headers: { "retry-after": "20" },
        contentType: "application/problem+json",
        body: JSON.stringify({ type: "/docs/errors#too-many-extracts", detail }),
      }),
    );
    await map.goto(`view=extract&land=${id}`);
    await map.panel.getByRole("alert").getByText(detail).waitFor();
    expect(forgive(/status of 429/).length).toBe(1);
    await map.page.unroute("**/api/v1/extracts");
    // When it is cancelled while the server is at work
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await map.page.route("**/api/v1/extracts", async (route) => {
      await held;
      await route.abort().catch(() => undefined);
    });
    await map.button(map.say.again).click();
    await map.panel.getByText(map.say.asking).waitFor();
    await map.button(map.say.cancel).click();
    await map.panel.getByText(map.say.cancelled).waitFor();
    // When no answer comes
    answer();
    await map.button(map.say.again).click();
    await map.panel.getByRole("alert").getByText(map.say.failed).waitFor();
    forgive(/Failed to load resource/);
    // When it comes again
    await map.page.unroute("**/api/v1/extracts");
    await map.button(map.say.again).click();
    await map.shown();
    // When there is none of that number
    await map.goto("view=extract&extract=00000000-0000-4000-8000-000000000000");
    await map.panel.getByRole("alert").getByText("Tidak ada kutipan dengan nomor ini").waitFor();
    expect(forgive(/status of 404/).length).toBe(1);
  });
});
