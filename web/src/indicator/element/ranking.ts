import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { shared } from "../../element/shared.css.ts";
import type { Opened } from "../board.ts";
import { figure, ranked } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";
import { bar } from "./marks.ts";

/** So many stand in the list before somebody asks for all. */
const few = 10;

/** The units from the best to the worst. */
class Ranking extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    opened: { attribute: false },
    chosen: { attribute: false },
    all: { state: true },
  };
  declare opened: Opened;
  declare chosen: string | undefined;
  declare all: boolean | undefined;

  static override styles = [
    shared,
    look,
    css`
      ol {
        margin: 0 0 12px;
        padding: 0;
        list-style: none;
        columns: 2;
        column-gap: 32px;
      }
      li {
        break-inside: avoid;
      }
      li button {
        display: grid;
        grid-template-columns: 2.2em minmax(0, 10em) minmax(0, 1fr) auto;
        gap: 0 10px;
        align-items: center;
        width: 100%;
        min-height: 44px;
        padding: 4px 6px;
        border-bottom: 1px solid var(--line-soft);
        text-align: left;
        font-size: 0.9375rem;
        line-height: 1.3;
        font-variant-numeric: tabular-nums;
      }
      li button:hover {
        background: var(--hover);
      }
      li button[aria-pressed="true"] {
        background: var(--hover);
        font-weight: 600;
        box-shadow: inset 4px 0 var(--focus);
      }
      .rank {
        color: var(--muted);
        text-align: right;
      }
      .bar {
        width: 100%;
        height: 12px;
      }
      @media (max-width: 859px) {
        ol {
          columns: 1;
        }
        li button {
          grid-template-columns: 1.8em minmax(0, 1fr) auto;
        }
        .bar {
          grid-column: 2 / -1;
          grid-row: 2;
          height: 8px;
        }
      }
      @media print {
        li button {
          min-height: 0;
          font-size: 0.75rem;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { answer } = this.opened;
    const words = this.say;
    const order = ranked(answer.readings, answer.direction);
    if (order.length === 0) return html``;
    const widest = Math.max(...order.map((r) => Math.abs(r.value ?? 0))) || 1;
    const shown = this.all ? order : order.slice(0, few);
    const how = { up: words.best, down: words.least, none: words.greatest }[answer.direction];
    return html`
      <h2>${words.ranking}</h2>
      <p class="small">${how}</p>
      <ol>
        ${shown.map(
          (r) => html`<li>
            <button aria-pressed=${r.code === this.chosen} @click=${() => this.#tell(r.code)}>
              <span class="rank">${1 + order.filter((o) => this.#ahead(o.value ?? 0, r.value ?? 0)).length}.</span>
              <span>${r.name}</span>
              ${bar((r.value ?? 0) / widest)}
              <span>${figure(r.value ?? 0, answer, this.language)}</span>
            </button>
          </li>`,
        )}
      </ol>
      ${
        order.length > few
          ? html`<button class="quiet screen" aria-expanded=${this.all === true} @click=${() => {
              this.all = !this.all;
            }}>${this.all ? words.rankingFew : words.rankingAll(order.length)}</button>`
          : nothing
      }
    `;
  }

  /** Units of equal value share their place. */
  #ahead(other: number, own: number): boolean {
    return this.opened.answer.direction === "down" ? other < own : other > own;
  }

  #tell(code: string): void {
    const detail = code === this.chosen ? undefined : code;
    this.dispatchEvent(new CustomEvent<string | undefined>("choose", { detail }));
  }
}

customElements.define("simtaru-ranking", Ranking);
