import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import { type Layer, say } from "../src/catalog.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { catalog, forgive, items, json, shot } from "./helper.ts";

const given = await catalog();

/** The address of a close look at one feature, with no layer on but these. */
function closeUp(layer: Layer, item: Item, shown: Layer[] = [layer]): string {
  const at = item.geometry && inside(item.geometry);
  if (!at) throw new Error(`${layer.id}/${item.id} has no geometry`);
  const zoom = Math.max(layer.zooms.show ?? 0, layer.zooms.min, 17);
  const on = shown.map((l) => l.id);
  const off = given.layers.map((l) => l.id).filter((id) => !on.includes(id));
  return `#map=${zoom}/${at[1]}/${at[0]}&on=${on.join()}&off=${off.join()}`;
}

/** What a reader must find for the attributes whose words the catalogue gives: codes and text. */
function expected(layer: Layer, item: Item, lang: "id" | "en"): Record<string, string> {
  const out: Record<string, string> = {};
  for (const field of layer.fields) {
    const raw = item.properties[field.name];
    if (typeof raw !== "string" || raw === "" || field.type !== "text") continue;
    const list = given.codes.find((l) => l.list === field.codes?.list && l.version === field.codes?.version);
    const title = list?.codes.find((c) => c.code === raw)?.title;
    out[say(field.title, lang)] = (title ? say(title, lang) : raw).trim();
  }
  return out;
}

describe("a tap on the map", () => {
  test.each(given.layers.map((layer) => [layer.id, layer] as const))(
    "on %s shows its attributes in words",
    async (_, layer) => {
      // Given
      const item = (await items(layer, 1)).find((i) => i.geometry);
      if (!item) throw new Error(`${layer.id} is empty`);
      const map = await MapPage.open(closeUp(layer, item));
      // When
      await map.tap();
      // Then
      const title = say(layer.title, "id");
      expect((await map.entries()).map((e) => e.layer)).toContain(title);
      await map.openEntry(title);
      const [, opened] = new RegExp(`at=${layer.id}/(\\d+)`).exec(await map.hash()) ?? [];
      // A neighbour may lie on top of it; then its words are the ones to compare.
      const read = await json<Item>(`${layer.items}/${opened}`);
      const shown = await map.attributes();
      for (const [attribute, words] of Object.entries(expected(layer, read, "id"))) {
        expect(shown[attribute], attribute).toContain(words);
      }
      await shot(map.page, `feature-${layer.id}`);
    },
  );

  test("lists everything at that point, and opens one after the other", async () => {
    const areas = given.layers.filter((l) => l.geometry === "MultiPolygon");
    const first = areas.find((l) => l.visible);
    if (!first) throw new Error("no area is visible at first");
    for (const item of await items(first, 8)) {
      const map = await MapPage.open(closeUp(first, item, areas));
      await map.tap();
      const entries = await map.entries();
      if (entries.length < 2) continue;
      for (const { layer } of entries) {
        await map.openEntry(layer);
        expect(Object.keys(await map.attributes()).length).toBeGreaterThan(0);
      }
      await shot(map.page, "several");
      await map.page.getByRole("button", { name: map.words.close }).click();
      await map.found.waitFor({ state: "detached" });
      expect(await map.hash()).not.toContain("at=");
      return;
    }
    throw new Error("no point has two features");
  });

  test("from the keyboard: Enter reads the centre", async () => {
    const [layer] = given.layers.filter((l) => l.visible && l.geometry === "MultiPolygon");
    const item = layer && (await items(layer, 1))[0];
    if (!layer || !item) throw new Error("no area is visible at first");
    const map = await MapPage.open(closeUp(layer, item));
    await map.canvas.focus();
    await map.page.keyboard.press("Enter");
    expect((await map.entries()).map((e) => e.layer)).toContain(say(layer.title, "id"));
  });

  test("where nothing is says so", async () => {
    const map = await MapPage.open("#map=15/-1/90");
    await map.tap();
    await map.page.getByText(map.words.nothingHere).waitFor();
  });

  test("on a feature that is no longer there says so", async () => {
    const layer = given.layers[0];
    const map = await MapPage.open(`#at=${layer?.id}/999999999`);
    await map.page.getByText(map.words.featureGone).waitFor();
    expect(forgive(/status of 404/).length).toBe(1);
  });
});
