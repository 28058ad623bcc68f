import { describe, expect, test } from "vitest";
import { type CatalogAnswer, say } from "../src/catalog.ts";
import { violations } from "./axe.ts";
import { address, EditPage } from "./editing.ts";
import { as, catalog, forgive, items, people, phone, shot } from "./helper.ts";

const given = await catalog();
const [who] = people;

test("who is not logged in sees no way to edit", async () => {
  const layer = given.layers.find((l) => l.visible);
  const found = layer && (await items(layer, 1))[0];
  if (!layer || !found) throw new Error("no visible layer has features");
  const map = await EditPage.open(address(layer, found));
  await map.attributes();
  await map.openDetails(say(layer.title, "id"));
  await map.button(map.words.login).waitFor();
  expect(await map.button(map.words.edit).count()).toBe(0);
  expect(await map.button(map.words.addTo(say(layer.title, "id"))).count()).toBe(0);
});

describe.runIf(who)("logging in", () => {
  const login = who as NonNullable<typeof who>;

  test("with a wrong password says so, with the right one who it is, and out again", async () => {
    const layer = given.layers.find((l) => l.visible);
    const found = layer && (await items(layer, 1))[0];
    if (!layer || !found) throw new Error("no visible layer has features");
    const map = await EditPage.open(address(layer, found));
    // Given the dialog, by keyboard
    await map.button(map.words.login).focus();
    await map.page.keyboard.press("Enter");
    await map.dialog.waitFor();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "login");
    // When the password is wrong
    await map.fillLogin({ ...login, password: "bukan ini" });
    await map.dialog.getByText(map.say.wrongLogin).waitFor();
    expect(forgive(/status of 401/).length).toBe(1);
    await shot(map.page, "login-wrong");
    // When it is right
    await map.fillLogin(login);
    await map.account.waitFor();
    await map.button(map.words.edit).waitFor();
    // Then layers that only planners read are there
    const theirs = (await (await as(login, "GET", "/api/v1/catalog")).json()) as CatalogAnswer;
    const hidden = theirs.layers.filter((l) => !given.layers.some((g) => g.id === l.id));
    expect(hidden.length).toBeGreaterThan(0);
    for (const { title } of hidden) await map.switch(say(title, "id")).waitFor();
    // When the planner goes
    await map.account.click();
    await map.dialog.waitFor();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "account");
    await map.dialog.getByRole("button", { name: map.say.logout }).click();
    await map.button(map.words.login).waitFor();
    // Then nothing of it stays
    await expect.poll(() => map.button(map.words.edit).count()).toBe(0);
    for (const { title } of hidden) await expect.poll(() => map.switch(say(title, "id")).count()).toBe(0);
  });

  test("holds through a reload", async () => {
    const map = await EditPage.as(login);
    await map.page.reload();
    await map.account.waitFor();
  });

  test("changes the password, and only the new one opens", async () => {
    const colleague = people[1] ?? login;
    const fresh = `baru-${crypto.randomUUID()}`;
    const map = await EditPage.as(colleague);
    const change = async (old: string, now: string) => {
      await map.account.click();
      await map.dialog.getByRole("button", { name: map.say.changePassword }).click();
      await map.dialog.getByLabel(map.say.oldPassword).fill(old);
      await map.dialog.getByLabel(map.say.newPassword).fill(now);
      await map.dialog.getByRole("button", { name: map.say.changePassword }).click();
    };
    await change("bukan ini", fresh);
    await map.dialog.getByRole("alert").locator("p").waitFor();
    await shot(map.page, "password");
    await map.dialog.getByLabel(map.say.oldPassword).fill(colleague.password);
    await map.dialog.getByRole("button", { name: map.say.changePassword }).click();
    await map.dialog.getByText(map.say.passwordChanged).waitFor();
    forgive(/status of 4\d\d/);
    await expect(as(colleague, "GET", "/api/v1/catalog")).rejects.toThrow("401");
    await as({ ...colleague, password: fresh }, "GET", "/api/v1/catalog");
    await map.dialog.getByRole("button", { name: map.say.close }).click();
    await change(fresh, colleague.password);
    await map.dialog.getByText(map.say.passwordChanged).waitFor();
    await as(colleague, "GET", "/api/v1/catalog");
  });

  test("on a phone", async () => {
    const map = await EditPage.open("", phone);
    await map.button(map.words.login).tap();
    await map.dialog.waitFor();
    await shot(map.page, "phone-login");
    const box = await map.dialog.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    await map.fillLogin(login);
    await map.account.waitFor();
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await shot(map.page, "phone-logged-in");
  });

  test("when there were too many attempts, says how long to wait", async () => {
    const map = await EditPage.open();
    await map.page.route("**/api/v1/session", (route) =>
      route.request().method() === "POST"
        ? route.fulfill({
            status: 429,
            headers: { "retry-after": "25", "content-type": "application/problem+json" },
            body: JSON.stringify({ type: "/docs/problems#too-many-logins", title: "x" }),
          })
        : route.continue(),
    );
    await map.button(map.words.login).click();
    await map.fillLogin(login);
    await map.dialog.getByText(map.say.tooManyLogins(map.say.seconds(25))).waitFor();
    expect(forgive(/status of 429/).length).toBe(1);
    await map.page.unroute("**/api/v1/session");
    await map.page.route("**/api/v1/session", (route) => route.abort());
    await map.fillLogin(login);
    await map.dialog.getByText(map.say.serverAway).waitFor();
    expect(forgive(/ERR_FAILED/).length).toBeGreaterThan(0);
  });
});
