import { css, html, nothing, type TemplateResult } from "lit";
import { say } from "../catalog.ts";
import { moment } from "../format.ts";
import { renew } from "../offline/shell.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

/** How old the data is, in words, when it is older than it should be. */
class Notices extends Element {
  static override styles = [
    shared,
    css`
      p {
        margin: 12px 0 0;
        padding: 8px 12px;
        border-radius: 8px;
        border-left: 4px solid var(--warn);
        background: var(--warn-soft);
        font-size: 0.875rem;
        line-height: 1.45;
      }
      .link {
        padding: 6px 4px;
        font-weight: 600;
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 3px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const text = this.#text();
    return html`<div role="status" aria-live="polite">${text ? html`<p>${text}</p>` : nothing}${this.#kept()}${this.#newer()}</div>`;
  }

  /** An edit that a reload interrupted. */
  #kept(): unknown {
    const { kept, catalog, editor } = this.state;
    const layer = kept && catalog?.layer(kept.layer);
    if (!layer?.edit || editor) return nothing;
    return html`
      <p>
        ${this.words.kept(say(layer.title, this.language))}
        <button class="link" @click=${() => void this.session.resume()}>${this.words.resume}</button>
        <button class="link" @click=${() => this.session.forget()}>${this.words.forget}</button>
      </p>
    `;
  }

  #newer(): unknown {
    if (!this.state.newVersion) return nothing;
    return html`<p>${this.words.newVersion} <button class="link" @click=${renew}>${this.words.reload}</button></p>`;
  }

  #text(): string | undefined {
    const { linkLost, freshness, mapTrouble, partMissing } = this.state;
    if (freshness?.databaseDown) {
      return freshness.asOf
        ? this.words.stale(moment(freshness.asOf, this.language))
        : this.words.staleUnknown;
    }
    if (linkLost) return this.words.offline;
    if (partMissing) return this.words.partMissing;
    return mapTrouble ? this.words.partial : undefined;
  }
}

customElements.define("simtaru-notices", Notices);
