import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say, type Text } from "../catalog.ts";
import { formStyles } from "../edit/form.css.ts";
import { bar, bars } from "../element/bar.ts";
import { Element } from "../element/base.ts";
import { head, heads } from "../element/head.ts";
import { activities, fold, intensity, law, ruleStyles } from "../element/rules.ts";
import { shared } from "../element/shared.css.ts";
import { day, fixed, moment, number } from "../format.ts";
import { ownHost } from "../http.ts";
import {
  activitiesOf,
  type Entry,
  extracts,
  type Legal,
  type Extract as Made,
  type Theme,
} from "./answer.ts";
import type { Check, Extract } from "./extract.ts";
import { type ExtractWords, extractWords } from "./words.ts";

/** The extract of a piece of land: the sentence first, what is looked up seldom folded away. */
class ExtractView extends Element {
  static override properties: PropertyDeclarations = {
    ...Element.properties,
    extract: { attribute: false },
    copied: { state: true },
  };
  declare extract: Extract;
  declare copied: boolean | undefined;
  /** What was opened for the printer, to be folded again. */
  #unfolded: HTMLDetailsElement[] = [];

  static override styles = [
    shared,
    formStyles,
    heads,
    ruleStyles,
    bars,
    css`
      :host {
        display: block;
      }
      h3 {
        margin: 0;
        letter-spacing: -0.01em;
      }
      p {
        margin: 0 0 10px;
        line-height: 1.5;
        overflow-wrap: anywhere;
      }
      .sentence {
        font-size: 1.0625rem;
      }
      section {
        padding: 12px 0 4px;
        border-top: 1px solid var(--line);
      }
      section > h3 {
        margin-bottom: 6px;
        font-size: 1.0625rem;
      }
      .theme {
        padding: 8px 0 2px;
        border-top: 1px solid var(--line-soft);
      }
      .theme h4 {
        margin: 0 0 4px;
        font-size: 0.9375rem;
        line-height: 1.35;
      }
      dl {
        margin: 0 0 10px;
        font-size: 0.9375rem;
      }
      dl div {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        gap: 12px;
        padding: 4px 0;
        line-height: 1.4;
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      ul {
        margin: 0 0 10px;
        padding: 0 0 0 20px;
        line-height: 1.45;
        font-size: 0.9375rem;
      }
      .entries {
        list-style: none;
        padding: 0;
      }
      .entries > li {
        padding: 4px 0 6px;
      }
      .what {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 12px;
        overflow-wrap: anywhere;
      }
      .size {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .entries .bar {
        height: 12px;
        margin: 4px 0;
        border: 1px solid var(--line-strong);
        border-radius: 3px;
      }
      .dot {
        width: 12px;
        height: 12px;
        vertical-align: -1px;
      }
      .entries p {
        margin: 0;
        font-size: 0.875rem;
      }
      .handed {
        position: sticky;
        bottom: -20px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 0 -20px;
        padding: 10px 20px;
        border-top: 1px solid var(--line);
        background: var(--paper);
      }
      /* What the keyboard reaches is not left under these. */
      summary,
      a {
        scroll-margin-bottom: 84px;
      }
      .handed a {
        display: inline-flex;
        align-items: center;
        text-decoration: none;
      }
      @media print {
        .screen {
          display: none !important;
        }
        h3,
        h4 {
          break-after: avoid;
        }
        .entries > li:not(:has(details)),
        details li {
          break-inside: avoid;
        }
        details ul {
          columns: 2;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeprint", this.#unfold);
    addEventListener("afterprint", this.#foldAgain);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeprint", this.#unfold);
    removeEventListener("afterprint", this.#foldAgain);
  }

  /** On paper nothing is folded. */
  #unfold = (): void => {
    this.#unfolded = [...this.renderRoot.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const details of this.#unfolded) details.open = true;
  };

  #foldAgain = (): void => {
    for (const details of this.#unfolded.splice(0)) details.open = false;
  };

  get #words(): ExtractWords {
    return extractWords[this.language];
  }

  #say(text: Text | undefined): string {
    return say(text, this.language);
  }

  /** Whole, or to 0.01 where there is more. */
  #n(value: number): string {
    return number(value, this.language, 2, true);
  }

  protected override render(): TemplateResult {
    const drawing = this.extract.phase?.kind === "drawing";
    return html`
      ${head(drawing ? this.#words.draw : this.#words.title, this.words.close, this.#close)}
      ${this.#body()}
    `;
  }

  #close = (): void => {
    this.session.closeExtract();
  };

  #body(): unknown {
    const { extract } = this;
    const words = this.#words;
    const { phase } = extract;
    const again = html`<button class="solid" @click=${() => extract.again()}>${words.again}</button>`;
    const redraw = this.state.noWebgl
      ? nothing
      : html`<button class="quiet" @click=${() => extract.redraw()}>${words.redraw}</button>`;
    switch (phase?.kind) {
      case "drawing":
        return html`
          <div class="row">
            <button class="solid" ?disabled=${!phase.inHand} @click=${() => extract.finish()}>${words.finish}</button>
            <button class="quiet" @click=${this.#close}>${words.cancel}</button>
          </div>
          <p role="alert">${phase.fault ? words[phase.fault] : nothing}</p>
          <p>${words.drawing} <span class="small">${words.keys}</span></p>
          <p class="small">${phase.area ? words.area(number(phase.area, this.language, 0, true)) : nothing}</p>
        `;
      case "asking":
        return html`<p role="status">${words.asking}</p>
          <div class="row"><button class="quiet" @click=${() => extract.cancel()}>${words.cancel}</button></div>`;
      case "cancelled":
        return html`<p role="status">${words.cancelled}</p><div class="row">${again}</div>`;
      case "failed":
        return html`<p class="message fault" role="alert">${phase.why}</p>
          <div class="row">${again} ${redraw}</div>`;
      case "ready":
        return this.#made(phase.made, phase.check);
      default:
        return nothing;
    }
  }

  #made(made: Made, check: Check | undefined): TemplateResult {
    const words = this.#words;
    const { language: lang } = this;
    return html`
      <p class="sentence" role="status">${this.#say(made.sentence)}</p>
      <p class="small">${words.made(moment(made.createdAt, lang), this.#say(made.office))}
        ${made.keptUntil ? words.kept(day(made.keptUntil, lang)) : nothing}</p>
      ${this.#check(check)}
      <section><h3>${words.land}</h3>${this.#land(made)}</section>
      <section>
        <h3>${words.concerned}</h3>
        ${made.concerned.map((theme) => this.#theme(theme))}
        ${this.#near(made)}
      </section>
      ${
        made.withoutData.length
          ? html`<section><h3>${words.withoutData}</h3>
              <ul>${made.withoutData.map((one) => html`<li>${this.#say(one.title)}: ${this.#say(one.why)}</li>`)}</ul>
            </section>`
          : nothing
      }
      ${fold(words.notConcerned(made.notConcerned.length), html`<ul>${made.notConcerned.map((one) => html`<li>${this.#say(one.title)}</li>`)}</ul>`)}
      ${fold(words.notes, html`<ul>${made.disclaimers.map((text) => html`<li>${this.#say(text)}</li>`)}</ul>`)}
      ${fold(
        words.data,
        html`<ul>${made.layers.map(
          (layer) => html`<li>${this.#say(layer.title)}, ${words.version(layer.version)}
            <small>${layer.updatedAt ? `${words.changedOn(moment(layer.updatedAt, lang))}. ` : nothing}${this.#say(layer.attribution)} (${layer.licence})</small></li>`,
        )}</ul>`,
      )}
      <p class="small">${words.link}: <a href=${extracts.page(made.id)}>${ownHost(extracts.page(made.id))}</a></p>
      <div class="handed screen">
        <a class="solid" href=${extracts.pdf(made.id, lang)} target="_blank" rel="noreferrer">${words.pdf}</a>
        <button class="quiet" @click=${() => void this.#share(made)}>${words.share}</button>
        <button class="quiet" @click=${() => print()}>${words.print}</button>
        <span role="status">${this.copied ? words.copied : nothing}</span>
      </div>
    `;
  }

  #check(check: Check | undefined): unknown {
    const words = this.#words;
    if (!check) return nothing;
    if (check === "asking") return html`<p class="small" role="status">${words.checking}</p>`;
    if (check === "failed") return html`<p class="small" role="status">${words.checkFailed}</p>`;
    const { proof, genuine, changed, changes } = check;
    const told = words[proof];
    if (genuine === false) return html`<p class="message fault" role="alert">${told}</p>`;
    if (changed === null) return html`<p class="message" role="status">${told} ${words.checkFailed}</p>`;
    if (!changed) return html`<p class="message" role="status">${told} ${words.holds}</p>`;
    return html`<div class="message fault" role="status">${told} ${words.changed}
      <ul>${changes.map((text) => html`<li>${this.#say(text)}</li>`)}</ul></div>`;
  }

  #land({ land, options }: Made): TemplateResult {
    const words = this.#words;
    const area = (m2: number | null) => (m2 ? `${this.#n(m2)} m²` : words.notRecorded);
    const rows: [string, string | undefined][] = [
      [words.number, land.number],
      [words.right, this.#say(land.right)],
      [words.certificate, land.certificateNo],
      // Land that was drawn has no certificate that could be missing.
      [words.certificateArea, land.number || land.certificateArea ? area(land.certificateArea) : undefined],
      [words.geometricArea, area(land.geometricArea)],
      [words.address, land.address],
      [words.village, land.village],
      [words.district, land.district],
      [this.words.myRoad, options.roadClass],
    ];
    return html`<dl>${rows.map(([title, text]) => (text ? html`<div><dt>${title}</dt><dd>${text}</dd></div>` : nothing))}</dl>
      ${land.note ? html`<p class="small">${this.#say(land.note)}</p>` : nothing}`;
  }

  #theme(theme: Theme): TemplateResult {
    return html`<div class="theme">
      <h4>${this.#say(theme.title)}</h4>
      <ul class="entries">${theme.entries.map((entry) => this.#entry(theme, entry))}</ul>
      ${theme.more ? html`<p class="small">${this.#words.more(theme.more)}</p>` : nothing}
      ${theme.check ? html`<p class="small check-line">${this.#say(theme.check.sentence)}</p>` : nothing}
      ${theme.note ? html`<p class="small">${this.#say(theme.note)}</p>` : nothing}
      ${theme.legal?.length ? html`<p class="small legal">${this.#words.law}: ${theme.legal.map((one) => this.#legal(one))}</p>` : nothing}
    </div>`;
  }

  #legal({ document: name, article, link, status }: Legal): TemplateResult {
    const words = this.#words;
    const title = [name, article].filter(Boolean).join(", ");
    return html`${link ? html`<a href=${link} rel="noreferrer">${title}</a>` : title} (${status ? words.status[status] : words.statusUnknown}). `;
  }

  #entry(theme: Theme, entry: Entry): TemplateResult {
    const words = this.#words;
    const { language: lang } = this;
    const { zone } = entry;
    const title = this.#say(entry.title);
    const sentence = this.#say(entry.sentence);
    const allowed = activitiesOf(theme, entry);
    const block = zone?.block && words.block(zone.block);
    const name = entry.code && zone ? `${title} (${entry.code})` : title;
    return html`<li data-code=${entry.code ?? nothing}>
      <div class="what">
        <span>${
          entry.percent === undefined
            ? html`<svg class="dot" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill=${entry.color} stroke="currentColor"></circle></svg> `
            : nothing
        }${[name, block].filter(Boolean).join(", ")}</span>
        <span class="size">${this.#size(entry)}</span>
      </div>
      ${entry.percent === undefined ? nothing : bar(entry.percent, entry.color)}
      ${sentence && sentence !== title ? html`<p>${sentence}</p>` : nothing}
      ${
        zone
          ? html`
            ${zone.intensity.length ? fold(words.built, intensity(zone.intensity, lang)) : nothing}
            ${allowed.length ? fold(words.activities, activities(allowed, lang)) : nothing}
            ${zone.references.length ? fold(words.law, law(zone.references, lang)) : nothing}`
          : nothing
      }
    </li>`;
  }

  #size({ area, percent, distance, length }: Entry): string {
    const words = this.#words;
    if (area !== undefined) return words.part(this.#n(area), fixed(percent ?? 0, 1, this.language));
    if (distance > 0) return words.away(this.#n(distance));
    return length === undefined ? words.here : words.along(this.#n(length));
  }

  #near(made: Made): unknown {
    const { words } = this;
    const rows = [
      [words.nearestPark, made.nearestPark],
      [words.nearestShelter, made.nearestShelter],
    ] as const;
    if (rows.every(([, one]) => !one)) return nothing;
    return html`<div class="theme"><h4>${this.#words.near}</h4>
      <ul>${rows.map(([title, one]) => (one ? html`<li>${title}: ${one.name}, ${words.metres(this.#n(one.distance))}</li>` : nothing))}</ul>
    </div>`;
  }

  /** Hands the link on, or copies it; where the browser allows neither, it stands above. */
  async #share(made: Made): Promise<void> {
    const url = ownHost(extracts.page(made.id));
    try {
      if (navigator.share) await navigator.share({ title: this.#say(made.sentence), url });
      else {
        await navigator.clipboard.writeText(url);
        this.copied = true;
      }
    } catch {
      // Somebody thought better of it, or the browser does not allow it.
    }
  }
}

customElements.define("simtaru-extract", ExtractView);
