// What the reader is told when something is wrong.

import { expect, test } from "vitest";
import { words } from "../src/words.ts";
import { MapPage } from "./driver.ts";
import { base, blank, forgive, shot, visit } from "./helper.ts";

test("a server that does not answer is an error with a way back", async () => {
  const page = await blank();
  await page.route("**/api/v1/catalog", (route) => route.abort());
  await page.goto(base);
  await page.getByRole("alert").getByText(words.id.failed).waitFor();
  await shot(page, "failed");
  await page.unroute("**/api/v1/catalog");
  await page.getByRole("button", { name: words.id.retry }).click();
  await new MapPage(page).settled();
  expect(forgive(/ERR_FAILED/).length).toBeGreaterThan(0);
});

test("data that is old says so, and of when it is", async () => {
  const page = await blank();
  const status = { asOf: "2026-11-03T04:05:06Z", behind: 60, databaseDown: true };
  await page.route("**/events", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: `event: status\ndata: ${JSON.stringify(status)}\n\n`,
    }),
  );
  await page.goto(base);
  await page.getByText(words.id.stale("3 November 2026 pukul 11.05 WIB")).waitFor();
  await shot(page, "stale");
});

test("a lost connection says so, and the words go when it is back", async () => {
  const page = await blank();
  await page.route("**/events", (route) => route.fulfill({ status: 503 }));
  await page.goto(base);
  await page.getByText(words.id.offline).waitFor();
  await page.unroute("**/events");
  await page.getByText(words.id.offline).waitFor({ state: "detached", timeout: 30_000 });
  forgive(/503/);
});

test("tiles that do not come are told, and forgotten when they do", async () => {
  const page = await blank();
  await page.context().route("**/tiles/**", (route) => route.fulfill({ status: 503 }));
  await page.goto(base);
  await page.getByText(words.id.partial).waitFor();
  await page.context().unroute("**/tiles/**");
  await page.getByRole("button", { name: words.id.zoomIn }).click();
  await page.getByText(words.id.partial).waitFor({ state: "detached" });
  forgive(/503/);
});

test("while it loads it says so", async () => {
  const page = await blank();
  await page.route("**/api/v1/catalog", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.continue();
  });
  await page.goto(base);
  await page.getByText(words.id.loading).waitFor();
  await new MapPage(page).settled();
});

test("a catalogue without layers is an empty list, not an error", async () => {
  const page = await blank();
  await page.route("**/api/v1/catalog", async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, layers: [], groups: [] } });
  });
  await page.goto(base);
  await page.getByText(words.id.empty).waitFor();
});

test("the page may load and run nothing that is not its own", async () => {
  const response = await fetch(base);
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/default-src '(self|none)'/);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const page = await visit();
  await new MapPage(page).settled();
});
