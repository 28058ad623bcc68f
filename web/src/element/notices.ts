import { css, html, nothing, type TemplateResult } from "lit";
import { moment } from "../format.ts";
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
    `,
  ];

  protected override render(): TemplateResult {
    const text = this.#text();
    return html`<div role="status" aria-live="polite">${text ? html`<p>${text}</p>` : nothing}</div>`;
  }

  #text(): string | undefined {
    const { linkLost, freshness, mapTrouble } = this.state;
    if (freshness?.databaseDown) {
      return freshness.asOf
        ? this.words.stale(moment(freshness.asOf, this.language))
        : this.words.staleUnknown;
    }
    if (linkLost) return this.words.offline;
    return mapTrouble ? this.words.partial : undefined;
  }
}

customElements.define("simtaru-notices", Notices);
