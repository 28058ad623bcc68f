// The tool for trying changes: land is drawn or picked, the figures move, and
// nothing is stored.

import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import type { Answer, Difference, EditBody, Reading } from "../src/indicator/answer.ts";
import { figure, finer, measured } from "../src/indicator/figure.ts";
import { answer, FigurePage, overview } from "./figures.ts";
import { inside } from "./geometry.ts";
import { base, catalog, forgive, items, json, phone, shot } from "./helper.ts";

const given = await overview();
const found = [...given.indicators]
  .sort((a, b) => a.order - b.order)
  .find((i) => i.kind === "area_share" && i.units.includes("gampong") && i.target);
if (!found) throw new Error("no share of land has a target");
const share = found;

/** Parts of the map's width and height. */
type Corner = readonly [x: number, y: number];

const triangle: readonly Corner[] = [
  [0.4, 0.4],
  [0.6, 0.4],
  [0.6, 0.6],
];

class TrialPage extends FigurePage {
  static override async open(
    where = "",
    options?: Parameters<typeof FigurePage.open>[1],
  ): Promise<TrialPage> {
    return TrialPage.of(share.id, where, options);
  }

  static async of(
    id: string,
    where: string,
    options?: Parameters<typeof FigurePage.open>[1],
  ): Promise<TrialPage> {
    const { page, lang } = await FigurePage.open(`#${where}view=trial&indicator=${id}`, options);
    const trial = new TrialPage(page, lang);
    await trial.settled();
    await trial.page.locator("simtaru-trial .tools button:not(:disabled)").first().waitFor();
    return trial;
  }

  /** The class of the land, which is asked before anything is drawn. */
  get class() {
    return this.page.locator("simtaru-trial #said");
  }

  /** Says the first class. */
  async draw(): Promise<void> {
    if ((await this.class.count()) && !(await this.class.inputValue()))
      await this.class.selectOption({ index: 1 });
    await this.button(this.say.draw).click();
  }

  async moving(): Promise<void> {
    await this.page.locator('simtaru-trial-map[aria-busy="true"]').waitFor();
  }

  async settled(): Promise<void> {
    await this.page.locator('simtaru-trial-map[aria-busy="false"]').waitFor({ timeout: 30_000 });
  }

  get canvas() {
    return this.page.locator("simtaru-trial-map canvas");
  }

  /** Clicks the map at parts of its width and height, as a person does: with a finger, or with a pointer that comes from beside. */
  async click(x: number, y: number): Promise<void> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("no map");
    const [px, py] = [box.x + box.width * x, box.y + box.height * y];
    if (await this.page.evaluate(() => navigator.maxTouchPoints > 0)) {
      await this.page.touchscreen.tap(px, py);
      await this.page.waitForTimeout(400);
      return;
    }
    await this.page.mouse.move(px - 4, py - 3);
    await this.page.mouse.move(px, py);
    await this.page.mouse.down();
    await this.page.mouse.up();
    await this.page.waitForTimeout(120);
  }

  /** Clicks the corners of a ring and finishes it. */
  async ring(corners: readonly Corner[]): Promise<void> {
    for (const [x, y] of corners) await this.click(x, y);
    await this.button(this.say.finish).click();
  }

  /** The city's figure of an indicator before and after. */
  async moved(id = share.id): Promise<{ before: number; after: number }> {
    const steps = this.page.locator(`simtaru-trial li[data-indicator="${id}"] .steps`);
    await steps.waitFor();
    await this.page.locator('simtaru-trial [role="status"][aria-busy="false"]').waitFor();
    return {
      before: Number(await steps.getAttribute("data-before")),
      after: Number(await steps.getAttribute("data-after")),
    };
  }

  get pieces() {
    return this.page.locator("simtaru-trial .piece");
  }
}

/** Somewhere in the city where little counts yet, close enough to draw on. */
async function quiet(): Promise<string> {
  const { readings } = await answer(share.id, "gampong");
  const least = readings.filter((r) => r.value !== null).sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
  const shapes = await json<{ features: { properties: { code: string }; geometry: never }[] }>(
    `/api/v1/indicators/${share.id}.geojson?by=gampong`,
  );
  const at = shapes.features.find((f) => f.properties.code === least?.code);
  const [lon, lat] = (at && inside(at.geometry)) ?? [];
  return `map=16/${lat}/${lon}&`;
}

const stored = async (): Promise<Answer> => answer(share.id, "city");

test("land that is drawn moves the share, and taking it away moves it back", async () => {
  const city = (await stored()).readings[0];
  const page = await TrialPage.open(await quiet());
  await page.draw();
  const said = page.page.waitForResponse((r) => r.url().endsWith("/what-if"));
  await page.ring([
    [0.35, 0.35],
    [0.65, 0.35],
    [0.65, 0.6],
    [0.35, 0.6],
  ]);
  await expect.poll(() => page.pieces.count()).toBe(1);
  const { differences } = (await (await said).json()) as { differences: Difference[] };
  const own = differences.find((d) => d.indicator === share.id && d.by === "city");
  // The page says what the server says, and that begins at what is published.
  const one = await page.moved();
  expect(one.before).toBe(city?.value);
  expect(one.before).toBe(own?.before.value);
  expect(one.after).toBe(own?.after.value);
  expect(one.after).toBeGreaterThan(one.before);
  await page.page
    .getByText(figure(one.after, finer(share, own?.difference ?? null), "id"))
    .first()
    .waitFor();
  // What was touched is told: the gampong and its kecamatan.
  expect(
    new Set(differences.filter((d) => d.indicator === share.id && d.difference).map((d) => d.by)),
  ).toEqual(new Set(["city", "kecamatan", "gampong"]));
  await shot(page.page, "whatif");

  // A second piece moves it on.
  await page.draw();
  await page.ring([
    [0.7, 0.35],
    [0.85, 0.35],
    [0.85, 0.6],
  ]);
  await expect.poll(() => page.pieces.count()).toBe(2);
  await expect.poll(async () => (await page.moved()).after).toBeGreaterThan(one.after);

  // Taken away again, the first remains.
  await page.pieces.nth(1).getByRole("button").click();
  await expect.poll(async () => (await page.moved()).after).toBeCloseTo(one.after, 9);
  await page.pieces.nth(0).getByRole("button").click();
  await page.page.getByText(page.say.resultNone).waitFor();
  expect((await stored()).readings[0]?.value).toBe(city?.value);
});

test("what it counts as can be changed: another owner moves another share", async () => {
  const page = await TrialPage.open(await quiet());
  await page.draw();
  await page.ring(triangle);
  const one = await page.moved();
  expect(one.after).toBeGreaterThan(one.before);
  // Each choice of each field is one of the schema's codes; the second owner does not count.
  const parts = (await stored()).coverage?.parts ?? [];
  const part = parts.find((p) => p.id === share.parts?.[0]?.part);
  const rule = part?.where?.find((c) => c.in?.length === 1);
  const layer = (await catalog()).layers.find((l) => l.id === part?.layer);
  const title = layer?.fields.find((f) => f.name === rule?.field)?.title.id ?? "";
  const select = page.pieces.first().getByLabel(title, { exact: true });
  const others = await select
    .locator("option")
    .evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value));
  const other = others.find((code) => !rule?.in?.includes(code));
  if (!other) throw new Error(`${title} has one code`);
  await select.selectOption(other);
  await expect.poll(async () => (await page.moved()).after).toBeCloseTo(one.before, 9);
});

test("land is picked on the map, by key as well", async () => {
  const { layers } = await catalog();
  const parts = (await stored()).coverage?.parts ?? [];
  const counted = new Set(parts.map((p) => p.layer));
  const layer = layers.find(
    (l) => l.geometry === "MultiPolygon" && l.visible && !counted.has(l.id) && l.topology?.coverage,
  );
  const item = layer && (await items(layer, 50)).find((i) => i.geometry && inside(i.geometry));
  const at = item?.geometry && inside(item.geometry);
  if (!layer || !at) throw new Error("no layer of areas could be picked");
  const page = await TrialPage.open(`map=17/${at[1]}/${at[0]}&`);
  await page.button(page.say.pick).click();
  await page.canvas.focus();
  await page.page.keyboard.press("Enter");
  const candidate = page.page.locator("simtaru-trial .candidates button", { hasText: layer.title.id ?? "" });
  // Land of another layer is added as what is counted: its class is asked, and it waits for that.
  await candidate.first().click();
  await page.page.locator("simtaru-trial .message.fault").waitFor();
  expect(await page.pieces.count()).toBe(0);
  await page.class.selectOption({ index: 1 });
  await candidate.first().click();
  await expect.poll(() => page.pieces.count()).toBe(1);
  const { before, after } = await page.moved();
  expect(after).toBeGreaterThanOrEqual(before);
});

test("a park that counts is tried as if it were gone", async () => {
  const parts = (await stored()).coverage?.parts ?? [];
  const part = parts.find((p) => p.id === share.parts?.[0]?.part);
  const layer = (await catalog()).layers.find((l) => l.id === part?.layer);
  const item =
    layer &&
    (await items(layer, 500)).find(
      (i) =>
        i.geometry &&
        inside(i.geometry) &&
        part?.where?.every((c) => !c.in || c.in.includes(String(i.properties[c.field]))),
    );
  const at = item?.geometry && inside(item.geometry);
  if (!layer || !item || !at) throw new Error("nothing counts");
  const page = await TrialPage.open(`map=18/${at[1]}/${at[0]}&on=${layer.id}&`);
  await page.button(page.say.pick).click();
  await page.click(0.5, 0.5);
  const candidate = page.page.locator("simtaru-trial .candidates button", { hasText: layer.title.id ?? "" });
  await expect.poll(async () => (await candidate.count()) + (await page.pieces.count())).toBeGreaterThan(0);
  if (await candidate.count()) await candidate.first().click();
  await expect.poll(() => page.pieces.locator("select").count()).toBe(1);
  const { before, after } = await page.moved();
  expect(after).toBeLessThan(before);
  expect((await json<{ id: number }>(`${layer.items}/${item.id}`)).id).toBe(item.id);
});

test("land is drawn with the keyboard alone", async () => {
  const page = await TrialPage.open(await quiet());
  await page.class.selectOption({ index: 1 });
  await page.button(page.say.draw).focus();
  await page.page.keyboard.press("Enter");
  await page.canvas.focus();
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
    await page.page.keyboard.press("Space");
    await page.page.keyboard.press(key);
    await page.moving();
    await page.settled();
  }
  await page.page.keyboard.press("Enter");
  await expect.poll(() => page.pieces.count()).toBe(1);
  const { before, after } = await page.moved();
  expect(after).toBeGreaterThan(before);
});

test("on a phone, with fingers", async () => {
  const page = await TrialPage.open(await quiet(), { ...phone, viewport: { width: 360, height: 740 } });
  await page.draw();
  await page.ring([
    [0.3, 0.3],
    [0.6, 0.3],
    [0.6, 0.6],
  ]);
  const { before, after } = await page.moved();
  expect(after).toBeGreaterThan(before);
  expect(await page.wide()).toBe(360);
  await shot(page.page, "whatif-phone");
});

test("what the server refuses is told in its words", async () => {
  const page = await TrialPage.open(await quiet());
  const words = "Terlalu banyak titik.";
  await page.page.route("**/what-if", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({ detail: words }),
    }),
  );
  await page.draw();
  await page.ring(triangle);
  await page.page.getByText(words).waitFor();
  expect(forgive(/422/).length).toBeGreaterThan(0);
  expect(base).toBeTruthy();
});

test("the class is asked before anything is drawn, and the heading names the indicator", async () => {
  const page = await TrialPage.open(await quiet());
  await page.page.getByRole("heading", { level: 1, name: say(share.title, "id") }).waitFor();
  const asked = await page.class.evaluate((at) => (at as HTMLSelectElement).labels[0]?.textContent ?? "");
  expect(await page.class.inputValue()).toBe("");
  await page.button(page.say.draw).click();
  await page.page.getByText(page.say.classFirst(asked)).waitFor();
  expect(await page.button(page.say.draw).getAttribute("aria-pressed")).toBe("false");
  await page.class.selectOption({ index: 2 });
  const said = await page.class.inputValue();
  await page.button(page.say.draw).click();
  expect(await page.button(page.say.draw).getAttribute("aria-pressed")).toBe("true");
  const sent = page.page.waitForRequest((r) => r.url().endsWith("/what-if"));
  await page.ring(triangle);
  const { edits } = (await sent).postDataJSON() as { edits: EditBody[] };
  expect(Object.values(edits[0]?.properties ?? {})).toContain(said);
});

test("land that passes from class to class is told by class", async () => {
  const zones = given.indicators.find((i) => i.kind === "area_by_class" && i.layers.length === 2);
  if (!zones) throw new Error("no indicator is told by class");
  const page = await TrialPage.of(zones.id, await quiet());
  await page.page.locator("simtaru-trial .as", { hasText: page.say.countAs }).waitFor();
  await page.class.selectOption({ index: 1 });
  const said = page.page.waitForResponse((r) => r.url().endsWith("/what-if"));
  await page.button(page.say.draw).click();
  await page.ring([
    [0.3, 0.3],
    [0.7, 0.3],
    [0.7, 0.7],
  ]);
  const { differences } = (await (await said).json()) as { differences: Difference[] };
  const city = differences.find((d) => d.indicator === zones.id && d.by === "city");
  const area = (of: Reading | undefined, name: string) =>
    of?.classes?.find((c) => c.class === name)?.area ?? 0;
  const rows = page.page.locator(`simtaru-trial li[data-indicator="${zones.id}"] .classes tbody tr`);
  await rows.first().waitFor();
  const names = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-key") ?? ""));
  for (const [i, name] of names.entries()) {
    const [before, after] = [area(city?.before, name), area(city?.after, name)];
    expect(after).not.toBe(before);
    const cells = rows.nth(i).locator("td");
    expect(await cells.nth(0).innerText()).toBe(measured(before, "area", "id"));
    expect(await cells.nth(1).innerText()).toBe(measured(after, "area", "id"));
  }
  await shot(page.page, "whatif-classes");
});

test("a difference that would be told as zero is told as none", async () => {
  const page = await TrialPage.open(await quiet());
  const [city] = (await stored()).readings;
  if (!city || city.value === null) throw new Error("the share has no value");
  const difference: Difference = {
    ...{ indicator: share.id, by: "city", code: city.code, name: city.name, difference: 1e-9 },
    ...{ before: city, after: { ...city, value: city.value + 1e-9 } },
  };
  const other = given.indicators.find((i) => i.id !== share.id && i.value.value !== null);
  const differences = [difference, { ...difference, indicator: other?.id }];
  await page.page.route("**/what-if", (route) => route.fulfill({ json: { differences } }));
  await page.draw();
  await page.ring(triangle);
  await page.page.getByText(page.say.unchanged).waitFor();
  const told = await page.page.locator("simtaru-trial .moves").innerText();
  expect(told).not.toContain(page.say.better);
  expect(told).not.toContain("+");
  expect(await page.page.locator("simtaru-trial .moves > li").count()).toBe(1);
});

test("land whose outline crosses itself is told in words, and not sent", async () => {
  const page = await TrialPage.open(await quiet());
  let sent = 0;
  page.page.on("request", (r) => {
    if (r.url().endsWith("/what-if")) sent++;
  });
  await page.draw();
  await page.ring([
    [0.35, 0.35],
    [0.65, 0.6],
    [0.65, 0.35],
    [0.35, 0.6],
  ]);
  await page.page.getByText(page.say.ringCrosses).waitFor();
  expect(await page.pieces.count()).toBe(0);
  await page.page.waitForTimeout(500);
  expect(sent).toBe(0);
});
