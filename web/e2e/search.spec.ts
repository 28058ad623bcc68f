import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { MapPage } from "./driver.ts";
import { lines } from "./geometry.ts";
import { catalog, items, phone, shot } from "./helper.ts";

const given = await catalog();
const searched = given.layers.filter((l) => typeof l.search === "string" && l.geometry === "MultiPolygon");

async function target() {
  const [layer] = searched;
  if (!layer) throw new Error("the catalogue has no area that is searched by name");
  const item = (await items(layer, 10)).at(-1);
  const name = String(item?.properties[String(layer.search)]);
  if (!item?.geometry) throw new Error(`${layer.id} is empty`);
  const all = lines(item.geometry).flat();
  const lons = all.map((p) => p[0] ?? 0);
  const lats = all.map((p) => p[1] ?? 0);
  const box = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] as const;
  return { layer, item, name, box };
}

test("a search for a place by name flies there and opens it", async () => {
  // Given
  const { layer, name, box } = await target();
  const map = await MapPage.open();
  // When
  const options = await map.search(name);
  await shot(map.page, "search");
  await options
    .filter({ hasText: say(layer.title, "id") })
    .filter({ hasText: name })
    .first()
    .click();
  // Then
  await expect.poll(async () => (await map.entries())[0]).toEqual({ name, layer: say(layer.title, "id") });
  await expect
    .poll(async () => {
      const { lon, lat } = await map.position();
      return lon > box[0] && lon < box[2] && lat > box[1] && lat < box[3];
    })
    .toBe(true);
  await map.settled();
  await shot(map.page, "found");
});

test("from the keyboard alone", async () => {
  const { name } = await target();
  const map = await MapPage.open();
  await map.search(name);
  await map.page.keyboard.press("ArrowDown");
  await map.page.keyboard.press("ArrowUp");
  await map.page.keyboard.press("Enter");
  await expect.poll(async () => (await map.entries())[0]?.name).toBe(name);
});

test("small letters and a part of the name are enough", async () => {
  const { name } = await target();
  const map = await MapPage.open();
  const options = await map.search(name.slice(0, 4).toLowerCase());
  await options.first().getByText(name.slice(0, 4), { exact: false }).waitFor();
});

test("what nobody is called says so", async () => {
  const map = await MapPage.open();
  const options = await map.search("zzqqxx");
  await options.filter({ hasText: map.words.searchNone("zzqqxx") }).waitFor();
});

test("on a phone the list has room", async () => {
  const { name } = await target();
  const map = await MapPage.open("", phone);
  const options = await map.search(name);
  // Not the line that says that the search goes on.
  await options.first().getByText(name, { exact: false }).waitFor();
  await shot(map.page, "phone-search");
  const box = await options.first().boundingBox();
  expect(box && box.y + box.height).toBeLessThan(844);
  await options.first().tap();
  await expect.poll(async () => (await map.entries())[0]?.name).toBe(name);
  await shot(map.page, "phone-found");
});
