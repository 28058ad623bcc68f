import { css, html, nothing, type TemplateResult } from "lit";
import { say } from "../catalog.ts";
import { format } from "../hash.ts";
import { Element } from "./base.ts";
import "./layer.ts";
import { shared } from "./shared.css.ts";

/** All layers by group, and the way back to the catalogue's choice. */
class Layers extends Element {
  static override styles = [
    shared,
    css`
      h2 {
        margin: 18px 0 4px;
        font-size: 0.8125rem;
        font-weight: 700;
        color: var(--muted);
      }
      section:first-child h2 {
        margin-top: 4px;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
        margin-top: 20px;
        padding-top: 12px;
        border-top: 1px solid var(--line);
        font-size: 0.875rem;
      }
      .foot a,
      .foot button {
        color: var(--accent);
        text-decoration: underline;
        text-underline-offset: 3px;
        padding: 6px 0;
      }
      .foot button {
        margin-left: auto;
      }
      .indicators {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-height: 44px;
        margin-bottom: 4px;
        padding: 0 14px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        font-size: 0.9375rem;
        font-weight: 600;
        text-decoration: none;
      }
      .indicators::after {
        content: "→" / "";
      }
      .indicators:hover {
        background: var(--hover);
      }
      p {
        color: var(--muted);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { catalog, address } = this.state;
    const groups = catalog?.grouped() ?? [];
    const changed = Object.keys(address.shown).length + Object.keys(address.opacity).length > 0;
    return html`
      <a
        class="indicators"
        href=${format({ ...address, indicators: { switches: {} } })}
        @click=${(e: Event) => this.session.busy() && e.preventDefault()}
      >${this.words.indicators}</a>
      ${
        catalog?.coded("closure_severity")?.edit
          ? html`<a
              class="indicators"
              href=${format({ ...address, officer: { duty: "closures" } })}
              @click=${(e: Event) => this.session.busy() && e.preventDefault()}
            >${this.words.officer}</a>`
          : nothing
      }
      ${groups.length === 0 ? html`<p>${this.words.empty}</p>` : nothing}
      ${groups.map(
        (group) => html`
          <section aria-label=${say(group.title, this.language)}>
            <h2>${say(group.title, this.language)}</h2>
            <ul>
              ${group.layers.map(
                (layer) => html`
                  <li><simtaru-layer .session=${this.session} .layer=${layer} data-layer=${layer.id}></simtaru-layer></li>
                `,
              )}
            </ul>
          </section>
        `,
      )}
      <div class="foot">
        <a href="/docs">${this.words.guide}</a>
        <a href="/ogc">${this.words.data}</a>
        ${
          changed
            ? html`<button @click=${() => this.session.resetLayers()}>${this.words.reset}</button>`
            : nothing
        }
      </div>
    `;
  }
}

customElements.define("simtaru-layers", Layers);
