// A planner who is overtaken by a colleague, or who may not do what was tried:
// what is told, and that nothing is lost.

import type { Position } from "geojson";
import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import type { Layer } from "../src/catalog.ts";
import { violations } from "./axe.ts";
import { address, EditPage } from "./editing.ts";
import { lines } from "./geometry.ts";
import { as, forgive, item, type Login, officer, people, phone, shot } from "./helper.ts";
import { freeText, history, pick, plannersCatalog, visible } from "./picking.ts";

const [mine, colleague] = people as [Login, Login];

describe.runIf(people.length === 2)("a planner", async () => {
  const given = await plannersCatalog();
  const areas = given.layers.filter((l) => l.edit && l.visible && l.geometry === "MultiPolygon");
  const coverage = areas.find((l) => l.topology?.coverage) as Layer;
  const texts = areas.find((l) => !l.topology?.coverage && freeText(l)) as Layer;
  const name = freeText(texts) as string;

  const open = (layer: Layer, found: Item) => EditPage.editing(mine, layer, found);

  test("meets a colleague who was first, side by side, and chooses", async () => {
    const found = await pick(coverage, 70);
    const name = freeText(coverage) as string;
    const map = await open(coverage, found);
    const text = `Punya saya ${Date.now()}`;
    const theirs = `Punya rekan ${Date.now()}`;
    // Given an edit of mine, of a text and a shape
    await map.field(coverage, name).fill(text);
    await map.field(coverage, name).blur();
    await map.tool("corners");
    await map.panel.getByLabel(map.say.together).uncheck();
    const ring = lines((await item(coverage, found.id)).geometry as never)[0] as Position[];
    const [corner] = await visible(map, ring);
    if (!corner) throw new Error("no vertex is in sight");
    await map.drag(corner.at, { x: corner.at.x + 18, y: corner.at.y + 12 });
    // When a colleague saves before me
    const other = coverage.fields.find(
      (f) => f.type === "text" && !f.codes && !f.required && f.name !== name,
    );
    await as(colleague, "PATCH", `${coverage.items}/${found.id}`, {
      properties: { [name]: theirs, [other?.name ?? ""]: "Rekan" },
    });
    // It is told at once, and nothing of mine is touched.
    await map.panel.getByText(map.say.elsewhere).waitFor();
    expect(await map.field(coverage, name).inputValue()).toBe(text);
    await map.save.click();
    await map.dialog.waitFor();
    expect(forgive(/status of 412/).length).toBe(1);
    // Then both are there, with who, and what only one changed is chosen
    await map.dialog.getByText(new RegExp(`^${colleague.name} menyimpan perubahan`)).waitFor();
    await map.dialog.getByText(text).waitFor();
    await map.dialog.getByText(theirs).waitFor();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "edit-conflict");
    const choice = map.dialog.getByRole("button", { name: map.say.saveChoice });
    expect(await choice.isDisabled()).toBe(true);
    await map.dialog.getByText(text).click();
    await choice.click();
    await map.panel.waitFor({ state: "detached", timeout: 20_000 });
    const now = await item(coverage, found.id);
    expect(now.properties[name]).toBe(text);
    expect(now.properties[other?.name ?? ""]).toBe("Rekan");
    expect(JSON.stringify(now.geometry)).not.toBe(JSON.stringify(found.geometry));
    const versions = await history(mine, coverage, found.id);
    expect(versions.slice(0, 2).map((v) => v.actor)).toEqual([mine.name, colleague.name]);
  });

  /** A feature of our own, beside nothing, which the tests may delete. */
  async function make(): Promise<Item> {
    const like = await item(texts, (await pick(texts, 25)).id);
    const properties = Object.fromEntries(texts.fields.map((f) => [f.name, like.properties[f.name] ?? null]));
    const body = { type: "Feature", properties: { ...properties, [name]: "Uji" }, geometry: like.geometry };
    const made = await as(mine, "POST", texts.items, body);
    return item(texts, String(/(\d+)$/.exec(made.headers.get("location") ?? "")?.[1]));
  }

  const path = ({ id }: Item) => `${texts.items}/${id}`;

  const write = async (map: EditPage, text: string) => {
    await map.field(texts, name).fill(text);
    await map.field(texts, name).blur();
  };

  const remove = async (map: EditPage) => {
    await map.panel.getByRole("button", { name: map.say.remove }).click();
    await map.dialog.getByRole("button", { name: map.say.removeYes }).click();
  };

  test("does not delete what a colleague has changed meanwhile, but sees it first", async () => {
    const found = await make();
    const map = await open(texts, found);
    const theirs = `Rekan ${Date.now()}`;
    await as(colleague, "PATCH", path(found), { properties: { [name]: theirs } });
    await remove(map);
    await map.panel.getByText(new RegExp(`sudah diubah oleh ${colleague.name}`)).waitFor();
    expect(forgive(/status of 412/).length).toBe(1);
    await shot(map.page, "delete-stale");
    // It is there, in the form as well, and can be deleted by whoever has read it.
    expect((await item(texts, found.id)).properties[name]).toBe(theirs);
    await expect.poll(() => map.field(texts, name).inputValue()).toBe(theirs);
    await remove(map);
    await map.panel.waitFor({ state: "detached" });
    await expect(item(texts, found.id)).rejects.toThrow("404");
    const versions = await history(mine, texts, found.id);
    expect(versions.map((v) => `${v.operation} ${v.actor}`)).toEqual([
      `delete ${mine.name}`,
      `update ${colleague.name}`,
      `create ${mine.name}`,
    ]);
  });

  test("in the middle of an edit, deleting what a colleague changed shows both sides, also on a phone", async () => {
    const found = await make();
    const map = await EditPage.editing(mine, texts, found, phone);
    const [text, theirs] = [`Punya saya ${Date.now()}`, `Punya rekan ${Date.now()}`];
    await write(map, text);
    await as(colleague, "PATCH", path(found), { properties: { [name]: theirs } });
    await remove(map);
    await map.dialog.getByText(theirs).waitFor();
    await map.dialog.getByText(text).waitFor();
    expect(forgive(/status of 412/).length).toBe(1);
    await shot(map.page, "phone-conflict");
    // The shapes stay in sight above.
    const box = await map.dialog.boundingBox();
    expect(box?.y).toBeGreaterThan(844 * 0.35);
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    expect((await item(texts, found.id)).properties[name]).toBe(theirs);
    await map.dialog.getByRole("button", { name: map.say.back }).click();
    expect(await map.field(texts, name).inputValue()).toBe(text);
    await as(mine, "DELETE", path(found));
  });

  test("keeps an edit of what a colleague has deleted, as a new feature", async () => {
    const found = await make();
    const map = await open(texts, found);
    const text = `Tetap ada ${Date.now()}`;
    await write(map, text);
    await as(colleague, "DELETE", path(found));
    // It is told at once, and again to who saves.
    await map.panel.getByText(map.say.gone).waitFor();
    await map.save.click();
    await map.panel.getByText(map.say.saving).waitFor({ state: "detached" });
    await map.panel.getByText(map.say.gone).waitFor();
    // The edit is refused, and so is looking at what is there now.
    let refused = 0;
    await expect.poll(() => (refused += forgive(/status of 404/).length)).toBe(2);
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "edit-gone");
    const made = map.page.waitForResponse((r) => r.request().method() === "POST" && r.status() === 201);
    await map.panel.getByRole("button", { name: map.say.saveAsNew }).click();
    await map.panel.waitFor({ state: "detached", timeout: 20_000 });
    const id = String(/(\d+)$/.exec((await made).headers()["location"] ?? "")?.[1]);
    expect(id).not.toBe(String(found.id));
    const now = await item(texts, id);
    for (const { name: field } of texts.fields) {
      expect(now.properties[field] ?? null, field).toEqual(
        field === name ? text : (found.properties[field] ?? null),
      );
    }
    expect(now.geometry).toEqual(found.geometry);
    // Its panel is open.
    expect(await map.hash()).toContain(`at=${texts.id}/${id}`);
    await map.button(map.words.edit).waitFor();
    await map.page.goto("about:blank");
    await as(mine, "DELETE", `${texts.items}/${id}`);
  });

  test("who deletes what a colleague has deleted is told so, and nothing is left to do", async () => {
    const found = await make();
    const map = await open(texts, found);
    await as(colleague, "DELETE", path(found));
    await remove(map);
    await map.panel.waitFor({ state: "detached" });
    await map.page.getByText(map.words.featureGone).waitFor();
    let refused = 0;
    await expect.poll(() => (refused += forgive(/status of 404/).length)).toBe(2);
    expect((await history(mine, texts, found.id))[0]).toMatchObject({
      operation: "delete",
      actor: colleague.name,
    });
  });

  test.runIf(officer)("whose seat an officer takes is told in words what the officer may not", async () => {
    const found = await pick(coverage, 45);
    const field = freeText(coverage) as string;
    // An officer sees no way to edit this layer, but one for others.
    const other = await EditPage.as(officer as Login, address(coverage, found));
    await other.attributes();
    expect(await other.button(other.words.edit).count()).toBe(0);
    // Given an edit of a planner whose session ends
    const map = await open(coverage, found);
    const before = await item(coverage, found.id);
    const text = `Bukan hak ${Date.now()}`;
    await map.field(coverage, field).fill(text);
    await map.field(coverage, field).blur();
    await map.page.context().clearCookies();
    await map.save.click();
    await map.dialog.getByText(map.say.loginAgain).waitFor();
    forgive(/status of 40[13]/);
    // When an officer logs in instead, and saves
    await map.fillLogin(officer as Login);
    await map.dialog.waitFor({ state: "detached" });
    await map.save.click();
    await map.panel.getByText(/^Anda tidak berhak menyunting lapisan/).waitFor();
    expect(forgive(/status of 403/).length).toBe(1);
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "edit-forbidden");
    // Then nothing is changed, and nothing lost: the planner comes back.
    expect(await item(coverage, found.id)).toEqual(before);
    expect(await map.field(coverage, field).inputValue()).toBe(text);
    await map.account.click();
    await map.dialog.getByRole("button", { name: map.say.logout }).click();
    await map.login(mine);
    await map.button(map.words.resume).click();
    await map.saved();
    expect((await item(coverage, found.id)).properties[field]).toBe(text);
  });
});
