// The figures that the page of indicators shows, kept in step with the address
// and with what the server says has changed.

import type { FeatureCollection } from "geojson";
import type { IndicatorView, UnitKind } from "../hash.ts";
import { HttpError } from "../http.ts";
import type { Session } from "../session.ts";
import { words } from "../words.ts";
import { type Answer, indicators, type Listed, type Overview, query, type Recorded } from "./answer.ts";
import type { Trial } from "./trial/trial.ts";
import { indicatorWords } from "./words.ts";

/**
 * The server counts within seconds of a change, and may tell of the change
 * before that: so what changed is asked for soon, and twice more.
 */
const againMs = [400, 2_500, 8_000];

/** One indicator, as it is shown. */
export interface Opened {
  by: UnitKind;
  /** For the units of a kind, and for the city. */
  answer: Answer;
  city: Answer;
  shapes: FeatureCollection | undefined;
  /** Names of the kecamatan by code. */
  districts: ReadonlyMap<string, string>;
}

export class Board {
  readonly session: Session;
  overview: Overview | undefined;
  opened: Opened | undefined;
  /** The unit whose figures are told in full; the city where none is chosen. */
  chosen: string | undefined;
  series: Recorded[] | undefined;
  seriesFailed = false;
  /** What went wrong, in the server's words where it had some. */
  trouble: string | undefined;
  busy = false;
  /** The tool for trying changes, once somebody has opened it. */
  trial: Trial | undefined;
  #loadingTrial = false;
  #view: string | undefined;
  #request: AbortController | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(session: Session) {
    this.session = session;
    session.store.subscribe(() => this.#follow());
  }

  get view(): IndicatorView | undefined {
    return this.session.store.state.address.indicators;
  }

  /** The one that the address opens. */
  get listed(): Listed | undefined {
    const { view } = this;
    return this.overview?.indicators.find((i) => i.id === view?.id);
  }

  /** What the view shows: the smallest units of the indicator where none is asked for. */
  get by(): UnitKind {
    const units = this.listed?.units ?? [];
    const asked = this.view?.by;
    return asked && units.includes(asked) ? asked : (units.at(-1) ?? "city");
  }

  /** A layer changed; undefined: any may have. */
  touched(layer?: string): void {
    if (!this.view || (layer && !this.#counts(layer))) return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = againMs.map((ms) => setTimeout(() => void this.#again(), ms));
  }

  async #again(): Promise<void> {
    await this.load();
    if (this.view?.trial) this.trial?.again();
  }

  /** Whether something that is shown is computed from the layer. */
  #counts(layer: string): boolean {
    const shown = this.listed ? [this.listed] : (this.overview?.indicators ?? []);
    return shown.some(({ layers }) => layers.includes(layer));
  }

  choose(code: string | undefined): void {
    if (this.chosen === code) return;
    this.chosen = code;
    this.tell();
    void this.#loadSeries();
  }

  /** Loads the tool for trying changes, once. */
  async openTrial(): Promise<void> {
    if (this.#loadingTrial) return;
    this.#loadingTrial = true;
    try {
      const { Trial } = await import("./trial/start.ts");
      this.trial = new Trial(this);
    } catch {
      this.trouble = words[this.session.store.state.address.lang].partMissing;
    }
    this.#loadingTrial = false;
    this.tell();
  }

  tell(): void {
    this.session.store.update({ board: this });
  }

  #follow(): void {
    const { address } = this.session.store.state;
    if (!address.indicators) {
      // Who comes back is given what is then.
      this.#view = undefined;
      return;
    }
    const wanted = JSON.stringify([address.lang, address.indicators]);
    if (wanted === this.#view) return;
    this.#view = wanted;
    if (this.opened && this.opened.answer.id !== address.indicators.id) {
      this.opened = undefined;
      this.chosen = undefined;
      this.series = undefined;
    }
    void this.load();
  }

  async load(): Promise<void> {
    const { view } = this;
    if (!view) return;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const { lang } = this.session.store.state.address;
    this.busy = true;
    this.tell();
    try {
      this.overview = await indicators.all(lang, request.signal);
      const { listed, by } = this;
      if (view.id && !listed) {
        this.trouble = indicatorWords[lang].unknown;
      } else if (listed && !view.trial) {
        const one = (kind: UnitKind) => indicators.one(listed.id, query(view, kind), lang, request.signal);
        const known = (kind: UnitKind) => listed.units.includes(kind);
        const [answer, city, districts, shapes] = await Promise.all([
          one(by),
          by !== "city" && known("city") ? one("city") : undefined,
          by === "gampong" && known("kecamatan") ? one("kecamatan") : undefined,
          by === "city" ? undefined : indicators.shapes(listed.id, query(view, by), lang, request.signal),
        ]);
        if (this.chosen && !answer.readings.some((r) => r.code === this.chosen)) this.chosen = undefined;
        this.opened = {
          by,
          answer,
          city: city ?? answer,
          shapes,
          districts: new Map(districts?.readings.map((r) => [r.code, r.name])),
        };
        this.trouble = undefined;
        void this.#loadSeries();
      } else {
        this.trouble = undefined;
      }
    } catch (error) {
      if (request.signal.aborted) return;
      this.trouble = error instanceof HttpError ? error.words : indicatorWords[lang].failed;
      // What was shown is an answer to another question.
      if (error instanceof HttpError && error.status < 500) this.opened = undefined;
    }
    this.busy = false;
    this.tell();
  }

  async #loadSeries(): Promise<void> {
    const { opened } = this;
    const request = this.#request;
    if (!opened || !request) return;
    const { lang } = this.session.store.state.address;
    const chosen = this.chosen;
    const [by, code] = chosen
      ? ([opened.by, chosen] as const)
      : (["city", opened.city.readings[0]?.code ?? ""] as const);
    try {
      const series = await indicators.series(opened.answer.id, by, code, lang, request.signal);
      if (this.opened?.answer.id !== opened.answer.id || this.chosen !== chosen) return;
      this.series = series;
      this.seriesFailed = false;
    } catch {
      if (request.signal.aborted) return;
      this.series = undefined;
      this.seriesFailed = true;
    }
    this.tell();
  }
}
