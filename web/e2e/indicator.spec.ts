// The page of indicators: what it shows equals what the server says.

import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { say } from "../src/catalog.ts";
import type { Listed } from "../src/indicator/answer.ts";
import { cards, figure, squareMetres } from "../src/indicator/figure.ts";
import { classes, classOf } from "../src/indicator/scale.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { answer, FigurePage, fitted, overview, shapes } from "./figures.ts";
import { inside } from "./geometry.ts";
import { canEdit, catalog, colours, edit, forgive, items, json, phone, shot } from "./helper.ts";

const given = await overview();
const small = { ...phone, viewport: { width: 360, height: 740 } };

/** The first share of land that is known for each gampong, and its definition. */
function landShare(): Listed {
  const found = [...given.indicators]
    .sort((a, b) => a.order - b.order)
    .find((i) => i.kind === "area_share" && i.units.includes("gampong") && i.target);
  if (!found) throw new Error("no share of land has a target");
  return found;
}

const share = landShare();
const hash = `#view=indicators&indicator=${share.id}`;

describe("the cards", () => {
  test("are reached from the map, show what the server says, and lead back", async () => {
    const map = await MapPage.open();
    const position = await map.position();
    await map.page.getByRole("link", { name: map.words.indicators, exact: true }).click();
    const page = new FigurePage(map.page);
    await page.card(share.id).waitFor();
    await shot(page.page, "indicators");
    expect(await page.page.locator("article").count()).toBe(cards(given.indicators).length);
    for (const i of given.indicators) {
      const { value } = i.value;
      expect(await page.figure(i.id), i.id).toBe(
        value === null
          ? page.say.noValue.replaceAll(" ", "\u00a0")
          : figure(value, i, "id").replaceAll(" ", "\u00a0"),
      );
    }
    // The status is a word, and the target names its source.
    if (share.status !== "none") {
      expect(await page.card(share.id).innerText()).toContain(page.say.status[share.status]);
    }
    expect(await page.card(share.id).innerText()).toContain(share.target?.source);
    await page.page.getByRole("link", { name: `← ${page.say.back}` }).click();
    await map.settled();
    const back = await map.position();
    expect(back.zoom).toBeCloseTo(position.zoom, 1);
    expect(back.lat).toBeCloseTo(position.lat, 3);
  });

  test("speak English too, without a reload", async () => {
    const page = await FigurePage.open("#view=indicators");
    await page.card(share.id).waitFor();
    await page.page.getByRole("button", { name: "English" }).click();
    await page.page.getByRole("heading", { level: 1, name: "Indicators" }).waitFor();
    await page
      .card(share.id)
      .getByRole("link", { name: say(share.title, "en"), exact: true })
      .waitFor();
    const { value } = share.value;
    if (value !== null) {
      await expect
        .poll(() => page.figure(share.id))
        .toBe(figure(value, share, "en").replaceAll(" ", "\u00a0"));
    }
  });

  test("one that does not exist is told in words", async () => {
    const page = await FigurePage.open("#view=indicators&indicator=no_such_thing");
    await page.page.getByText(page.say.unknown).waitFor();
  });
});

describe("one indicator", () => {
  test("shows the city's figure, every gampong's, and how each was computed", async () => {
    const city = (await answer(share.id, "city")).readings[0];
    const { readings } = await answer(share.id, "gampong");
    const page = await FigurePage.open(hash);
    await page.drawn();
    await shot(page.page, "indicator");
    if (city?.value != null) {
      expect(await page.headline()).toBe(figure(city.value, share, "id").replaceAll(" ", "\u00a0"));
    }
    const shown = await page.page
      .locator("simtaru-table tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.getAttribute("data-code"),
          row.querySelector("[data-value]")?.getAttribute("data-value"),
        ]),
      );
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(readings.map((r) => [r.code, r.value === null ? "" : String(r.value)])),
    );
    const one = readings.find((r) => r.value);
    if (!one) throw new Error("no gampong has a value");
    await page.page.locator(`tr[data-code="${one.code}"] button`).click();
    const how = page.page.locator("simtaru-method");
    await how.getByText(page.say.howFor(one.name)).waitFor();
    const words = await how.locator(".box").innerText();
    expect(words).toContain(one.data);
    expect(words).toContain(say(share.office, "id"));
    expect(words).toContain(figure(one.value ?? 0, share, "id"));
  });

  test("land by class stands beside the land as it is drawn, and the area that it has to fill", async () => {
    const zones = (await overview()).indicators.find((i) => i.value.drawn?.outside !== undefined);
    if (!zones) throw new Error("no indicator tells of land as it is drawn");
    const { drawn, value, denominator, classes: all } = zones.value;
    if (!drawn || value === null || denominator === null) throw new Error("the city has no value");
    const page = await FigurePage.open(`#view=indicators&indicator=${zones.id}`);
    const table = page.page.locator("simtaru-classes table");
    const line = (row: Locator) =>
      row.locator("td.number").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("title") ?? ""));
    await table.locator("tfoot .inside").waitFor();
    const told = (...list: (number | undefined)[]) => list.map((v) => squareMetres(v ?? Number.NaN, "id"));
    expect(await line(table.locator("tfoot tr").first())).toEqual(
      told(value, drawn.sum, drawn.overlap, drawn.outside),
    );
    expect(await line(table.locator("tfoot .uncovered"))).toEqual(told(drawn.uncovered));
    expect(await line(table.locator("tfoot .inside"))).toEqual(told(denominator));
    const [first] = all ?? [];
    expect((await line(table.locator("tbody tr").first())).slice(0, -1)).toEqual(
      told(first?.area, first?.drawn?.sum, first?.drawn?.overlap, first?.drawn?.outside),
    );
    await shot(page.page, "indicator-drawn");
  });

  test("its map draws each gampong in the colour of its value", async () => {
    const { readings, decimals } = await answer(share.id, "gampong");
    const all = await shapes(share.id, "gampong");
    const page = await FigurePage.open(hash);
    await page.drawn();
    const legend = classes(
      readings.flatMap((r) => r.value ?? []),
      decimals,
    );
    expect(legend.length).toBeGreaterThan(1);
    expect(await page.map.locator(".legend li").count()).toBeGreaterThanOrEqual(legend.length);
    const canvas = page.map.locator("canvas");
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (!box) throw new Error("no map");
    const project = fitted(all, box, 16);
    const value = new Map(readings.map((r) => [r.code, r.value]));
    const spots = all.features.flatMap((f) => {
      const at = inside(f.geometry);
      const drawn = classOf(value.get(String(f.properties?.["code"])) ?? null, legend, decimals);
      return at && drawn ? [{ ...project(at), colour: rgb(drawn.colour) }] : [];
    });
    const seen = await colours(await page.page.screenshot({ clip: box }), spots);
    const known = new Set(legend.map((c) => rgb(c.colour)));
    let right = 0;
    spots.forEach(({ colour }, i) => {
      const own = seen[i] ?? "";
      if (own === colour) right++;
      // What is neither is a name or a border.
      else expect(known.has(own), `${own} in place of ${colour}`).toBe(false);
    });
    expect(right / spots.length).toBeGreaterThan(0.5);
    expect(new Set(seen.filter((c) => known.has(c))).size).toBe(legend.length);
  });

  test("its table sorts by pointer and by key, and says so", async () => {
    const { readings } = await answer(share.id, "gampong");
    const page = await FigurePage.open(hash);
    const { value, name } = page.say.columns;
    const values = new Map(readings.map((r) => [r.code, r.value ?? Number.NaN]));
    const order = async () =>
      (await page.rows()).map((code) => values.get(code)).filter((v) => !Number.isNaN(v));
    expect(await page.column(value).getAttribute("aria-sort")).toBe("descending");
    const down = await order();
    expect(down).toEqual([...down].sort((a = 0, b = 0) => b - a));
    await page.button(value).click();
    expect(await page.column(value).getAttribute("aria-sort")).toBe("ascending");
    const up = await order();
    expect(up).toEqual([...up].sort((a = 0, b = 0) => a - b));
    await page.button(name).focus();
    await page.page.keyboard.press("Enter");
    expect(await page.column(name).getAttribute("aria-sort")).toBe("ascending");
    expect(await page.column(value).getAttribute("aria-sort")).toBeNull();
    const names = new Map(readings.map((r) => [r.code, r.name]));
    const sorted = (await page.rows()).map((code) => names.get(code) ?? "");
    expect(sorted).toEqual([...sorted].sort(new Intl.Collator("id", { numeric: true }).compare));
  });

  test("a choice of method moves the figure, stands in the address, and is told", async () => {
    const before = (await answer(share.id, "city")).readings[0]?.value;
    // The first choice that moves something in this city.
    let chosen: { id: string; title: string; on: boolean; value: number } | undefined;
    for (const { id, title, on } of share.switches ?? []) {
      const value = (await answer(share.id, "city", `&${id}=${!on}`)).readings[0]?.value;
      if (value != null && value !== before) chosen ??= { id, title: say(title, "id"), on, value };
    }
    if (!chosen) throw new Error("no choice of method moves the figure");
    const { id, on, title, value } = chosen;
    const page = await FigurePage.open(hash);
    await page.drawn();
    const box = page.page.getByRole("checkbox", { name: title, exact: true });
    expect(await box.isChecked()).toBe(on);
    await box.click();
    await expect.poll(() => page.headline()).toBe(figure(value, share, "id").replaceAll(" ", "\u00a0"));
    expect(await page.hash()).toContain(`${on ? "without" : "with"}=${id}`);
    await page.page.getByText(page.say.otherThanPublished).waitFor();
    // What is downloaded is what is seen.
    const csv = await page.page.getByRole("link", { name: "CSV" }).getAttribute("href");
    expect(csv).toContain(`${id}=${!on}`);
    await box.click();
    await expect.poll(() => page.hash()).not.toContain(id);
  });

  test("by kecamatan it has other units, and the address remembers", async () => {
    const { readings } = await answer(share.id, "kecamatan");
    const page = await FigurePage.open(hash);
    await page.drawn();
    await page.page.getByText(page.say.units.kecamatan, { exact: true }).first().click();
    await expect.poll(async () => (await page.rows()).sort()).toEqual(readings.map((r) => r.code).sort());
    expect(await page.hash()).toContain("by=kecamatan");
  });

  test("a day of the past is asked for, to its end", async () => {
    const page = await FigurePage.open(hash);
    await page.drawn();
    const asked = page.page.waitForRequest((r) => r.url().includes("at=2020-01-31T17%3A00%3A00"));
    await page.page.getByLabel(page.say.day).fill("2020-01-31");
    await asked;
    // The demonstration is younger: that is told, no figure of now stands there, and there is a way back.
    await page.page.locator("simtaru-indicators .message.fault").waitFor();
    expect(await page.page.locator("simtaru-indicator .value").count()).toBe(0);
    expect(await page.hash()).toContain("day=2020-01-31");
    await page.button(page.say.today).click();
    await expect.poll(() => page.hash()).not.toContain("day=");
    await page.drawn();
    expect(forgive(/status of 400/).length).toBeGreaterThan(0);
  });

  test("an address with a day asks for the same moment elsewhere on the globe", async () => {
    const page = await FigurePage.open("#view=indicators", { timezoneId: "America/New_York" });
    const asked = page.page.waitForRequest((r) => r.url().includes("at=2020-01-31T17%3A00%3A00"));
    await page.page.evaluate((to) => {
      location.hash = to;
    }, `${hash}&day=2020-01-31`);
    await asked;
    await page.page.locator("simtaru-indicators .message.fault").waitFor();
    expect(forgive(/status of 400/).length).toBeGreaterThan(0);
  });

  test("what other systems send is not offered for a day of the past", async () => {
    const sent = given.indicators.find((i) => i.kind === "external");
    if (!sent) throw new Error("no indicator is sent");
    const page = await FigurePage.open(`#view=indicators&indicator=${sent.id}`);
    await page.page.locator("simtaru-indicator .controls").waitFor({ state: "attached" });
    expect(await page.page.getByLabel(page.say.day).count()).toBe(0);
  });

  test("a release stands in the series by its day, with its name", async () => {
    const page = await FigurePage.open("#view=indicators");
    const point = (at: string, value: number, more: object) => ({
      ...{ value, numerator: null, denominator: null, method: 1, at },
      ...more,
    });
    const series = [
      point("2025-01-01T05:00:00Z", 10, { on: "2025-01-01" }),
      point("2026-09-25T05:00:00Z", 12, { label: "RTRW 2026" }),
      point("2026-10-01T05:00:00Z", 14, { on: "2026-10-01" }),
    ];
    await page.page.route("**/series?*", (route) => route.fulfill({ json: { series } }));
    await page.page.evaluate((to) => {
      location.hash = to;
    }, hash);
    const dots = page.page.locator("simtaru-series circle");
    await expect.poll(() => dots.count()).toBe(3);
    const [first = 0, second = 0, third = 0] = await dots.evaluateAll((all) =>
      all.map((dot) => Number(dot.getAttribute("cx"))),
    );
    expect((second - first) / (third - first)).toBeGreaterThan(0.95);
    await page.page.locator("simtaru-series .release", { hasText: "RTRW 2026" }).waitFor();
    await page.page.locator("simtaru-series").scrollIntoViewIfNeeded();
    await shot(page.page, "indicators-release");
  });

  test.skipIf(!canEdit)("an edit of its land moves the figure without a reload", async () => {
    const parts = (await answer(share.id, "city")).coverage?.parts ?? [];
    const part = parts.find((p) => p.id === share.parts?.[0]?.part);
    const rule = part?.where?.find((c) => c.in?.length === 1);
    const layer = (await catalog()).layers.find((l) => l.id === part?.layer);
    const field = layer?.fields.find((f) => f.name === rule?.field);
    if (!part || !rule || !layer || !field) throw new Error("the first part has no rule of one value");
    const wanted = rule.in?.[0] ?? "";
    const other = (await catalog()).codes
      .find((l) => l.list === field.codes?.list && l.version === field.codes?.version)
      ?.codes.find((c) => c.code !== wanted)?.code;
    const item = (await items(layer, 500)).find((i) =>
      (part.where ?? []).every((c) => !c.in || c.in.includes(String(i.properties[c.field]))),
    );
    if (!item || !other) throw new Error("nothing counts that could be changed");
    const page = await FigurePage.open(hash);
    await page.drawn();
    const before = await page.page.locator("simtaru-method dl").innerText();
    try {
      await edit(layer.id, item.id, rule.field, other);
      await expect
        .poll(() => page.page.locator("simtaru-method dl").innerText(), { timeout: 15_000 })
        .not.toBe(before);
    } finally {
      await edit(layer.id, item.id, rule.field, wanted);
    }
    const numerator = (words: string) => /(Pembilang\s+\S+\s\S+)/.exec(words)?.[1];
    await expect
      .poll(async () => numerator(await page.page.locator("simtaru-method dl").innerText()), {
        timeout: 15_000,
      })
      .toBe(numerator(before));
  });
});

test.skipIf(!canEdit)("a gampong with other people moves what is counted by head", async () => {
  const head = given.indicators.find((i) => i.kind === "per_head" && i.units.includes("gampong"));
  const [unit] = head ? (await answer(head.id, "gampong")).readings : [];
  // The layer whose features are the units: what the figure is computed from besides the land it counts.
  const land = new Set(head && (await answer(head.id, "city")).coverage?.parts.map((p) => p.layer));
  const other = head?.layers.filter((id) => !land.has(id)) ?? [];
  const layer = (await catalog()).layers.find((l) => other.includes(l.id));
  const field = layer?.fields.find((f) => f.unit === "{person}");
  const item =
    layer && (await items(layer, 1000)).find((i) => Object.values(i.properties).includes(unit?.code));
  if (!head || !unit || !layer || !field || !item) throw new Error("nothing is counted by head");
  const page = await FigurePage.open(`#view=indicators&indicator=${head.id}`);
  await page.drawn();
  const cell = page.page.locator(`tr[data-code="${unit.code}"] [data-value]`);
  const before = await cell.getAttribute("data-value");
  const people = String(item.properties[field.name]);
  try {
    await edit(layer.id, item.id, field.name, String(Number(people) * 2 + 1));
    await expect.poll(() => cell.getAttribute("data-value"), { timeout: 15_000 }).not.toBe(before);
  } finally {
    await edit(layer.id, item.id, field.name, people);
  }
  await expect.poll(() => cell.getAttribute("data-value"), { timeout: 15_000 }).toBe(before);
});

describe("on a phone of 360 pixels", () => {
  test.each(["#view=indicators", hash, `#view=trial&indicator=${share.id}`])(
    "%s has nothing beyond the edge",
    async (at) => {
      const page = await FigurePage.open(at, small);
      await page.page
        .locator("article, simtaru-choropleth[aria-busy=false], simtaru-trial-map[aria-busy=false]")
        .first()
        .waitFor();
      expect(await page.wide()).toBe(360);
      await shot(
        page.page,
        `indicators-phone-${at.includes("trial") ? "trial" : at === hash ? "one" : "all"}`,
      );
    },
  );
});

describe("accessibility", () => {
  test.each(["#view=indicators", hash, `#view=trial&indicator=${share.id}`])(
    "axe finds nothing at %s",
    async (at) => {
      const page = await FigurePage.open(at);
      await page.page
        .locator("article, simtaru-choropleth[aria-busy=false], simtaru-trial-map[aria-busy=false]")
        .first()
        .waitFor();
      expect(await violations(page.page)).toEqual([]);
    },
  );

  test("everything can be reached and seen with the Tab key", async () => {
    const page = await FigurePage.open(hash);
    await page.drawn();
    const seen = new Set<string>();
    const hidden: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.page.keyboard.press("Tab");
      const focus = await page.page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        if (!at || at === document.body) return undefined;
        const label = at.getAttribute("aria-label") ?? at.closest("label")?.textContent ?? at.textContent;
        const shown = at.closest("label") ?? at;
        return {
          label: (label ?? "").trim(),
          outline: [getComputedStyle(at).outlineStyle, getComputedStyle(shown).outlineStyle],
        };
      });
      if (!focus) break;
      if (focus.outline.every((o) => o === "none")) hidden.push(focus.label);
      seen.add(focus.label);
    }
    expect(hidden, "focus that cannot be seen").toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(["CSV", "GeoJSON", page.say.trial, page.say.print]));
  });
});

test("what is printed holds the map, and no buttons", async () => {
  const page = await FigurePage.open(hash);
  await page.drawn();
  await page.page.emulateMedia({ media: "print" });
  expect(await page.button(page.say.print).isVisible()).toBe(false);
  expect(await page.map.locator("canvas").isVisible()).toBe(true);
  // All of it is on the pages: nothing is left to scroll to.
  expect(
    await page.page.evaluate(
      () => getComputedStyle(document.querySelector("simtaru-indicators") as Element).overflow,
    ),
  ).toBe("visible");
  const pdf = await page.page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
});

test("the map page loads none of it", async () => {
  const map = await MapPage.open();
  const loaded = await map.page.evaluate(() => performance.getEntriesByType("resource").map((r) => r.name));
  const before = new Set(loaded);
  await map.page.getByRole("link", { name: map.words.indicators, exact: true }).click();
  await new FigurePage(map.page).card(share.id).waitFor();
  const after = await map.page.evaluate(() => performance.getEntriesByType("resource").map((r) => r.name));
  expect(after.filter((name) => name.endsWith(".js") && !before.has(name)).length).toBeGreaterThan(0);
  expect(loaded.filter((name) => name.includes("/api/v1/indicators"))).toEqual([]);
});

function rgb(hex: string): string {
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)).join();
}

test("every list of the server is reached by its own address", async () => {
  for (const form of [".csv", ".geojson"]) {
    const page = await FigurePage.open(hash);
    const href = await page.page
      .getByRole("link", { name: form === ".csv" ? "CSV" : "GeoJSON" })
      .getAttribute("href");
    expect(href).toContain(`/${share.id}${form}?by=gampong`);
  }
  expect(
    (await json<{ features: unknown[] }>(`/api/v1/indicators/${share.id}.geojson?by=gampong`)).features
      .length,
  ).toBe((await answer(share.id, "gampong")).readings.length);
});
