import { css, html, type PropertyDeclarations, type TemplateResult } from "lit";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

const stops = ["peek", "half", "full"] as const;
type Stop = (typeof stops)[number];

/** A move shorter than this is a tap on the handle, not a drag. */
const dragPx = 8;

/**
 * A panel: at the side on a wide screen, a sheet from below on a phone, where
 * the handle moves it between three heights by drag, tap or key.
 */
class Sheet extends Element {
  static override properties: PropertyDeclarations = { label: {}, start: {}, stop: { reflect: true } };
  declare label: string;
  declare start: Stop | undefined;
  declare stop: Stop | undefined;
  #drag: { y: number; height: number; moved: boolean } | undefined;

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        background: var(--paper);
        color: var(--ink);
      }
      .handle {
        display: none;
      }
      .head {
        flex: none;
      }
      .head ::slotted(*) {
        display: block;
        padding: 16px 20px 14px;
        border-bottom: 1px solid var(--line);
      }
      .body {
        flex: 1;
        overflow: auto;
        overscroll-behavior: contain;
        padding: 12px 20px 20px;
      }
      :host(.found) .body {
        padding-top: 4px;
      }
      /* What the keyboard reaches is not left under the title and buttons that stay above. */
      :host(.editing) .body {
        scroll-padding-top: 128px;
      }
      @media print {
        :host(.printed) {
          background: none;
        }
        :host(.printed) .body {
          overflow: visible;
          padding: 0;
        }
      }
      @media screen and (max-width: 719px) {
        :host {
          border-radius: 16px 16px 0 0;
          box-shadow: var(--shadow);
          height: var(--height, 46dvh);
          transition: height 180ms ease-out;
          padding-bottom: env(safe-area-inset-bottom);
        }
        /* Just the head: the height of a peek is that of what must always be seen. */
        :host([stop="peek"]) {
          height: var(--height, auto);
        }
        :host(.plan[stop="peek"]:not([dragging])) .body {
          display: none;
        }
        /* Without a head, what the panel begins with: its title and the buttons below. */
        :host(.found[stop="peek"]) {
          height: var(--height, 164px);
        }
        :host([stop="full"]) {
          height: var(--height, 92dvh);
        }
        :host([dragging]) {
          transition: none;
        }
        .handle {
          display: block;
          flex: none;
          width: 100%;
          height: 28px;
          touch-action: none;
          border-radius: 16px 16px 0 0;
        }
        .handle:focus-visible {
          outline-offset: -4px;
          border-radius: 16px;
        }
        .handle::before {
          content: "";
          display: block;
          width: 44px;
          height: 5px;
          margin: 0 auto;
          border-radius: 3px;
          background: var(--line-strong);
        }
        .head ::slotted(*) {
          padding-top: 0;
        }
        :host([stop="peek"]) .head ::slotted(*) {
          border-bottom: 0;
        }
      }
    `,
  ];

  constructor() {
    super();
    // An element inside that opens a list asks for all the height there is, or gives it back.
    this.addEventListener("room", (event) => {
      this.stop = (event as CustomEvent<boolean>).detail ? "full" : "peek";
    });
  }

  protected override willUpdate(): void {
    super.willUpdate();
    this.stop ??= this.start ?? "peek";
  }

  protected override render(): TemplateResult {
    return html`
      <button
        class="handle"
        aria-label=${this.words.handle}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @keydown=${this.#key}
        @click=${this.#click}
      ></button>
      <div class="head"><slot name="head"></slot></div>
      <div class="body" part="body"><slot></slot></div>
    `;
  }

  protected override updated(): void {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", this.label);
  }

  #down = (event: PointerEvent): void => {
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
    this.#drag = { y: event.clientY, height: this.offsetHeight, moved: false };
  };

  #move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag) return;
    const dy = drag.y - event.clientY;
    if (Math.abs(dy) < dragPx && !drag.moved) return;
    drag.moved = true;
    this.toggleAttribute("dragging", true);
    this.style.setProperty("--height", `${Math.max(drag.height + dy, 64)}px`);
  };

  #up = (): void => {
    const drag = this.#drag;
    if (!drag?.moved) return;
    const share = this.offsetHeight / innerHeight;
    this.removeAttribute("dragging");
    this.style.removeProperty("--height");
    this.stop = share < 0.33 ? "peek" : share < 0.7 ? "half" : "full";
  };

  #click = (): void => {
    if (!this.#drag?.moved) this.stop = this.stop === "half" ? "peek" : "half";
    this.#drag = undefined;
  };

  #key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const at = stops.indexOf(this.stop ?? "peek");
    this.stop = stops[Math.min(Math.max(at + step, 0), stops.length - 1)];
  };
}

customElements.define("simtaru-sheet", Sheet);
