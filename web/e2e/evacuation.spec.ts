// Where to run, against the real server: closures and events are posted as
// another program would, straight in the database.

import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Layer } from "../src/catalog.ts";
import type { Answer } from "../src/evacuation/answer.ts";
import { evacuationWords } from "../src/evacuation/words.ts";
import { violations } from "./axe.ts";
import { blue, MapPage } from "./driver.ts";
import { base, blank, canEdit, catalog, desktop, forgive, json, phone, shot, sql } from "./helper.ts";

const given = await catalog();
const words = evacuationWords.id;
const small: BrowserContextOptions = { ...phone, viewport: { width: 360, height: 740 } };
/** From here the fastest way is over a bridge, and another is not. */
const from = [95.33, 5.536] as const;
const link = `#view=evacuate&from=${from}`;

const routes = (at: readonly number[], more = ""): Promise<Answer> =>
  json<Answer>(`/api/v1/evacuation/routes?from=${at}${more}`);

const withList = (list: string): string =>
  (given.layers.find((l: Layer) => l.fields.some((f) => f.codes?.list === list)) as Layer).id;

/** No pack is kept: what is told is what the server said last. */
const withoutPack = (page: Page) =>
  page.route("**/evacuation/pack/**", (route) => route.fulfill({ status: 204 }));

const panel = (page: Page) => page.locator("simtaru-evacuation");
const flee = (map: MapPage) => map.page.getByRole("button", { name: map.words.evacuateHere }).first().click();

/** Minutes as the panel says them. */
const minutes = (seconds: number): string => words.minutes(String(Math.ceil(seconds / 60)));

describe("where to run", () => {
  test("is told on a phone, from where it is, and drawn", async () => {
    // Given
    const map = await MapPage.open("", {
      ...small,
      permissions: ["geolocation"],
      geolocation: { longitude: from[0], latitude: from[1], accuracy: 80 },
    });
    // When
    await flee(map);
    // Then
    const { routes: ways, alternative, passed_over: passed } = await routes(from);
    const [best] = ways;
    if (!best || !alternative) throw new Error("the place is not what this test is about");
    const view = panel(map.page);
    await view.getByRole("heading", { name: best.destination.name, exact: true }).waitFor();
    await view.locator(".figures").getByText(minutes(best.duration)).waitFor();
    expect(await view.locator("ol li").count()).toBe(best.steps.length);
    await view.getByText(`${words.located("80 m")} ${words.rough}`).waitFor();
    expect(await map.hash()).toContain(`view=evacuate&from=${from}`);
    if (passed.length) {
      const reason = view.getByText(passed[0]?.text.id ?? "").first();
      expect(await reason.isVisible()).toBe(false);
      await view.getByText(words.passed(passed.length)).click();
      await reason.waitFor();
    }
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await map.settled();
    const before = await blue(map);
    expect(before).toBeGreaterThan(0.004);
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "evacuation-phone");
    // When the way without the bridge is chosen
    await view.getByRole("button", { name: words.without(best.bridges.join(", ")) }).click();
    // Then
    await view.locator(".figures").getByText(minutes(alternative.duration)).waitFor();
    expect(await view.locator("ol li").count()).toBe(alternative.steps.length);
  });

  test("is asked of a tap where the phone may not say, and with Enter at the middle of the map", async () => {
    const map = await MapPage.open(`#map=17/${from[1]}/${from[0]}&lang=en`);
    await flee(map);
    const view = panel(map.page);
    const say = evacuationWords.en;
    await view.getByRole("alert").getByText(say.refused).waitFor();
    // When
    await map.canvas.focus();
    await map.page.keyboard.press("Enter");
    // Then
    const best = (await routes(from)).routes[0];
    await view.getByRole("heading", { name: best?.destination.name ?? "", exact: true }).waitFor();
    await view.getByText(say.tapped).waitFor();
    // A slip of the thumb changes nothing.
    const hash = await map.hash();
    await map.settled();
    await map.tap(0.2, 0.2);
    expect((await map.hash()).replace(/map=[^&]*/, "")).toBe(hash.replace(/map=[^&]*/, ""));
    // When another place is chosen
    await view.getByRole("button", { name: say.elsewhereButton }).click();
    await view.getByText(say.choose).waitFor();
    await map.tap(0.3, 0.4);
    await view.locator("ol li").first().waitFor();
    expect(await map.hash()).not.toBe(hash);
    // Closing gives the map back.
    await view.getByRole("button", { name: map.words.close }).click();
    await view.waitFor({ state: "detached" });
    expect(await map.hash()).not.toContain("evacuate");
    // When the panel of a tapped place is asked
    await map.tap();
    await map.found.getByRole("button", { name: map.words.evacuateHere }).click();
    await view.locator("ol li").first().waitFor();
    // Then the way back leads there.
    await map.page.goBack();
    await view.waitFor({ state: "detached" });
    await map.found.waitFor();
  });

  test("is of how one goes; it is said of when it is, and where it cannot be", async () => {
    const map = await MapPage.open(`${link}&profile=foot_helped`, { ...desktop, colorScheme: "dark" });
    const view = panel(map.page);
    const [slow] = (await routes(from, "&profile=foot_helped")).routes;
    await view
      .locator(".figures")
      .getByText(minutes(slow?.duration ?? 0))
      .waitFor();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "evacuation-dark");
    await view.getByLabel(words.how).selectOption("bicycle");
    const [fast] = (await routes(from, "&profile=bicycle")).routes;
    await view
      .locator(".figures")
      .getByText(minutes(fast?.duration ?? 0))
      .waitFor();
    expect(await map.hash()).toContain("profile=bicycle");
    // When the database is away
    await map.page.route("**/api/v1/evacuation/routes**", async (route) => {
      const answer = await route.fetch();
      const headers = { ...answer.headers(), "simtaru-as-of": "2026-11-03T04:05:06Z" };
      await route.fulfill({ response: answer, headers });
    });
    await view.getByLabel(words.how).selectOption("car");
    await view.getByText(words.stale("3 November 2026 pukul 11.05 WIB")).waitFor();
    // When it is at sea
    await goTo(map, "#view=evacuate&from=95.2,5.62");
    await view.getByRole("alert").getByText("terlalu jauh dari jalan").waitFor();
    expect(forgive(/status of 422/).length).toBeGreaterThan(0);
  });

  test("is kept without a connection, with its age, and asked again with one", async () => {
    const map = new MapPage(
      await blank({
        ...small,
        permissions: ["geolocation"],
        geolocation: { longitude: from[0] + 0.001, latitude: from[1], accuracy: 8 },
      }),
    );
    await withoutPack(map.page);
    await map.page.goto(`${base}/${link}`);
    await map.settled();
    const view = panel(map.page);
    const name = (await routes(from)).routes[0]?.destination.name ?? "";
    await view.getByRole("heading", { name, exact: true }).waitFor();
    // When
    await map.page.context().setOffline(true);
    await view.getByRole("button", { name: words.here, exact: true }).click();
    // Then
    const told = view.getByRole("alert").getByText("Tidak ada sambungan. Ini jawaban pukul");
    await told.waitFor();
    await view.getByText(words.elsewhere("110 m")).waitFor();
    await view.getByRole("heading", { name, exact: true }).waitFor();
    await shot(map.page, "evacuation-offline");
    // When
    await map.page.context().setOffline(false);
    // Then
    await told.waitFor({ state: "detached" });
    forgive(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
  });
});

describe.runIf(canEdit)("what happens meanwhile", () => {
  test("a closure changes the way that is open, and says so", async () => {
    // Given
    const before = (await routes(from)).routes[0];
    const bridge = before?.steps.find((s) => s.bridge)?.coordinates;
    if (!before || !bridge) throw new Error("the way has no bridge");
    const map = await MapPage.open(link, small);
    const view = panel(map.page);
    await view.locator(".figures").getByText(minutes(before.duration)).waitFor();
    const table = `plan."${withList("closure_severity")}"`;
    try {
      // When
      await sql(
        `insert into ${table} (name, reason, severity, starts_at, geom) values ('Uji rute', 'flood', 'closed', now(),
         st_multi(st_buffer(st_setsrid(st_makepoint(${bridge}), 4326)::geography, 15)::geometry))`,
      );
      // Then
      await view.getByText(/Rutenya berubah pukul/).waitFor({ timeout: 10_000 });
      const [now] = (await routes(from)).routes;
      expect(now?.geometry).not.toEqual(before.geometry);
      await view
        .locator(".figures")
        .getByText(minutes(now?.duration ?? 0))
        .waitFor();
      await map.settled();
      await shot(map.page, "evacuation-closed");
    } finally {
      await sql(`delete from ${table} where name = 'Uji rute'`);
    }
    await view.locator(".figures").getByText(minutes(before.duration)).waitFor({ timeout: 10_000 });
  });

  test("an event is told above every page, and the time that is left; when it is over, no more", async () => {
    // Given
    const map = await MapPage.open("", small);
    const banner = map.page.locator("simtaru-banner");
    const table = `plan."${withList("event_level")}"`;
    expect(await banner.getByRole("alert").isVisible()).toBe(false);
    try {
      // When
      await sql(
        `insert into ${table} (name, hazard, level, status, starts_at, arrival_at, message_id, geom)
         values ('Uji bahaya', 'tsunami', 'awas', 'on', now(), now() + interval '50 minutes', 'Segera menjauh dari pantai.',
         (select geom from ${table} where status = 'off' limit 1))`,
      );
      // Then
      await banner.getByText("Segera menjauh dari pantai.").waitFor({ timeout: 10_000 });
      await banner.getByText(/Awas: Tsunami · perkiraan tiba/).waitFor();
      await shot(map.page, "evacuation-event");
      // Given somebody in its area
      const shore = "95.3035,5.5521";
      const [way] = (await routes(shore.split(",").map(Number))).routes;
      expect(way?.margin).toBeGreaterThan(300);
      // When
      await goTo(map, `#view=evacuate&from=${shore}`);
      // Then
      const view = panel(map.page);
      await view.getByText(words.arrivesIn).waitFor();
      const timer = view.getByRole("timer");
      expect(await timer.innerText()).toMatch(/^4[89]:\d\d$/);
      const first = await timer.innerText();
      await expect.poll(() => timer.innerText(), { timeout: 10_000 }).not.toBe(first);
      expect(await view.locator(".clock.short").count()).toBe(0);
      expect(await violations(map.page)).toEqual([]);
      await shot(map.page, "evacuation-countdown");
      // When there is no time left for any shelter
      await sql(`update ${table} set arrival_at = now() + interval '1 minute' where name = 'Uji bahaya'`);
      // Then
      const late = await routes(shore.split(",").map(Number));
      if (late.cannot_reach_in_time) {
        await view
          .getByRole("alert")
          .getByText(/Tidak ada tempat evakuasi yang tercapai tepat waktu/)
          .waitFor({ timeout: 10_000 });
      }
      await view.locator(".clock.short").waitFor({ timeout: 10_000 });
      await shot(map.page, "evacuation-late");
    } finally {
      await sql(`delete from ${table} where name = 'Uji bahaya'`);
    }
    await banner.getByRole("alert").waitFor({ state: "hidden", timeout: 10_000 });
  });
});

/** As who pastes a link into the open page. */
const goTo = (map: MapPage, hash: string): Promise<string> =>
  map.page.evaluate((text) => {
    location.hash = text;
    return text;
  }, hash);
