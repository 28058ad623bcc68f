// A planner splits features on the map.

import type { Position } from "geojson";
import { describe, expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import type { Layer } from "../src/catalog.ts";
import { EditPage } from "./editing.ts";
import { lines } from "./geometry.ts";
import { item, items, type Login, people, shot } from "./helper.ts";
import { equal, history, number, pick, plannersCatalog, points } from "./picking.ts";

const [mine] = people as [Login];

describe.runIf(mine)("a planner splits", async () => {
  const given = await plannersCatalog();
  const editable = given.layers.filter((l) => l.edit && l.visible);
  const coverage = editable.find((l) => l.geometry === "MultiPolygon" && l.topology?.coverage) as Layer;
  const ways = editable.find((l) => l.geometry === "MultiLineString") as Layer;

  test("an area: two features with one border and all attributes", async () => {
    const found = await pick(coverage, 60);
    const map = await EditPage.editing(mine, coverage, found);
    const before = await item(coverage, found.id);
    const count = await number(coverage);
    await map.tool("split");
    const across = await cut(map, before);
    for (const p of across) await map.click(p);
    await map.panel.getByRole("button", { name: map.say.done, exact: true }).click();
    await map.panel.getByText(map.say.cutInto(2)).waitFor();
    await shot(map.page, "edit-split");
    const answer = map.page.waitForResponse((r) => r.url().endsWith("/api/v1/edits"));
    await map.saved();
    const { edits } = (await (await answer).json()) as { edits: { id: number; op: string }[] };
    const created = edits.find((e) => e.op === "create");
    const [own, piece] = await Promise.all([item(coverage, found.id), item(coverage, created?.id ?? 0)]);
    expect(await number(coverage)).toBe(count + 1);
    for (const { name } of coverage.fields) expect(piece.properties[name]).toEqual(before.properties[name]);
    const common = points(own).filter((p) => points(piece).some((q) => equal(p, q)));
    expect(new Set(common.map(String)).size).toBeGreaterThanOrEqual(2);
    for (const p of points(before)) {
      expect(
        [...points(own), ...points(piece)].some((q) => equal(p, q)),
        String(p),
      ).toBe(true);
    }
  });

  test("a line: two features that meet in one vertex, with all attributes", async () => {
    const all = await items(ways, 200);
    const found = all.find((f) => {
      const [line, ...more] = f.geometry ? lines(f.geometry) : [];
      return line && more.length === 0 && line.length < 30 && span(line) > 120 && span(line) < 400;
    });
    if (!found?.geometry) throw new Error(`${ways.id} has no line of the right length`);
    const map = await EditPage.editing(mine, ways, found);
    const before = await item(ways, found.id);
    const count = await number(ways);
    const line = lines(before.geometry as never)[0] as Position[];
    await map.tool("split");
    // Beside it nothing is split.
    await map.panel.getByLabel(map.say.snapping).uncheck();
    const [a, b] = await across(map, line);
    const beside = { x: b.x + (b.x - a.x) / 2, y: b.y + (b.y - a.y) / 2 };
    for (const p of [b, beside]) await map.click(p);
    await map.panel.getByRole("button", { name: map.say.done, exact: true }).click();
    await map.panel.getByText(map.say.cutMisses).waitFor();
    // Across it becomes two.
    for (const p of [a, b]) await map.click(p);
    await map.panel.getByRole("button", { name: map.say.done, exact: true }).click();
    await map.panel.getByText(map.say.cutInto(2)).waitFor();
    await shot(map.page, "edit-split-line");
    // One step back and forth.
    await map.button(map.say.undo).click();
    await expect.poll(() => map.save.isDisabled()).toBe(true);
    await map.button(map.say.redo).click();
    const answer = map.page.waitForResponse((r) => r.url().endsWith("/api/v1/edits"));
    await map.saved();
    const { edits } = (await (await answer).json()) as { edits: { id: number; op: string }[] };
    const created = edits.find((e) => e.op === "create")?.id ?? 0;
    const [own, piece] = await Promise.all([item(ways, found.id), item(ways, created)]);
    expect(await number(ways)).toBe(count + 1);
    for (const { name } of ways.fields) expect(piece.properties[name], name).toEqual(before.properties[name]);
    // End to end they are the line as it was, with one vertex more.
    const [first, second] = ends(own, piece, line[0] as Position);
    expect(first.at(-1)).toEqual(second[0]);
    const whole = [...first, ...second.slice(1)];
    expect(whole.filter((p) => !line.some((q) => equal(p, q)))).toEqual([second[0]]);
    expect(whole.filter((p) => line.some((q) => equal(p, q)))).toEqual(line);
    // The larger one keeps the number and its history.
    expect(span(lines(own.geometry as never)[0] as Position[])).toBeGreaterThan(
      span(lines(piece.geometry as never)[0] as Position[]),
    );
    expect((await history(mine, ways, created))[0]).toMatchObject({ operation: "create", actor: mine.name });
  });
});

/** The two lines in the order in which they make up the one that begins here. */
function ends(one: Item, other: Item, from: Position): [Position[], Position[]] {
  const [a, b] = [one, other].map((f) => lines(f.geometry as never)[0] as Position[]);
  if (!a || !b) throw new Error("a piece has no line");
  return equal(a[0] as Position, from) ? [a, b] : [b, a];
}

/** Metres along the line, roughly. */
function span(line: Position[]): number {
  let sum = 0;
  for (const [i, [x = 0, y = 0]] of line.slice(1).entries()) {
    const [px = 0, py = 0] = line[i] ?? [];
    sum += Math.hypot(x - px, y - py) * 111_000;
  }
  return sum;
}

/** A point on either side of the longest segment in sight, nearer to its beginning. */
async function across(map: EditPage, line: Position[]) {
  type At = { x: number; y: number };
  let best: { a: At; b: At; length: number } | undefined;
  const at: At[] = [];
  for (const p of line) at.push(await map.at(p));
  for (const [i, b] of at.slice(1).entries()) {
    const a = at[i];
    if (!a || !(await map.seen(a)) || !(await map.seen(b))) continue;
    const length = Math.hypot(a.x - b.x, a.y - b.y);
    if (length > (best?.length ?? 30)) best = { a, b, length };
  }
  if (!best) throw new Error("no segment is in sight");
  const { a, b, length } = best;
  const middle = { x: a.x + (b.x - a.x) * 0.4, y: a.y + (b.y - a.y) * 0.4 };
  const [dx, dy] = [(-(b.y - a.y) / length) * 25, ((b.x - a.x) / length) * 25];
  return [
    { x: middle.x - dx, y: middle.y - dy },
    { x: middle.x + dx, y: middle.y + dy },
  ] as const;
}

/** Two points outside on either side of the area. */
async function cut(map: EditPage, f: Item): Promise<{ x: number; y: number }[]> {
  const at: { x: number; y: number }[] = [];
  for (const p of points(f)) at.push(await map.at(p));
  const [west, east] = [Math.min(...at.map((p) => p.x)), Math.max(...at.map((p) => p.x))];
  const [north, south] = [Math.min(...at.map((p) => p.y)), Math.max(...at.map((p) => p.y))];
  const [x, y] = [(west + east) / 2, (north + south) / 2];
  return east - west > south - north
    ? [
        { x: x + 3, y: north - 30 },
        { x: x - 3, y: south + 30 },
      ]
    : [
        { x: west - 30, y: y + 3 },
        { x: east + 30, y: y - 3 },
      ];
}
