import { describe, expect, test } from "vitest";
import type { Here, Item } from "../src/api.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { catalog, json, phone, shot } from "./helper.ts";

const given = await catalog();

/** A place in a sub-zone of that code. */
async function placeIn(code: string): Promise<[number, number]> {
  const layer = given.layers.find((l) => l.style?.field === "kodszn");
  const { features } = await json<{ features: Item[] }>(`${layer?.items}?kodszn=${code}&limit=1`);
  const at = features[0]?.geometry && inside(features[0].geometry);
  if (!at) throw new Error(`there is no ${code}`);
  return at as [number, number];
}

/** The zone at a place, as an address names it. */
async function zoneAt(lon: number, lat: number): Promise<[string, number]> {
  const { zones } = await json<Here>(`/api/v1/zoning/at?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}`);
  const layer = given.layers.find((l) => l.style?.field === "kodszn");
  return [layer?.id ?? "", zones[0]?.id ?? 0];
}

describe("what may be built here", () => {
  test("is told in a sentence first, and in detail when unfolded", async () => {
    // Given
    const [lon, lat] = await placeIn("K-1");
    const map = await MapPage.open(`#map=18/${lat}/${lon}`);
    const here = map.page.locator("simtaru-here");
    // When
    await map.tap();
    // Then
    await here.getByText("sub-zona Perdagangan dan Jasa Skala Kota (K-1)").waitFor();
    const folded = here.getByText("paling besar 100 m2").first();
    expect(await folded.isVisible()).toBe(false);
    await here.getByText(map.words.allActivities).click();
    await folded.waitFor();
    await here.getByText(map.words.intensity).click();
    await here.getByText("4,8 kali luas persil").waitFor();
    await here.getByText(map.words.law).click();
    await here.getByText("Peraturan Zonasi Demonstrasi (rekaan), Pasal 12").waitFor();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "here");
  });

  test("answers for an activity that was looked up with a slip, and for a plot", async () => {
    // Given
    const [lon, lat] = await placeIn("R-2");
    const map = await MapPage.open(`#map=18/${lat}/${lon}`);
    const here = map.page.locator("simtaru-here");
    await map.tap();
    await here.getByText("Perumahan Kepadatan Tinggi (R-2)").waitFor();
    // When
    await here.getByLabel(map.words.myActivity).fill("warng kopi");
    await here.getByRole("button", { name: "Warung kopi dan kafe" }).click();
    // Then
    await here
      .getByText("Warung kopi dan kafe di sini diizinkan secara terbatas dan dengan syarat.")
      .waitFor();
    await here.getByText("B1: persetujuan tertulis tetangga yang berbatasan.").first().waitFor();
    // When
    await here.getByLabel(map.words.myPlot).fill("150");
    await here.getByLabel(map.words.myPlot).press("Enter");
    // Then
    await here.getByText("Tapak bangunan paling luas 97,5 m².").waitFor();
    // When nothing is like it
    await here.getByLabel(map.words.myActivity).fill("xyzxyz");
    await here.getByText(map.words.noActivity("xyzxyz")).waitFor();
  });

  test("asks for the road in front where the rules depend on it, and the extract is told of it", async () => {
    // Given
    const [lon, lat] = await placeIn("K-1");
    const map = await MapPage.open(`#map=18/${lat}/${lon}`);
    const here = map.page.locator("simtaru-here");
    await map.tap();
    const at = `/api/v1/zoning/at?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}`;
    const { zones, plot } = await json<Here>(`${at}&road_class=arteri`);
    expect(zones[0]?.intensity.length).toBe(1);
    // When
    await here.getByLabel(map.words.myRoad).selectOption("arteri");
    // Then
    const { sentence } = await json<Here>(`${at}&road_class=arteri`);
    await here.getByText(sentence.id ?? "").waitFor();
    if (!plot) return;
    await map.page.getByRole("button", { name: map.words.makeExtract }).click();
    await map.page.locator("simtaru-extract dl").getByText("arteri").waitFor();
  });

  test.each(["a link", "the search"])("is told of what %s opens, in its middle", async (by) => {
    // Given
    const layer = given.layers.find(
      (l) => l.search && l.visible && l.geometry === "MultiPolygon" && !l.topology?.coverage,
    );
    const { features } = await json<{ features: Item[] }>(`${layer?.items}?limit=50`);
    const one = features.find(
      (f) => f.geometry && String(f.properties[layer?.search ?? ""] ?? "").length > 3,
    );
    const [lon, lat] = (one?.geometry && inside(one.geometry)) ?? [];
    if (!layer?.search || !one || lon === undefined || lat === undefined) throw new Error("nothing to open");
    const { sentence } = await json<Here>(`/api/v1/zoning/at?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}`);
    // When
    const map = await MapPage.open(by === "a link" ? `#at=${layer.id}/${one.id}` : "");
    if (by === "the search") {
      const options = await map.search(String(one.properties[layer.search]));
      await options.first().click();
    }
    // Then
    const here = map.page.locator("simtaru-here");
    await here.getByText(sentence.id ?? "").waitFor();
    await here.getByText(map.words.hereMiddle).waitFor();
    // When a place is tapped, it is told of that
    await map.settled();
    await map.tap(0.35, 0.3);
    await here.getByText(map.words.hereMiddle).waitFor({ state: "detached" });
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, `here-${by.replace(" ", "-")}`);
  });

  test("is told on a phone as well", async () => {
    const [lon, lat] = await placeIn("R-2");
    const [layer, id] = await zoneAt(lon, lat);
    const map = await MapPage.open(`#map=17/${lat}/${lon}&at=${layer}/${id}`, {
      ...phone,
      viewport: { width: 360, height: 740 },
    });
    await map.page.locator("simtaru-here").getByText("(R-2)").first().waitFor();
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await shot(map.page, "here-phone");
  });

  test("is said plainly outside the plan, and in English", async () => {
    const map = await MapPage.open("#map=14/5.62/95.2&lang=en");
    await map.tap();
    await map.page.locator("simtaru-here").getByText("This point is outside the plan").waitFor();
  });
});
