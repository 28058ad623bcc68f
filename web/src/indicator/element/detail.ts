import { css, html, nothing, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { shared } from "../../element/shared.css.ts";
import { day } from "../../format.ts";
import type { IndicatorView, UnitKind } from "../../hash.ts";
import { type Answer, address, cityDay, type Listed, query, type Reading } from "../answer.ts";
import type { Opened } from "../board.ts";
import { parts, round, statusOf } from "../figure.ts";
import { IndicatorElement } from "./base.ts";
import "./choropleth.ts";
import "./claims.ts";
import "./classes.ts";
import { look } from "./look.css.ts";
import { badge, gauge } from "./marks.ts";
import "./method.ts";
import "./ranking.ts";
import "./series.ts";
import "./table.ts";

/** One indicator: the city's figure, where it comes from, and how it is spread over the city. */
class Detail extends IndicatorElement {
  static override styles = [
    shared,
    look,
    css`
      .controls {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 24px;
        margin: 20px 0 0;
        padding: 12px 16px;
        border-radius: 12px;
        background: var(--hover);
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        min-width: 0;
      }
      legend,
      .controls label.over {
        display: block;
        padding: 0;
        margin-bottom: 4px;
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--muted);
      }
      .choice {
        display: flex;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        overflow: hidden;
        background: var(--field);
      }
      .choice label {
        display: flex;
        align-items: center;
        min-height: 42px;
        padding: 0 12px;
        font-size: 0.9375rem;
        cursor: pointer;
      }
      .choice label + label {
        border-left: 1px solid var(--line);
      }
      .choice label:has(:checked) {
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
      }
      .choice label:focus-within {
        outline: 3px solid var(--focus);
        outline-offset: -3px;
      }
      .choice input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }
      input[type="date"] {
        min-height: 44px;
        padding: 0 10px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--field);
        color: var(--ink);
        font: inherit;
      }
      /* Its button, too, has the focus in it. */
      input[type="date"]:focus-within {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }
      .day {
        display: flex;
        gap: 8px;
      }
      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: 0 20px;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 44px;
        cursor: pointer;
      }
      .check input {
        width: 20px;
        height: 20px;
        margin: 0;
        accent-color: var(--accent);
      }
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
        gap: 20px 32px;
        margin-bottom: 28px;
      }
      .grid > * {
        min-width: 0;
      }
      .value b {
        font-size: 3rem;
      }
      .value {
        margin-bottom: 8px;
      }
      .beside {
        margin: 16px 0 0;
        padding: 12px 0 0;
        border-top: 1px solid var(--line);
      }
      .beside .value b {
        font-size: 1.75rem;
      }
      .gauge {
        display: block;
        width: 100%;
        height: 12px;
        margin: 4px 0 8px;
      }
      .facts {
        margin: 12px 0;
        font-size: 0.9375rem;
        line-height: 1.5;
      }
      .links {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 16px 0 0;
      }
      .links a {
        display: inline-flex;
        align-items: center;
        text-decoration: none;
      }
      section {
        margin: 0 0 32px;
      }
      @media (max-width: 859px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
        }
        .choice label {
          padding: 0 10px;
          font-size: 0.875rem;
        }
      }
      @media print {
        .grid {
          gap: 12px 20px;
          margin-bottom: 12px;
        }
        section {
          margin-bottom: 16px;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { board } = this;
    const { listed, opened } = board;
    if (!listed || !opened) return html``;
    const { answer, by } = opened;
    const city = opened.city.readings[0];
    const chosen = answer.readings.find((r) => r.code === board.chosen) ?? city;
    const many = answer.readings.length > 1;
    return html`
      <div class="grid">
        <div>${this.#headline(listed, opened, city)} ${this.#controls(listed, by)}</div>
        ${
          many
            ? html`<simtaru-choropleth
                .session=${this.session}
                .opened=${opened}
                .chosen=${board.chosen}
                @choose=${this.#choose}
              ></simtaru-choropleth>`
            : nothing
        }
      </div>
      ${
        chosen?.classes?.length
          ? html`<section><simtaru-classes .session=${this.session} .answer=${answer} .reading=${chosen}></simtaru-classes></section>`
          : nothing
      }
      ${
        many
          ? html`<section><simtaru-ranking .session=${this.session} .opened=${opened} .chosen=${board.chosen} @choose=${this.#choose}></simtaru-ranking></section>`
          : nothing
      }
      ${
        chosen
          ? html`<section id="how"><simtaru-method .session=${this.session} .answer=${answer} .reading=${chosen} .city=${chosen === city} @choose=${this.#choose}></simtaru-method></section>`
          : nothing
      }
      ${
        chosen
          ? html`<section><simtaru-series .session=${this.session} .answer=${answer} .name=${chosen.name} .by=${chosen.by} .series=${board.series} .failed=${board.seriesFailed}></simtaru-series></section>`
          : nothing
      }
      ${
        city && (answer.claims?.length || answer.areas?.length)
          ? html`<section><simtaru-claims .session=${this.session} .answer=${opened.city} .reading=${city}></simtaru-claims></section>`
          : nothing
      }
      ${
        many
          ? html`<section><simtaru-table .session=${this.session} .opened=${opened} .chosen=${board.chosen} @choose=${this.#choose}></simtaru-table></section>`
          : nothing
      }
    `;
  }

  #choose = (event: CustomEvent<string | undefined>): void => {
    this.board.choose(event.detail);
    if (event.target instanceof HTMLElement && event.target.localName === "simtaru-table") {
      const how = this.renderRoot.querySelector("#how");
      how?.scrollIntoView({ block: "start" });
      how?.querySelector<HTMLElement>("simtaru-method")?.focus();
    }
  };

  #controls(i: Listed, by: UnitKind): TemplateResult {
    const { view, say: words } = this;
    const today = cityDay(Date.now());
    const go = (patch: Partial<IndicatorView>) => this.session.look({ ...view, ...patch });
    return html`
      <div class="controls screen">
        ${
          i.units.length > 1
            ? html`<fieldset>
                <legend>${words.by}</legend>
                <div class="choice">
                  ${i.units.map(
                    (kind) => html`<label>
                      <input type="radio" name="by" .checked=${kind === by} @change=${() => go({ by: kind })} />
                      ${words.units[kind]}
                    </label>`,
                  )}
                </div>
              </fieldset>`
            : nothing
        }
        ${
          // What was sent is not computed from the plan, of which alone the past is known.
          i.kind === "external"
            ? nothing
            : html`<div>
              <label class="over" for="day">${words.day}</label>
              <div class="day">
                <input
                  id="day"
                  type="date"
                  max=${today}
                  .value=${view.day ?? ""}
                  @change=${(e: Event) => {
                    const { value, validity } = e.target as HTMLInputElement;
                    if (validity.valid) this.#atDay(value < today ? value : "");
                  }}
                />
                ${view.day ? html`<button class="quiet" @click=${() => this.#atDay("")}>${words.today}</button>` : nothing}
              </div>
            </div>`
        }
        ${
          i.switches?.length
            ? html`<fieldset>
                <legend>${words.switches}</legend>
                <div class="checks">${i.switches.map(({ id, title, on }) => {
                  const now = view.switches[id] ?? on;
                  return html`<label class="check">
                    <input
                      type="checkbox"
                      .checked=${now}
                      @change=${() => {
                        const { [id]: _, ...others } = view.switches;
                        go({ switches: !now === on ? others : { ...others, [id]: !now } });
                      }}
                    />
                    ${say(title, this.language)}
                  </label>`;
                })}</div>
              </fieldset>`
            : nothing
        }
      </div>
    `;
  }

  #atDay(day: string): void {
    const { day: _, ...view } = this.view;
    this.session.look(day ? { ...view, day } : view);
  }

  #headline(i: Listed, { answer, by }: Opened, city: Reading | undefined): TemplateResult {
    const { view, say: words } = this;
    const differs = Object.keys(view.switches).length > 0;
    const others = (i.beside ?? []).flatMap(
      (id) => this.board.overview?.indicators.find((other) => other.id === id) ?? [],
    );
    const target = i.target && round(i.target.value, i, this.language);
    return html`
      <p class="small">${city?.name ?? ""} · ${view.day ? day(view.day, this.language) : words.today}</p>
      ${city ? this.#value(answer, city, statusOf(i, city.value)) : nothing}
      ${
        i.target && target
          ? html`<p class="facts">${i.direction === "down" ? words.atMost(target) : words.target(target)}<br /><span class="small">${i.target.source}</span></p>`
          : nothing
      }
      ${differs ? html`<p class="message">${words.otherThanPublished}</p>` : nothing}
      ${others.map(
        (other) => html`<div class="beside">
          <p class="small"><a href=${this.href({ id: other.id, switches: {} })}>${say(other.title, this.language)}</a></p>
          ${this.#value(other, other.value, other.status)}
        </div>`,
      )}
      <p class="facts">${say(i.explanation, this.language)}</p>
      <div class="links screen">
        ${i.parts?.length ? html`<a class="quiet" href=${this.href({ id: i.id, trial: true, switches: {} })}>${words.trial}</a>` : nothing}
        <a class="quiet" href=${address(i.id, ".csv", `${query(view, by)}&lang=${this.language}`)} download>CSV</a>
        <a class="quiet" href=${address(i.id, ".geojson", query(view, by))} download>GeoJSON</a>
      </div>
    `;
  }

  #value(
    i: Pick<Answer, "unit" | "decimals" | "target">,
    { value, why }: Reading,
    status: Listed["status"],
  ): TemplateResult {
    const shown = value === null ? undefined : parts(value, i, this.language);
    return html`
      <p class="value">${
        shown
          ? html`<b>${shown.number}</b>${shown.unit ? html`<span>\u00a0${shown.unit}</span>` : nothing}`
          : html`<span>${this.say.noValue}</span>`
      }</p>
      ${value === null ? html`<p>${say(why, this.language) || this.say.noReason}</p>` : nothing}
      ${gauge(i, value, status)}
      ${badge(status, this.say)}
    `;
  }
}

customElements.define("simtaru-indicator", Detail);
