// Without a network, from a cold start: the page, and the way to a shelter from
// places that were never asked about.

import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Answer } from "../src/evacuation/answer.ts";
import { unbroken } from "../src/evacuation/figure.ts";
import { evacuationWords } from "../src/evacuation/words.ts";
import { violations } from "./axe.ts";
import { blue, MapPage } from "./driver.ts";
import { base, forgive, json, phone, shot } from "./helper.ts";

const words = evacuationWords.id;
const options: BrowserContextOptions = {
  ...phone,
  viewport: { width: 360, height: 740 },
  serviceWorkers: "allow",
};
const from = [95.33, 5.536];
const elsewhere = [95.3212, 5.5487];
const link = (at: readonly number[]) => `#view=evacuate&from=${at}`;

const panel = (page: Page) => page.locator("simtaru-evacuation");
const packed = /Server tidak terjangkau: rute dari data yang disimpan (baru saja|\d+ menit)/;

async function best(at: readonly number[]): Promise<Answer["routes"][number]> {
  const [way] = (await json<Answer>(`/api/v1/evacuation/routes?from=${at}`)).routes;
  if (!way) throw new Error("the place is not what this test is about");
  return way;
}

/** Waits until the page may be opened without a network. */
const kept = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (;;) {
      const keys = await Promise.all((await caches.keys()).map(async (n) => (await caches.open(n)).keys()));
      const paths = keys.flat().map((key) => new URL(key.url).pathname);
      if (navigator.serviceWorker.controller && paths.filter((p) => p === "/styles/plan.json").length > 1)
        return;
      await new Promise((done) => setTimeout(done, 50));
    }
  });

describe("without a network", () => {
  test("the page opens, tells the way by what it keeps and how old that is, and asks again with one", async () => {
    // Given
    const map = await MapPage.open(link(from), options);
    const { page } = map;
    const view = panel(page);
    await view.getByRole("heading", { name: (await best(from)).destination.name, exact: true }).waitFor();
    await view.getByText(/Disimpan untuk luring, /).waitFor();
    await kept(page);
    // When
    await page.context().setOffline(true);
    await page.goto("about:blank");
    await page.goto(`${base}/${link(elsewhere)}`);
    // Then
    const told = view.getByRole("alert").getByText(packed);
    await told.waitFor();
    const way = await best(elsewhere);
    await view.getByRole("heading", { name: way.destination.name, exact: true }).waitFor();
    const minutes = words.minutes(String(Math.ceil(way.duration / 60)));
    await view.locator(".figures").getByText(minutes, { exact: true }).waitFor();
    expect(await view.locator("ol li").allInnerTexts()).toEqual(
      way.steps.map((s) => unbroken(s.text.id ?? "")),
    );
    await map.settled();
    expect(await blue(map)).toBeGreaterThan(0.004);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(page)).toEqual([]);
    await shot(page, "offline-phone");
    // When another language, at a place that no road is near
    await page.evaluate((hash) => {
      location.hash = hash;
    }, "#view=evacuate&from=95.2,5.62&lang=en");
    await view.getByRole("alert").getByText(evacuationWords.en.failed).waitFor();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, link(elsewhere));
    await told.waitFor();
    // When
    await page.context().setOffline(false);
    // Then
    await told.waitFor({ state: "detached" });
    await view.getByRole("heading", { name: way.destination.name, exact: true }).waitFor();
    await view.getByText(/Disimpan untuk luring, /).waitFor();
    await shot(page, "online-phone");
    forgive(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
  });
});
