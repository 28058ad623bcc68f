// The extract that the address opens: land is drawn, the extract is made or
// read, and kept in step with the address.

import type { Geometry } from "geojson";
import type { LandTool } from "../edit/land.ts";
import { faultOf, type LandFault, landOf, ringArea } from "../edit/outline.ts";
import { geometryOf, type Line } from "../edit/shape.ts";
import type { ExtractView } from "../hash.ts";
import { HttpError } from "../http.ts";
import type { Session } from "../session.ts";
import { words } from "../words.ts";
import { extracts, type Extract as Made, questionOf, type Verdict } from "./answer.ts";
import { extractWords } from "./words.ts";

export type Phase =
  /** Of what is drawn: whether the tool is in hand, its area so far in m2, and why it was no land. */
  | { kind: "drawing"; inHand: boolean; area?: number; fault?: LandFault }
  | { kind: "asking" }
  | { kind: "cancelled" }
  | { kind: "failed"; why: string }
  | { kind: "ready"; made: Made; check?: Check };

/** What became of the question whether it still holds; it is not asked of one that was made just now. */
export type Check = "asking" | "failed" | Verdict;

export class Extract {
  phase: Phase | undefined;
  /** The land on the map, where it is known. */
  outline: Geometry | undefined;
  readonly #session: Session;
  #view: string | undefined;
  #request: AbortController | undefined;
  #tool: LandTool | undefined;

  constructor(session: Session) {
    this.#session = session;
    session.store.subscribe(() => this.#follow());
    this.#follow();
  }

  #go(phase: Phase | undefined): void {
    this.phase = phase;
    this.#session.store.update({ extract: this });
  }

  #follow(): void {
    const view = this.#session.store.state.address.extract;
    const wanted = JSON.stringify(view);
    if (wanted === this.#view) return;
    this.#view = wanted;
    this.#request?.abort();
    this.#put();
    if (view?.id && this.phase?.kind === "ready" && this.phase.made.id === view.id) return;
    this.outline = undefined;
    if (view) void this.#open(view);
    else this.#go(undefined);
  }

  async #open(view: ExtractView): Promise<void> {
    const question = questionOf(view);
    if (!view.id && !question) return this.#draw();
    const request = new AbortController();
    this.#request = request;
    const { address, account } = this.#session.store.state;
    const { lang } = address;
    const { ring } = view;
    if (ring) this.outline = geometryOf(landOf(ring)) ?? undefined;
    this.#go({ kind: "asking" });
    try {
      const made = view.id
        ? await extracts.one(view.id, lang, request.signal)
        : await extracts.make(question ?? {}, lang, account?.csrf, request.signal);
      if (this.#request !== request) return;
      this.outline = { type: "MultiPolygon", coordinates: made.outline };
      this.#go({ kind: "ready", made, ...(view.id ? { check: "asking" } : {}) });
      this.#session.store.go({ extract: { id: made.id } });
      this.#session.fly({ box: made.frame });
      if (view.id) await this.#verify(made, request);
    } catch (error) {
      if (this.#request !== request || request.signal.aborted) return;
      const told = error instanceof HttpError && error.problem.detail;
      this.#go({ kind: "failed", why: told || extractWords[lang].failed });
    }
  }

  async #verify(made: Made, request: AbortController): Promise<void> {
    const { lang } = this.#session.store.state.address;
    const check = await extracts.verify(made.id, lang, request.signal).catch((): Check => "failed");
    if (this.#request === request && this.phase?.kind === "ready") this.#go({ kind: "ready", made, check });
  }

  /** Takes the tool in hand. */
  async #draw(fault?: LandFault): Promise<void> {
    this.#go({ kind: "drawing", inHand: false, ...(fault ? { fault } : {}) });
    const { map } = this.#session;
    const { lang } = this.#session.store.state.address;
    if (!map) return this.#go({ kind: "failed", why: extractWords[lang].noMap });
    const view = this.#view;
    try {
      const { LandTool } = await import("../edit/land.ts");
      if (this.#view !== view || this.phase?.kind !== "drawing") return;
      this.#put();
      this.#tool = new LandTool(map, {
        drew: (ring) => {
          const wrong = faultOf(ring);
          if (wrong) void this.#draw(wrong);
          else this.#drew(ring);
        },
        drawing: (line) => this.#go({ kind: "drawing", inHand: true, area: ringArea(line) }),
        left: () => this.#session.closeExtract(),
      });
      this.#tool.use(true);
      map.getCanvas().style.cursor = "crosshair";
      this.#go({ ...this.phase, inHand: true });
    } catch {
      this.#go({ kind: "failed", why: words[lang].partMissing });
    }
  }

  #drew(ring: Line): void {
    const rounded = ring.map(([lon, lat]) => [Number(lon.toFixed(7)), Number(lat.toFixed(7))] as const);
    const { extract } = this.#session.store.state.address;
    this.#session.store.go({ extract: { ...extract, ring: rounded } });
  }

  /** Puts the tool away. */
  #put(): void {
    this.#tool?.close();
    this.#tool = undefined;
  }

  finish(): void {
    this.#tool?.finish();
  }

  /** Land is drawn anew. */
  redraw(): void {
    this.#view = undefined;
    const { frontage } = this.#session.store.state.address.extract ?? {};
    this.#session.store.go({ extract: frontage ? { frontage } : {} });
  }

  cancel(): void {
    this.#request?.abort();
    this.#request = undefined;
    this.#go({ kind: "cancelled" });
  }

  /** The same question again. */
  again(): void {
    this.#view = undefined;
    this.#follow();
  }
}
