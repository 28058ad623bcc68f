// An edit in the database is seen on the open map, without a reload.

import { describe, expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { canEdit, catalog, edit, items, visit } from "./helper.ts";

const given = await catalog();

describe.runIf(canEdit)("an edit made elsewhere", () => {
  test("changes the words that are open", async () => {
    // Given
    const layer = given.layers.find((l) => typeof l.search === "string" && l.policy === "live");
    const item = layer && (await items(layer, 1))[0];
    if (!layer || !item) throw new Error("no live layer has names");
    const name = String(layer.search);
    const old = String(item.properties[name]);
    const map = await MapPage.open(`#at=${layer.id}/${item.id}`);
    const title = say(layer.fields.find((f) => f.name === name)?.title, "id");
    expect((await map.attributes())[title]).toBe(old);
    await map.mark();
    try {
      // When
      await edit(layer.id, item.id, name, "Uji langsung");
      // Then
      await expect
        .poll(async () => (await map.attributes())[title], { timeout: 10_000 })
        .toBe("Uji langsung");
      expect(await map.stillMarked()).toBe(true);
    } finally {
      await edit(layer.id, item.id, name, old);
    }
    await expect.poll(async () => (await map.attributes())[title], { timeout: 10_000 }).toBe(old);
  });

  test("changes the colour on the map", async () => {
    // Given an area and another class of another colour
    const candidates = given.layers.filter(
      (l) => l.geometry === "MultiPolygon" && l.style?.field && (l.legend?.length ?? 0) > 1,
    );
    const layer = candidates.find((l) => l.policy === "live") ?? candidates[0];
    const field = layer?.style?.field;
    const item = layer && (await items(layer, 1)).find((i) => i.geometry);
    const at = item?.geometry && inside(item.geometry);
    if (!layer || !field || !item || !at) throw new Error("no area is drawn by class");
    const old = String(item.properties[field]);
    const legend = layer.legend ?? [];
    const now = legend.find((c) => c.value === old)?.symbol.fill;
    const other = legend.find((c) => c.value && c.value !== old && c.symbol.fill !== now)?.value;
    if (!other) throw new Error(`${layer.id} has one colour`);
    const off = given.layers.filter((l) => l !== layer).map((l) => l.id);
    const zoom = Math.max(layer.zooms.show ?? 0, layer.zooms.min, 17);
    const map = await MapPage.open(`#map=${zoom}/${at[1]}/${at[0]}&on=${layer.id}&off=${off.join()}`);
    await map.mark();
    const before = (await map.look(8)).middle;
    try {
      // When
      await edit(layer.id, item.id, field, other);
      // Then
      await expect.poll(async () => (await map.look(8)).middle, { timeout: 15_000 }).not.toBe(before);
      expect(await map.stillMarked()).toBe(true);
    } finally {
      await edit(layer.id, item.id, field, old);
    }
    await expect.poll(async () => (await map.look(8)).middle, { timeout: 15_000 }).toBe(before);
  });

  test("asks again only for the tiles that it touched", async () => {
    const layer = given.layers.find((l) => typeof l.search === "string" && l.policy === "live" && l.visible);
    const item = layer && (await items(layer, 1)).find((i) => i.geometry);
    const at = item?.geometry && inside(item.geometry);
    if (!layer || !item || !at) throw new Error("no live layer has names");
    const page = await visit(`#map=${layer.zooms.max}/${at[1]}/${at[0]}`);
    const map = new MapPage(page);
    await map.settled();
    const asked: string[] = [];
    page.on("request", (r) => {
      if (r.url().includes("/tiles/")) asked.push(new URL(r.url()).pathname);
    });
    const name = String(layer.search);
    const old = String(item.properties[name]);
    try {
      await edit(layer.id, item.id, name, "Uji ubin");
      await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(0);
    } finally {
      await edit(layer.id, item.id, name, old);
    }
    expect(asked.filter((path) => !path.startsWith(`/tiles/${layer.id}/`))).toEqual([]);
  });
});
