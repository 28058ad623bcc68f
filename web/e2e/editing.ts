// A planner at the map: logs in, edits, looks back.

import type { Position } from "geojson";
import type { Locator } from "playwright-core";
import type { Item } from "../src/api.ts";
import { type Layer, say } from "../src/catalog.ts";
import { editWords } from "../src/edit/words.ts";
import { MapPage } from "./driver.ts";
import { inside } from "./geometry.ts";
import { base, blank, type Login, type visit } from "./helper.ts";

export class EditPage extends MapPage {
  static override async open(hash = "", options?: Parameters<typeof visit>[1]): Promise<EditPage> {
    const map = await MapPage.open(hash, options);
    return new EditPage(map.page, map.lang);
  }

  /** Opens the map as somebody who has logged in before, as the browser remembers. */
  static async as(who: Login, hash = "", options?: Parameters<typeof visit>[1]): Promise<EditPage> {
    const page = await blank(options);
    const answer = await page.context().request.post(`${base}/api/v1/session`, { data: who });
    if (!answer.ok()) throw new Error(`${who.name} cannot log in: ${answer.status()}`);
    await page.goto(`${base}/${hash}`);
    const map = new EditPage(page, "id");
    await map.account.waitFor();
    await map.settled();
    return map;
  }

  /** Opens a feature for editing, as somebody who has logged in before. */
  static async editing(
    who: Login,
    layer: Layer,
    found: Item,
    options?: Parameters<typeof visit>[1],
  ): Promise<EditPage> {
    const map = await EditPage.as(who, address(layer, found), options);
    await map.edit();
    return map;
  }

  get say() {
    return editWords[this.lang];
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  async fillLogin({ name, password }: Login): Promise<void> {
    await this.dialog.getByLabel(this.say.name).fill(name);
    await this.dialog.getByLabel(this.say.password).fill(password);
    await this.dialog.getByRole("button", { name: this.say.login, exact: true }).click();
  }

  async login(who: Login): Promise<void> {
    await this.button(this.words.login).click();
    await this.fillLogin(who);
    await this.dialog.waitFor({ state: "detached" });
    await this.account.waitFor();
    await this.settled();
  }

  /** The button that says who is logged in. */
  get account(): Locator {
    return this.page.locator("simtaru-masthead .account[aria-label]");
  }

  get panel(): Locator {
    return this.page.locator("simtaru-editor");
  }

  /** Opens the feature that the address names for editing. */
  async edit(): Promise<void> {
    await this.button(this.words.edit).click();
    await this.panel.locator("simtaru-field").first().waitFor();
    await this.stands();
  }

  /** Waits until the map has come to rest, with all its tiles. */
  async stands(): Promise<void> {
    let before = "";
    for (let i = 0; i < 100; i++) {
      const hash = await this.hash();
      const busy = await this.page.locator('simtaru-map[aria-busy="true"]').count();
      if (hash === before && busy === 0) return;
      before = hash;
      await this.page.waitForTimeout(250);
    }
    throw new Error("the map does not come to rest");
  }

  /** The control of an attribute, by the title of its field. */
  field(layer: Layer, name: string): Locator {
    const title = say(layer.fields.find((f) => f.name === name)?.title, this.lang);
    // Its label may go on: a unit, a mark that it is required.
    return this.panel.getByLabel(
      new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(\\s*\\(|\\s*$)`),
    );
  }

  async tool(name: "draw" | "corners" | "move" | "split"): Promise<void> {
    await this.panel.getByRole("button", { name: this.say[name], exact: true }).click();
  }

  get save(): Locator {
    return this.panel.getByRole("button", { name: this.say.save, exact: true });
  }

  /** Saves, and waits until the panel has gone. */
  async saved(): Promise<void> {
    await this.save.click();
    await this.panel.waitFor({ state: "detached", timeout: 20_000 });
  }

  /** Where on the page a point is: the address tells the map's middle and its zoom. */
  async at([lon = 0, lat = 0]: Position): Promise<{ x: number; y: number }> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("the map is not there");
    const middle = await this.position();
    const size = 512 * 2 ** middle.zoom;
    const [x, y] = world(lon, lat);
    const [cx, cy] = world(middle.lon, middle.lat);
    return { x: box.x + box.width / 2 + (x - cx) * size, y: box.y + box.height / 2 + (y - cy) * size };
  }

  /** The point of the map at a place on the page. */
  async lonLat(x: number, y: number): Promise<Position> {
    const a = await this.at([0, 0]);
    const b = await this.at([1, 0]);
    const lon = (x - a.x) / (b.x - a.x);
    const size = (b.x - a.x) * 360;
    const n = Math.PI - (2 * Math.PI * (y - a.y + size / 2)) / size;
    return [lon, (180 / Math.PI) * Math.atan(Math.sinh(n))];
  }

  async drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((2 * from.x + to.x) / 3, (2 * from.y + to.y) / 3, { steps: 4 });
    await mouse.move(to.x, to.y, { steps: 8 });
    await mouse.up();
  }

  /** Clicks as a person does: the pointer comes from beside. */
  async click({ x, y }: { x: number; y: number }): Promise<void> {
    await this.page.mouse.move(x - 4, y - 3);
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  /** Whether a point is where the map can be seen: beside the panels. */
  async seen({ x, y }: { x: number; y: number }): Promise<boolean> {
    const box = await this.canvas.boundingBox();
    const panel = await this.page.locator("simtaru-sheet.found").boundingBox();
    if (!box || !panel) return false;
    return x > box.x + 20 && x < panel.x - 20 && y > 20 && y < box.height - 40;
  }
}

/** A point of the unit square of web Mercator. */
function world(lon: number, lat: number): [number, number] {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** The address of a feature, with a close look at it. */
export function address(layer: Layer, { id, geometry }: Item): string {
  const [lon, lat] = (geometry && inside(geometry)) ?? [];
  const view = lon === undefined ? "" : `map=17/${lat}/${lon}&`;
  return `#${view}at=${layer.id}/${id}`;
}
