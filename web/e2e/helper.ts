// What every end-to-end test needs: a browser, a guard over the page, the
// server's own answers to compare with, and a way to edit the plan.
//
//   SIMTARU_URL    address of a running server
//   SIMTARU_PSQL   command that runs SQL from its standard input, or
//   DATABASE_URL   the database of that server; for the tests that edit
//   SIMTARU_PEOPLE two planners, as NAME:PASSWORD each, with a space between;
//                  for the tests that log in
//   SIMTARU_OFFICER an officer of disaster management, as NAME:PASSWORD, who
//                  may edit less than they
//   SIMTARU_OIDC_* the identity provider of that server, see provider.ts, to
//                  which people are known as NAME@kota.example
//   SIMTARU_SHOTS  folder for screenshots, if they are wanted
//
// With SIMTARU_URL_2 the files run on two servers at a time, each on one of its
// own: SIMTARU_URL_2 and SIMTARU_PSQL_2 are those of the second.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import pg from "pg";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Item } from "../src/api.ts";
import type { CatalogAnswer, Layer } from "../src/catalog.ts";

/** A setting of the server that this worker has to itself. */
const ours = (name: string) =>
  (process.env["VITEST_POOL_ID"] === "2" && process.env[`${name}_2`]) || process.env[name];

export const base = (ours("SIMTARU_URL") ?? "").replace(/\/$/, "");
if (!base) throw new Error("SIMTARU_URL is not set: start simtaru and name its address");

export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

const flags = [
  "--no-sandbox",
  "--headless=new",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Browser;
const faults: string[] = [];
const pages: Page[] = [];

beforeAll(async () => {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: flags });
});

afterAll(async () => {
  await browser.close();
});

// A page that works still fails the test when it complained on the way.
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
  expect(faults.splice(0), "console, policy, and requests to other hosts").toEqual([]);
});

/** Opens the map with a guard that notes everything that should not happen. */
export async function visit(hash = "", options: BrowserContextOptions = desktop): Promise<Page> {
  const page = await blank(options);
  await page.goto(`${base}/${hash}`);
  return page;
}

/** A guarded page that has not been anywhere yet. */
export async function blank(options: BrowserContextOptions = desktop): Promise<Page> {
  // Requests that a service worker makes are not seen by page.route: only the tests of it have one.
  const context = await browser.newContext({
    locale: "id-ID",
    timezoneId: "Asia/Jakarta",
    serviceWorkers: "block",
    ...options,
  });
  const page = await context.newPage();
  pages.push(page);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      if (!harmless.some((text) => message.text().includes(text))) faults.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(base).origin)
      faults.push(`request to ${protocol}//… ${request.url().slice(0, 120)}`);
  });
  await page.exposeFunction("reportViolation", (text: string) => faults.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (e) => {
      const report = (globalThis as unknown as { reportViolation(text: string): void }).reportViolation;
      report(`${e.violatedDirective} ${e.blockedURI}`);
    });
  });
  return page;
}

/** What software rendering says about itself, and Playwright where a test does without the service worker. */
const harmless = ["GPU stall due to ReadPixels", "GL Driver Message", "Service Worker registration blocked"];

/** Takes back the faults that a test provoked on purpose, and says what they were. */
export function forgive(pattern: RegExp): string[] {
  const kept = faults.filter((fault) => !pattern.test(fault));
  const forgiven = faults.filter((fault) => pattern.test(fault));
  faults.splice(0, faults.length, ...kept);
  return forgiven;
}

export async function json<T>(path: string): Promise<T> {
  const response = await fetch(base + path, {
    headers: { accept: "application/geo+json, application/json" },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

export const catalog = (): Promise<CatalogAnswer> => json("/api/v1/catalog");

export async function items(layer: Layer, limit = 20): Promise<Item[]> {
  return (await json<{ features: Item[] }>(`${layer.items}?limit=${limit}`)).features;
}

/** Saves what the page looks like, for a person to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["SIMTARU_SHOTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

export const canEdit = Boolean(ours("SIMTARU_PSQL") || process.env["DATABASE_URL"]);

export interface Login {
  name: string;
  password: string;
}

function logins(pairs = ""): Login[] {
  return pairs.split(" ").flatMap((pair) => {
    const cut = pair.indexOf(":");
    return cut > 0 ? [{ name: pair.slice(0, cut), password: pair.slice(cut + 1) }] : [];
  });
}

/** Two planners who may log in. */
export const people = logins(process.env["SIMTARU_PEOPLE"]);
export const [officer] = logins(process.env["SIMTARU_OFFICER"]);

/** Asks as a person, as another system would; the answer must be 2xx. */
export async function as(who: Login, method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(base + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${who.name}:${who.password}`).toString("base64")}`,
      accept: "application/geo+json, application/json",
      ...(body === undefined
        ? {}
        : { "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** One feature as it is now, past every cache. */
export async function item(layer: Pick<Layer, "items">, id: string | number): Promise<Item> {
  return json<Item>(`${layer.items}/${id}`);
}

/** Runs SQL as a planner's tool would: straight in the database. */
export async function sql(text: string): Promise<void> {
  const command = ours("SIMTARU_PSQL");
  if (command) {
    execFileSync("/bin/sh", ["-c", command], { input: `${text};\n`, stdio: ["pipe", "ignore", "inherit"] });
    return;
  }
  const client = new pg.Client({ connectionString: process.env["DATABASE_URL"] });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** Sets one attribute of one feature. */
export function edit(layer: string, id: string | number, field: string, value: string): Promise<void> {
  const name = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const literal = `'${value.replaceAll("'", "''")}'`;
  return sql(`update plan.${name(layer)} set ${name(field)} = ${literal} where id = ${Number(id)}`);
}

/** The colours at points of a screenshot, as r,g,b; decoded by the browser itself, on a page of its own. */
export async function colours(png: Buffer, at: { x: number; y: number }[]): Promise<string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    return await page.evaluate(
      async ({ bytes, at }) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: "image/png" }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        if (!canvas) throw new Error("no 2d context");
        canvas.drawImage(bitmap, 0, 0);
        return at.map(({ x, y }) =>
          [...canvas.getImageData(Math.round(x), Math.round(y), 1, 1).data.slice(0, 3)].join(),
        );
      },
      { bytes: Array.from(png), at },
    );
  } finally {
    await context.close();
  }
}

export interface Painting {
  /** Distinct colours. */
  colours: number;
  /** Share of the most frequent colour, 0 to 1. */
  most: number;
  /** The colour in the middle, as r,g,b. */
  middle: string;
}

/** Reads a screenshot's pixels; decoded by the browser itself, on a page of its own. */
export async function painting(png: Buffer): Promise<Painting> {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    return await page.evaluate(async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: "image/png" }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      if (!canvas) throw new Error("no 2d context");
      canvas.drawImage(bitmap, 0, 0);
      const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
      const count = new Map<number, number>();
      for (let i = 0; i < data.length; i += 4) {
        const colour = ((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
        count.set(colour, (count.get(colour) ?? 0) + 1);
      }
      const middle = canvas.getImageData(bitmap.width >> 1, bitmap.height >> 1, 1, 1).data;
      return {
        colours: count.size,
        most: Math.max(...count.values()) / (data.length / 4),
        middle: [...middle.slice(0, 3)].join(),
      };
    }, Array.from(png));
  } finally {
    await context.close();
  }
}
