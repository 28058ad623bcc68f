import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { token } from "../account.ts";
import type { Criterion, Score } from "../api.ts";
import { type Layer, say } from "../catalog.ts";
import { formStyles } from "../edit/form.css.ts";
import { Element } from "../element/base.ts";
import { differences, type Row } from "../element/difference.ts";
import { shared, tables } from "../element/shared.css.ts";
import { fixed, number, quantity } from "../format.ts";
import { HttpError, json } from "../http.ts";
import { assessed, questionOf, type Typed } from "./question.ts";
import { type ProgrammeWords, programmeWords } from "./words.ts";

const waitMs = 250;

interface Compared {
  score: Score;
  after: Score | null;
  /** The part of the mean of the aspects that is taken away, at most 1; below 0 it has become worse. */
  contribution: number | null;
}

/** What a programme would do to the score of an area: volumes are changed, and nothing is stored. */
class Programme extends Element {
  static override properties: PropertyDeclarations = {
    ...Element.properties,
    layer: { attribute: false },
    score: { attribute: false },
    address: {},
    typed: { state: true },
    compared: { state: true },
    fault: { state: true },
  };
  declare layer: Layer;
  declare score: Score;
  /** Of the area: what was typed for another does not stand here. */
  declare address: string;
  declare typed: Typed;
  declare compared: Compared | undefined;
  declare fault: string | undefined;
  #of = "";
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  static override styles = [
    shared,
    formStyles,
    tables,
    css`
      :host {
        display: block;
      }
      p {
        margin: 0 0 10px;
        line-height: 1.5;
      }
      /* Seen while the volumes below are changed. */
      .contribution {
        position: sticky;
        top: -12px;
        margin: 0;
        padding: 6px 0;
        background: var(--paper);
        font-weight: 600;
        line-height: 1.4;
      }
      .criterion {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 112px;
        gap: 2px 12px;
        align-items: center;
        padding: 6px 0;
        border-top: 1px solid var(--line-soft);
      }
      /* What the keyboard reaches is not left under what stays in sight. */
      .criterion input {
        scroll-margin-top: 84px;
      }
      .criterion label {
        margin: 0;
        font-weight: 400;
        font-size: 0.875rem;
      }
      .criterion small {
        display: block;
        color: var(--muted);
      }
      table {
        font-size: 0.875rem;
      }
      th,
      td {
        padding-right: 8px;
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    if (this.#of !== this.address) {
      this.#of = this.address;
      this.typed = {};
    }
    const question = questionOf(this.score.criteria, this.typed);
    const asked = question ? JSON.stringify([question, this.language]) : "";
    if (asked === this.#asked) return;
    this.#asked = asked;
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (question) this.#timer = setTimeout(() => void this.#ask(question), waitMs);
    else this.compared = undefined;
  }

  async #ask(question: object): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const { areas } = await json<{ areas: Compared[] }>("/api/v1/slum/score", {
        lang: this.language,
        method: "POST",
        headers: token(this.state.account?.csrf),
        body: question,
        signal: request.signal,
      });
      this.compared = areas[0];
      this.fault = undefined;
    } catch (error) {
      if (request.signal.aborted) return;
      this.compared = undefined;
      this.fault = error instanceof HttpError ? error.words : this.#words.failed;
    }
  }

  get #words(): ProgrammeWords {
    return programmeWords[this.language];
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    const { criteria } = this.score;
    const missing = criteria.filter((c) => c.score === null);
    return html`
      <p>${words.lead}</p>
      <p class="contribution" role="status">${this.compared ? this.#contribution(this.compared) : nothing}</p>
      ${this.compared ? this.#table(this.compared) : nothing}
      <div role="alert">${this.fault ? html`<p class="message fault">${this.fault}</p>` : nothing}</div>
      ${assessed(criteria).map((c) => this.#criterion(c))}
      ${missing.length ? html`<p class="note">${words.notAssessed(missing.map((c) => c.title).join(", "))}</p>` : nothing}
    `;
  }

  #criterion({ id, title, unit, volume, denominator }: Criterion): TemplateResult {
    const { language: lang } = this;
    const whole = quantity(denominator ?? 0, unit, lang, 2);
    return html`
      <div class="criterion">
        <label for=${`v${id}`}>${title} <small>${this.#words.now(number(volume ?? 0, lang, 2, true), whole)}</small></label>
        <input id=${`v${id}`} type="number" min="0" max=${denominator ?? nothing} step="any" inputmode="decimal"
          .value=${this.typed[id] ?? String(volume ?? "")}
          @input=${(event: Event) => {
            this.typed = { ...this.typed, [id]: (event.target as HTMLInputElement).value };
          }} />
      </div>
    `;
  }

  #contribution({ score, after, contribution }: Compared): string {
    const words = this.#words;
    const { language: lang } = this;
    const percent = fixed(Math.abs(100 * (contribution ?? 0)), 1, lang);
    const told =
      contribution === null
        ? words.noContribution
        : contribution < 0
          ? words.worse(percent)
          : words.contribution(percent);
    return `${told} ${words.total}: ${score.total ?? "–"} → ${after?.total ?? "–"}.`;
  }

  #table({ score, after }: Compared): TemplateResult {
    const words = this.#words;
    const { language: lang } = this;
    const row = (key: string, name: string, was: number | null, is: number | null, decimals: number): Row => {
      const told = (value: number | null, signed = false) =>
        value === null ? "–" : fixed(value, decimals, lang, signed);
      const difference = was === null || is === null ? null : is - was;
      return { key, name, before: told(was), after: told(is), difference: told(difference, true) };
    };
    const changed = score.criteria.flatMap((c, i) => {
      const is = after?.criteria[i]?.score ?? null;
      return c.score === is ? [] : [row(c.id, words.scoreOf(c.title), c.score, is, 0)];
    });
    const rows: Row[] = [
      row("total", words.total, score.total, after?.total ?? null, 0),
      row("sectoral", words.sectoral, score.sectoralPercent, after?.sectoralPercent ?? null, 1),
      ...changed,
    ];
    return html`
      <p class="class">${words.class(this.#class(score.class), this.#class(after?.class ?? null))}</p>
      ${differences(words.result, words.what, rows, this.words)}
      <p><button class="quiet" @click=${() => {
        this.typed = {};
      }}>${words.reset}</button></p>
    `;
  }

  /** A class as the layer's code lists call it. */
  #class(code: string | null): string {
    const { catalog } = this.state;
    if (code === null || !catalog) return "–";
    const title = this.layer.fields.map((f) => catalog.code(f, code)).find((found) => found);
    return say(title, this.language) || code;
  }
}

customElements.define("simtaru-programme", Programme);
