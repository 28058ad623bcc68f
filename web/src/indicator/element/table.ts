import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { fixed } from "../../format.ts";
import type { Reading } from "../answer.ts";
import type { Opened } from "../board.ts";
import { figure, type Measure, measured, measuresOf, statusOf, targeted } from "../figure.ts";
import { type Column, columns, type Order, pressed, type Row, sorted } from "../order.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";
import { badge } from "./marks.ts";

/** All units with what their values were computed from, in the order that the reader wants. */
class Table extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    opened: { attribute: false },
    chosen: { attribute: false },
    order: { state: true },
  };
  declare opened: Opened;
  declare chosen: string | undefined;
  declare order: Order;

  static override styles = [
    shared,
    look,
    css`
      thead button {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 44px;
        font-weight: 600;
        color: var(--accent);
      }
      thead th {
        vertical-align: middle;
        padding-top: 0;
        padding-bottom: 0;
      }
      tbody th,
      tbody td {
        vertical-align: middle;
      }
      thead svg {
        width: 12px;
        height: 12px;
        visibility: hidden;
      }
      thead [aria-sort] svg {
        visibility: visible;
      }
      tbody button {
        min-height: 32px;
        color: var(--accent);
        text-align: left;
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      tbody tr:hover,
      tbody tr[aria-current="true"] {
        background: var(--hover);
      }
      tbody tr[aria-current="true"] {
        box-shadow: inset 4px 0 var(--focus);
      }
      tbody tr[aria-current="true"] th {
        padding-left: 10px;
      }
      @media print {
        table {
          font-size: 0.6875rem;
        }
        th,
        td {
          padding-top: 3px;
          padding-bottom: 3px;
        }
        tbody button {
          min-height: 0;
          color: inherit;
          text-decoration: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.order = { column: "value", down: true };
  }

  protected override render(): TemplateResult {
    const { answer, by } = this.opened;
    const { say: words, language } = this;
    const has = (column: Column) => {
      if (column === "district") return by === "gampong" && answer.readings.some((r) => this.#district(r));
      if (column === "numerator" || column === "denominator")
        return answer.readings.some((r) => r[column] !== null);
      return column !== "features" || answer.kind !== "external";
    };
    const shown = columns.filter(has);
    const target = targeted(answer, by);
    const rows = sorted(
      answer.readings.map((reading) => ({ reading, district: this.#district(reading) })),
      this.order,
      language,
    );
    return html`
      <h2>${words.table}</h2>
      <div class="scroll" tabindex="0" role="group" aria-label=${words.table}>
        <table>
          <caption class="unseen">${say(answer.title, language)} · ${words.units[by]}</caption>
          <thead>
            <tr>
              ${shown.map((column) => this.#head(column))}
              ${target ? html`<th scope="col">${words.statusColumn}</th>` : nothing}
            </tr>
          </thead>
          <tbody>${rows.map((row) => this.#row(row, shown, target))}</tbody>
        </table>
      </div>
    `;
  }

  /** The kecamatan of a gampong: that with the same first eight characters. */
  #district(reading: Reading): string {
    return this.opened.districts.get(reading.code.slice(0, 8)) ?? "";
  }

  #head(column: Column): TemplateResult {
    const { order, say: words } = this;
    const own = order.column === column;
    const title = words.columns[column];
    return html`
      <th
        scope="col"
        class=${column === "name" || column === "district" ? "" : "number"}
        aria-sort=${own ? (order.down ? "descending" : "ascending") : nothing}
      >
        <button
          title=${words.sortBy(title)}
          @click=${() => {
            this.order = pressed(order, column);
          }}
        >${title}<svg viewBox="0 0 12 12" aria-hidden="true"><path d=${own && order.down ? "M2 4l4 5 4-5z" : "M2 8l4-5 4 5z"} fill="currentColor"></path></svg></button>
      </th>
    `;
  }

  #row({ reading, district }: Row, shown: readonly Column[], target: boolean): TemplateResult {
    const { answer } = this.opened;
    const { language, say: words } = this;
    const kind = measuresOf(answer);
    const cells: Record<Column, () => unknown> = {
      name: () => html`<th scope="row">
        <button title=${words.choose(reading.name)} @click=${() => this.#tell(reading.code)}>${reading.name}</button>
      </th>`,
      district: () => html`<td>${district}</td>`,
      value: () =>
        html`<td class="number" data-value=${reading.value ?? ""}>${
          reading.value === null
            ? html`<span title=${say(reading.why, language)}>${words.noValue}</span>`
            : figure(reading.value, answer, language)
        }</td>`,
      numerator: () => this.#measure(reading.numerator, kind.numerator),
      denominator: () => this.#measure(reading.denominator, kind.denominator),
      features: () => html`<td class="number">${fixed(reading.features, 0, language)}</td>`,
    };
    return html`
      <tr data-code=${reading.code} aria-current=${reading.code === this.chosen ? "true" : nothing}>
        ${shown.map((column) => cells[column]())}
        ${target ? html`<td>${badge(statusOf(answer, reading.value), words)}</td>` : nothing}
      </tr>
    `;
  }

  #measure(value: number | null, measure: Measure | undefined): TemplateResult {
    return html`<td class="number">${value === null || !measure ? "–" : measured(value, measure, this.language)}</td>`;
  }

  #tell(detail: string): void {
    this.dispatchEvent(new CustomEvent<string | undefined>("choose", { detail }));
  }
}

customElements.define("simtaru-table", Table);
