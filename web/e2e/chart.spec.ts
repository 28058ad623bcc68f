// The chart that a layer declares, in the panel of one of its features.

import { describe, expect, test } from "vitest";
import type { Findings, Score } from "../src/api.ts";
import { type Layer, say } from "../src/catalog.ts";
import { number } from "../src/format.ts";
import { programmeWords } from "../src/programme/words.ts";
import { words } from "../src/words.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { base, canEdit, catalog, item, items, phone, shot, sql } from "./helper.ts";

const given = await catalog();
const layer = given.layers.find((l) => l.chart);
if (!layer?.chart) throw new Error("no layer has a chart");
const { chart } = layer;
const bars = chart.groups.flatMap((group) => group.bars);
const first = bars[0];
if (!first) throw new Error("the chart has no bars");

const titleOf = (name: string, lang: "id" | "en") =>
  say(layer.fields.find((f) => f.name === name)?.title, lang);

/** Each bar as it is read and drawn: its title, its words, and the share that is filled, in percent. */
async function read(map: MapPage): Promise<{ title: string; said: string; filled: number | undefined }[]> {
  const rows = map.page.locator("simtaru-feature-chart li");
  await rows.first().waitFor();
  return rows.evaluateAll((list) =>
    list.map((row) => {
      const [title, said] = [...row.querySelectorAll("span")].map((span) =>
        (span.textContent ?? "").replace(/\s+/g, " ").trim(),
      );
      const whole = row.querySelector("svg")?.getBoundingClientRect().width ?? 0;
      const share = row.querySelector(".share")?.getBoundingClientRect().width;
      return {
        title: title ?? "",
        said: said ?? "",
        filled: share === undefined ? undefined : (100 * share) / whole,
      };
    }),
  );
}

describe("the chart of a feature", () => {
  test.each(["id", "en"] as const)("shows each percentage with its score (%s)", async (lang) => {
    const [one] = await items(layer, 1);
    if (!one) throw new Error(`${layer.id} is empty`);
    const map = await MapPage.open(`#at=${layer.id}/${one.id}&lang=${lang}`);
    const shown = await read(map);
    expect(shown.map((bar) => bar.title)).toEqual(bars.map((bar) => titleOf(bar.field, lang)));
    for (const [i, bar] of bars.entries()) {
      const share = Number(one.properties[bar.field]);
      const score = Number(one.properties[bar.score ?? ""]);
      expect(shown[i]?.said, bar.field).toBe(`${number(share, lang)}%, ${words[lang].score(score)}`);
      expect(shown[i]?.filled, bar.field).toBeCloseTo(Math.min(share, 100), 0);
    }
    const heads = await map.page.locator("simtaru-feature-chart h4").allInnerTexts();
    expect(heads.length).toBe(chart.groups.length);
    for (const [i, { field }] of chart.groups.entries()) {
      expect(heads[i]).toContain(titleOf(field, lang));
      expect(heads[i]).toContain(`${number(Number(one.properties[field]), lang)}%`);
    }
    // What the chart shows is not listed again.
    expect(Object.keys(await map.attributes())).not.toContain(titleOf(first.field, lang));
    expect(await violations(map.page)).toEqual([]);
    await map.page.locator("simtaru-feature-chart").scrollIntoViewIfNeeded();
    await shot(map.page, `chart-${lang}`);
  });

  /** What the server says of the first area of which it says that. */
  async function told(
    lang: "id" | "en",
    is: (said: Findings) => boolean,
  ): Promise<{ id: string | number; said: Findings }> {
    for (const { id } of await items(layer as Layer, 100)) {
      const headers = { accept: "application/json", "accept-language": lang };
      const said = (await (await fetch(`${base}${chart.findings}/${id}`, { headers })).json()) as Findings;
      if (is(said)) return { id, said };
    }
    throw new Error("of no area");
  }

  test("is followed by what to look at", async () => {
    const { id, said } = await told("id", (area) => area.findings.length > 0);
    const map = await MapPage.open(`#at=${layer.id}/${id}`);
    const list = map.page.locator("simtaru-feature-findings li");
    await list.first().waitFor();
    expect(await list.allInnerTexts()).toEqual(said.findings.map((f) => f.message));
    await list.first().scrollIntoViewIfNeeded();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "findings");
  });

  test("is followed by how it is handled, on a phone and in English", async () => {
    const { id, said } = await told("en", (area) => area.handling !== null);
    const small = { ...phone, viewport: { width: 360, height: 740 } };
    const map = await MapPage.open(`#at=${layer.id}/${id}&lang=en`, small);
    const text = map.page.locator("simtaru-feature-findings .handling");
    await text.waitFor();
    const { priority = 0, classification = "", pattern = "pemugaran" } = said.handling ?? {};
    expect(await text.innerText()).toContain(words.en.priority(priority, classification));
    expect(await text.innerText()).toContain(words.en.pattern[pattern]);
    await text.scrollIntoViewIfNeeded();
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await shot(map.page, "findings-phone");
  });

  test("fits a phone", async () => {
    const [one] = await items(layer, 1);
    const map = await MapPage.open(`#at=${layer.id}/${one?.id}`, phone);
    await read(map);
    await map.page.locator("simtaru-feature-chart").scrollIntoViewIfNeeded();
    const wide = await map.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide).toBe(false);
    await shot(map.page, "chart-phone");
  });

  // Only the database computes: the edit is of what a share is computed of.
  test.runIf(canEdit)("says what is not assessed, and follows an edit", async () => {
    const [one] = await items(layer, 1);
    if (!one) throw new Error(`${layer.id} is empty`);
    const volume = first.field.replace("_percent", "_volume");
    const old = Number(one.properties[volume]);
    const map = await MapPage.open(`#at=${layer.id}/${one.id}`);
    const before = await read(map);
    expect(before[0]?.filled).toBeDefined();
    const set = (value: string) =>
      sql(`update plan.${layer.id} set ${volume} = ${value} where id = ${one.id}`);
    try {
      await set("null");
      await expect
        .poll(async () => (await read(map))[0]?.said, { timeout: 10_000 })
        .toBe(words.id.notAssessed);
      const after = await read(map);
      expect(after[0]?.filled).toBeUndefined();
      expect(after.slice(1)).toEqual(before.slice(1));
      expect((await item(layer, one.id)).properties[first.score ?? ""]).toBeNull();
      await map.page.locator("simtaru-feature-chart h3").scrollIntoViewIfNeeded();
      await shot(map.page, "chart-not-assessed");
    } finally {
      await set(String(old));
    }
    await expect.poll(() => read(map), { timeout: 10_000 }).toEqual(before);
  });

  test("tells what a programme would do, and stores nothing", async () => {
    const { id, said } = await told("id", ({ score }) => score.criteria.some((c) => (c.score ?? 0) >= 3));
    const { score } = said;
    const worst = score.criteria.find((c) => (c.score ?? 0) >= 3);
    if (!worst || score.total === null) throw new Error("nothing to do");
    const map = await MapPage.open(`#at=${layer.id}/${id}`, {
      ...phone,
      viewport: { width: 360, height: 740 },
    });
    const say = programmeWords.id;
    await map.page.getByText(words.id.programme).click();
    const programme = map.page.locator("simtaru-programme");
    await programme.getByLabel(worst.title).fill("0");
    // What the server says of the same.
    const volumes = Object.fromEntries(score.criteria.map((c) => [c.id, c.volume]));
    const denominators = Object.fromEntries(score.criteria.map((c) => [c.per, c.denominator]));
    const answer = await fetch(`${base}/api/v1/slum/score`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        areas: [{ volumes, denominators, after: { volumes: { ...volumes, [worst.id]: 0 } } }],
      }),
    });
    const [one] = ((await answer.json()) as { areas: { after: Score; contribution: number }[] }).areas;
    const share = number(100 * (one?.contribution ?? 0), "id", 1);
    await programme.locator("table").waitFor();
    expect(await programme.locator(".contribution").innerText()).toContain(` ${share}%`);
    const row = (key: string) => programme.locator(`tr[data-key="${key}"] td`).allInnerTexts();
    expect(await row("total")).toEqual([
      String(score.total),
      String(one?.after.total),
      `-${score.total - (one?.after.total ?? 0)}`,
    ]);
    expect(await row(worst.id)).toEqual([String(worst.score), "0", `-${worst.score}`]);
    const called = (code: string | null) =>
      given.codes.flatMap((list) => list.codes).find((c) => c.code === code)?.title.id ?? "?";
    expect(await programme.locator(".class").innerText()).toBe(
      say.class(called(score.class), called(one?.after.class ?? null)),
    );
    await programme.locator(".contribution").scrollIntoViewIfNeeded();
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "programme-phone");
    // When it is emptied, other criteria are assessed than before
    await programme.getByLabel(worst.title).fill("");
    await programme.getByText(say.noContribution).waitFor();
    // When all is put back
    await map.page.getByRole("button", { name: say.reset }).click();
    await programme.locator("table").waitFor({ state: "detached" });
    expect(await programme.getByLabel(worst.title).inputValue()).toBe(String(worst.volume));
    const { properties } = await item(layer as Layer, id);
    expect(properties[`c${worst.id}_volume`]).toBe(worst.volume);
  });
});
