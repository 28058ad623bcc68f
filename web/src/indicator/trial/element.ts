import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { formStyles } from "../../edit/form.css.ts";
import { shared } from "../../element/shared.css.ts";
import { fixed } from "../../format.ts";
import { IndicatorElement } from "../element/base.ts";
import { look } from "../element/look.css.ts";
import { type Choice, optionsOf, typed } from "./choice.ts";
import type { TrialMap } from "./map.ts";
import "./map.ts";
import "./result.ts";
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
            <simtaru-trial-result .session=${this.session} .trial=${trial}></simtaru-trial-result>
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
    const { choices, choice } = trial;
    if (!choice) return nothing;
    return html`
      <div class="field">
        ${
          choices.length === 1
            ? html`<p class="as">${this.say.countAs} <b>${say(choice.title, this.language)}</b></p>`
            : html`<label for="choice">${this.say.countAs}</label>
              <select id="choice" @change=${(e: Event) => trial.choose((e.target as HTMLSelectElement).value)}>
                ${choices.map(
                  (c) =>
                    html`<option value=${c.part} .selected=${c === choice}>${say(c.title, this.language)}</option>`,
                )}
              </select>`
        }
      </div>
      ${this.#class(choice)}
    `;
  }

  /** What is asked before land is drawn. */
  #class({ layer, ask }: Choice): unknown {
    const { trial, language } = this;
    const { catalog } = this.state;
    if (!ask || !catalog) return nothing;
    const { title, options } = optionsOf(layer, ask.field, trial.schemas, catalog, language);
    const said = ask.codes.find((code) => code === trial.said);
    return html`
      <div class="field">
        <label for="said">${title}</label>
        <select id="said" @change=${(e: Event) => trial.say((e.target as HTMLSelectElement).value)}>
          <option value="" disabled .selected=${said === undefined}>${this.say.classNone}</option>
          ${options
            .filter((o) => ask.codes.includes(o.code))
            .map((o) => html`<option value=${o.code} .selected=${o.code === said}>${o.title}</option>`)}
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
}

customElements.define("simtaru-trial", TrialPart);
