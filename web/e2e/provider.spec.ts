// Logging in at the city's identity provider, another site.

import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EditPage } from "./editing.ts";
import { forgive, type Login, people, shot } from "./helper.ts";
import { issuer, provide, trouble } from "./provider.ts";

const [who] = people;

describe.runIf(issuer && who)("the login button of the identity provider", () => {
  let provider: Server | undefined;
  beforeAll(async () => {
    provider = await provide();
  });
  afterAll(() => {
    provider?.close();
    provider?.closeAllConnections();
  });

  /** Goes to the provider from a place on the map, and says who it is. */
  async function come(email: string): Promise<EditPage> {
    const map = await EditPage.open("#map=15/5.5500/95.3200&off=zoning");
    await map.button(map.words.login).click();
    await map.dialog.getByRole("link", { name: "Akun Pemko", exact: true }).click();
    await map.page.waitForURL(`${issuer}/**`);
    await map.page.getByLabel("Surel").fill(email);
    await map.page.getByRole("button", { name: "Lanjut" }).click();
    await map.page.waitForURL((url) => url.pathname === "/");
    // The provider is the one other site where a browser is sent.
    const away = forgive(/^request to/);
    expect(away.filter((fault) => !fault.includes(issuer))).toEqual([]);
    return map;
  }

  test("leads there and back, to the same place of the map", async () => {
    const map = await come(`${who?.name}@kota.example`);
    await map.account.waitFor();
    await map.settled();
    expect(await map.hash()).toContain("map=15/5.55");
    expect(await map.hash()).toContain("off=zoning");
    // Logged in: what only planners may is there, through a reload as well.
    await map.page.reload();
    await map.account.click();
    await map.dialog.getByText(map.say.roles["planner"] as string).waitFor();
  });

  test("an account that is not registered is told so on the map", async () => {
    const map = await come("orang@luar.example");
    await map.dialog.getByText(map.say.refusedLogin["not-registered"] as string).waitFor();
    await shot(map.page, "login-not-registered");
    expect(await map.hash()).toContain("map=15/5.55");
    // Told once: not again after a reload.
    expect(new URL(map.page.url()).search).toBe("");
    await map.page.reload();
    await map.button(map.words.login).waitFor();
    expect(await map.dialog.count()).toBe(0);
  });

  test("a way back that nobody began is told on the map", async () => {
    const map = await EditPage.open();
    await map.page.goto(`${new URL(map.page.url()).origin}/api/v1/session/oidc/callback?code=1&state=2`);
    await map.dialog.getByText(map.say.refusedLogin["login-not-confirmed"] as string).waitFor();
  });

  test("a provider that fails on the way back is told on the map", async () => {
    trouble.failing = true;
    const map = await come(`${who?.name}@kota.example`);
    trouble.failing = false;
    await map.dialog.getByText(map.say.refusedLogin["provider-unavailable"] as string).waitFor();
    await map.fillLogin(who as Login);
    await map.account.waitFor();
  });
});
