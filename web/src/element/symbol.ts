import { css, html, LitElement, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import type { Drawing, Layer } from "../catalog.ts";

/** One legend symbol, drawn as the map draws it. */
class Swatch extends LitElement {
  static override properties: PropertyDeclarations = {
    symbol: { attribute: false },
    geometry: { attribute: false },
  };
  declare symbol: Drawing;
  declare geometry: Layer["geometry"];

  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
    }
    svg {
      width: 24px;
      height: 18px;
    }
  `;

  protected override render(): TemplateResult {
    return html`<svg viewBox="0 0 24 18" aria-hidden="true">${this.#shape()}</svg>`;
  }

  #shape(): TemplateResult {
    const { fill, fillOpacity, stroke, strokeWidth, dash, radius } = this.symbol ?? {};
    const line = stroke ?? fill ?? "#777777";
    const dashes = pattern(dash, strokeWidth ?? 1);
    switch (this.geometry) {
      case "Point":
        return svg`<circle cx="12" cy="9" r=${Math.min(radius ?? 5, 8)} fill=${fill ?? "#777777"}
          fill-opacity=${fillOpacity ?? 1} stroke=${stroke ?? "none"} stroke-width=${strokeWidth ?? 1}></circle>`;
      case "MultiLineString":
        return svg`<path d="M1 12 L9 6 L15 12 L23 6" fill="none" stroke=${line}
          stroke-width=${Math.min(Math.max(strokeWidth ?? 2, 1), 6)} stroke-dasharray=${dashes}
          stroke-linejoin="round"></path>`;
      default:
        return svg`<rect x="1.5" y="1.5" width="21" height="15" rx="3" fill=${fill ?? "none"}
          fill-opacity=${fillOpacity ?? 1} stroke=${stroke ?? "rgb(0 0 0 / 25%)"}
          stroke-width=${Math.min(strokeWidth ?? 1, 3)} stroke-dasharray=${dashes}></rect>`;
    }
  }
}

/** Dashes in pixels, made smaller where fewer than two would fit into the symbol. */
function pattern(dash: number[] | undefined, width: number): string {
  if (!dash?.length) return "";
  const pixels = dash.map((d) => d * width);
  const scale = Math.min(1, 11 / pixels.reduce((sum, d) => sum + d, 0));
  return pixels.map((d) => d * scale).join(" ");
}

customElements.define("simtaru-symbol", Swatch);
