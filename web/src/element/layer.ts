import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { type Layer, type LegendClass, say } from "../catalog.ts";
import { isShown } from "../state.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";
import "./symbol.ts";

/** Up to this many classes the legend of a visible layer stands open. */
const shortLegend = 6;

/** One layer of the list: switch, legend, opacity, source. */
class LayerRow extends Element {
  static override properties: PropertyDeclarations = { layer: { attribute: false }, open: { state: true } };
  declare layer: Layer;
  declare open: boolean | undefined;

  static override styles = [
    shared,
    css`
      .row {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 44px;
      }
      label {
        display: flex;
        align-items: center;
        gap: 10px;
        flex: 1;
        min-width: 0;
        min-height: 44px;
        cursor: pointer;
      }
      .title {
        line-height: 1.3;
        min-width: 0;
      }
      .far {
        display: block;
        font-size: 0.75rem;
        color: var(--muted);
      }
      input[type="checkbox"] {
        appearance: none;
        flex: none;
        width: 36px;
        height: 22px;
        margin: 0;
        border-radius: 11px;
        background: var(--switch-off);
        position: relative;
        cursor: pointer;
        transition: background 120ms;
      }
      input[type="checkbox"]::after {
        content: "";
        position: absolute;
        top: 3px;
        left: 3px;
        width: 16px;
        height: 16px;
        border-radius: 50%;
        background: #fff;
        transition: transform 120ms;
      }
      input[type="checkbox"]:checked {
        background: var(--accent);
      }
      input[type="checkbox"]:checked::after {
        transform: translateX(14px);
      }
      input[type="checkbox"]:focus-visible {
        border-radius: 11px;
      }
      .more {
        flex: none;
        width: 40px;
        height: 40px;
        border-radius: 8px;
        color: var(--muted);
      }
      .more:hover {
        background: var(--hover);
      }
      .more svg {
        width: 18px;
        height: 18px;
        transition: transform 120ms;
        vertical-align: middle;
      }
      .more[aria-expanded="true"] svg {
        transform: rotate(180deg);
      }
      .body,
      .legend {
        padding: 0 0 8px 46px;
        font-size: 0.875rem;
      }
      .legend {
        list-style: none;
        margin: 0;
      }
      li {
        display: flex;
        gap: 10px;
        align-items: flex-start;
        padding: 3px 0;
        line-height: 1.35;
      }
      p {
        margin: 8px 0 0;
        color: var(--muted);
        line-height: 1.45;
        overflow-wrap: anywhere;
      }
      .add {
        margin-top: 10px;
      }
      .opacity {
        display: grid;
        grid-template-columns: auto 1fr 3.2em;
        gap: 10px;
        align-items: center;
        min-height: 36px;
        margin-top: 4px;
        color: var(--muted);
        cursor: auto;
      }
      output {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      input[type="range"] {
        width: 100%;
        accent-color: var(--accent);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { layer, words, language: lang } = this;
    const title = say(layer.title, lang);
    const shown = isShown(this.state.address, layer);
    const legend = layer.legend ?? [];
    const only = legend.length === 1 ? legend[0] : undefined;
    const open = this.open ?? false;
    const legendOpen = !only && (open || (shown && legend.length <= shortLegend));
    const far = shown && this.state.zoom < Math.max(layer.zooms.show ?? 0, layer.zooms.min);
    return html`
      <div class="row">
        <label>
          <input
            type="checkbox"
            role="switch"
            aria-label=${title}
            aria-describedby=${far ? "far" : nothing}
            .checked=${shown}
            @change=${(e: Event) => this.session.show(layer, (e.target as HTMLInputElement).checked)}
          />
          ${only ? html`<simtaru-symbol .symbol=${only.symbol} .geometry=${layer.geometry}></simtaru-symbol>` : nothing}
          <span class="title">
            ${title} ${far ? html`<span class="far" id="far">${words.zoomToSee}</span>` : nothing}
          </span>
        </label>
        <button
          class="more"
          aria-expanded=${open}
          aria-label=${words.detailsOf(title)}
          title=${words.details}
          @click=${() => {
            this.open = !open;
          }}
        >
          <svg viewBox="0 0 18 18" aria-hidden="true"><path d="M4 7l5 5 5-5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path></svg>
        </button>
      </div>
      ${legendOpen ? this.#legend(legend) : nothing} ${open ? this.#body(title) : nothing}
    `;
  }

  #legend(legend: LegendClass[]): TemplateResult {
    return html`
      <ul class="legend">
        ${legend.map(
          (c) => html`
            <li>
              <simtaru-symbol .symbol=${c.symbol} .geometry=${this.layer.geometry}></simtaru-symbol>
              <span>${say(c.title, this.language)}</span>
            </li>
          `,
        )}
      </ul>
    `;
  }

  #body(title: string): TemplateResult {
    const { layer, words, language: lang } = this;
    const percent = this.state.address.opacity[layer.id] ?? 100;
    const description = say(layer.description, lang);
    const attribution = say(layer.attribution, lang);
    return html`
      <div class="body">
        <label class="opacity">
          <span>${words.opacity}</span>
          <input
            type="range"
            min="10"
            max="100"
            step="5"
            .value=${String(percent)}
            aria-label=${words.opacityOf(title)}
            @input=${(e: Event) => this.session.setOpacity(layer, Number((e.target as HTMLInputElement).value))}
          />
          <output>${percent}%</output>
        </label>
        ${description ? html`<p>${description}</p>` : nothing}
        ${attribution ? html`<p>${words.source}: ${attribution}${layer.licence ? html` · ${layer.licence}` : nothing}</p>` : nothing}
        ${
          layer.edit
            ? html`<button class="quiet add" aria-label=${words.addTo(title)} @click=${() => void this.session.add(layer)}>${words.add}</button>`
            : nothing
        }
      </div>
    `;
  }
}

customElements.define("simtaru-layer", LayerRow);
