import { css, html, nothing, type TemplateResult } from "lit";
import { type Chart, type Layer, say } from "../catalog.ts";
import { number } from "../format.ts";
import { bar, bars } from "./bar.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

/** The chart that a layer declares, of one feature: a bar from 0 to 100 for each percentage. */
class FeatureChart extends Element {
  static override properties = {
    ...Element.properties,
    layer: { attribute: false },
    values: { attribute: false },
  };
  declare layer: Layer;
  declare values: Readonly<Record<string, unknown>>;

  static override styles = [
    shared,
    bars,
    css`
      section {
        margin: 0 0 12px;
        padding-top: 10px;
        border-top: 1px solid var(--line);
      }
      h3 {
        margin: 0;
        font-size: 0.9375rem;
      }
      h4 {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        margin: 12px 0 2px;
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--muted);
      }
      p {
        margin: 2px 0 0;
        font-size: 0.8125rem;
        line-height: 1.5;
        color: var(--muted);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 12px;
        padding: 4px 0;
        font-size: 0.875rem;
        line-height: 1.35;
      }
      .said {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .none {
        color: var(--muted);
      }
      .bar {
        grid-column: 1 / -1;
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { chart } = this.layer;
    if (!chart) return nothing;
    const note = say(chart.note, this.language);
    return html`
      <section aria-labelledby="title">
        <h3 id="title">${say(chart.title, this.language)}</h3>
        ${note ? html`<p>${note}</p>` : nothing}
        ${chart.groups.map((group) => this.#group(group))}
      </section>
    `;
  }

  #group(group: Chart["groups"][number]): TemplateResult {
    return html`
      <h4><span>${this.#title(group.field)}</span> <span>${this.#percent(this.values[group.field])}</span></h4>
      <ul>
        ${group.bars.map((one) => {
          const share = this.values[one.field];
          const score = one.score && this.values[one.score];
          return html`<li>
            <span>${this.#title(one.field)}</span>
            <span class=${typeof share === "number" ? "said" : "said none"}
              >${this.#percent(share)}${typeof score === "number" ? `, ${this.words.score(score)}` : nothing}</span
            >
            ${bar(typeof share === "number" ? share : undefined)}
          </li>`;
        })}
      </ul>
    `;
  }

  #title(name: string): string {
    return say(this.layer.fields.find((f) => f.name === name)?.title, this.language) || name;
  }

  #percent(share: unknown): string {
    return typeof share === "number" ? `${number(share, this.language)}%` : this.words.notAssessed;
  }
}

/** The fields that the chart of a layer shows. */
export function charted(layer: Layer): Set<string> {
  const names = (layer.chart?.groups ?? []).flatMap((group) => [
    group.field,
    ...group.bars.flatMap((bar) => (bar.score ? [bar.field, bar.score] : [bar.field])),
  ]);
  return new Set(names);
}

customElements.define("simtaru-feature-chart", FeatureChart);
