import { css, html, nothing, type TemplateResult } from "lit";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

/** What the buttons ask of the map: sent as the event "control". */
export type Control = "in" | "out" | "city";

/** The map's buttons. */
class Controls extends Element {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        border-radius: 10px;
        overflow: hidden;
        background: var(--paper);
        box-shadow: var(--shadow);
      }
      button {
        width: 44px;
        height: 44px;
      }
      button:hover {
        background: var(--hover);
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      button + button {
        border-top: 1px solid var(--line);
      }
      svg {
        width: 20px;
        height: 20px;
        vertical-align: middle;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { words } = this;
    return html`
      ${this.#button("in", words.zoomIn, "M10 4v12M4 10h12")}
      ${this.#button("out", words.zoomOut, "M4 10h12")}
      ${
        this.state.catalog?.box
          ? this.#button("city", words.wholeCity, "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4")
          : nothing
      }
    `;
  }

  #button(control: Control, label: string, path: string): TemplateResult {
    return html`
      <button
        aria-label=${label}
        title=${label}
        @click=${() => this.dispatchEvent(new CustomEvent<Control>("control", { detail: control }))}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${path} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path></svg>
      </button>
    `;
  }
}

customElements.define("simtaru-controls", Controls);
