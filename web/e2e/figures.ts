// The page of indicators as a person uses it.

import type { FeatureCollection, Position } from "geojson";
import type { Locator, Page } from "playwright-core";
import type { Lang } from "../src/catalog.ts";
import type { UnitKind } from "../src/hash.ts";
import type { Answer, Overview } from "../src/indicator/answer.ts";
import { boxOf } from "../src/indicator/shapes.ts";
import { type IndicatorWords, indicatorWords } from "../src/indicator/words.ts";
import { desktop, json, visit } from "./helper.ts";

export const overview = (): Promise<Overview> => json("/api/v1/indicators");

export const answer = (id: string, by: UnitKind, more = ""): Promise<Answer> =>
  json(`/api/v1/indicators/${id}?by=${by}${more}`);

export const shapes = (id: string, by: UnitKind): Promise<FeatureCollection> =>
  json(`/api/v1/indicators/${id}.geojson?by=${by}`);

export class FigurePage {
  constructor(
    readonly page: Page,
    readonly lang: Lang = "id",
  ) {}

  static async open(hash: string, options: Parameters<typeof visit>[1] = desktop): Promise<FigurePage> {
    const figures = new FigurePage(await visit(hash, options), hash.includes("lang=en") ? "en" : "id");
    await figures.page.locator("simtaru-indicators").waitFor();
    return figures;
  }

  get say(): IndicatorWords {
    return indicatorWords[this.lang];
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  card(id: string): Locator {
    return this.page.locator(`article[data-indicator="${id}"]`);
  }

  /** A figure on a card, as it is read. */
  async figure(id: string): Promise<string> {
    return text(this.page.locator(`[data-figure="${id}"] .value`));
  }

  /** The city's figure of the one that is open. */
  async headline(): Promise<string> {
    return text(this.page.locator("simtaru-indicator .value").first());
  }

  get map(): Locator {
    return this.page.locator("simtaru-choropleth");
  }

  async drawn(): Promise<void> {
    await this.page.locator('simtaru-choropleth[aria-busy="false"]').waitFor({ timeout: 30_000 });
  }

  column(name: string): Locator {
    return this.page.locator("simtaru-table th", {
      has: this.page.getByRole("button", { name, exact: true }),
    });
  }

  /** The codes of the table's rows, from above. */
  async rows(): Promise<string[]> {
    await this.page.locator("simtaru-table tbody tr").first().waitFor();
    return this.page
      .locator("simtaru-table tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-code") ?? ""));
  }

  hash(): Promise<string> {
    return this.page.evaluate(() => location.hash);
  }

  /** How wide the page is, with all that would have to be scrolled to. */
  wide(): Promise<number> {
    return this.page.evaluate(() =>
      Math.max(
        document.documentElement.scrollWidth,
        ...[...document.querySelectorAll("simtaru-indicators")].map((page) => page.scrollWidth),
      ),
    );
  }
}

async function text(at: Locator): Promise<string> {
  return (await at.innerText()).replace(/\s+/g, "\u00a0");
}

/** Where points are on a map that was fitted to its shapes, in CSS pixels of its corner. */
export function fitted(
  all: FeatureCollection,
  size: { width: number; height: number },
  padding: number,
): (at: Position) => { x: number; y: number } {
  const [west, south, east, north] = boxOf(all) ?? [0, 0, 1, 1];
  const [left, bottom] = world(west, south);
  const [right, top] = world(east, north);
  const scale = Math.min(
    (size.width - 2 * padding) / (right - left),
    (size.height - 2 * padding) / (bottom - top),
  );
  return ([lon = 0, lat = 0]) => {
    const [x, y] = world(lon, lat);
    return {
      x: size.width / 2 + (x - (left + right) / 2) * scale,
      y: size.height / 2 + (y - (top + bottom) / 2) * scale,
    };
  };
}

/** A point of the unit square of web Mercator. */
function world(lon: number, lat: number): [number, number] {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}
