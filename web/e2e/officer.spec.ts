// The officer's desk against the real server: what an officer does there, a
// citizen's page follows.

import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import { Catalog, type Layer } from "../src/catalog.ts";
import type { Answer } from "../src/evacuation/answer.ts";
import { evacuationWords } from "../src/evacuation/words.ts";
import type { Coverage } from "../src/officer/people.ts";
import { officerWords } from "../src/officer/words.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { EditPage } from "./editing.ts";
import {
  canEdit,
  catalog,
  desktop,
  forgive,
  item,
  json,
  officer,
  people,
  phone,
  shot,
  sql,
} from "./helper.ts";

const given = new Catalog(await catalog());
const say = officerWords.id;
const small: BrowserContextOptions = { ...phone, viewport: { width: 360, height: 740 } };
/** From here the fastest way is over a bridge. */
const from = [95.33, 5.536] as const;

const layerOf = (list: string): Layer => {
  const layer = given.coded(list);
  if (!layer) throw new Error(`no layer has ${list}`);
  return layer;
};
const closures = layerOf("closure_severity");
const shelters = layerOf("shelter_status");
const events = layerOf("event_level");

const routes = (): Promise<Answer> => json<Answer>(`/api/v1/evacuation/routes?from=${from}`);
const coverage = (minutes: number): Promise<Coverage> =>
  json<Coverage>(`/api/v1/evacuation/coverage?minutes=${minutes}`);
const desk = (page: Page) => page.locator("simtaru-desk");
const button = (page: Page, name: string | RegExp) =>
  desk(page).getByRole("button", { name, exact: typeof name === "string" });

/** The middle of the bridge that the best way goes over. */
async function bridge(): Promise<{ name: string; at: readonly [number, number] }> {
  const name = (await routes()).routes[0]?.bridges[0] ?? "";
  const roads = layerOf("road_class");
  const found = (await json<{ features: Item[] }>(`${roads.items}?name=${encodeURIComponent(name)}`))
    .features[0];
  if (found?.geometry?.type !== "MultiLineString") throw new Error("the way has no bridge");
  const line = found.geometry.coordinates[0] ?? [];
  const [a = [], b = []] = [line[Math.floor(line.length / 2) - 1], line[Math.floor(line.length / 2)]];
  return { name, at: [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2] };
}

describe.runIf(canEdit && officer)("an officer on duty", () => {
  const who = officer ?? { name: "", password: "" };

  test("closes a bridge with two taps, and opens it again as fast; a citizen's route follows", async () => {
    // Given
    const before = (await routes()).routes[0];
    const over = await bridge();
    const citizen = await MapPage.open(`#view=evacuate&from=${from}`, small);
    const view = citizen.page.locator("simtaru-evacuation");
    await view.getByRole("heading", { name: before?.destination.name ?? "", exact: true }).waitFor();
    const map = await EditPage.as(
      who,
      `#map=17.5/${over.at[1]}/${over.at[0]}&view=officer&duty=closures&minutes=20`,
      small,
    );
    const out = desk(map.page).locator(".out");
    const first = await coverage(20);
    await out.getByText(say.outOfReach(20)).waitFor();
    expect(await out.locator("b").innerText()).toBe(first.uncovered.toLocaleString("id-ID"));
    try {
      // When
      await button(map.page, say.closeRoad).tap();
      await desk(map.page).getByText(say.point).waitFor();
      expect(await violations(map.page)).toEqual([]);
      await shot(map.page, "officer-point-phone");
      await map.tap(0.5, 0.5);
      // Then
      await desk(map.page).getByText(say.closedNow(over.name)).waitFor();
      await view.getByText(/Rutenya berubah pukul/).waitFor({ timeout: 10_000 });
      expect((await routes()).routes[0]?.bridges).not.toContain(over.name);
      // And whom that leaves out of reach
      const worse = await coverage(20);
      expect(worse.uncovered).toBeGreaterThan(first.uncovered);
      await out
        .getByText(`+${(worse.uncovered - first.uncovered).toLocaleString("id-ID")}`)
        .waitFor({ timeout: 10_000 });
      await button(map.page, say.duties.people).tap();
      const changed = worse.areas.find(
        (a) => (a.uncovered ?? 0) > (first.areas.find((b) => b.code === a.code)?.uncovered ?? 0),
      );
      const row = desk(map.page).locator(`tr[data-code="${changed?.code}"]`);
      await row.locator(".worse").waitFor();
      await shot(map.page, "officer-people-phone");
      await button(map.page, say.duties.closures).tap();
      await map.settled();
      await shot(map.page, "officer-closed-phone");
      await shot(citizen.page, "officer-citizen-phone");
      expect(await violations(map.page)).toEqual([]);
      expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      // When
      await button(map.page, say.undo).tap();
      // Then
      await button(map.page, say.closeRoad).waitFor();
      await expect
        .poll(async () => (await routes()).routes[0]?.duration, { timeout: 10_000 })
        .toBe(before?.duration);
      await view
        .locator(".figures")
        .getByText(evacuationWords.id.minutes(String(Math.ceil((before?.duration ?? 0) / 60))))
        .waitFor({ timeout: 10_000 });
    } finally {
      await sql(`delete from plan."${closures.id}" where name = '${over.name}'`);
    }
  });

  test("fills a shelter, and of two who do so at once one chooses", async () => {
    // Given
    const target = (await routes()).routes[0]?.destination;
    if (!target) throw new Error("no shelter is in reach");
    const read = await item(shelters, target.id);
    const map = await EditPage.as(who, "#view=officer&duty=shelters", desktop);
    const row = desk(map.page).locator(`li[data-id="${target.id}"]`);
    const press = (name: string) => row.getByRole("button", { name, exact: true }).click();
    const inside = row.getByLabel(say.inside(target.name));
    const occupancy = async () => (await item(shelters, target.id)).properties["occupancy"];
    try {
      await inside.waitFor();
      await map.settled();
      expect(await violations(map.page)).toEqual([]);
      // When
      await press(say.more(target.name, 10));
      await press(say.more(target.name, 10));
      await press(say.less(target.name, 1));
      // Then
      await expect.poll(occupancy, { timeout: 5_000 }).toBe(Number(read.properties["occupancy"]) + 19);
      // When somebody else is faster
      await sql(`update plan."${shelters.id}" set occupancy = 77 where id = ${target.id}`);
      await expect.poll(() => inside.inputValue(), { timeout: 5_000 }).toBe("77");
      await inside.fill("300");
      await sql(`update plan."${shelters.id}" set occupancy = 120 where id = ${target.id}`);
      await inside.press("Enter");
      // Then
      const keep = row.getByRole("button", { name: say.keepTheirs(say.people("120")) });
      await keep.waitFor();
      await shot(map.page, "officer-overtaken-desk");
      expect(await occupancy()).toBe(120);
      await row.getByRole("button", { name: say.setMine(say.people("300")) }).click();
      await expect.poll(occupancy, { timeout: 5_000 }).toBe(300);
      // When it is full nobody is sent there
      await press("Penuh");
      await expect
        .poll(async () => (await routes()).routes.map((r) => r.destination.id))
        .not.toContain(target.id);
      await row.getByText(/sisa 0$/).waitFor();
      await shot(map.page, "officer-shelters-desk");
      await map.page.setViewportSize({ width: 360, height: 740 });
      await shot(map.page, "officer-shelters-phone");
      expect(forgive(/status of 412/).length).toBe(1);
    } finally {
      const { occupancy: was, status } = read.properties;
      await sql(
        `update plan."${shelters.id}" set occupancy = ${was}, status = '${status}' where id = ${target.id}`,
      );
    }
  });

  test("announces a hazard after saying what will happen, and ends it; the banner follows", async () => {
    const map = await EditPage.as(who, "#view=officer&duty=event", desktop);
    const citizen = await MapPage.open("#lang=en", small);
    const banner = citizen.page.locator("simtaru-banner").getByRole("alert");
    const lasting = `select max(id) from plan."${events.id}"`;
    try {
      // When
      await button(map.page, say.announce).click();
      await desk(map.page).getByLabel(say.arrives).fill("40");
      const message = await desk(map.page).getByLabel(say.messageEn).inputValue();
      expect(message).toMatch(/^Tsunami: major warning \(awas\)\. Go to/);
      expect(await violations(map.page)).toEqual([]);
      await shot(map.page, "officer-event-desk");
      await button(map.page, say.next).click();
      // Then
      await desk(map.page).getByText(say.sureTitle).waitFor();
      expect(await banner.isVisible()).toBe(false);
      expect(await violations(map.page)).toEqual([]);
      await shot(map.page, "officer-sure-desk");
      // When
      await button(map.page, say.sure).click();
      // Then
      await banner.getByText(message).waitFor({ timeout: 10_000 });
      const shore = await json<Answer>("/api/v1/evacuation/routes?from=95.3035,5.5521");
      expect(shore.event?.hazard).toBe("tsunami");
      // When the arrival is another
      await desk(map.page).getByLabel(say.arrives).fill("90");
      await button(map.page, say.changeArrival).click();
      await expect
        .poll(
          async () => (await json<Answer>("/api/v1/evacuation/routes?from=95.3035,5.5521")).event?.arrival_at,
        )
        .not.toBe(shore.event?.arrival_at);
      await shot(map.page, "officer-event-on-desk");
      // When it is over
      await button(map.page, say.end).click();
      await desk(map.page).getByText(say.endWill).waitFor();
      await shot(map.page, "officer-end-desk");
      await button(map.page, say.endYes).click();
      // Then
      await banner.waitFor({ state: "hidden", timeout: 10_000 });
      await desk(map.page).getByText(say.noEvent).waitFor();
    } finally {
      await sql(
        `delete from plan."${events.id}" where id = (${lasting}) and message_en like 'Tsunami: major%'`,
      );
    }
  });

  test("is not for everybody, and a planner announces nothing", async () => {
    const map = await MapPage.open("#view=officer&duty=event");
    await desk(map.page).getByText(say.notYours).waitFor();
    expect(await violations(map.page)).toEqual([]);
    const [planner] = people;
    if (!planner) return;
    const other = await EditPage.as(planner, "", desktop);
    await other.page.getByRole("link", { name: say.title }).click();
    await button(other.page, say.closeRoad).waitFor();
    expect(await button(other.page, say.duties.event).count()).toBe(0);
    await button(other.page, say.duties.shelters).click();
    expect(await other.hash()).toContain("view=officer&duty=shelters");
    await desk(other.page).getByRole("button", { name: other.words.close, exact: true }).click();
    expect(await other.hash()).not.toContain("officer");
  });
});
