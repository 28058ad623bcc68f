import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import { Element } from "../../element/base.ts";
import { shared } from "../../element/shared.css.ts";
import { headline } from "../../mapstyle.ts";
import type { Editor } from "../editor.ts";
import { formStyles } from "../form.css.ts";
import type { FormField } from "../schema.ts";
import type { EditWords } from "../words.ts";
import "./ask.ts";
import "./conflict.ts";
import "./field.ts";
import "./toolbar.ts";

/** What is edited: steps back and forth, the shape, the attributes, and saving. */
class EditorPanel extends Element {
  static override properties: PropertyDeclarations = { editor: { attribute: false } };
  declare editor: Editor;

  static override styles = [
    shared,
    formStyles,
    css`
      .head {
        position: sticky;
        /* Over the panel's own padding too, or what scrolls would be seen above. */
        top: -4px;
        z-index: 1;
        margin: -4px -20px 12px;
        padding: 12px 20px 8px;
        border-bottom: 1px solid var(--line);
        background: var(--paper);
      }
      h2 {
        margin: 0 0 8px;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .bar .solid {
        flex: 1;
      }
      .icon {
        flex: none;
        width: 44px;
        height: 44px;
        border-radius: 10px;
        border: 1px solid var(--line);
      }
      .icon:hover:enabled {
        background: var(--hover);
      }
      .icon:disabled {
        opacity: 0.35;
        cursor: default;
      }
      .icon svg {
        width: 20px;
        height: 20px;
        vertical-align: middle;
      }
      .message {
        margin: 10px 0 0;
      }
      .message .quiet {
        margin-top: 8px;
      }
      h3 {
        margin: 16px 0 10px;
        font-size: 0.8125rem;
        font-weight: 700;
        color: var(--muted);
      }
      .foot {
        margin-top: 8px;
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      .small {
        margin: 8px 0 0;
        font-size: 0.8125rem;
        line-height: 1.45;
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#key);
  }

  protected override render(): TemplateResult {
    const { editor } = this;
    const { words } = editor;
    const { conflicts, asking } = editor;
    return html`
      <div class="head">
        <h2>${this.#title(words)}</h2>
        <div class="bar">
          ${this.#icon(words.undo, "M7 5L3 9l4 4M3 9h8a5 5 0 0 1 0 10H8", editor.canUndo, () => editor.undo())}
          ${this.#icon(words.redo, "M13 5l4 4-4 4M17 9H9a5 5 0 0 0 0 10h3", editor.canRedo, () => editor.redo())}
          <button class="solid" ?disabled=${!editor.dirty || editor.busy !== undefined} @click=${() => void this.#save()}>
            ${editor.busy === "saving" ? words.saving : words.save}
          </button>
          ${this.#icon(words.cancel, "M5 5l10 10M15 5L5 15", editor.busy !== "saving", () => editor.leave())}
        </div>
        <div role="alert">${this.#message(words)}</div>
      </div>
      <h3>${words.shape}</h3>
      <simtaru-toolbar .session=${this.session} .editor=${editor}></simtaru-toolbar>
      <h3>${words.attributes}</h3>
      ${editor.busy === "loading" ? html`<p class="small" role="status">${this.words.loading}</p>` : nothing}
      ${editor.form.map((field) => html`<simtaru-field .session=${this.session} .editor=${editor} .field=${field}></simtaru-field>`)}
      ${
        editor.base
          ? html`<div class="foot">
              <button class="quiet danger" ?disabled=${editor.busy !== undefined} @click=${() => this.#ask("delete")}>${words.remove}</button>
            </div>`
          : nothing
      }
      ${conflicts ? html`<simtaru-conflict .session=${this.session} .editor=${editor}></simtaru-conflict>` : nothing}
      ${asking ? this.#question(asking, words) : nothing}
    `;
  }

  #title(words: EditWords): string {
    const { editor } = this;
    const { catalog } = this.state;
    const title = say(editor.layer.title, this.language);
    if (!editor.ref || !catalog) return words.adding(title);
    return words.editing(
      headline(catalog, editor.layer, editor.ref, { ...editor.step.values }, this.language),
    );
  }

  #icon(label: string, path: string, can: boolean, act: () => void): TemplateResult {
    return html`
      <button class="icon" aria-label=${label} title=${label} ?disabled=${!can} @click=${act}>
        <svg viewBox="0 0 20 22" aria-hidden="true"><path d=${path} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path></svg>
      </button>
    `;
  }

  #message(words: EditWords): unknown {
    const { editor } = this;
    const { around, pieces } = editor.scene;
    const notes = [
      around.size > 0 ? words.togetherNote(around.size) : "",
      pieces.length > 0 ? words.pieces(pieces.length) : "",
    ].filter(Boolean);
    return html`
      ${
        editor.gone
          ? html`<p class="message fault">${words.gone}<br /><button class="quiet" @click=${() => void editor.saveAsNew()}>${words.saveAsNew}</button></p>`
          : nothing
      }
      ${
        editor.message
          ? html`<p class="message ${editor.message.kind}">${editor.message.text} ${editor.faultAt ? words.faultHere : nothing}</p>`
          : nothing
      }
      ${notes.length ? html`<p class="small">${notes.join(" ")}</p>` : nothing}
    `;
  }

  #question(asking: NonNullable<Editor["asking"]>, words: EditWords): TemplateResult {
    const { editor } = this;
    const answer = (event: CustomEvent<boolean>) => {
      editor.asking = undefined;
      if (!event.detail) editor.tell();
      else if (asking === "delete") void editor.remove();
      else editor.leave(true);
    };
    return asking === "delete"
      ? html`<simtaru-ask .session=${this.session} question=${words.removeSure} note=${words.removeNote} yes=${words.removeYes} no=${words.cancel} @answer=${answer}></simtaru-ask>`
      : html`<simtaru-ask .session=${this.session} question=${words.leaveSure} yes=${words.leaveYes} no=${words.goOn} @answer=${answer}></simtaru-ask>`;
  }

  /** Saves; where something is wrong, the first field that is gets the focus. */
  async #save(): Promise<void> {
    await this.editor.save();
    await this.updateComplete;
    for (const row of this.renderRoot.querySelectorAll("simtaru-field")) {
      const { field } = row as unknown as { field: FormField };
      if (!this.editor.faults[field.name]) continue;
      row.scrollIntoView({ block: "center" });
      row.shadowRoot?.querySelector<HTMLElement>("#value, :checked")?.focus({ preventScroll: true });
      return;
    }
  }

  #ask(what: "delete"): void {
    this.editor.asking = what;
    this.editor.tell();
  }

  /** Ctrl+Z and Ctrl+Y, but not while a text is written: there they are the text's own. */
  #key = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const at = event.composedPath()[0];
    if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) this.editor.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) this.editor.redo();
    else return;
    event.preventDefault();
  };
}

customElements.define("simtaru-editor", EditorPanel);
