import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { type Activity, api, type Here } from "../api.ts";
import { say } from "../catalog.ts";
import { number } from "../format.ts";
import { type RoadClass, roadClasses } from "../hash.ts";
import { inside } from "../inside.ts";
import { Element } from "./base.ts";
import { activities, fold, intensity, law, ruleStyles } from "./rules.ts";
import { shared } from "./shared.css.ts";

const waitMs = 250;
/** Shorter words match too much to be of use. */
const shortest = 2;

/** What may be built where the last tap was, or in the middle of what is open: the sentence first, the details folded. */
class HereView extends Element {
  static override properties: PropertyDeclarations = {
    here: { state: true },
    failed: { state: true },
    text: { state: true },
    offered: { state: true },
    activity: { state: true },
    plot: { state: true },
    frontage: { state: true },
  };
  declare here: Here | undefined;
  declare failed: boolean;
  declare text: string;
  /** Activities like the text; undefined while nothing is looked for. */
  declare offered: Activity[] | undefined;
  declare activity: Activity | undefined;
  /** m2, as it was typed. */
  declare plot: string;
  declare frontage: RoadClass | undefined;
  /** The question of which `here` is the answer. */
  #asked = "";
  #at = "";
  #request: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.failed = false;
    this.text = "";
    this.plot = "";
  }

  static override styles = [
    shared,
    ruleStyles,
    css`
      :host {
        display: block;
      }
      section {
        padding-bottom: 8px;
        border-bottom: 1px solid var(--line);
      }
      h2 {
        margin: 4px 0 6px;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
      }
      p {
        margin: 0 0 10px;
        line-height: 1.5;
      }
      label {
        display: block;
        margin-bottom: 10px;
        font-size: 0.875rem;
        font-weight: 600;
      }
      input,
      select {
        display: block;
        width: 100%;
        height: 44px;
        margin-top: 4px;
        padding: 0 12px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--field);
        color: var(--ink);
        font: inherit;
        font-weight: 400;
      }
      ul {
        list-style: none;
        margin: 0 0 10px;
        padding: 0;
      }
      .extract {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 0 0 14px;
      }
      .offered button {
        width: 100%;
        min-height: 44px;
        padding: 8px 10px;
        text-align: left;
        border-radius: 8px;
      }
      .offered button:hover {
        background: var(--hover);
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    this.#ask();
  }

  /** A link and the search open what nobody tapped. */
  get #middle(): [number, number] | undefined {
    const { detail } = this.state;
    const geometry = detail?.kind === "ready" ? detail.item.geometry : null;
    const [lon, lat] = (geometry && inside(geometry)) ?? [];
    return lon === undefined || lat === undefined ? undefined : [lon, lat];
  }

  /** Asks again where the place, the activity or the plot is another. */
  #ask(): void {
    const at = this.state.at ?? this.#middle;
    if (!at) return;
    const more = {
      ...(this.activity ? { activity: this.activity.code } : {}),
      ...(Number(this.plot) > 0 ? { plot_m2: this.plot } : {}),
      ...(this.frontage ? { road_class: this.frontage } : {}),
    };
    const question = JSON.stringify([at, more]);
    if (question === this.#asked) return;
    this.#asked = question;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    if (this.#at !== String(at)) this.here = undefined;
    this.#at = String(at);
    this.failed = false;
    api.here(at, more, this.language, request.signal).then(
      (here) => {
        if (this.#request === request) this.here = here;
      },
      () => {
        if (this.#request === request && !request.signal.aborted) this.failed = true;
      },
    );
  }

  protected override render(): TemplateResult | typeof nothing {
    const { words, here, state } = this;
    if (!state.at && !this.#middle) return nothing;
    const area = state.detail?.kind === "ready" && state.detail.item.geometry?.type !== "Point";
    return html`<section>
      <h2>${words.hereTitle}</h2>
      ${!state.at && area ? html`<p class="small">${words.hereMiddle}</p>` : nothing}
      ${
        this.failed
          ? html`<p role="alert">${words.hereFailed}</p>
              <button class="quiet" @click=${this.#again}>${words.retry}</button>`
          : html`<p class="sentence" role="status">${here ? say(here.sentence, this.language) : words.hereAsking}</p>`
      }
      ${here && here.status !== "no_plan" ? this.#extract(here) : nothing}
      ${here?.status === "no_plan" ? nothing : this.#search()}
      ${here ? this.#details(here) : nothing}
    </section>`;
  }

  #again = (): void => {
    this.#asked = "";
    this.requestUpdate();
  };

  /** The extract of the parcel that the place is in, or of land that is drawn. */
  #extract({ plot }: Here): TemplateResult {
    const { words, session } = this;
    const more = this.frontage ? { frontage: this.frontage } : {};
    return html`<div class="extract">
      ${
        plot
          ? html`<button class="solid" @click=${() => void session.openExtract({ land: String(plot.id), ...more })}>${words.makeExtract}</button>`
          : nothing
      }
      ${
        this.state.noWebgl
          ? nothing
          : html`<button class="quiet" @click=${() => void session.openExtract(more)}>${words.drawExtract}</button>`
      }
    </div>`;
  }

  #search(): TemplateResult {
    const { words } = this;
    return html`
      <label>${words.myActivity}
        <input type="search" maxlength="100" autocomplete="off" spellcheck="false" placeholder=${words.myActivityHint}
          .value=${this.text} @input=${this.#typed} />
      </label>
      <div role="status"><ul class="offered">
        ${this.offered?.map(
          (one) =>
            html`<li><button @click=${() => this.#choose(one)}>${say(one.title, this.language)}</button></li>`,
        )}
        ${this.offered?.length === 0 ? html`<li class="small">${words.noActivity(this.text.trim())}</li>` : nothing}
      </ul></div>
      <label>${words.myPlot}
        <input type="number" min="1" max="10000000" step="any" inputmode="decimal" .value=${this.plot}
          @change=${(event: Event) => {
            this.plot = (event.target as HTMLInputElement).value;
          }} />
      </label>
      ${this.#depends() ? this.#road() : nothing}
    `;
  }

  /** Whether the rules here ask which road is in front. */
  #depends(): boolean {
    return (
      this.frontage !== undefined || !!this.here?.zones.some((z) => z.intensity.some((rule) => rule.roads))
    );
  }

  #road(): TemplateResult {
    const { words } = this;
    return html`<label>${words.myRoad}
      <select @change=${(event: Event) => {
        this.frontage = roadClasses.find((name) => name === (event.target as HTMLSelectElement).value);
      }}>
        <option value="" .selected=${this.frontage === undefined}>${words.roadUnknown}</option>
        ${roadClasses.map((name) => html`<option value=${name} .selected=${name === this.frontage}>${name}</option>`)}
      </select>
    </label>`;
  }

  #typed = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    this.activity = undefined;
    this.offered = undefined;
    clearTimeout(this.#timer);
    const text = this.text.trim();
    if (text.length < shortest) return;
    this.#timer = setTimeout(async () => {
      const found = await api.activities(text, this.language).catch(() => undefined);
      if (text === this.text.trim() && !this.activity) this.offered = found;
    }, waitMs);
  };

  #choose(activity: Activity): void {
    this.activity = activity;
    this.text = say(activity.title, this.language);
    this.offered = undefined;
  }

  #details(here: Here): TemplateResult {
    const { words, language: lang } = this;
    const references = here.zones.flatMap((zone) => zone.references);
    return html`
      ${here.zones.map((zone) => {
        const several = here.zones.length > 1 ? ` · ${zone.code}` : "";
        return html`
          ${zone.activities.length ? fold(words.allActivities + several, activities(zone.activities, lang)) : nothing}
          ${zone.intensity.length ? fold(words.intensity + several, intensity(zone.intensity, lang)) : nothing}
        `;
      })}
      ${fold(words.alsoHere, this.#also(here))}
      ${references.length ? fold(words.law, law(references, lang)) : nothing}
      <p class="small">${words.information}</p>
    `;
  }

  #also(here: Here): TemplateResult {
    const { words, language: lang } = this;
    const special = here.zones.flatMap((zone) => zone.special);
    const unknown = [...new Set(special.filter((s) => s.state === "unknown").map((s) => say(s.title, lang)))];
    const near = (title: string, one: { name: string; distance: number } | null) =>
      one ? html`<li>${title}: ${one.name}, ${words.metres(number(one.distance, lang))}</li>` : nothing;
    return html`
      <ul>
        ${here.overlays.flatMap((o) => o.features.map((f) => html`<li>${say(f.sentence, lang)}</li>`))}
        ${special.filter((s) => s.state === "here").map((s) => html`<li>${say(s.title, lang)}: ${s.value}</li>`)}
        ${near(words.nearestPark, here.nearestPark)} ${near(words.nearestShelter, here.nearestShelter)}
        ${unknown.length ? html`<li class="small">${words.unassessed}: ${unknown.join(", ")}.</li>` : nothing}
      </ul>
    `;
  }
}

customElements.define("simtaru-here", HereView);
