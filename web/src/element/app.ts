import { html, nothing, type TemplateResult } from "lit";
import { say } from "../catalog.ts";
import { Element } from "./base.ts";
import "./feature.ts";
import "./layers.ts";
import "./map.ts";
import "./masthead.ts";
import "./notices.ts";
import "./search.ts";
import "./sheet.ts";
import "../evacuation/banner.ts";

/** The whole page. It draws into the document itself, as the map's style sheet must reach it. */
export class App extends Element {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`
      <simtaru-banner .session=${this.session}></simtaru-banner>
      <div class="page">${this.#page()}</div>
    `;
  }

  #page(): TemplateResult {
    const { phase, catalog, address, editor, board, partMissing } = this.state;
    if (address.indicators && !editor && phase === "ready" && !partMissing) {
      return html`${
        board
          ? html`<simtaru-indicators .session=${this.session}></simtaru-indicators>`
          : html`<main class="waiting" role="status"><span class="pulse"></span>${this.words.loading}</main>`
      }
      ${this.#dialog()}`;
    }
    return html`
      <simtaru-sheet class="plan" .session=${this.session} label=${this.words.layers}>
        <div slot="head">
          <simtaru-masthead .session=${this.session}></simtaru-masthead>
          ${catalog ? html`<simtaru-search .session=${this.session}></simtaru-search>` : nothing}
          <simtaru-notices .session=${this.session}></simtaru-notices>
          ${catalog ? html`<button class="evacuate" @click=${() => void this.session.evacuate({})}>${this.words.evacuateHere}</button>` : nothing}
        </div>
        ${catalog ? html`<simtaru-layers .session=${this.session}></simtaru-layers>` : nothing}
      </simtaru-sheet>
      <main class="stage">
        ${phase === "ready" ? html`<simtaru-map .session=${this.session}></simtaru-map>` : this.#waiting()}
      </main>
      ${this.#panel()}
      ${this.#dialog()}
    `;
  }

  #dialog(): unknown {
    return this.state.dialog ? html`<simtaru-account .session=${this.session}></simtaru-account>` : nothing;
  }

  /** One panel at a time: what is edited, where to run, what was, or what lies under the finger. */
  #panel(): unknown {
    const { catalog, found, address, editor, past, extract, evacuation, officer } = this.state;
    if (editor) {
      return html`<simtaru-sheet class="found editing" .session=${this.session} label=${this.words.edit} start="half">
        <simtaru-editor .session=${this.session} .editor=${editor}></simtaru-editor>
      </simtaru-sheet>`;
    }
    if (address.evacuate && evacuation?.phase) {
      return html`<simtaru-sheet class="found evacuating" .session=${this.session} label=${this.words.evacuation} start="half">
        <simtaru-evacuation .session=${this.session} .evacuation=${evacuation}></simtaru-evacuation>
      </simtaru-sheet>`;
    }
    if (address.officer && officer) {
      return html`<simtaru-sheet class="found attending" .session=${this.session} label=${this.words.officer} start="half">
        <simtaru-desk .session=${this.session} .officer=${officer}></simtaru-desk>
      </simtaru-sheet>`;
    }
    if (address.extract && extract?.phase) {
      const drawing = extract.phase.kind === "drawing";
      const sheet = html`<simtaru-extract .session=${this.session} .extract=${extract}></simtaru-extract>`;
      // Two panels, so that each begins at its height: land is drawn beside it, the extract is read.
      return drawing
        ? html`<simtaru-sheet class="found" .session=${this.session} label=${this.words.extract} start="peek">${sheet}</simtaru-sheet>`
        : html`<simtaru-sheet class="found printed" .session=${this.session} label=${this.words.extract} start="half">${sheet}</simtaru-sheet>`;
    }
    if (past) {
      return html`<simtaru-sheet class="found" .session=${this.session} label=${this.words.history} start="half">
        <simtaru-past .session=${this.session} .past=${past}></simtaru-past>
      </simtaru-sheet>`;
    }
    return html`
      ${
        catalog && (found || address.pick)
          ? html`<simtaru-sheet class="found" .session=${this.session} label=${this.words.about} start="half">
              <simtaru-feature .session=${this.session}></simtaru-feature>
            </simtaru-sheet>`
          : nothing
      }
    `;
  }

  #waiting(): TemplateResult {
    const { words } = this;
    if (this.state.phase === "loading") {
      return html`<div class="waiting" role="status"><span class="pulse"></span>${words.loading}</div>`;
    }
    return html`
      <div class="waiting" role="alert">
        <strong>${words.failed}</strong>
        <p>${words.failedWhy}</p>
        <button class="action" @click=${() => void this.session.start()}>${words.retry}</button>
      </div>
    `;
  }

  protected override updated(): void {
    const { catalog, address } = this.state;
    document.documentElement.lang = this.language;
    const city = say(catalog?.city.title, this.language);
    const page = city ? this.words.pageTitle(city) : this.words.map;
    const view = address.indicators
      ? this.words.indicators
      : address.evacuate
        ? this.words.evacuation
        : address.officer
          ? this.words.officer
          : address.extract && this.words.extract;
    document.title = view && city ? `${view} · ${city}` : page;
  }
}

customElements.define("simtaru-app", App);
