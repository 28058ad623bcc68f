// Accessibility, measured by axe.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import { MapPage } from "./driver.ts";
import { catalog, items, phone } from "./helper.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const given = await catalog();

async function violations(map: MapPage): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not concern.
  await map.page.evaluate(axe);
  const results = await map.page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}`));
}

test.each([
  ["a wide screen", undefined],
  ["a phone", phone],
])("the page on %s", async (_, options) => {
  const map = await MapPage.open("", options);
  expect(await violations(map)).toEqual([]);
});

test("with a feature, a legend, and results open", async () => {
  const layer = given.layers.find((l) => (l.legend?.length ?? 0) > 1);
  const item = layer && (await items(layer, 1))[0];
  if (!layer || !item) throw new Error("no layer with a legend has features");
  const map = await MapPage.open(`#at=${layer.id}/${item.id}`);
  await map.openDetails(say(layer.title, "id"));
  await map.attributes();
  expect(await violations(map)).toEqual([]);
  await map.search("lam");
  expect(await violations(map)).toEqual([]);
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
