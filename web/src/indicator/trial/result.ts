import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { differences } from "../../element/difference.ts";
import { shared } from "../../element/shared.css.ts";
import type { ClassReading, Difference, Listed } from "../answer.ts";
import { IndicatorElement } from "../element/base.ts";
import { look } from "../element/look.css.ts";
import { arrow, badge } from "../element/marks.ts";
import { better, change, figure, finer, type Measured, measured, statusOf, unchanged } from "../figure.ts";
import type { Trial } from "./trial.ts";

const land: Measured = { unit: "m2", decimals: 0 };

/** The classes of which there is more or less land afterwards, m2. */
function movedClasses({ before, after }: Difference): { of: ClassReading; before: number; after: number }[] {
  const key = (c: ClassReading) => `${c.part}/${c.class}`;
  const area = (all: ClassReading[] | undefined) => new Map(all?.map((c) => [key(c), c.area]));
  const [was, is] = [area(before.classes), area(after.classes)];
  const all = new Map([...(before.classes ?? []), ...(after.classes ?? [])].map((c) => [key(c), c]));
  return [...all]
    .map(([k, of]) => ({ of, before: was.get(k) ?? 0, after: is.get(k) ?? 0 }))
    .filter((c) => !unchanged(c.after - c.before, land));
}

/** What the figures would be. */
class TrialResult extends IndicatorElement {
  static override properties: PropertyDeclarations = { trial: { attribute: false } };
  declare trial: Trial;

  static override styles = [
    shared,
    look,
    css`
      .moves {
        margin: 0 0 14px;
        padding: 0;
        list-style: none;
      }
      .moves > li {
        padding: 12px 0;
        border-top: 1px solid var(--line);
      }
      .moves > li:first-child {
        border-top: 0;
        padding-top: 0;
      }
      .steps {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 2px 10px;
        margin: 2px 0 4px;
        font-variant-numeric: tabular-nums;
      }
      .steps b {
        font-size: 1.5rem;
        letter-spacing: -0.02em;
      }
      .by {
        font-weight: 600;
      }
      .by svg {
        vertical-align: -3px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div role="status" aria-live="polite" aria-busy=${this.trial.counting}>${this.#result()}</div>`;
  }

  #result(): unknown {
    const { trial, say: words } = this;
    const { differences } = trial;
    if (trial.pieces.length === 0) return html`<p class="muted">${words.resultNone}</p>`;
    if (!differences) return trial.counting ? html`<p>${words.counting}</p>` : nothing;
    const moved = (this.board.overview?.indicators ?? []).filter((i) =>
      differences.some((d) => d.indicator === i.id && (i.id === trial.answer?.id || this.#moves(i, d))),
    );
    if (moved.length === 0) return html`<p>${words.noMove}</p>`;
    const first = trial.answer?.id;
    const order = [...moved].sort(
      (a, b) => Number(b.id === first) - Number(a.id === first) || a.order - b.order,
    );
    return html`
      <ul class="moves">
        ${order.map((i) =>
          this.#move(
            i,
            differences.filter((d) => d.indicator === i.id),
          ),
        )}
      </ul>
      ${trial.counting ? html`<p class="small">${words.counting}</p>` : nothing}
    `;
  }

  /** Whether anything that is shown of it is another. */
  #moves(i: Listed, d: Difference): boolean {
    if (i.kind === "area_by_class" && d.by === "city" && movedClasses(d).length > 0) return true;
    const shown = d.by === "city" ? finer(i, d.difference) : i;
    return d.difference === null || !unchanged(d.difference, shown);
  }

  #move(i: Listed, all: Difference[]): TemplateResult {
    const { language, say: words } = this;
    const city = all.find((d) => d.by === "city");
    const rest = all.filter((d) => d.by !== "city" && this.#moves(i, d));
    const value = (v: number | null, shown: Measured) =>
      v === null ? words.noValue : figure(v, shown, language);
    const whole = finer(i, city?.difference ?? null);
    const status = city ? statusOf(i, city.after.value) : "none";
    return html`
      <li data-indicator=${i.id}>
        <h3>${say(i.title, language)}</h3>
        ${
          city
            ? html`<p class="steps" data-before=${city.before.value ?? ""} data-after=${city.after.value ?? ""}>
                <span><span class="unseen">${this.words.before}: </span>${value(city.before.value, whole)}</span>
                <span aria-hidden="true">→</span>
                <b><span class="unseen">${this.words.after}: </span>${value(city.after.value, whole)}</b>
                ${this.#by(i, city.difference, whole)}
              </p>
              ${badge(status, words)}
              ${i.kind === "area_by_class" ? this.#classes(city) : nothing}`
            : nothing
        }
        ${
          rest.length
            ? html`<details>
                <summary>${words.wholeTable}</summary>
                ${differences(
                  words.wholeTable,
                  words.columns.name,
                  rest.map((d) => ({
                    name: html`${d.name} <span class="small">${words.units[d.by]}</span>`,
                    before: value(d.before.value, i),
                    after: value(d.after.value, i),
                    difference: d.difference === null ? "–" : change(d.difference, i, language),
                  })),
                  this.words,
                )}
              </details>`
            : nothing
        }
      </li>
    `;
  }

  /** Where land passes from class to class, the sum of all says nothing. */
  #classes(city: Difference): unknown {
    const { language, say: words } = this;
    const moved = movedClasses(city);
    if (moved.length === 0) return nothing;
    return html`<div class="classes">${differences(
      words.classes,
      words.class,
      moved.map(({ of, before, after }) => ({
        key: of.class,
        name: say(of.title, language) || of.class || of.part,
        before: measured(before, "area", language),
        after: measured(after, "area", language),
        difference: change(after - before, land, language),
      })),
      this.words,
    )}</div>`;
  }

  #by(i: Listed, difference: number | null, shown: Measured): unknown {
    if (difference === null) return nothing;
    if (unchanged(difference, shown))
      return html`<span class="by">${arrow("same")} ${this.say.unchanged}</span>`;
    const good = better(i, difference, shown);
    const how = difference > 0 ? "up" : "down";
    const verdict = good === undefined ? "" : ` (${good ? this.say.better : this.say.worse})`;
    const look = good === undefined ? "" : good ? "met" : "missed";
    return html`<span class="by ${look}">${arrow(how)} ${change(difference, shown, this.language)}${verdict}</span>`;
  }
}

customElements.define("simtaru-trial-result", TrialResult);
