// A hazard is announced to everybody, and said to be over.

import type { Geometry } from "geojson";
import type { Item } from "../api.ts";
import { type Lang, type Layer, say as sayText, type Text } from "../catalog.ts";
import type { LandTool } from "../edit/land.ts";
import { faultOf, type LandFault, landOf } from "../edit/outline.ts";
import { geometryOf, type Line } from "../edit/shape.ts";
import { write } from "../edit/write.ts";
import { indicators, type Overview } from "../indicator/answer.ts";
import { type Desk, type Fault, momentOf, text } from "./desk.ts";
import { officerWords } from "./words.ts";

const minuteMs = 60_000;
/** Longer than this a warning does not wait for the outline of the city. */
const outlineMs = 5_000;

/** What is to be announced. */
export interface Form {
  hazard: string;
  level: string;
  /** Minutes from now; as it was typed, empty where nobody knows. */
  arrives: string;
  area: "city" | "drawn";
  ring?: Line;
  /** Why what was drawn is no area. */
  wrong?: LandFault;
  drawing: boolean;
  /** In words of an officer's own; else they follow from the rest. */
  message: Text;
}

export type Step =
  | { kind: "form" }
  /** It concerns everybody: what will happen is said before it does. */
  | { kind: "sure" }
  | { kind: "sending" };

export class Hazards {
  /** Those that are on, the latest first. */
  now: Item[] | undefined;
  form: Form | undefined;
  step: Step = { kind: "form" };
  /** The one of which it is asked whether it is over. */
  ending: string | undefined;
  busy: string | undefined;
  fault: Fault | undefined;
  readonly #desk: Desk;
  #tool: LandTool | undefined;
  #order: { key: string; properties: Record<string, unknown>; geometry: Geometry | null } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get layer(): Layer | undefined {
    return this.#desk.mine("event_level");
  }

  async load(): Promise<void> {
    const { layer } = this;
    if (!layer) return;
    const fault = await this.#desk.dare(async () => {
      const items = await this.#desk.all(layer, "&status=on");
      const { now } = this.#desk;
      this.now = items
        .filter((item) => (momentOf(item, "ends_at") ?? Number.POSITIVE_INFINITY) > now)
        .sort((a, b) => (momentOf(b, "starts_at") ?? 0) - (momentOf(a, "starts_at") ?? 0));
    });
    if (fault && !this.now) this.fault = fault;
  }

  /** The hazard of the newest that is on. */
  get announced(): string | undefined {
    const newest = this.now?.[0];
    return newest && text(newest, "hazard");
  }

  begin(hazard: string, level: string): void {
    this.form = { hazard, level, arrives: "", area: "city", drawing: false, message: {} };
    this.#go({ kind: "form" });
  }

  say(part: Partial<Form>): void {
    if (!this.form) return;
    this.form = { ...this.form, ...part };
    if (part.area === "drawn") void this.#draw();
    else if (part.area) this.#put();
    this.#desk.changed();
  }

  cancel(): void {
    this.#order = undefined;
    this.#put();
    this.form = undefined;
    this.#go({ kind: "form" });
  }

  sure(): void {
    this.#go({ kind: "sure" });
  }

  back(): void {
    this.#order = undefined;
    this.#go({ kind: "form" });
  }

  #go(step: Step): void {
    this.step = step;
    this.fault = undefined;
    this.#desk.changed();
  }

  /** When it is there, in ms since 1970; undefined where nobody knows. */
  get arrival(): number | undefined {
    const minutes = Number(this.form?.arrives || Number.NaN);
    return Number.isFinite(minutes) ? this.#desk.now + minutes * minuteMs : undefined;
  }

  /** What everybody will read. */
  get message(): Text {
    const { form, layer } = this;
    const { catalog } = this.#desk;
    if (!form || !layer || !catalog) return {};
    const word = (name: string, code: string): Text => {
      const field = layer.fields.find((f) => f.name === name);
      return (field && catalog.code(field, code)) ?? {};
    };
    const [hazard, level] = [word("hazard", form.hazard), word("level", form.level)];
    const by = (lang: Lang) =>
      officerWords[lang].template(sayText(hazard, lang), form.level && sayText(level, lang));
    return { id: form.message.id ?? by("id"), en: form.message.en ?? by("en") };
  }

  async announce(): Promise<void> {
    const { layer, form, message, arrival } = this;
    if (!layer || !form) return;
    this.#go({ kind: "sending" });
    this.fault = await this.#desk.dare(async () => {
      // What is tried again is the same, so that it is not announced twice.
      this.#order ??= {
        key: crypto.randomUUID(),
        geometry: form.area === "drawn" && form.ring ? geometryOf(landOf(form.ring)) : await this.#whole(),
        properties: {
          hazard: form.hazard,
          ...(form.level ? { level: form.level } : {}),
          status: "on",
          starts_at: this.#desk.stamp(),
          ...(arrival === undefined ? {} : { arrival_at: new Date(arrival).toISOString() }),
          message_id: message.id,
          message_en: message.en,
        },
      };
      const { properties, geometry, key } = this.#order;
      await write.create(layer, properties, geometry, key, this.#desk.sender);
    });
    if (this.fault) this.step = { kind: "sure" };
    else this.cancel();
    await this.load();
  }

  /** The whole city: its outline where indicators have it, or else the box of the map. */
  async #whole(): Promise<Geometry> {
    const { lang, catalog } = this.#desk;
    try {
      const signal = AbortSignal.timeout(outlineMs);
      const all: Overview = await indicators.all(lang, signal);
      const first = all.indicators.find((one) => one.units.includes("city"));
      const shapes = first && (await indicators.shapes(first.id, "by=city", lang, signal));
      const geometry = shapes?.features[0]?.geometry;
      if (geometry?.type === "MultiPolygon") return geometry;
      if (geometry?.type === "Polygon") return { type: "MultiPolygon", coordinates: [geometry.coordinates] };
    } catch {
      // A warning does not wait for a fine outline.
    }
    const [w, s, e, n] = catalog?.box ?? [0, 0, 0, 0];
    const box: Line = [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
    ];
    return geometryOf(landOf(box)) as Geometry;
  }

  async #draw(): Promise<void> {
    const { map } = this.#desk.session;
    if (!map) return this.say({ area: "city" });
    this.#put();
    const { LandTool } = await import("../edit/land.ts");
    if (this.form?.area !== "drawn") return;
    this.form = { ...this.form, drawing: true };
    this.#tool = new LandTool(map, {
      drew: (ring) => {
        const wrong = faultOf(ring);
        this.#put();
        if (wrong && this.form) this.form = { ...this.form, wrong };
        else if (this.form) this.form = { ...this.form, ring };
        this.#desk.changed();
      },
      left: () => this.say({ area: "city" }),
    });
    this.#tool.use(true);
    map.getCanvas().style.cursor = "crosshair";
    this.#desk.changed();
  }

  /** Puts the tool away. */
  #put(): void {
    this.#tool?.close();
    this.#tool = undefined;
    if (!this.form) return;
    const { ring: _, wrong: __, ...rest } = this.form;
    this.form = { ...rest, drawing: false };
  }

  finish(): void {
    this.#tool?.finish();
  }

  /** Whether a tap on the map is the tool's. */
  get drawing(): boolean {
    return this.form?.drawing ?? false;
  }

  ask(id: string | undefined): void {
    this.ending = id;
    this.fault = undefined;
    this.#desk.changed();
  }

  async end(id: string): Promise<void> {
    await this.#set(id, { status: "off", ends_at: this.#desk.stamp(1000) });
    if (!this.fault) this.ending = undefined;
    this.#desk.changed();
  }

  /** In so many minutes from now; undefined where nobody knows. */
  arrive(id: string, minutes: number | undefined): Promise<void> {
    const at = minutes === undefined ? null : new Date(this.#desk.now + minutes * minuteMs).toISOString();
    return this.#set(id, { arrival_at: at });
  }

  async #set(id: string, properties: Record<string, unknown>): Promise<void> {
    const { layer } = this;
    const item = this.now?.find((one) => String(one.id) === id);
    if (!layer || !item) return;
    this.busy = id;
    this.fault = await this.#desk.dare(() => this.#desk.set(layer, item, properties));
    this.busy = undefined;
    await this.load();
  }
}
