import { css, html, nothing, type TemplateResult } from "lit";
import { say } from "../catalog.ts";
import { Element } from "../element/base.ts";
import { shared } from "../element/shared.css.ts";
import { clock } from "../format.ts";
import { type HazardEvent, onAt } from "./events.ts";

/** Events begin and end by the clock. */
const tickMs = 5_000;

/** Above the whole page while a hazard is announced: what, until when, and the way out. */
class Banner extends Element {
  #tick: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      section:not([hidden]) {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 16px;
        padding: 10px 16px;
        background: #a3161f;
        color: #ffffff;
        line-height: 1.35;
      }
      div {
        flex: 1 1 240px;
      }
      p {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .title {
        font-size: 1.125rem;
        font-weight: 800;
      }
      button {
        min-height: 48px;
        padding: 0 18px;
        border-radius: 10px;
        background: #ffffff;
        color: #a3161f;
        font-weight: 700;
      }
      button:focus-visible {
        outline-color: #ffffff;
      }
      @media (max-width: 719px) {
        .message {
          display: -webkit-box;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 3;
          overflow: hidden;
        }
        button {
          flex: 1;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), tickMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  protected override render(): TemplateResult {
    const on = onAt(this.state.events, Date.now());
    return html`<section aria-label=${this.words.warning} ?hidden=${on.length === 0}>
      <div role="alert">${on.map((event) => this.#one(event))}</div>
      ${this.state.address.evacuate ? nothing : html`<button @click=${() => void this.session.evacuate({})}>${this.words.evacuateHere}</button>`}
    </section>`;
  }

  protected override updated(): void {
    this.toggleAttribute("on", onAt(this.state.events, Date.now()).length > 0);
  }

  #one({ hazard, level, message, arrives }: HazardEvent): TemplateResult {
    const { language: lang } = this;
    const title = [say(level, lang), say(hazard, lang)].filter(Boolean).join(": ");
    return html`<p class="title">${title || this.words.warning}${arrives === undefined ? nothing : ` · ${this.words.expectedAt(clock(arrives, lang))}`}</p>
      <p class="message">${say(message, lang)}</p>`;
  }
}

customElements.define("simtaru-banner", Banner);
