import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { words } from "../src/words.ts";
import { MapPage } from "./driver.ts";
import { catalog, items, visit } from "./helper.ts";

const given = await catalog();

test("a link restores what its sender saw", async () => {
  // Given a map that somebody changed in every way
  const sender = await MapPage.open();
  const off = given.layers.find((l) => l.visible);
  const on = given.layers.find((l) => !l.visible);
  if (!off || !on) throw new Error("the catalogue shows all layers or none");
  await sender.switch(say(off.title, "id")).uncheck();
  await sender.switch(say(on.title, "id")).check();
  await sender.openDetails(say(on.title, "id"));
  await sender.page.getByRole("slider", { name: sender.words.opacityOf(say(on.title, "id")) }).fill("45");
  await sender.page.getByRole("button", { name: sender.words.zoomIn }).click();
  await sender.page.getByRole("button", { name: "English" }).click();
  const item = (await items(on, 1))[0];
  await expect.poll(async () => (await sender.position()).zoom).toBeGreaterThan(given.city.zoom ?? 0);
  const link = `${await sender.hash()}&at=${on.id}/${item?.id}`;
  // When somebody else opens the link
  const page = await visit(link);
  const receiver = new MapPage(page, "en");
  await receiver.settled();
  // Then
  expect(await receiver.switch(say(off.title, "en")).isChecked()).toBe(false);
  expect(await receiver.switch(say(on.title, "en")).isChecked()).toBe(true);
  await receiver.openDetails(say(on.title, "en"));
  const slider = page.getByRole("slider", { name: words.en.opacityOf(say(on.title, "en")) });
  expect(await slider.inputValue()).toBe("45");
  expect((await receiver.entries())[0]?.layer).toBe(say(on.title, "en"));
  expect(await receiver.hash()).toBe(link);
});

test("a link pasted into the same page is followed", async () => {
  const map = await MapPage.open();
  await map.page.evaluate(() => {
    location.hash = "#map=15/5.55/95.31&lang=en";
  });
  await map.page.getByRole("combobox", { name: words.en.search }).waitFor();
  await expect.poll(async () => (await map.position()).lon).toBeCloseTo(95.31, 4);
});

test("a broken link opens the map as it is at first", async () => {
  const map = await MapPage.open("#map=99/x/NaN&on=__proto__,1&at=../../etc&opacity=a:b&lang=xx");
  const { lon } = await map.position();
  expect(Number.isFinite(lon)).toBe(true);
});
