import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { catalog, json, shot } from "./helper.ts";

const given = await catalog();

/** A place in a sub-zone of that code. */
async function placeIn(code: string): Promise<[number, number]> {
  const layer = given.layers.find((l) => l.style?.field === "kodszn");
  const { features } = await json<{ features: Item[] }>(`${layer?.items}?kodszn=${code}&limit=1`);
  const at = features[0]?.geometry && inside(features[0].geometry);
  if (!at) throw new Error(`there is no ${code}`);
  return at as [number, number];
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

  test("is said plainly outside the plan, and in English", async () => {
    const map = await MapPage.open("#map=14/5.62/95.2&lang=en");
    await map.tap();
    await map.page.locator("simtaru-here").getByText("This point is outside the plan").waitFor();
  });
});
