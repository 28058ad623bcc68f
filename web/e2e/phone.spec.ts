import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { catalog, items, phone, shot } from "./helper.ts";

const given = await catalog();

test("on a phone the layers are in a sheet that leaves the map free", async () => {
  const map = await MapPage.open("", phone);
  await shot(map.page, "phone");
  const sheet = map.page.locator("simtaru-sheet.plan");
  const height = async () => (await sheet.boundingBox())?.height ?? 0;
  expect(await height()).toBeLessThan(844 / 3);
  const canvas = await map.canvas.boundingBox();
  expect(canvas?.width).toBe(390);
  expect(canvas?.height).toBe(844);
  // The handle opens it, drag moves it.
  const handle = sheet.getByRole("button", { name: map.words.handle });
  await handle.click();
  await expect.poll(height).toBeGreaterThan(844 / 3);
  await map.switch(say(given.layers.at(-1)?.title, "id")).scrollIntoViewIfNeeded();
  await shot(map.page, "phone-layers");
  const grip = await handle.boundingBox();
  if (!grip) throw new Error("no handle");
  await map.page.mouse.move(grip.x + grip.width / 2, grip.y + 10);
  await map.page.mouse.down();
  await map.page.mouse.move(grip.x + grip.width / 2, 60, { steps: 6 });
  await map.page.mouse.up();
  await expect.poll(height).toBeGreaterThan(844 * 0.8);
});

test("a tap opens a sheet, and the point stays in sight", async () => {
  const layer = given.layers.find((l) => l.visible && l.geometry === "MultiPolygon");
  const item = layer && (await items(layer, 1))[0];
  const at = item?.geometry && inside(item.geometry);
  if (!layer || !at) throw new Error("no area is visible at first");
  const map = await MapPage.open(`#map=17/${at[1]}/${at[0]}`, phone);
  await map.tap(0.5, 0.62);
  await map.entries();
  const sheet = await map.page.locator("simtaru-sheet.found").boundingBox();
  expect(sheet?.width).toBe(390);
  expect(sheet && sheet.y + sheet.height).toBeCloseTo(844, 0);
  await map.settled();
  await shot(map.page, "phone-feature");
  await map.page.getByRole("button", { name: map.words.close }).click();
  await map.found.waitFor({ state: "detached" });
});

test("nothing is wider than the screen, and targets are large enough for a finger", async () => {
  const map = await MapPage.open("", phone);
  await map.page.locator("simtaru-sheet.plan").getByRole("button", { name: map.words.handle }).click();
  const wide = await map.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBe(390);
  for (const name of [map.words.zoomIn, map.words.zoomOut]) {
    const box = await map.page.getByRole("button", { name }).boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
});
