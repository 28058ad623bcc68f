import { describe, expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { MapPage } from "./driver.ts";
import { catalog, shot } from "./helper.ts";

const given = await catalog();

describe("the layer list", () => {
  test("shows every public layer by its title, in the groups of the catalogue", async () => {
    const map = await MapPage.open();
    for (const layer of given.layers) {
      const toggle = map.switch(say(layer.title, "id"));
      expect(await toggle.count(), layer.id).toBe(1);
      expect(await toggle.isChecked(), layer.id).toBe(layer.visible);
    }
    const used = given.groups.filter((g) => given.layers.some((l) => l.group === g.id));
    const headings = await map.page.locator("simtaru-layers h2").allInnerTexts();
    expect(headings).toEqual(used.map((g) => say(g.title, "id")));
    await shot(map.page, "desktop");
  });

  test("shows the legend of each layer, class by class", async () => {
    const map = await MapPage.open();
    for (const layer of given.layers.filter((l) => (l.legend?.length ?? 0) > 1)) {
      await map.openDetails(say(layer.title, "id"));
      const want = layer.legend?.map((c) => say(c.title, "id"));
      expect(await map.legend(layer.id), layer.id).toEqual(want);
    }
    await shot(map.page, "legend");
  });

  test("paints the map, not one colour", async () => {
    const map = await MapPage.open();
    const { colours, most } = await map.look(480);
    expect(colours).toBeGreaterThan(20);
    expect(most).toBeLessThan(0.9);
  });

  test("a layer switched off and on changes the picture and the address", async () => {
    const map = await MapPage.open();
    const layer = given.layers.filter((l) => l.visible && l.geometry === "MultiPolygon").at(0);
    if (!layer) throw new Error("no area is visible at first");
    const title = say(layer.title, "id");
    const before = await map.page.screenshot();
    await map.switch(title).uncheck();
    await map.settled();
    expect(await map.hash()).toContain(`off=${layer.id}`);
    await expect.poll(async () => before.equals(await map.page.screenshot())).toBe(false);
    await map.switch(title).check();
    expect(await map.hash()).not.toContain("off=");
  });

  test("opacity fades a layer and is kept in the address", async () => {
    const layer = given.layers.find((l) => l.visible && l.geometry === "MultiPolygon");
    if (!layer) throw new Error("no area is visible at first");
    const map = await MapPage.open();
    const title = say(layer.title, "id");
    await map.openDetails(title);
    await map.page.getByRole("slider", { name: map.words.opacityOf(title) }).fill("30");
    expect(await map.hash()).toContain(`opacity=${layer.id}:30`);
    await map.page.getByRole("button", { name: map.words.reset }).click();
    expect(await map.hash()).not.toContain("opacity");
  });

  test("says what the data is", async () => {
    const map = await MapPage.open();
    const notice = map.page.getByText(say(given.city.notice, "id") || map.words.demo);
    expect(await notice.isVisible().catch(() => false)).toBe(given.city.demo);
    expect(await map.page.title()).toContain(say(given.city.title, "id"));
  });
});
