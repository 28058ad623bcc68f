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

/** A PNG in grey: of one colour, or as large as a camera's and as rough. */
function picture(width = 64, height = 48, rough = false): Buffer {
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
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const grey = Buffer.alloc(height * (width + 1));
  if (rough) for (let i = 0; i < grey.length; i++) grey[i] = i % (width + 1) ? 120 + Math.random() * 16 : 0;
  const rows = deflateSync(grey);
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
    await form.getByLabel(words.contact).fill("0811-555");
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
    await map.page.locator("simtaru-sender").getByText("0811-555").waitFor();
    const stranger = await fetch(`${base}/api/v1/reports/photos/${found?.id}`);
    expect(stranger.status).toBe(404);
    expect((await fetch(`${base}/api/v1/reports/contacts/${found?.id}`)).status).toBe(404);
  });

  test("over a weak line: a large photo is sent small, and the report is withdrawn by its link", async () => {
    // Given
    const map = await MapPage.open(await inTown(), phone);
    const cdp = await map.page.context().newCDPSession(map.page);
    await map.tap();
    const form = map.page.locator("simtaru-report-form");
    await map.page.getByRole("button", { name: map.words.reportPlace }).click();
    await form.getByLabel(words.text).fill("Lahan ditimbun di tepi sungai");
    const buffer = picture(3000, 2000, true);
    expect(buffer.length).toBeGreaterThan(3_000_000);
    await form.getByLabel(words.photo).setInputFiles({ name: "foto.png", mimeType: "image/png", buffer });
    // When
    await cdp.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 100,
      downloadThroughput: -1,
      uploadThroughput: 400_000,
    });
    const sending = map.page.waitForRequest((request) => request.method() === "POST");
    await form.getByRole("button", { name: words.send }).click();
    // Then
    const bytes = Number((await (await sending).allHeaders())["content-length"]);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(1_500_000);
    await form.getByText(words.sent).waitFor({ timeout: 15_000 });
    // When
    await map.page.goto((await form.getByRole("link", { name: words.follow }).getAttribute("href")) ?? "");
    await map.page.getByText("Lahan ditimbun").waitFor();
    await map.page.getByText("Tarik laporan ini").click();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "report-withdraw");
    await map.page.getByRole("button", { name: "Tarik dan hapus" }).click();
    // Then
    await map.page.getByText("Laporan Anda sudah ditarik.").waitFor();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "report-withdrawn");
  });

  test("an answer that is lost: sent again it is the same report", async () => {
    // Given
    const map = await MapPage.open(await inTown(), phone);
    await map.tap();
    const form = map.page.locator("simtaru-report-form");
    await map.page.getByRole("button", { name: map.words.reportPlace }).click();
    await form.getByLabel(words.text).fill("Papan nama jalan hilang");
    let stored = "";
    await map.page.route("**/api/v1/reports", async (route) => {
      stored = ((await (await route.fetch()).json()) as { link: string }).link;
      await route.abort();
    });
    // When
    await form.getByRole("button", { name: words.send }).click();
    await form.getByText(words.failed).waitFor();
    expect(forgive(/ERR_FAILED/).length).toBe(1);
    await map.page.unroute("**/api/v1/reports");
    await form.getByRole("button", { name: words.send }).click();
    // Then
    await form.getByText(words.sent).waitFor();
    expect(stored).toContain("/reports/");
    await form.getByText(stored).waitFor();
  });
});
