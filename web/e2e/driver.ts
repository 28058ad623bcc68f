// The map as a person uses it. Nothing here knows how the page is built
// beyond roles, names, and the few parts that have neither.

import type { Locator, Page } from "playwright-core";
import type { Lang } from "../src/catalog.ts";
import { words } from "../src/words.ts";
import { colours, type Painting, painting, visit } from "./helper.ts";

export class MapPage {
  constructor(
    readonly page: Page,
    readonly lang: Lang = "id",
  ) {}

  static async open(hash = "", options?: Parameters<typeof visit>[1]): Promise<MapPage> {
    const map = new MapPage(await visit(hash, options), hash.includes("lang=en") ? "en" : "id");
    await map.settled();
    return map;
  }

  get words() {
    return words[this.lang];
  }

  /** Waits until the map has drawn everything it wants to draw. */
  async settled(): Promise<void> {
    await this.page.locator('simtaru-map[aria-busy="false"]').waitFor({ state: "attached", timeout: 30_000 });
  }

  get canvas(): Locator {
    return this.page.locator("canvas.maplibregl-canvas");
  }

  /** Taps the map at a part of its width and height. */
  async tap(x = 0.5, y = 0.5): Promise<void> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("the map is not there");
    const [px, py] = [box.x + box.width * x, box.y + box.height * y];
    const touch = await this.page.evaluate(() => navigator.maxTouchPoints > 0);
    if (touch) await this.page.touchscreen.tap(px, py);
    else await this.page.mouse.click(px, py);
  }

  switch(title: string): Locator {
    return this.page.getByRole("switch", { name: title, exact: true });
  }

  row(layer: string): Locator {
    return this.page.locator(`simtaru-layer[data-layer="${layer}"]`);
  }

  async openDetails(title: string): Promise<void> {
    const button = this.page.getByRole("button", { name: this.words.detailsOf(title), exact: true });
    if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  }

  legend(layer: string): Promise<string[]> {
    return this.row(layer).locator(".legend li").allInnerTexts();
  }

  get found(): Locator {
    return this.page.locator("simtaru-feature");
  }

  /** What the tap found: name and layer of each. */
  async entries(): Promise<{ name: string; layer: string }[]> {
    await this.found.locator(".entry").first().waitFor();
    return this.found.locator(".entry").evaluateAll((entries) =>
      entries.map((entry) => ({
        name: entry.querySelector(".name")?.textContent?.trim() ?? "",
        layer: entry.querySelector(".layer")?.textContent?.trim() ?? "",
      })),
    );
  }

  /** Opens the entry of a layer, if it is not the open one. */
  async openEntry(layerTitle: string): Promise<void> {
    const entry = this.found.locator(".entry", {
      has: this.page.locator(".layer", { hasText: new RegExp(`^\\s*${literally(layerTitle)}\\s*$`) }),
    });
    const closed = (await entry.first().getAttribute("aria-expanded")) === "false";
    if (closed) await entry.first().click();
    await this.found.locator("dl").waitFor();
  }

  /** The open feature's attributes as they are read: title to words. */
  async attributes(): Promise<Record<string, string>> {
    await this.found.locator("dl").waitFor();
    const pairs = await this.found.locator("dl div").evaluateAll((rows) =>
      rows.map((row) => {
        const words = row.querySelector("dd")?.cloneNode(true) as HTMLElement | undefined;
        words?.querySelector("small")?.remove();
        return [row.querySelector("dt")?.textContent?.trim() ?? "", words?.textContent?.trim() ?? ""];
      }),
    );
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  get searchBox(): Locator {
    return this.page.getByRole("combobox", { name: this.words.search });
  }

  async search(text: string): Promise<Locator> {
    await this.searchBox.click();
    await this.searchBox.fill(text);
    const options = this.page.getByRole("option");
    await options.first().waitFor();
    return options;
  }

  /** Zoom, lat, lon in the address. */
  async position(): Promise<{ zoom: number; lat: number; lon: number }> {
    const hash = await this.hash();
    const [zoom = Number.NaN, lat = Number.NaN, lon = Number.NaN] =
      /map=([^&]*)/.exec(hash)?.[1]?.split("/").map(Number) ?? [];
    return { zoom, lat, lon };
  }

  hash(): Promise<string> {
    return this.page.evaluate(() => location.hash);
  }

  /** Marks the document, so that a reload could be seen. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => document.documentElement.setAttribute("data-mark", "1"));
  }

  async stillMarked(): Promise<boolean> {
    return (await this.page.locator("html[data-mark]").count()) === 1;
  }

  /** Pixels of the square of this size around the middle of the map. */
  async look(size: number): Promise<Painting> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("the map is not there");
    const [x, y] = [box.x + (box.width - size) / 2, box.y + (box.height - size) / 2];
    return painting(await this.page.screenshot({ clip: { x, y, width: size, height: size } }));
  }
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The share of the map that is of the colour of a way. */
export async function blue(map: MapPage): Promise<number> {
  const box = await map.canvas.boundingBox();
  if (!box) throw new Error("the map is not there");
  const [w, h] = [box.width, box.height * 0.5];
  const grid = Array.from({ length: 60 * 60 }, (_, i) => ({
    x: ((i % 60) + 0.5) * (w / 60),
    y: (Math.floor(i / 60) + 0.5) * (h / 60),
  }));
  const png = await map.page.screenshot({ clip: { x: box.x, y: box.y, width: w, height: h }, scale: "css" });
  const seen = await colours(png, grid);
  return seen.filter((c) => c === "29,78,216").length / seen.length;
}
