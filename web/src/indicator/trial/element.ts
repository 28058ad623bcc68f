import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { formStyles } from "../../edit/form.css.ts";
import { shared } from "../../element/shared.css.ts";
import type { Difference, Listed } from "../answer.ts";
import { IndicatorElement } from "../element/base.ts";
import { look } from "../element/look.css.ts";
import { arrow, badge } from "../element/marks.ts";
import { better, change, figure, finer, fixed, type Measured, statusOf } from "../figure.ts";
import { optionsOf, typed } from "./choice.ts";
import type { TrialMap } from "./map.ts";
import "./map.ts";
import type { Piece, Trial } from "./trial.ts";

/** The tool for trying changes: the map, the pieces of land, and what the figures would be. */
class TrialPart extends IndicatorElement {
  static override properties: PropertyDeclarations = { trial: { attribute: false } };
  declare trial: Trial;

  static override styles = [
    shared,
    look,
    formStyles,
    css`
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 400px;
        gap: 24px;
        align-items: start;
      }
      simtaru-trial-map {
        height: calc(100dvh - 32px);
        min-height: 360px;
        position: sticky;
        top: 16px;
        border: 1px solid var(--line);
        border-radius: 14px;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 0 0 8px;
      }
      .tools [aria-pressed="true"] {
        background: var(--accent);
        color: var(--on-accent);
      }
      .help {
        min-height: 1.5em;
        font-size: 0.9375rem;
      }
      section {
        margin: 0 0 20px;
      }
      .candidates {
        margin: 0 0 12px;
        padding: 0;
        list-style: none;
      }
      .candidates button {
        width: 100%;
        min-height: 44px;
        padding: 6px 8px;
        border-bottom: 1px solid var(--line-soft);
        text-align: left;
        line-height: 1.35;
      }
      .candidates button:hover {
        background: var(--hover);
      }
      .piece {
        margin: 0 0 12px;
        padding: 12px 14px;
        border: 1px solid var(--line);
        border-left: 5px solid #c2410c;
        border-radius: 10px;
        background: var(--field);
      }
      .piece.delete {
        border-left-color: #1d4ed8;
      }
      .piece .head {
        display: flex;
        align-items: flex-start;
        gap: 8px;
      }
      .piece h3 {
        flex: 1;
        margin: 9px 0 6px;
        overflow-wrap: anywhere;
      }
      .piece .away {
        flex: none;
        width: 44px;
        height: 44px;
        margin: -2px -10px 0 0;
        border-radius: 8px;
        color: var(--muted);
      }
      .piece .away:hover {
        background: var(--hover);
      }
      .piece .field {
        margin-bottom: 8px;
      }
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
      summary {
        min-height: 44px;
        line-height: 44px;
        color: var(--accent);
        font-weight: 600;
        cursor: pointer;
      }
      td table {
        margin: 0;
      }
      @media (max-width: 859px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
          gap: 12px;
        }
        simtaru-trial-map {
          height: 46dvh;
          min-height: 240px;
          top: 0;
          z-index: 1;
        }
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    void this.trial.load();
  }

  protected override render(): TemplateResult {
    const { trial, say: words } = this;
    return html`
      <div class="grid">
        <simtaru-trial-map .session=${this.session} .trial=${trial} .pieces=${trial.pieces} .tool=${trial.tool}></simtaru-trial-map>
        <div>
          <section>
            ${this.#choice()}
            <div class="tools">
              <button class="quiet" aria-pressed=${trial.tool === "draw"} ?disabled=${!trial.choice} @click=${() => trial.use(trial.tool === "draw" ? undefined : "draw")}>${words.draw}</button>
              <button class="quiet" aria-pressed=${trial.tool === "pick"} ?disabled=${!trial.choice} @click=${() => trial.use(trial.tool === "pick" ? undefined : "pick")}>${words.pick}</button>
              ${
                trial.tool === "draw"
                  ? html`<button class="solid" @click=${() => this.#map?.finish()}>${words.finish}</button>
                      <button class="quiet" @click=${() => trial.use(undefined)}>${words.cancel}</button>`
                  : nothing
              }
            </div>
            <p class="help muted" role="status">${trial.tool === "draw" ? words.drawing : trial.tool === "pick" ? words.picking : ""}</p>
            <div role="alert">${
              trial.trouble
                ? html`<p class="message fault">
                    ${trial.trouble}
                    ${trial.choices.length === 0 ? html`<button class="quiet" @click=${() => void trial.retry()}>${words.retry}</button>` : nothing}
                  </p>`
                : nothing
            }</div>
            ${this.#candidates()}
          </section>
          <section aria-labelledby="result">
            <h2 id="result">${words.result}</h2>
            <div role="status" aria-live="polite" aria-busy=${trial.counting}>${this.#result()}</div>
          </section>
          <section aria-labelledby="pieces">
            <h2 id="pieces">${words.pieces}</h2>
            ${trial.pieces.length === 0 ? html`<p class="muted">${words.piecesNone}</p>` : nothing}
            ${trial.pieces.map((piece, i) => this.#piece(piece, i))}
            ${trial.pieces.length > 1 ? html`<button class="quiet" @click=${() => trial.clear()}>${words.clear}</button>` : nothing}
          </section>
        </div>
      </div>
    `;
  }

  get #map(): TrialMap | null {
    return this.renderRoot.querySelector<TrialMap>("simtaru-trial-map");
  }

  #choice(): unknown {
    const { trial } = this;
    if (trial.loading) return html`<p role="status">${this.say.loading}</p>`;
    if (trial.choices.length < 2) return nothing;
    return html`
      <div class="field">
        <label for="choice">${this.say.countAs}</label>
        <select id="choice" @change=${(e: Event) => trial.choose((e.target as HTMLSelectElement).value)}>
          ${trial.choices.map(
            (c) =>
              html`<option value=${c.part} .selected=${c === trial.choice}>${say(c.title, this.language)}</option>`,
          )}
        </select>
      </div>
    `;
  }

  #candidates(): unknown {
    const { candidates } = this.trial;
    if (!candidates) return nothing;
    return html`
      <h3>${this.say.pickFound}</h3>
      <ul class="candidates">
        ${candidates.map(
          (c) => html`<li><button @click=${() => void this.trial.take(c)}>
            ${c.name} <span class="small">${say(c.layer.title, this.language)}</span>
          </button></li>`,
        )}
      </ul>
    `;
  }

  #piece(piece: Piece, i: number): TemplateResult {
    const { trial, say: words, language } = this;
    const name = `${i + 1}. ${trial.nameOf(piece)}`;
    const said = trial.choices.find((c) => c.layer.id === piece.layer.id)?.fields ?? [];
    return html`
      <div class="piece ${piece.op}" data-piece=${piece.key}>
        <div class="head">
          <h3>${name} <span class="small">± ${fixed(piece.area / 10_000, 2, language)}\u00a0ha</span></h3>
          <button class="away" aria-label=${words.take(name)} title=${words.take(name)} @click=${() => trial.drop(piece)}>
            <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true"><path d="M4 4l10 10M14 4L4 14" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path></svg>
          </button>
        </div>
        ${
          piece.ref
            ? html`<div class="field">
                <label for="op-${piece.key}">${words.op}</label>
                <select id="op-${piece.key}" @change=${(e: Event) => trial.change(piece, { op: (e.target as HTMLSelectElement).value as Piece["op"] })}>
                  <option value="delete" .selected=${piece.op === "delete"}>${words.removed}</option>
                  <option value="update" .selected=${piece.op === "update"}>${words.kept}</option>
                </select>
              </div>`
            : nothing
        }
        ${piece.op === "delete" ? nothing : said.map((field) => this.#field(piece, field))}
      </div>
    `;
  }

  #field(piece: Piece, name: string): TemplateResult {
    const { trial, language } = this;
    const { catalog } = this.state;
    const field = piece.layer.fields.find((f) => f.name === name);
    if (!catalog || !field) return html``;
    const { title, options } = optionsOf(piece.layer, name, trial.schemas, catalog, language);
    const id = `${name}-${piece.key}`;
    return html`
      <div class="field">
        <label for=${id}>${title}</label>
        <select
          id=${id}
          @change=${(e: Event) => {
            const value = typed(field, (e.target as HTMLSelectElement).value);
            trial.change(piece, { values: { ...piece.values, [name]: value } });
          }}
        >
          ${options.map(
            (o) =>
              html`<option value=${o.code} .selected=${String(piece.values[name]) === o.code}>${o.title}</option>`,
          )}
        </select>
      </div>
    `;
  }

  #result(): unknown {
    const { trial, say: words } = this;
    const { differences } = trial;
    if (trial.pieces.length === 0) return html`<p class="muted">${words.resultNone}</p>`;
    if (!differences) return trial.counting ? html`<p>${words.counting}</p>` : nothing;
    const moved = (this.board.overview?.indicators ?? []).filter((i) =>
      differences.some((d) => d.indicator === i.id && (d.difference !== 0 || i.id === trial.answer?.id)),
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

  #move(i: Listed, all: Difference[]): TemplateResult {
    const { language, say: words } = this;
    const city = all.find((d) => d.by === "city");
    const rest = all.filter((d) => d.by !== "city" && d.difference !== 0);
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
                <span><span class="unseen">${words.before}: </span>${value(city.before.value, whole)}</span>
                <span aria-hidden="true">→</span>
                <b><span class="unseen">${words.after}: </span>${value(city.after.value, whole)}</b>
                ${this.#by(i, city.difference, whole)}
              </p>
              ${badge(status, words)}`
            : nothing
        }
        ${
          rest.length
            ? html`<details>
                <summary>${words.wholeTable}</summary>
                <div class="scroll" tabindex="0" role="group" aria-label=${words.wholeTable}>
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">${words.columns.name}</th>
                        <th scope="col" class="number">${words.before}</th>
                        <th scope="col" class="number">${words.after}</th>
                        <th scope="col" class="number">${words.difference}</th>
                      </tr>
                    </thead>
                    <tbody>
                      ${rest.map(
                        (d) => html`<tr>
                          <th scope="row">${d.name} <span class="small">${words.units[d.by]}</span></th>
                          <td class="number">${value(d.before.value, i)}</td>
                          <td class="number">${value(d.after.value, i)}</td>
                          <td class="number">${d.difference === null ? "–" : change(d.difference, i, language)}</td>
                        </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>
              </details>`
            : nothing
        }
      </li>
    `;
  }

  #by(i: Listed, difference: number | null, shown: Measured): unknown {
    if (difference === null) return nothing;
    const good = better(i, difference);
    const how = difference > 0 ? "up" : difference < 0 ? "down" : "same";
    const verdict = good === undefined ? "" : ` (${good ? this.say.better : this.say.worse})`;
    const look = good === undefined ? "" : good ? "met" : "missed";
    return html`<span class="by ${look}">${arrow(how)} ${change(difference, shown, this.language)}${verdict}</span>`;
  }
}

customElements.define("simtaru-trial", TrialPart);
