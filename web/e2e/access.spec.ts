// Accessibility, measured by axe.

import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { catalog, items, phone } from "./helper.ts";

const given = await catalog();

test.each([
  ["a wide screen", undefined],
  ["a phone", phone],
])("the page on %s", async (_, options) => {
  const map = await MapPage.open("", options);
  expect(await violations(map.page)).toEqual([]);
});

test("with a feature, a legend, and results open", async () => {
  const layer = given.layers.find((l) => (l.legend?.length ?? 0) > 1);
  const item = layer && (await items(layer, 1))[0];
  if (!layer || !item) throw new Error("no layer with a legend has features");
  const map = await MapPage.open(`#at=${layer.id}/${item.id}`);
  await map.openDetails(say(layer.title, "id"));
  await map.attributes();
  expect(await violations(map.page)).toEqual([]);
  await map.search("lam");
  expect(await violations(map.page)).toEqual([]);
});

test("every control can be reached and seen with the Tab key", async () => {
  const map = await MapPage.open();
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    await map.page.keyboard.press("Tab");
    const focus = await map.page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      if (!at || at === document.body) return undefined;
      const label = at.getAttribute("aria-label") ?? at.closest("label")?.textContent ?? at.textContent;
      return { label: (label ?? "").trim(), outline: getComputedStyle(at).outlineStyle };
    });
    if (!focus) break;
    expect(focus.outline, focus.label).not.toBe("none");
    seen.add(focus.label);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([map.words.search, map.words.zoomIn, map.words.mapLabel, map.words.guide]),
  );
});
