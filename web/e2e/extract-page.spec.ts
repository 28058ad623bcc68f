// The page that the code on paper leads to.

import { describe, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { base, blank, desktop, phone, shot } from "./helper.ts";

const asked = {
  parcel: { parcel: 1000 },
  drawn: {
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [95.313, 5.552],
          [95.317, 5.552],
          [95.317, 5.556],
          [95.313, 5.556],
          [95.313, 5.552],
        ],
      ],
    },
  },
};

async function make(question: object): Promise<{ id: string; sum: string }> {
  const answer = await fetch(`${base}/api/v1/extracts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  expect(answer.status).toBe(201);
  return {
    id: ((await answer.json()) as { id: string }).id,
    sum: answer.headers.get("Simtaru-SHA256") ?? "",
  };
}

describe("the page of an extract", () => {
  const small = { ...phone, viewport: { width: 360, height: 740 } };
  test.each([
    ["parcel", "en", "phone", small],
    ["drawn", "id", "phone", small],
    ["parcel", "id", "desk", desktop],
  ] as const)("of a %s is read in %s on a %s", async (what, lang, size, options) => {
    const { id, sum } = await make(asked[what]);
    const code = sum.slice(0, 16);
    const words = {
      id: ["Kode di kertas adalah kode dari isi", "bandingkan kertas Anda", "WIB"],
      en: ["The code on paper is that of", "compare yours with what is written below", "WIB"],
    };
    const says = async (list: string[]) => {
      const text = await page.locator("main").innerText();
      for (const word of list) expect(text).toContain(word);
    };
    const page = await blank(options);
    await page.goto(`${base}/extracts/${id}?lang=${lang}&sha256=${code}`);
    await shot(page, `extract-page-${what}-${lang}-${size}`);
    await says(words[lang]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, "nothing runs out of the page").toBeLessThanOrEqual(options.viewport?.width ?? 0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: lang === "id" ? "English" : "Bahasa Indonesia" }).click();
    await page.waitForURL(new RegExp(`sha256=${code}`));
    await says(words[lang === "id" ? "en" : "id"]);
  });
});
