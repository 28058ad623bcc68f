import { css, html, nothing, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { day } from "../../format.ts";
import type { Listed } from "../answer.ts";
import { better, type Card, cards, change, parts, round, tryable, unchanged } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import { look } from "./look.css.ts";
import { arrow, badge, gauge } from "./marks.ts";

/** All indicators as cards, by group. */
class OverviewPart extends IndicatorElement {
  static override styles = [
    shared,
    look,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        margin: 0 0 20px;
      }
      .tools a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
      }
      .tools .quiet {
        text-decoration: none;
      }
      section {
        margin-bottom: 28px;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr));
        gap: 16px;
      }
      article {
        display: flex;
        flex-direction: column;
        padding: 16px 18px;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--field);
      }
      article h3 a {
        color: var(--ink);
        text-decoration: none;
      }
      article h3 a:hover {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      .figures {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 28px;
      }
      .figures > div {
        flex: 1 1 130px;
        min-width: 0;
      }
      .name {
        margin: 0 0 2px;
      }
      .figures > div + div .value b {
        font-size: 1.5rem;
      }
      .value {
        margin-bottom: 6px;
      }
      .gauge {
        display: block;
        width: 100%;
        height: 12px;
        margin: 2px 0 6px;
      }
      .facts {
        margin: auto 0 0;
        padding: 10px 0 0;
        list-style: none;
        font-size: 0.8125rem;
        line-height: 1.5;
        color: var(--muted);
      }
      .facts svg {
        width: 14px;
        height: 14px;
        vertical-align: -2px;
        margin-right: 2px;
      }
      .facts .stale {
        font-weight: 600;
        color: var(--warn);
      }
      @media print {
        .cards {
          grid-template-columns: 1fr 1fr;
          gap: 8px;
        }
        article {
          break-inside: avoid;
          padding: 10px 12px;
        }
        section {
          margin-bottom: 14px;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const all = this.board.overview?.indicators ?? [];
    const trial = tryable(all);
    return html`
      <div class="tools screen">
        ${trial ? html`<a class="quiet" href=${this.href({ id: trial.id, trial: true, switches: {} })}>${this.say.trial}</a>` : nothing}
        <a href=${`/api/v1/indicators.csv?lang=${this.language}`} download>${this.say.allCsv}</a>
      </div>
      ${all.length === 0 ? html`<p>${this.say.none}</p>` : nothing}
      ${this.#groups(all).map(
        ({ title, list }) => html`
          <section>
            <h2>${title}</h2>
            <div class="cards">${list.map(({ first, beside }) => this.#card(first, beside))}</div>
          </section>
        `,
      )}
    `;
  }

  /** In the order in which the first of each group comes. */
  #groups(all: readonly Listed[]): { title: string; list: Card[] }[] {
    const groups = new Map<string, Card[]>();
    for (const card of cards(all)) {
      const { group } = card.first;
      groups.set(group, [...(groups.get(group) ?? []), card]);
    }
    const titles = new Map(this.state.catalog?.groups.map((g) => [g.id, say(g.title, this.language)]));
    return [...groups].map(([id, list]) => ({ title: titles.get(id) ?? id, list }));
  }

  #card(first: Listed, beside: Listed[]): TemplateResult {
    return html`
      <article data-indicator=${first.id}>
        <h3><a href=${this.href({ id: first.id, switches: {} })}>${say(first.title, this.language)}</a></h3>
        <div class="figures">${[first, ...beside].map((i) => this.#figure(i, i !== first))}</div>
        <ul class="facts">
          ${this.#target(first)}
          ${this.#trend(first)}
          ${this.#age(first)}
        </ul>
      </article>
    `;
  }

  #figure(i: Listed, named: boolean): TemplateResult {
    const { value } = i.value;
    const shown = value === null ? undefined : parts(value, i, this.language);
    return html`
      <div data-figure=${i.id}>
        ${named ? html`<p class="name small"><a href=${this.href({ id: i.id, switches: {} })}>${say(i.title, this.language)}</a></p>` : nothing}
        <p class="value">${
          shown
            ? html`<b>${shown.number}</b>${shown.unit ? html`<span>\u00a0${shown.unit}</span>` : nothing}`
            : html`<span>${this.say.noValue}</span>`
        }</p>
        ${value === null && i.value.why ? html`<p class="small">${say(i.value.why, this.language)}</p>` : nothing}
        ${gauge(i, value, i.status)}
        ${badge(i.status, this.say)}
      </div>
    `;
  }

  #target(i: Listed): unknown {
    if (!i.target) return nothing;
    const value = round(i.target.value, i, this.language);
    return html`<li>${i.direction === "down" ? this.say.atMost(value) : this.say.target(value)} · ${i.target.source}</li>`;
  }

  #trend(i: Listed): unknown {
    if (!i.trend) return html`<li>${this.say.noTrend}</li>`;
    const { difference, since } = i.trend;
    const how = unchanged(difference, i) ? "same" : difference > 0 ? "up" : "down";
    const by = change(Math.abs(difference), i, this.language).replace(/^\+/, "");
    const good = better(i, difference, i);
    const verdict = good === undefined ? "" : ` (${good ? this.say.better : this.say.worse})`;
    return html`<li>${arrow(how)}${this.say.trend(how, by, day(since, this.language))}${verdict}</li>`;
  }

  #age(i: Listed): unknown {
    const text = i.ageDays === null ? this.say.noAge : this.say.age(i.ageDays);
    return html`<li class=${i.old ? "stale" : ""}>${text}${i.old ? ` · ${this.say.old}` : ""}</li>`;
  }
}

customElements.define("simtaru-overview", OverviewPart);
