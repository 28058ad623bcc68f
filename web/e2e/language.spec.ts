import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { words } from "../src/words.ts";
import { MapPage } from "./driver.ts";
import { catalog, items, shot } from "./helper.ts";

const given = await catalog();

test("Indonesian at first, English at a switch, without a reload", async () => {
  const map = await MapPage.open();
  const html = map.page.locator("html");
  expect(await html.getAttribute("lang")).toBe("id");
  await map.mark();
  await map.page.getByRole("button", { name: "English" }).click();
  await map.page.getByRole("combobox", { name: words.en.search }).waitFor();
  expect(await html.getAttribute("lang")).toBe("en");
  for (const layer of given.layers) {
    expect(await map.switch(say(layer.title, "en")).count(), layer.id).toBe(1);
  }
  expect(await map.stillMarked()).toBe(true);
  expect(await map.hash()).toContain("lang=en");
  await shot(map.page, "english");
});

test("the words of an open feature change too", async () => {
  const coded = given.layers.find((l) => l.fields.some((f) => f.codes));
  const item = coded && (await items(coded, 1))[0];
  if (!coded || !item) throw new Error("no layer with a code list has features");
  const map = await MapPage.open(`#at=${coded.id}/${item.id}`);
  await map.attributes();
  await map.page.getByRole("button", { name: "English" }).click();
  const field = coded.fields.find((f) => f.codes && item.properties[f.name]);
  if (!field) return;
  const list = given.codes.find((l) => l.list === field.codes?.list && l.version === field.codes?.version);
  const title = list?.codes.find((c) => c.code === item.properties[field.name])?.title;
  const words = async () => (await map.attributes())[say(field.title, "en")];
  await expect.poll(words).toContain(say(title, "en"));
});
