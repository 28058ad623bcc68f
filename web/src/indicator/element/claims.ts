import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { fixed } from "../../format.ts";
import type { Answer, Claim, Reading } from "../answer.ts";
import { change, figure } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";

/** What others have published, and what other areas of the city would give: beside the value computed here. */
class Claims extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    answer: { attribute: false },
    reading: { attribute: false },
  };
  declare answer: Answer;
  declare reading: Reading;

  static override styles = [
    shared,
    look,
    css`
      div + h2 {
        margin-top: 24px;
      }
      td.note {
        min-width: 14em;
      }
      /* A line for each thing that is said, where a row has no room. */
      @media (max-width: 719px) {
        thead {
          display: none;
        }
        tbody,
        tr,
        td {
          display: block;
          padding: 0;
          border: 0;
        }
        tr {
          padding: 10px 0;
          border-bottom: 1px solid var(--line);
        }
        td,
        td.number {
          padding: 2px 0;
          text-align: left;
          white-space: normal;
        }
        td::before {
          content: attr(data-title) ": ";
          color: var(--muted);
        }
        td:empty {
          display: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { answer, reading, language, say: words } = this;
    const { claims, areas } = answer;
    return html`
      ${
        claims?.length
          ? html`
              <h2>${words.claims}</h2>
              ${reading.value === null ? nothing : html`<p class="small">${words.claimsLead(figure(reading.value, answer, language))}</p>`}
              <div class="scroll" tabindex="0" role="group" aria-label=${words.claims}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col" class="number">${words.published}</th>
                      <th scope="col" class="number">${this.words.difference}</th>
                      <th scope="col">${words.source}</th>
                      <th scope="col">${words.stated}</th>
                      <th scope="col">${words.note}</th>
                    </tr>
                  </thead>
                  <tbody>${claims.map((claim) => this.#claim(claim))}</tbody>
                </table>
              </div>
            `
          : nothing
      }
      ${
        areas?.length
          ? html`
              <h2>${words.areas}</h2>
              <p class="small">${words.areasLead}</p>
              <div class="scroll" tabindex="0" role="group" aria-label=${words.areas}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col" class="number">${words.denominator}</th>
                      <th scope="col" class="number">${words.value}</th>
                      <th scope="col" class="number">${this.words.difference}</th>
                      <th scope="col">${words.source}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${areas.map(
                      (area) => html`<tr>
                        <td class="number" data-title=${words.denominator}>${this.#hectares(area.hectares)}</td>
                        <td class="number" data-title=${words.value}>${area.value === null ? "–" : figure(area.value, answer, language)}</td>
                        <td class="number" data-title=${this.words.difference}>${area.difference === null ? "–" : change(area.difference, answer, language)}</td>
                        <td data-title=${words.source}>${area.source}</td>
                      </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
            `
          : nothing
      }
    `;
  }

  #claim(claim: Claim): TemplateResult {
    const { answer, language, say: words } = this;
    const { numerator, denominator } = claim;
    const own = numerator && denominator && answer.unit === "%" ? (100 * numerator) / denominator : undefined;
    const explained = [
      say(claim.note, language),
      own === undefined ? "" : words.fromStated(figure(own, answer, language)),
      ...this.#because(claim),
    ].filter(Boolean);
    const stated = [numerator, denominator].map((v) => (v == null ? words.notTold : this.#hectares(v)));
    return html`<tr>
      <td class="number" data-title=${words.published}>${figure(claim.value, answer, language)}</td>
      <td class="number" data-title=${this.words.difference}>${claim.difference === null ? "–" : change(claim.difference, answer, language)}</td>
      <td data-title=${words.source}>${claim.source}${claim.year ? ` (${claim.year})` : ""}</td>
      <td data-title=${words.stated}>${numerator == null && denominator == null ? words.notTold : html`${stated[0]} / ${stated[1]}`}</td>
      <td class="note" data-title=${words.note}>${explained.join(" ")}</td>
    </tr>`;
  }

  /** The difference, taken apart; a part that is nothing as it is shown is not told. */
  #because({ ofNumerator, ofDenominator, ofItself }: Claim): string[] {
    const { say: words } = this;
    const parts = [
      [ofNumerator, words.ofNumerator],
      [ofDenominator, words.ofDenominator],
      [ofItself, words.ofItself],
    ] as const;
    return parts.flatMap(([value, tell]) =>
      value != null && Math.abs(value) >= 0.005 ? [tell(change(value, this.answer, this.language))] : [],
    );
  }

  #hectares(value: number): string {
    return `${fixed(value, 2, this.language)}\u00a0ha`;
  }
}

customElements.define("simtaru-claims", Claims);
