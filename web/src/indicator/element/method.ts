import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { fixed, moment } from "../../format.ts";
import type { Answer, Reading } from "../answer.ts";
import { counting, figure, type Measure, measured, measuresOf, squareMetres } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";

/** All that a figure was computed from. */
class Method extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    answer: { attribute: false },
    reading: { attribute: false },
    city: { attribute: false },
  };
  declare answer: Answer;
  declare reading: Reading;
  /** Whether the reading is the city's. */
  declare city: boolean;

  static override styles = [
    shared,
    look,
    css`
      .box {
        padding: 16px 18px;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--field);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(0, 14em) minmax(0, 1fr);
        gap: 8px 20px;
        margin: 12px 0 0;
        font-size: 0.9375rem;
        line-height: 1.5;
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      code {
        font-size: 0.8125rem;
      }
      ul {
        margin: 0;
        padding-left: 1.1em;
      }
      @media (max-width: 719px) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-bottom: 10px;
        }
      }
    `,
  ];

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { answer, reading, language, say: words } = this;
    const kind = measuresOf(answer);
    const { boundary: border, data } = reading;
    const external = answer.kind === "external";
    return html`
      <h2 tabindex="-1">${words.how}</h2>
      <div class="box">
        <p>
          <strong>${words.howFor(reading.name)}</strong>
          ${
            this.city
              ? nothing
              : html` · <button class="screen" @click=${() => this.dispatchEvent(new CustomEvent("choose"))}><u>${words.wholeCity}</u></button>`
          }
        </p>
        <dl>
          <dt>${words.value}</dt>
          <dd>${reading.value === null ? say(reading.why, language) || words.noReason : figure(reading.value, answer, language)}</dd>
          <dt>${words.explanation}</dt>
          <dd>${say(answer.explanation, language)}</dd>
          <dt>${words.kind}</dt>
          <dd>${words.kinds[answer.kind]} ${answer.kind === "people_near" && answer.distance ? words.distance(fixed(answer.distance, 0, language)) : nothing}</dd>
          ${this.#parts()}
          ${this.#measure(words.numerator, reading.numerator, kind.numerator)}
          ${this.#measure(words.denominator, reading.denominator, kind.denominator)}
          ${
            answer.kind === "area_by_class" && reading.numerator !== null && reading.denominator !== null
              ? this.#measure(words.rest, reading.denominator - reading.numerator, "area")
              : nothing
          }
          ${external || (answer.kind === "on_roads" && reading.features === 0) ? nothing : html`<dt>${words.features}</dt><dd>${fixed(reading.features, 0, language)}</dd>`}
          ${reading.at ? html`<dt>${external ? words.measuredAt : words.at}</dt><dd>${moment(reading.at, language)}</dd>` : nothing}
          ${reading.actor ? html`<dt>${words.sentBy}</dt><dd>${reading.actor}${reading.sent ? `, ${moment(reading.sent, language)}` : ""}</dd>` : nothing}
          ${border ? html`<dt>${words.boundaryVersion}</dt><dd><code>${border}</code></dd>` : nothing}
          ${data ? html`<dt>${words.dataVersion}</dt><dd><code>${data}</code></dd>` : nothing}
          <dt>${words.method}</dt>
          <dd>${reading.method}</dd>
          <dt>${words.office}</dt>
          <dd>${say(answer.office, language)}</dd>
        </dl>
      </div>
    `;
  }

  #measure(title: string, value: number | null, measure: Measure | undefined): unknown {
    if (value === null || !measure) return nothing;
    const exact = measure === "area" ? ` (${squareMetres(value, this.language)})` : "";
    return html`<dt>${title}</dt><dd>${measured(value, measure, this.language)}${exact}</dd>`;
  }

  /** The parts of the land that are counted, by their titles and those of the classes. */
  #parts(): unknown {
    const { answer, language } = this;
    const { catalog } = this.state;
    const counted = counting(answer, this.view.switches).flatMap((term) => {
      const part = answer.coverage?.parts.find((p) => p.id === term.part);
      if (!part) return [];
      const layer = catalog?.layer(part.layer);
      const field = layer?.fields.find((f) => f.name === part.by);
      const classes = (term.classes ?? []).map(
        (c) => say((field && catalog?.code(field, c)) ?? undefined, language) || c,
      );
      const of = layer ? ` (${say(layer.title, language)})` : "";
      return [`${say(part.title, language)}${of}${classes.length ? `: ${classes.join(", ")}` : ""}`];
    });
    if (counted.length === 0) return nothing;
    return html`<dt>${this.say.countedParts}</dt><dd><ul>${counted.map((text) => html`<li>${text}</li>`)}</ul></dd>`;
  }
}

customElements.define("simtaru-method", Method);
