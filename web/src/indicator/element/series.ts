import { css, html, nothing, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { day } from "../../format.ts";
import type { UnitKind } from "../../hash.ts";
import type { Answer, Recorded } from "../answer.ts";
import { type Chart, chart, dayOf, type Frame, labelsOf } from "../chart.ts";
import { figure, parts, round, targeted } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";

const wide: Frame = { width: 560, height: 180 };
/** Half as wide, so that its words are not half as small. */
const narrow: Frame = { width: 240, height: 160 };
const edge = { left: 64, right: 16, top: 12, bottom: 28 };

/** The recorded values as a line; the table below says the same. */
class Series extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    answer: { attribute: false },
    name: {},
    by: { attribute: false },
    series: { attribute: false },
    failed: { attribute: false },
  };
  declare answer: Answer;
  declare name: string;
  declare by: UnitKind;
  declare series: Recorded[] | undefined;
  declare failed: boolean;

  static override styles = [
    shared,
    look,
    css`
      figure {
        margin: 0 0 8px;
        max-width: 760px;
      }
      svg {
        display: block;
        width: 100%;
        height: auto;
        break-inside: avoid;
      }
      svg text {
        font-family: inherit;
        font-size: 12px;
        fill: var(--muted);
      }
      svg .release {
        fill: var(--ink);
        paint-order: stroke;
        stroke: var(--paper);
        stroke-width: 3px;
      }
      details {
        max-width: 760px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<h2>${this.say.series} · ${this.name}</h2>${this.#body()}`;
  }

  #body(): unknown {
    const { series, say: words, answer } = this;
    if (this.failed) return html`<p>${words.seriesFailed}</p>`;
    if (!series) return html`<p role="status">${words.loading}</p>`;
    const frame = matchMedia("(max-width: 719px)").matches ? narrow : wide;
    const drawn = chart(series, targeted(answer, this.by) ? answer.target?.value : undefined, frame);
    if (!drawn) return html`<p>${words.seriesNone}</p>`;
    const told = (i: number) => {
      const dot = drawn.dots.at(i);
      return dot ? `${this.#when(dot)} ${figure(dot.value, answer, this.language)}` : "";
    };
    const methods = new Set(drawn.dots.map((d) => d.method)).size;
    return html`
      <figure>${this.#draw(drawn, frame, words.seriesText(drawn.dots.length, told(0), told(-1)))}</figure>
      ${methods > 1 ? html`<p class="small">${words.methodChange}</p>` : nothing}
      <details>
        <summary>${words.seriesTable}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">${words.when}</th>
              <th scope="col" class="number">${words.value}</th>
              <th scope="col" class="number">${words.method}</th>
            </tr>
          </thead>
          <tbody>
            ${[...series].reverse().map(
              (r) => html`<tr>
                <th scope="row">${this.#when({ ...r, day: dayOf(r) })}</th>
                <td class="number">${r.value === null ? words.noValue : figure(r.value, answer, this.language)}</td>
                <td class="number">${r.method}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </details>
    `;
  }

  #draw({ dots, paths, ticks, target }: Chart, frame: Frame, label: string): TemplateResult {
    const { answer, language, say: words } = this;
    const [width, height] = [frame.width + edge.left + edge.right, frame.height + edge.top + edge.bottom];
    const [first, last] = [dots[0], dots.at(-1)];
    return html`
      <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${say(answer.title, language)}. ${label}">
        <g transform="translate(${edge.left} ${edge.top})">
          ${ticks.map(
            ({ y, value }) => svg`
              <line x1="0" x2=${frame.width} y1=${y} y2=${y} stroke="#dedccf"></line>
              <text x="-8" y=${y + 4} text-anchor="end">${this.#tick(value)}</text>`,
          )}
          ${
            target === undefined || !answer.target
              ? nothing
              : svg`<line x1="0" x2=${frame.width} y1=${target} y2=${target} stroke="#1d2b2b" stroke-dasharray="6 4" stroke-width="1.5"></line>
                  <text x=${frame.width} y=${target < 16 ? target + 14 : target - 5} text-anchor="end">${words.target(round(answer.target.value, answer, language))}</text>`
          }
          ${paths.map((d) => svg`<path d=${d} fill="none" stroke="#0e5a58" stroke-width="2.5" stroke-linejoin="round"></path>`)}
          ${dots.map(
            (dot) =>
              svg`<circle cx=${dot.x} cy=${dot.y} r=${dot.label ? 5 : dots.length > 60 ? 2 : 4} fill=${dot.label ? "#ffffff" : "#0e5a58"} stroke="#0e5a58" stroke-width=${dot.label ? 2.5 : 0}><title>${this.#when(dot)}: ${figure(dot.value, answer, language)}</title></circle>`,
          )}
          ${labelsOf(dots, frame).map(
            ({ x, y, text, anchor }) =>
              svg`<text class="release" x=${x} y=${y} text-anchor=${anchor}>${text}</text>`,
          )}
          <text x="0" y=${frame.height + 20}>${first && last !== first ? day(first.day, language) : ""}</text>
          <text x=${last === first ? frame.width / 2 : frame.width} y=${frame.height + 20} text-anchor=${last === first ? "middle" : "end"}>${last ? day(last.day, language) : ""}</text>
        </g>
      </svg>
    `;
  }

  /** As the values are told, without decimals that say nothing. */
  #tick(value: number): string {
    const { number, unit } = parts(value, this.answer, this.language);
    const short = number.replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, "");
    return unit && unit.length < 3 ? `${short}\u00a0${unit}` : short;
  }

  /** A release by its name and its day. */
  #when({ day: on, label }: { day: string; label?: string }): string {
    const said = day(on, this.language);
    return label ? `${label} (${said})` : said;
  }
}

customElements.define("simtaru-series", Series);
