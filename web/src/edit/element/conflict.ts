import { css, html, type PropertyDeclarations, type TemplateResult, unsafeCSS } from "lit";
import { say } from "../../catalog.ts";
import { Element } from "../../element/base.ts";
import { shared } from "../../element/shared.css.ts";
import { listed, moment } from "../../format.ts";
import { type Choice, type Conflict, geometryKey, type Row, settled } from "../conflict.ts";
import type { Editor } from "../editor.ts";
import { dialogStyles, formStyles } from "../form.css.ts";
import { colours } from "../overlay.ts";
import { areaOf, isArea, lengthOf, type Shape } from "../shape.ts";
import { measureWords } from "./measure.ts";

/**
 * Mine and theirs side by side, field by field; both shapes are on the map.
 * The dialog is not modal: the map beside it can be moved to look at them.
 */
class ConflictDialog extends Element {
  static override properties: PropertyDeclarations = { editor: { attribute: false } };
  declare editor: Editor;

  static override styles = [
    shared,
    formStyles,
    dialogStyles,
    css`
      dialog {
        position: fixed;
        inset: 0 auto 0 12px;
        z-index: 10;
        margin: auto 0;
        padding-bottom: 0;
        width: min(460px, calc(100vw - 24px));
      }
      .who {
        margin: 0 0 6px;
        font-size: 0.9375rem;
      }
      .how {
        margin: 0 0 14px;
        font-size: 0.8125rem;
        color: var(--muted);
      }
      h3 {
        margin: 16px 0 6px;
        font-size: 0.875rem;
      }
      fieldset {
        margin: 0 0 10px;
        padding: 0;
        border: 0;
        min-width: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 4px;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .sides {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .side {
        display: flex;
        gap: 8px;
        align-items: flex-start;
        margin: 0;
        padding: 10px;
        border: 2px solid var(--line);
        border-radius: 10px;
        background: var(--field);
        font-weight: 400;
        font-size: 0.9375rem;
        line-height: 1.35;
        cursor: pointer;
        overflow-wrap: anywhere;
        min-width: 0;
      }
      .side input {
        flex: none;
        width: 18px;
        height: 18px;
        margin: 1px 0 0;
        accent-color: var(--accent);
      }
      .side:has(:checked) {
        border-color: var(--accent);
      }
      .side small {
        display: block;
        font-size: 0.75rem;
        font-weight: 600;
        color: var(--muted);
      }
      .swatch {
        display: inline-block;
        width: 18px;
        height: 4px;
        margin-right: 5px;
        border-radius: 2px;
        vertical-align: middle;
      }
      .swatch.mine {
        background: ${unsafeCSS(colours.mine)};
      }
      .swatch.theirs {
        background: ${unsafeCSS(colours.theirs)};
      }
      .foot {
        position: sticky;
        bottom: 0;
        margin: 14px -20px 0;
        padding: 12px 20px;
        border-top: 1px solid var(--line);
        background: var(--paper);
      }
      .foot .note {
        margin: 0 0 8px;
      }
      @media (max-width: 719px) {
        /* Both shapes stay in sight on the map above. */
        dialog {
          inset: auto 12px 12px;
          width: auto;
          max-height: 60dvh;
        }
      }
    `,
  ];

  protected override firstUpdated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    dialog?.show();
    const box = this.renderRoot.querySelector<HTMLElement>("h2");
    box?.focus();
  }

  protected override render(): TemplateResult {
    const { editor } = this;
    const { words } = editor;
    const conflicts = editor.conflicts ?? [];
    const ready = settled(conflicts);
    return html`
      <dialog aria-labelledby="title" @keydown=${this.#key}>
        <h2 id="title" tabindex="-1">${words.conflict}</h2>
        <p class="how">${words.conflictHow}</p>
        ${conflicts.map((c) => this.#one(c))}
        <div class="foot">
          ${ready ? "" : html`<p class="note">${words.chooseAll}</p>`}
          <div class="row">
            <button class="solid" ?disabled=${!ready} @click=${() => void editor.resolve()}>${words.saveChoice}</button>
            <button class="quiet" @click=${this.#back}>${words.back}</button>
          </div>
        </div>
      </dialog>
    `;
  }

  #one(conflict: Conflict): TemplateResult {
    const { words } = this.editor;
    const who = conflict.by || words.somebody;
    const rows = conflict.own ? conflict.rows : conflict.rows.filter((r) => r.name === geometryKey);
    return html`
      ${!conflict.own ? html`<h3>${words.neighbour(conflict.id)}</h3>` : ""}
      <p class="who">${words.conflictWho(who, moment(conflict.at, this.language))}</p>
      ${rows.map((row) => this.#row(conflict, row))}
    `;
  }

  #row(conflict: Conflict, row: Row): TemplateResult {
    const { editor } = this;
    const field = editor.layer.fields.find((f) => f.name === row.name);
    const title =
      row.name === geometryKey ? editor.words.geometry : say(field?.title, this.language) || row.name;
    return html`
      <fieldset>
        <legend>${title}</legend>
        <div class="sides">${this.#side(conflict, row, "mine")} ${this.#side(conflict, row, "theirs")}</div>
      </fieldset>
    `;
  }

  #side(conflict: Conflict, row: Row, side: Choice): TemplateResult {
    const { words } = this.editor;
    const shape = row.name === geometryKey;
    return html`
      <label class="side">
        <input
          type="radio"
          name=${`${conflict.id} ${row.name}`}
          .checked=${row.choice === side}
          @change=${() => this.#choose(row, side)}
        />
        <span>
          <small>${side === "mine" ? words.mine : words.theirs}</small>
          ${
            shape
              ? html`<span class=${`swatch ${side}`}></span>${this.#size(row[side] as Shape)}`
              : this.#text(row.name, row[side])
          }
        </span>
      </label>
    `;
  }

  #text(name: string, value: unknown): string {
    const { catalog } = this.state;
    const field = this.editor.layer.fields.find((f) => f.name === name);
    return (catalog && field && listed(catalog, field, value, this.language)) || this.editor.words.nothing;
  }

  #size(shape: Shape): string {
    const { words } = this.editor;
    if (shape.kind === "Point") return words.onMap;
    const all = shape.parts.flat();
    const measured = isArea(shape)
      ? { area: areaOf(shape) }
      : { length: all.reduce((sum, line) => sum + lengthOf(line), 0) };
    return measureWords(words, measured, this.language);
  }

  #choose(row: Row, side: Choice): void {
    row.choice = side;
    this.editor.tell();
  }

  #back = (): void => {
    this.editor.conflicts = undefined;
    this.editor.desk.show();
    this.editor.tell();
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#back();
  };
}

customElements.define("simtaru-conflict", ConflictDialog);
