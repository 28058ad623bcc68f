// A planner edits on the map, against the real server: what is saved is read
// back over HTTP.

import type { Position } from "geojson";
import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import { type Layer, say } from "../src/catalog.ts";
import { violations } from "./axe.ts";
import { address, EditPage } from "./editing.ts";
import { lines } from "./geometry.ts";
import { as, base, forgive, item, items, json, type Login, people, phone, shot } from "./helper.ts";
import { equal, freeText, history, pick, plannersCatalog, points, visible } from "./picking.ts";

const [mine, colleague] = people as [Login, Login];

describe.runIf(people.length === 2)("a planner", async () => {
  const given = await plannersCatalog();
  const areas = given.layers.filter((l) => l.edit && l.geometry === "MultiPolygon");
  const coverage = areas.find((l) => l.topology?.coverage) as Layer;
  /** One with a free text, to be written into. */
  const texts = areas.find((l) => l.visible && !l.topology?.coverage && freeText(l)) as Layer;

  const open = (layer: Layer, found: Item, options?: typeof phone) =>
    EditPage.editing(mine, layer, found, options);

  test("edits an attribute, and only that is sent", async () => {
    const found = await item(texts, (await pick(texts, 0)).id);
    const name = freeText(texts) as string;
    const map = await open(texts, found);
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "edit-form");
    expect(await map.save.isDisabled()).toBe(true);
    const text = `Uji ${Date.now()}`;
    const sent = map.page.waitForRequest((r) => r.method() === "PATCH");
    await map.field(texts, name).fill(text);
    await map.field(texts, name).blur();
    await map.saved();
    const request = await sent;
    expect(request.postDataJSON()).toEqual({ properties: { [name]: text } });
    expect(request.headers()["if-match"]).toMatch(new RegExp(`^"${found.properties["revision"]}-`));
    // The panel of the feature has it at once, and so has the server.
    const title = say(texts.fields.find((f) => f.name === name)?.title, "id");
    await expect.poll(async () => (await map.attributes())[title]).toBe(text);
    expect((await item(texts, found.id)).properties[name]).toBe(text);
    const [last] = await history(mine, texts, found.id);
    expect(last).toMatchObject({ actor: mine.name, geometryChanged: false });
    expect(Object.keys(last?.changed ?? {})).toEqual([name]);
  });

  test("is told what is wrong beside the field, by the form and by the server", async () => {
    const found = await pick(coverage, 3);
    const required = coverage.fields.find((f) => f.required && !f.codes) as Layer["fields"][number];
    const map = await open(coverage, found);
    await map.field(coverage, required.name).fill("");
    await map.field(coverage, required.name).blur();
    await map.save.click();
    await map.panel.locator(".wrong").getByText(map.say.required).waitFor();
    await expect
      .poll(() => map.field(coverage, required.name).evaluate((e) => e.matches(":focus")))
      .toBe(true);
    expect(await map.field(coverage, required.name).getAttribute("aria-invalid")).toBe("true");
    await shot(map.page, "edit-wrong");
    // Undo mends it.
    await map.button(map.say.undo).click();
    expect(await map.save.isDisabled()).toBe(true);
    // A rule that only the server knows.
    await map.page.route(`**${coverage.items}/${found.id}`, (route) =>
      route.request().method() === "PATCH"
        ? route.fulfill({
            status: 422,
            contentType: "application/problem+json",
            body: JSON.stringify({
              type: "/docs/problems#x",
              title: "x",
              at: required.name,
              detail: "Kata server.",
            }),
          })
        : route.continue(),
    );
    await map.field(coverage, required.name).fill("Nama lain");
    await map.field(coverage, required.name).blur();
    await map.save.click();
    await map.panel.locator(".wrong").getByText("Kata server.").waitFor();
    expect(forgive(/status of 422/).length).toBe(1);
  });

  test("moves a vertex that areas share, in all of them, and nothing else by a bit", async () => {
    const found = await pick(coverage, 99);
    const map = await open(coverage, found);
    await map.tool("corners");
    const before = await item(coverage, found.id);
    const { vertex, at } = await shared(map, coverage, before);
    await map.panel.getByLabel(map.say.snapping).uncheck();
    // A little way: the road beside is narrow.
    await map.drag(at, { x: at.x + 4, y: at.y + 3 });
    await map.panel.getByText(/tetangga ikut berubah/).waitFor();
    await shot(map.page, "edit-vertex");
    // One step back and forth.
    await map.button(map.say.undo).click();
    expect(await map.save.isDisabled()).toBe(true);
    await map.button(map.say.redo).click();
    const sent = map.page.waitForRequest((r) => r.url().endsWith("/api/v1/edits"));
    await map.saved();
    const { edits } = (await sent).postDataJSON() as { edits: { id: number; ifRevision: number }[] };
    expect(edits.length).toBeGreaterThan(1);
    expect(edits.every((e) => e.ifRevision > 0)).toBe(true);
    // All of them have the new vertex, the very same, and none has the old one.
    const after = await Promise.all(edits.map(({ id }) => item(coverage, id)));
    const own = after.find((f) => String(f.id) === String(found.id)) as Item;
    const fresh = points(own).filter((p) => !points(before).some((q) => equal(p, q)));
    expect(new Set(fresh.map(String)).size).toBe(1);
    for (const f of after) {
      expect(
        points(f).some((p) => equal(p, fresh[0] as Position)),
        `${f.id}`,
      ).toBe(true);
      expect(
        points(f).some((p) => equal(p, vertex)),
        `${f.id}`,
      ).toBe(false);
    }
    expect(points(own).length).toBe(points(before).length);
    const moved = points(own).map((p) => (equal(p, fresh[0] as Position) ? vertex : p));
    expect(JSON.stringify(moved)).toBe(JSON.stringify(points(before)));
    await map.settled();
    await shot(map.page, "edit-vertex-saved");
  });

  test("moves a border whose other side a colleague was changing", async () => {
    const found = await pick(coverage, 30);
    const name = freeText(coverage) as string;
    const map = await open(coverage, found);
    await map.tool("corners");
    await map.panel.getByLabel(map.say.snapping).uncheck();
    const { at } = await shared(map, coverage, await item(coverage, found.id));
    // A little way: the road beside is narrow.
    await map.drag(at, { x: at.x + 3, y: at.y + 2 });
    await map.panel.getByText(/tetangga ikut berubah/).waitFor();
    // Given a neighbour that a colleague saves first: its text, not its shape
    const sent = map.page.waitForRequest((r) => r.url().endsWith("/api/v1/edits"));
    const stop = "**/api/v1/edits";
    await map.page.route(stop, (route) => route.abort());
    await map.save.click();
    const { edits } = (await sent).postDataJSON() as { edits: { id: number }[] };
    await map.panel.getByText(map.say.away).waitFor();
    expect(forgive(/ERR_FAILED/).length).toBe(1);
    await map.page.unroute(stop);
    const beside = edits.find((e) => String(e.id) !== String(found.id))?.id ?? 0;
    const before = await item(coverage, beside);
    const text = `Rekan ${Date.now()}`;
    await as(colleague, "PATCH", `${coverage.items}/${beside}`, { properties: { [name]: text } });
    // When the border is saved
    await map.save.click();
    await map.dialog.getByText(map.say.neighbour(String(beside))).waitFor();
    expect(forgive(/status of 412/).length).toBe(1);
    await shot(map.page, "edit-neighbour");
    await map.dialog.getByRole("button", { name: map.say.saveChoice }).click();
    await map.panel.waitFor({ state: "detached", timeout: 20_000 });
    // Then the neighbour has both
    const now = await item(coverage, beside);
    expect(now.properties[name]).toBe(text);
    expect(JSON.stringify(now.geometry)).not.toBe(JSON.stringify(before.geometry));
  });

  test("puts a vertex in and takes it away again", async () => {
    const found = await pick(coverage, 140);
    const map = await open(coverage, found);
    await map.tool("corners");
    const ring = lines((await item(coverage, found.id)).geometry as never)[0] as Position[];
    const edge = await longest(map, ring);
    await map.drag(edge.middle, { x: edge.middle.x + 12, y: edge.middle.y + 15 });
    await expect.poll(() => map.save.isDisabled()).toBe(false);
    // Dragging a midpoint is one step.
    await map.button(map.say.undo).click();
    await expect.poll(() => map.save.isDisabled()).toBe(true);
    await map.button(map.say.redo).click();
    await expect.poll(() => map.save.isDisabled()).toBe(false);
    // Taken away, everything is as it was read: there is nothing to save.
    await map.click({ x: edge.middle.x + 12, y: edge.middle.y + 15 });
    await map.panel.getByRole("button", { name: map.say.removeCorner }).click();
    await expect.poll(() => map.save.isDisabled()).toBe(true);
  });

  test("draws with snapping: a border that is shared to the last bit", async () => {
    const layer = texts;
    const beside = await pick(layer, 5);
    const map = await EditPage.as(mine, address(layer, beside));
    const title = say(layer.title, "id");
    // A close look at the neighbour, by way of its history.
    await map.button(map.words.history).click();
    await map.stands();
    await map.button(map.say.close).click();
    await map.openDetails(title);
    await map.button(map.words.addTo(title)).click();
    await map.panel.locator("simtaru-field").first().waitFor();
    await map.stands();
    const ring = lines(beside.geometry as never)[0] as Position[];
    const edge = await longest(map, ring);
    // Beside its vertices by some pixels, then out, away from it.
    const off = (p: { x: number; y: number }) => ({ x: p.x + 5, y: p.y + 4 });
    await map.click(off(edge.a));
    await map.click(off(edge.b));
    await map.click(edge.out);
    await shot(map.page, "edit-draw");
    await map.panel.getByRole("button", { name: map.say.done, exact: true }).click();
    for (const field of layer.fields.filter((f) => f.required)) {
      const control = map.field(layer, field.name);
      if (field.codes) await control.selectOption({ index: 1 });
      else await control.fill("Uji gambar");
      await control.blur();
    }
    const made = map.page.waitForResponse(
      (r) => r.request().method() === "POST" && r.url().endsWith("/items"),
    );
    await map.saved();
    const id = /(\d+)$/.exec((await made).headers()["location"] ?? "")?.[1];
    const drawn = await item(layer, String(id));
    const on = points(drawn).filter((p) => ring.some((q) => equal(p, q)));
    expect(new Set(on.map(String)).size).toBe(2);
    // Its panel is open; it can be deleted there.
    await map.button(map.words.edit).click();
    await map.panel.getByRole("button", { name: map.say.remove }).click();
    await map.dialog.waitFor();
    expect(await violations(map.page)).toEqual([]);
    await map.dialog.getByRole("button", { name: map.say.removeYes }).click();
    await map.panel.waitFor({ state: "detached" });
    await expect(item(layer, String(id))).rejects.toThrow("404");
  });

  test("leaves coordinates of any length as they are, where nobody moved them", async () => {
    // Given two areas side by side whose coordinates have every digit that a number holds
    const layer = texts;
    const near = lines((await pick(layer, 20)).geometry as never)[0]?.[0] ?? [];
    const [x = 0, y = 0] = near.map((v) => v + Math.PI / 1e7);
    const [e, n] = [x + 0.00081234567890123, y + 0.00063456789012345];
    const properties = required(layer);
    const make = async (ring: Position[]) => {
      const geometry = { type: "MultiPolygon", coordinates: [[[...ring, ring[0]]]] };
      const answer = await as(mine, "POST", layer.items, { type: "Feature", properties, geometry });
      return Number(/(\d+)$/.exec(answer.headers.get("location") ?? "")?.[1]);
    };
    const exact = async (id: number) =>
      (await (await as(mine, "GET", `${layer.items}/${id}`)).json()) as Item;
    const west = await make([
      [x, y],
      [e, y],
      [e, n],
      [x, n],
    ]);
    const east = await make([
      [e, y],
      [e + 0.0007, y],
      [e + 0.0007, n],
      [e, n],
    ]);
    const before = points(await exact(west));
    expect(before).toEqual([
      [x, y],
      [e, y],
      [e, n],
      [x, n],
    ]);
    // When the border between them is moved
    const map = await EditPage.as(mine, address(layer, await exact(west)));
    await map.edit();
    await map.tool("corners");
    await map.panel.getByLabel(map.say.together).check();
    const corner = await map.at([e, n]);
    await map.drag(corner, { x: corner.x + 20, y: corner.y - 24 });
    await map.saved();
    // Then the corner is the same in both, and the others have every bit they had
    const [a, b] = [points(await exact(west)), points(await exact(east))];
    expect(a[2]).not.toEqual([e, n]);
    expect(b[3]).toEqual(a[2]);
    expect([a[0], a[1], a[3]]).toEqual([before[0], before[1], before[3]]);
    expect([b[0], b[1], b[2]]).toEqual([
      [e, y],
      [e + 0.0007, y],
      [e + 0.0007, n],
    ]);
    await map.page.goto("about:blank");
    for (const id of [west, east]) await as(mine, "DELETE", `${layer.items}/${id}`);
  });

  test("moves a point, and the whole of a line", async () => {
    for (const geometry of ["Point", "MultiLineString"] as const) {
      const layer = given.layers.find((l) => l.edit && l.visible && l.geometry === geometry) as Layer;
      const found = (await items(layer, 30))[9] as Item;
      const map = await open(layer, found);
      await map.tool("move");
      const all = lines(found.geometry as never)[0] as Position[];
      const seen = (await visible(map, [...all, []])).at(0) ?? { at: await map.at(all[0] as Position) };
      await map.drag(seen.at, { x: seen.at.x + 30, y: seen.at.y - 20 });
      await map.saved();
      const now = lines((await item(layer, found.id)).geometry as never)[0] as Position[];
      expect(now.length, layer.id).toBe(all.length);
      for (const [i, p] of now.entries()) {
        expect(p[0], `${layer.id} ${i}`).toBeGreaterThan(all[i]?.[0] ?? 0);
        expect(p[1], `${layer.id} ${i}`).toBeGreaterThan(all[i]?.[1] ?? 0);
      }
    }
  });

  test("by keyboard alone: chooses a vertex, moves it, steps back", async () => {
    const found = await pick(texts, 14);
    const map = await open(texts, found);
    await map.tool("corners");
    await map.canvas.focus();
    await map.page.keyboard.press(".");
    await map.panel.getByRole("button", { name: map.say.removeCorner }).waitFor();
    await map.page.keyboard.press("Shift+ArrowRight");
    await expect.poll(() => map.save.isDisabled()).toBe(false);
    await map.page.keyboard.press("Control+z");
    await expect.poll(() => map.save.isDisabled()).toBe(true);
    await map.page.keyboard.press("Escape");
    await map.panel.getByRole("button", { name: map.say.removeCorner }).waitFor({ state: "detached" });
  });

  test("is told where a shape is at fault", async () => {
    const found = await pick(texts, 15);
    const map = await open(texts, found);
    await map.tool("corners");
    const corners = await visible(
      map,
      lines((await item(texts, found.id)).geometry as never)[0] as Position[],
    );
    // Across to the other side: the ring crosses itself.
    const [a, b] = [corners[0], corners[Math.floor(corners.length / 2)]];
    if (!a || !b || a === b) throw new Error("too few vertices are in sight");
    await map.drag(a.at, { x: 2 * b.at.x - a.at.x, y: 2 * b.at.y - a.at.y });
    await map.save.click();
    await map.panel.getByText(map.say.faultHere).waitFor();
    expect(forgive(/status of 422/).length).toBe(1);
    await map.settled();
    await shot(map.page, "edit-fault");
    // Leaving asks first.
    await map.panel.getByRole("button", { name: map.say.cancel, exact: true }).click();
    await map.dialog.getByText(map.say.leaveSure).waitFor();
    await map.dialog.getByRole("button", { name: map.say.leaveYes }).click();
    await map.panel.waitFor({ state: "detached" });
  });

  /** Values without which a feature is not taken. */
  function required(layer: Layer): Record<string, unknown> {
    return Object.fromEntries(
      layer.fields
        .filter((f) => f.required)
        .map((f) => {
          const list = given.codes.find((l) => l.list === f.codes?.list && l.version === f.codes?.version);
          return [f.name, list?.codes[0]?.code ?? (f.type === "text" ? "Uji" : 1)];
        }),
    );
  }

  test("goes on with an edit that a reload interrupted", async () => {
    const found = await pick(texts, 7);
    const name = freeText(texts) as string;
    const map = await open(texts, found);
    const text = `Simpan ${Date.now()}`;
    await map.field(texts, name).fill(text);
    await map.field(texts, name).blur();
    map.page.on("dialog", (dialog) => void dialog.accept());
    await map.page.reload();
    await map.button(map.words.resume).click();
    await expect.poll(() => map.field(texts, name).inputValue()).toBe(text);
    await map.saved();
    expect((await item(texts, found.id)).properties[name]).toBe(text);
    expect(await map.button(map.words.resume).count()).toBe(0);
  });

  test("whose session ends logs in again and goes on", async () => {
    const found = await pick(texts, 8);
    const name = freeText(texts) as string;
    const map = await open(texts, found);
    const text = `Sesi ${Date.now()}`;
    await map.field(texts, name).fill(text);
    await map.field(texts, name).blur();
    await map.page.context().clearCookies();
    await map.save.click();
    await map.dialog.getByText(map.say.loginAgain).waitFor();
    expect(forgive(/status of 40[13]/).length).toBe(1);
    await map.fillLogin(mine);
    await map.dialog.waitFor({ state: "detached" });
    await map.saved();
    expect((await item(texts, found.id)).properties[name]).toBe(text);
  });

  test("without a connection loses nothing", async () => {
    const found = await pick(texts, 9);
    const name = freeText(texts) as string;
    const map = await open(texts, found);
    const text = `Putus ${Date.now()}`;
    await map.field(texts, name).fill(text);
    await map.field(texts, name).blur();
    await map.page.route(`**${texts.items}/${found.id}`, (route) => route.abort());
    await map.save.click();
    await map.panel.getByText(map.say.away).waitFor();
    expect(forgive(/ERR_FAILED/).length).toBeGreaterThan(0);
    await map.page.unroute(`**${texts.items}/${found.id}`);
    await map.saved();
    expect((await item(texts, found.id)).properties[name]).toBe(text);
  });

  test("on a phone", async () => {
    const found = await pick(texts, 10);
    const name = freeText(texts) as string;
    const map = await open(texts, found, phone);
    await map.tool("corners");
    await shot(map.page, "phone-edit");
    expect(await map.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    for (const tool of ["draw", "corners", "move", "split"] as const) {
      const box = await map.panel.getByRole("button", { name: map.say[tool], exact: true }).boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), tool).toBeGreaterThanOrEqual(44);
    }
    expect(await violations(map.page)).toEqual([]);
    // Lowered, the sheet leaves the map free, and saving in reach.
    const sheet = map.page.locator("simtaru-sheet.found");
    const handle = sheet.getByRole("button", { name: map.words.handle });
    await handle.click();
    await expect.poll(async () => (await sheet.boundingBox())?.y ?? 0).toBeGreaterThan(844 * 0.75);
    const save = await map.save.boundingBox();
    expect(save && save.y + save.height).toBeLessThanOrEqual(844);
    expect(await map.page.locator("simtaru-sheet.plan").isVisible()).toBe(false);
    await shot(map.page, "phone-edit-lowered");
    await handle.click();
    await expect.poll(async () => (await sheet.boundingBox())?.y ?? 0).toBeLessThan(844 * 0.6);
    const text = `Ponsel ${Date.now()}`;
    await map.field(texts, name).scrollIntoViewIfNeeded();
    await map.field(texts, name).fill(text);
    await map.field(texts, name).blur();
    await shot(map.page, "phone-form");
    await map.saved();
    expect((await item(texts, found.id)).properties[name]).toBe(text);
  });

  test("looks back with a slider, and makes an old version current", async () => {
    const found = await pick(texts, 12);
    const name = freeText(texts) as string;
    const path = `${texts.items}/${found.id}`;
    const was = await item(texts, found.id);
    for (const text of ["Versi dua", "Versi tiga"]) {
      await as(colleague, "PATCH", path, { properties: { [name]: text } });
    }
    const map = await EditPage.as(mine, address(texts, found));
    await map.button(map.words.history).click();
    const panel = map.page.locator("simtaru-past");
    const slider = panel.getByRole("slider", { name: map.say.version });
    await slider.waitFor();
    const newest = Number((await item(texts, found.id)).properties["revision"]);
    await panel.locator(".when").getByText(map.say.versionOf(newest, newest)).waitFor();
    await panel.locator(".changes").getByText("Versi tiga").waitFor();
    await slider.focus();
    await map.page.keyboard.press("ArrowLeft");
    await panel
      .locator(".when")
      .getByText(map.say.versionOf(newest - 1, newest))
      .waitFor();
    expect(await map.hash()).toContain(`past=${newest - 1}`);
    await map.page.keyboard.press("ArrowLeft");
    await panel
      .locator(".when")
      .getByText(map.say.versionOf(newest - 2, newest))
      .waitFor();
    await panel.getByText(map.say.wholeLayer).click();
    await map.settled();
    expect(await violations(map.page)).toEqual([]);
    await shot(map.page, "history");
    await panel.getByRole("button", { name: map.say.revert }).click();
    await map.dialog.getByRole("button", { name: map.say.revertYes }).click();
    await panel.getByText(map.say.reverted).waitFor();
    const now = await item(texts, found.id);
    expect(now.properties[name] ?? null).toBe(was.properties[name] ?? null);
    expect(now.properties["revision"]).toBe(newest + 1);
    // A link opens the same version.
    const link = await map.hash();
    await panel.getByRole("button", { name: map.say.close }).click();
    await panel.waitFor({ state: "detached" });
    await map.page.goto("about:blank");
    await map.page.goto(`${base}/${link}`);
    await panel
      .locator(".when")
      .getByText(map.say.versionOf(newest + 1, newest + 1))
      .waitFor();
    // So does one that is pasted into the page.
    await map.page.evaluate((hash) => location.replace(hash), link.replace(/past=\d+/, `past=${newest}`));
    await panel
      .locator(".when")
      .getByText(map.say.versionOf(newest, newest + 1))
      .waitFor();
  });
});

/** A vertex that another feature of the layer has too. */
async function shared(
  map: EditPage,
  layer: Layer,
  own: Item,
): Promise<{ vertex: Position; at: { x: number; y: number } }> {
  for (const { point, at } of await visible(map, lines(own.geometry as never)[0] as Position[])) {
    const box = [...point, ...point].join();
    const { features } = await json<{ features: Item[] }>(`${layer.items}?bbox=${box}`);
    const others = features.filter((f) => f.id !== own.id && points(f).some((p) => equal(p, point)));
    if (others.length > 0) return { vertex: point, at };
  }
  throw new Error("no shared vertex is in sight");
}

/** The longest edge in sight, its middle, and a point away from the area. */
async function longest(map: EditPage, ring: Position[]) {
  const inside = { x: 0, y: 0 };
  const at: { x: number; y: number }[] = [];
  for (const p of ring) at.push(await map.at(p));
  for (const { x, y } of at.slice(1)) {
    inside.x += x / (at.length - 1);
    inside.y += y / (at.length - 1);
  }
  let best: { a: { x: number; y: number }; b: { x: number; y: number }; length: number } | undefined;
  for (let i = 1; i < at.length; i++) {
    const [a, b] = [at[i - 1], at[i]];
    if (!a || !b || !(await map.seen(a)) || !(await map.seen(b))) continue;
    const length = Math.hypot(a.x - b.x, a.y - b.y);
    if (length > (best?.length ?? 40)) best = { a, b, length };
  }
  if (!best) throw new Error("no edge is in sight");
  const middle = { x: (best.a.x + best.b.x) / 2, y: (best.a.y + best.b.y) / 2 };
  const away = Math.hypot(middle.x - inside.x, middle.y - inside.y) || 1;
  const out = {
    x: middle.x + ((middle.x - inside.x) / away) * 45,
    y: middle.y + ((middle.y - inside.y) / away) * 45,
  };
  return { ...best, middle, out };
}
