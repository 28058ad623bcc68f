import { deflateSync } from "node:zlib";
import type { Point } from "geojson";
import { describe, expect, test } from "vitest";
import type { Layer } from "../src/catalog.ts";
import { reportWords } from "../src/reporting/words.ts";
import { violations } from "./axe.ts";
import { MapPage } from "./driver.ts";
import { EditPage } from "./editing.ts";
import { as, base, catalog, forgive, items, people, phone, shot } from "./helper.ts";

const given = await catalog();
const [who] = people;
const words = reportWords.id;

/** A place in the city: where something is that the map shows. */
const inTown = async (): Promise<string> => {
  const layer = given.layers.find((l) => l.visible && l.geometry === "Point") as Layer;
  const [found] = await items(layer, 1);
  if (!found) throw new Error(`${layer.id} has no features`);
  const [lon, lat] = (found.geometry as Point).coordinates as [number, number];
  return `#map=17/${lat + 0.0005}/${lon + 0.0005}`;
};

/** A PNG of one colour. */
function picture(): Buffer {
  const crc = (bytes: Buffer): number => {
    let c = 0xffffffff;
    for (const byte of bytes) {
      c ^= byte;
      for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    }
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer): Buffer => {
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    out.write(type, 4);
    data.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(64, 0);
  head.writeUInt32BE(48, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(48 * 65, 0));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

describe("reporting a place", () => {
  test("on a phone: what is wrong is said, then the report is followed by its link", async () => {
    // Given
    const map = await MapPage.open(await inTown(), phone);
    await map.tap();
    const form = map.page.locator("simtaru-report-form");
    // When
    await map.page.getByRole("button", { name: map.words.reportPlace }).click();
    await form.getByLabel(words.kind).selectOption("route");
    await form.getByLabel(words.text).fill("Lihat <script>alert(1)</script>");
    await form
      .getByLabel(words.photo)
      .setInputFiles({ name: "foto.png", mimeType: "image/png", buffer: picture() });
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "report-form");
    await form.getByRole("button", { name: words.send }).click();
    // Then
    await form.getByText("Tulis teks biasa, tanpa kode HTML.").waitFor();
    expect(forgive(/status of 422/).length).toBe(1);
    // When
    await form.getByLabel(words.text).fill("Pohon tumbang menutup jalan evakuasi");
    await form.getByRole("button", { name: words.send }).click();
    // Then
    await form.getByText(words.sent).waitFor();
    // Then the link is in sight
    const link = form.getByRole("link", { name: words.follow });
    await expect.poll(async () => (await link.boundingBox())?.y ?? -1).toBeGreaterThan(400);
    expect((await link.boundingBox())?.y).toBeLessThan(844);
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "report-sent");
    const href = await link.getAttribute("href");
    const page = await (await fetch(href ?? "")).text();
    expect(page).toContain("Pohon tumbang menutup jalan evakuasi");
    expect(page).toContain("Diterima");
  });

  test.runIf(who)("an officer sees the photo in the panel", async () => {
    const login = who as NonNullable<typeof who>;
    const mine = (await (await as(login, "GET", "/api/v1/catalog")).json()) as { layers: Layer[] };
    const layer = mine.layers.find((l) => l.photo && l.edit) as Layer;
    const answer = await as(login, "GET", `${layer.items}?limit=100`);
    const { features } = (await answer.json()) as {
      features: { id: number; properties: Record<string, unknown> }[];
    };
    const found = features.find((f) => f.properties[layer.photo as string] === true);
    expect(found).toBeDefined();
    const map = await EditPage.open(`#at=${layer.id}/${found?.id}`);
    await map.login(login);
    const photo = map.page.locator("simtaru-feature img.photo");
    await photo.waitFor();
    await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64);
    const stranger = await fetch(`${base}/api/v1/reports/photos/${found?.id}`);
    expect(stranger.status).toBe(404);
  });
});
