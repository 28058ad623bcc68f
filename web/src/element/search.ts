import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { api, type SearchResult } from "../api.ts";
import { say } from "../catalog.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

type Answer =
  | { kind: "idle" }
  | { kind: "asking" }
  | { kind: "failed" }
  | { kind: "found"; results: SearchResult[] };

const waitMs = 180;
/** Shorter words match too much to be of use. */
const shortest = 2;

/** Search by name: a combobox with a list, after the ARIA pattern. */
class Search extends Element {
  static override properties: PropertyDeclarations = {
    text: { state: true },
    answer: { state: true },
    active: { state: true },
    open: { state: true },
  };
  declare text: string;
  declare answer: Answer;
  declare active: number;
  declare open: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  /** Enter came before the answer: its first result is meant. */
  #hasty = false;

  constructor() {
    super();
    this.text = "";
    this.answer = { kind: "idle" };
    this.active = -1;
    this.open = false;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        position: relative;
        margin-top: 12px;
      }
      input {
        width: 100%;
        height: 44px;
        padding: 0 40px 0 40px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--field);
        color: var(--ink);
        font: inherit;
        font-size: 1rem;
      }
      input::placeholder {
        color: var(--muted);
        opacity: 1;
      }
      input::-webkit-search-cancel-button {
        display: none;
      }
      .glass {
        position: absolute;
        left: 12px;
        top: 13px;
        width: 18px;
        height: 18px;
        color: var(--muted);
        pointer-events: none;
      }
      .clear {
        position: absolute;
        right: 4px;
        top: 4px;
        width: 36px;
        height: 36px;
        border-radius: 8px;
        color: var(--muted);
      }
      .results {
        position: absolute;
        z-index: 5;
        top: 48px;
        left: 0;
        right: 0;
        max-height: min(50vh, 360px);
        overflow: auto;
        margin: 0;
        padding: 4px;
        list-style: none;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--paper);
        box-shadow: var(--shadow);
      }
      li {
        padding: 8px 10px;
        border-radius: 7px;
        line-height: 1.3;
        cursor: pointer;
      }
      li[aria-selected="true"] {
        background: var(--hover);
      }
      small {
        display: block;
        color: var(--muted);
        font-size: 0.8125rem;
      }
      .note {
        cursor: default;
        color: var(--muted);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { words } = this;
    const results = this.answer.kind === "found" ? this.answer.results : [];
    const open = this.open && this.answer.kind !== "idle";
    return html`
      <svg class="glass" viewBox="0 0 18 18" aria-hidden="true"><path d="M12 12l4.5 4.5M13.5 7.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0z" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path></svg>
      <input
        type="search"
        role="combobox"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        enterkeyhint="search"
        maxlength="100"
        aria-label=${words.search}
        placeholder=${words.search}
        aria-expanded=${open}
        aria-controls="results"
        aria-autocomplete="list"
        aria-activedescendant=${open && this.active >= 0 ? `r${this.active}` : nothing}
        .value=${this.text}
        @input=${this.#typed}
        @keydown=${this.#key}
        @focus=${() => {
          this.open = true;
          this.#room(true);
        }}
        @blur=${() => {
          this.open = false;
        }}
      />
      ${
        this.text
          ? html`<button class="clear" aria-label=${words.clear} @click=${this.#clear}>
              <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true"><path d="M4 4l10 10M14 4L4 14" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path></svg>
            </button>`
          : nothing
      }
      <ul class="results" id="results" role="listbox" aria-label=${words.search} ?hidden=${!open}
        @pointerdown=${(e: Event) => e.preventDefault()}>
        ${results.map(
          (result, i) => html`
            <li id=${`r${i}`} role="option" aria-selected=${i === this.active} @click=${() => this.#choose(result)}>
              ${result.name}
              <small>${[...new Set([this.#layerTitle(result), result.detail])].filter(Boolean).join(" · ")}</small>
            </li>
          `,
        )}
        ${results.length ? nothing : html`<li class="note" role="option" aria-disabled="true">${this.#note()}</li>`}
      </ul>
      <div class="unseen" role="status">
        ${open && results.length ? words.searchCount(results.length) : nothing}
      </div>
    `;
  }

  #layerTitle(result: SearchResult): string {
    return say(this.state.catalog?.layer(result.layer)?.title, this.language);
  }

  #note(): string {
    if (this.answer.kind === "asking") return this.words.searching;
    if (this.answer.kind === "failed") return this.words.searchFailed;
    return this.words.searchNone(this.text.trim());
  }

  #typed = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
    this.open = true;
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#hasty = false;
    if (this.text.trim().length < shortest) {
      this.answer = { kind: "idle" };
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(), waitMs);
  };

  async #ask(): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    if (this.answer.kind !== "found") this.answer = { kind: "asking" };
    try {
      const results = await api.search(this.text.trim(), this.language, request.signal);
      if (this.#request !== request) return;
      this.answer = { kind: "found", results };
      this.active = results.length ? 0 : -1;
      if (this.#hasty && results[0]) this.#choose(results[0]);
    } catch {
      if (!request.signal.aborted) this.answer = { kind: "failed" };
    }
  }

  #key = (event: KeyboardEvent): void => {
    const results = this.answer.kind === "found" ? this.answer.results : [];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (results.length) this.active = (this.active + step + results.length) % results.length;
      this.open = true;
    } else if (event.key === "Enter") {
      const result = results[this.active];
      if (result && this.open) this.#choose(result);
      else this.#hasty = this.answer.kind === "asking";
    } else if (event.key === "Escape") {
      if (this.open && this.answer.kind !== "idle") this.open = false;
      else this.#clear();
    }
  };

  #choose(result: SearchResult): void {
    this.text = result.name;
    this.open = false;
    this.renderRoot.querySelector("input")?.blur();
    this.#room(false);
    this.session.visit({ layer: result.layer, id: String(result.id) }, result.name, {
      ...(result.bbox ? { box: result.bbox } : {}),
      ...(result.center ? { center: result.center } : {}),
    });
  }

  /** Asks the sheet on a phone for the height that a list of results needs. */
  #room(wanted: boolean): void {
    this.dispatchEvent(new CustomEvent("room", { detail: wanted, bubbles: true, composed: true }));
  }

  #clear = (): void => {
    this.text = "";
    this.answer = { kind: "idle" };
    this.renderRoot.querySelector("input")?.focus();
  };
}

customElements.define("simtaru-search", Search);
