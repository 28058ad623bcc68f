import { css, html, nothing, type PropertyDeclarations, type TemplateResult, unsafeCSS } from "lit";
import { type Catalog, say } from "../../catalog.ts";
import { Element } from "../../element/base.ts";
import { head, heads } from "../../element/head.ts";
import { shared } from "../../element/shared.css.ts";
import { listed, moment } from "../../format.ts";
import { headline } from "../../mapstyle.ts";
import { formStyles } from "../form.css.ts";
import { colours } from "../overlay.ts";
import type { Past } from "../past.ts";
import type { EditWords } from "../words.ts";
import type { VersionAnswer } from "../write.ts";
import "./ask.ts";

/** The versions of a feature: a slider through time, and what each changed. */
class PastPanel extends Element {
  static override properties: PropertyDeclarations = { past: { attribute: false } };
  declare past: Past;

  static override styles = [
    shared,
    formStyles,
    heads,
    css`
      .head {
        align-items: flex-start;
      }
      .head h2 {
        margin: 10px 0;
        font-size: 1.0625rem;
        line-height: 1.3;
        letter-spacing: -0.01em;
        color: var(--ink);
      }
      input[type="range"] {
        width: 100%;
        height: 36px;
        margin: 0;
        accent-color: ${unsafeCSS(colours.theirs)};
      }
      .when {
        margin: 0;
        font-size: 0.9375rem;
        font-weight: 600;
        line-height: 1.4;
      }
      .what {
        margin: 2px 0 8px;
        font-size: 0.875rem;
        color: var(--muted);
        line-height: 1.45;
      }
      .changes {
        margin: 0 0 10px;
        padding: 0;
        list-style: none;
        font-size: 0.9375rem;
        line-height: 1.45;
      }
      .changes li {
        padding: 6px 0;
        border-top: 1px solid var(--line-soft);
        overflow-wrap: anywhere;
      }
      .changes b {
        display: block;
        font-weight: 400;
        font-size: 0.8125rem;
        color: var(--muted);
      }
      del {
        color: var(--muted);
      }
      ins {
        text-decoration: none;
        font-weight: 600;
      }
      ol {
        margin: 14px 0 0;
        padding: 0;
        list-style: none;
        border-top: 1px solid var(--line);
      }
      ol button {
        display: block;
        width: 100%;
        min-height: 44px;
        padding: 6px 8px;
        border-bottom: 1px solid var(--line-soft);
        text-align: left;
        font-size: 0.875rem;
        line-height: 1.35;
      }
      ol button:hover {
        background: var(--hover);
      }
      ol button[aria-current="true"] {
        background: var(--hover);
        font-weight: 600;
        box-shadow: inset 4px 0 ${unsafeCSS(colours.theirs)};
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { past } = this;
    const { words } = past;
    return html`
      ${head(this.#title(words), words.close, () => this.session.closePast())}
      <div role="alert">${past.message ? html`<p class="message ${past.message.kind}">${past.message.text}</p>` : nothing}</div>
      ${this.#body(words)}
    `;
  }

  #title(words: EditWords): string {
    const { past } = this;
    const { catalog } = this.state;
    const properties: Record<string, unknown> = {};
    for (const version of past.versions) {
      for (const [name, { after }] of Object.entries(version.changed ?? {})) properties[name] = after;
    }
    return words.historyOf(
      catalog ? headline(catalog, past.layer, past.ref, properties, this.language) : past.ref.id,
    );
  }

  #body(words: EditWords): unknown {
    const { past } = this;
    if (past.status === "loading" && past.versions.length === 0) {
      return html`<p class="note" role="status">${words.historyLoading}</p>`;
    }
    const { version } = past;
    if (past.status === "failed" || !version) {
      return html`<p class="note" role="alert">${words.historyFailed}</p>
        <button class="quiet" @click=${() => void past.load()}>${this.words.retry}</button>`;
    }
    const count = past.versions.length;
    return html`
      <input
        type="range"
        min="0"
        max=${count - 1}
        step="1"
        .value=${String(past.index)}
        ?disabled=${count < 2}
        aria-label=${words.version}
        aria-valuetext=${`${words.versionOf(version.revision, past.versions.at(-1)?.revision ?? 0)}, ${moment(version.from, this.language)}`}
        @input=${(e: Event) => past.look(Number((e.target as HTMLInputElement).value))}
      />
      <p class="when">${words.versionOf(version.revision, past.versions.at(-1)?.revision ?? 0)}</p>
      <p class="what">${this.#line(version, words)}</p>
      ${this.#changes(version, words)}
      <label class="check">
        <input type="checkbox" .checked=${past.whole} @change=${(e: Event) => past.showWhole((e.target as HTMLInputElement).checked)} />
        ${words.wholeLayer}
      </label>
      ${
        past.layer.edit && version !== past.versions.at(-1) && version.operation !== "delete"
          ? html`<button class="quiet" ?disabled=${past.busy} @click=${() => this.#ask(true)}>${words.revert}</button>`
          : nothing
      }
      <ol>
        ${[...past.versions].reverse().map(
          (v) => html`<li>
            <button aria-current=${v === version} @click=${() => past.look(past.versions.indexOf(v))}>
              ${v.revision}. ${this.#line(v, words)}
            </button>
          </li>`,
        )}
      </ol>
      ${past.more ? html`<button class="quiet" @click=${() => void past.older()}>${words.older}</button>` : nothing}
      ${
        past.asking
          ? html`<simtaru-ask .session=${this.session} question=${words.revertSure(version.revision)} yes=${words.revertYes} no=${words.cancel}
              @answer=${(e: CustomEvent<boolean>) => (e.detail ? void past.revert() : this.#ask(false))}></simtaru-ask>`
          : nothing
      }
    `;
  }

  #ask(asking: boolean): void {
    this.past.asking = asking;
    this.past.tell();
  }

  #line(version: VersionAnswer, words: EditWords): string {
    const who = version.actor ? ` ${words.by(version.actor)}` : "";
    const now = version.until || version.operation === "delete" ? "" : ` · ${words.now}`;
    return `${words.operations[version.operation] ?? version.operation}${who}, ${moment(version.from, this.language)}${now}`;
  }

  #changes(version: VersionAnswer, words: EditWords): unknown {
    const { catalog } = this.state;
    if (!catalog || version.operation !== "update") return nothing;
    const changed = Object.entries(version.changed ?? {});
    if (changed.length === 0 && !version.geometryChanged) return html`<p class="what">${words.noChange}</p>`;
    return html`<ul class="changes">
      ${version.geometryChanged ? html`<li>${words.shapeChanged}</li>` : nothing}
      ${changed.map(([name, { before, after }]) => {
        const field = this.past.layer.fields.find((f) => f.name === name);
        return html`<li>
          <b>${say(field?.title, this.language) || name}</b>
          <del>${this.#text(catalog, name, before, words)}</del> → <ins>${this.#text(catalog, name, after, words)}</ins>
        </li>`;
      })}
    </ul>`;
  }

  #text(catalog: Catalog, name: string, value: unknown, words: EditWords): string {
    const field = this.past.layer.fields.find((f) => f.name === name);
    return (field && listed(catalog, field, value, this.language)) || words.nothing;
  }
}

customElements.define("simtaru-past", PastPanel);
