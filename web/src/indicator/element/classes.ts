import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { fixed } from "../../format.ts";
import type { Answer, ClassReading, Drawn, Reading } from "../answer.ts";
import { measured, squareMetres } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";
import { bar } from "./marks.ts";

/** What the numerator is made of: zones, slum classes, or a standard's need, supply and deficit. */
class Classes extends IndicatorElement {
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
      .bar {
        display: block;
        width: 100%;
        min-width: 60px;
        height: 12px;
        margin-top: 5px;
      }
      td.wide {
        width: 34%;
      }
      td.none {
        color: var(--muted);
      }
      @media (max-width: 719px) {
        td.wide {
          width: 22%;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { reading, say: words } = this;
    const all = reading.classes ?? [];
    const standard = all.some((c) => c.need !== undefined);
    return html`
      <h2>${words.classes} · ${reading.name}</h2>
      <div class="scroll" tabindex="0" role="group" aria-label=${words.classes}>
        ${standard ? this.#standard(all) : this.#areas(all)}
      </div>
    `;
  }

  #areas(all: ClassReading[]): TemplateResult {
    const { say: words, language } = this;
    const widest = Math.max(...all.map((c) => c.area));
    const whole = all.reduce((sum, c) => sum + c.area, 0);
    const weighted = all.some((c) => c.weighted !== undefined);
    const sum = (of: (c: ClassReading) => number) => all.reduce((total, c) => total + of(c), 0);
    const { drawn, denominator } = this.reading;
    const area = (value: number) =>
      html`<td class="number" title=${squareMetres(value, language)}>${measured(value, "area", language)}</td>`;
    const asDrawn = (of: Drawn | undefined) =>
      drawn && of
        ? html`${area(of.sum)} ${area(of.overlap)} ${drawn.outside === undefined ? nothing : area(of.outside ?? 0)}`
        : nothing;
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${words.class}</th>
            <th scope="col"><span class="unseen">${words.share}</span></th>
            <th scope="col" class="number">${words.area}</th>
            ${weighted ? html`<th scope="col" class="number">${words.weighted}</th>` : nothing}
            ${
              drawn
                ? html`<th scope="col" class="number">${words.asDrawn}</th>
                    <th scope="col" class="number">${words.twice}</th>
                    ${drawn.outside === undefined ? nothing : html`<th scope="col" class="number">${words.outside}</th>`}`
                : nothing
            }
            <th scope="col" class="number">${words.share}</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            (c) => html`<tr>
              <th scope="row">${say(c.title, language) || c.class || c.part}</th>
              <td class="wide">${widest > 0 ? bar(c.area / widest, c.color) : nothing}</td>
              ${area(c.area)}
              ${weighted ? html`<td class="number">${measured(c.weighted ?? c.area, "area", language)}</td>` : nothing}
              ${asDrawn(c.drawn)}
              <td class="number">${whole > 0 ? `${fixed((100 * c.area) / whole, 1, language)}\u00a0%` : "–"}</td>
            </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">${words.sum}</th>
            <td></td>
            ${area(whole)}
            ${
              weighted
                ? html`<td class="number">${measured(
                    sum((c) => c.weighted ?? c.area),
                    "area",
                    language,
                  )}</td>`
                : nothing
            }
            ${asDrawn(drawn)}
            <td></td>
          </tr>
          ${
            drawn?.uncovered !== undefined && denominator !== null
              ? html`<tr class="uncovered">
                    <th scope="row">${words.uncovered}</th>
                    <td></td>
                    ${area(drawn.uncovered)}
                  </tr>
                  <tr class="inside">
                    <th scope="row">${words.inside}</th>
                    <td></td>
                    ${area(denominator)}
                  </tr>`
              : nothing
          }
        </tfoot>
      </table>
      ${drawn ? html`<p class="small">${words.drawnLead(drawn.outside !== undefined)}</p>` : nothing}
    `;
  }

  #standard(all: ClassReading[]): TemplateResult {
    const { say: words, language } = this;
    const cell = (value: number | undefined) =>
      value === undefined
        ? html`<td class="number none">–</td>`
        : html`<td class="number" title=${squareMetres(value, language)}>${measured(value, "area", language)}</td>`;
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${words.class}</th>
            <th scope="col"><span class="unseen">${words.share}</span></th>
            <th scope="col" class="number">${words.need}</th>
            <th scope="col" class="number">${words.supply}</th>
            <th scope="col" class="number">${words.deficit}</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            (c) => html`<tr>
              <th scope="row">${say(c.title, language) || c.class || c.part}</th>
              <td class="wide">${c.need ? bar(c.area / c.need, c.color) : nothing}</td>
              ${cell(c.need)} ${cell(c.area)} ${cell(c.deficit)}
            </tr>`,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define("simtaru-classes", Classes);
