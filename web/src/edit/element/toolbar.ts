import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { Element } from "../../element/base.ts";
import { shared } from "../../element/shared.css.ts";
import type { Editor } from "../editor.ts";
import { formStyles } from "../form.css.ts";
import type { Tool } from "../tools.ts";
import type { EditWords } from "../words.ts";
import { measureWords } from "./measure.ts";

/** The tools for the shape, what the one in hand does, and how large it is. */
class Toolbar extends Element {
  static override properties: PropertyDeclarations = { editor: { attribute: false } };
  declare editor: Editor;

  static override styles = [
    shared,
    formStyles,
    css`
      .tools {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: 1fr;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        overflow: hidden;
        background: var(--field);
      }
      .tools button {
        min-height: 56px;
        padding: 4px 2px;
        font-size: 0.75rem;
        font-weight: 600;
        line-height: 1.2;
      }
      .tools button + button {
        border-left: 1px solid var(--line);
      }
      .tools button:hover:enabled:not([aria-pressed="true"]) {
        background: var(--hover);
      }
      .tools button:disabled {
        color: var(--muted);
        opacity: 0.55;
        cursor: default;
      }
      .tools button[aria-pressed="true"] {
        background: var(--accent);
        color: var(--on-accent);
      }
      .tools button:focus-visible {
        outline-offset: -3px;
        border-radius: 10px;
      }
      svg {
        display: block;
        width: 22px;
        height: 22px;
        margin: 0 auto 3px;
      }
      .row {
        margin-top: 10px;
      }
      .row .quiet {
        min-height: 40px;
        padding: 0 12px;
        font-size: 0.875rem;
      }
      .measure {
        margin: 8px 0 0;
        font-size: 0.875rem;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      @media (pointer: coarse) {
        .keys {
          display: none;
        }
      }
      .checks {
        margin-top: 8px;
      }
      .checks .check {
        min-height: 38px;
        font-size: 0.875rem;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { desk, words } = this.editor;
    if (!desk.there) return html`<p class="note">${words.noMap}</p>`;
    const measured = desk.measure();
    const { tool } = desk;
    return html`
      <div class="tools" role="group" aria-label=${words.shape}>${this.#tools(words)}</div>
      ${tool ? html`<p class="note" role="status">${this.#hint(tool, words)}</p>` : nothing}
      ${this.#actions(words)}
      ${measured ? html`<p class="measure">${measureWords(words, measured, this.language)}</p>` : nothing}
      ${tool ? this.#checks(words) : nothing}
      ${tool ? html`<p class="note keys">${words.keys[tool === "split" ? "draw" : tool]}</p>` : nothing}
    `;
  }

  #tools(words: EditWords): TemplateResult[] {
    const { shape } = this.editor.desk;
    const has = shape.parts.length > 0;
    const point = shape.kind === "Point";
    const all: { tool: Tool; title: string; path: string; can: boolean }[] = [
      { tool: "draw", title: words.draw, path: "M4 18l3-1L18 6l-2-2L5 15zM14 6l2 2", can: !point || !has },
      {
        tool: "corners",
        title: words.corners,
        path: "M5 5h12v12H5zM3 3h4v4H3zM15 3h4v4h-4zM15 15h4v4h-4zM3 15h4v4H3z",
        can: has,
      },
      {
        tool: "move",
        title: words.move,
        path: "M11 3v16M3 11h16M8 6l3-3 3 3M8 16l3 3 3-3M6 8l-3 3 3 3M16 8l3 3-3 3",
        can: has,
      },
      { tool: "split", title: words.split, path: "M4 5h14v12H4zM13 2L9 20", can: has },
    ];
    const shown = point ? all.filter((t) => t.tool === "draw" || t.tool === "move") : all;
    return shown.map(
      ({ tool, title, path, can }) => html`
        <button
          ?disabled=${!can}
          aria-pressed=${this.editor.desk.tool === tool}
          @click=${() => this.editor.desk.use(this.editor.desk.tool === tool ? undefined : tool)}
        >
          <svg viewBox="0 0 22 22" aria-hidden="true"><path d=${path} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"></path></svg>
          ${title}
        </button>
      `,
    );
  }

  #hint(tool: Tool, words: EditWords): string {
    const { kind } = this.editor.desk.shape;
    if (tool === "corners" || tool === "move") return words.hints[tool];
    if (kind === "Point") return words.hints.drawPoint;
    return words.hints[`${tool}${kind === "MultiPolygon" ? "Area" : "Line"}`];
  }

  /** What can be done besides pointing at the map. */
  #actions(words: EditWords): unknown {
    const { desk } = this.editor;
    const { tool, chosen, shape } = desk;
    if (tool === "draw" || tool === "split") {
      const line = shape.kind !== "Point" || tool === "split";
      return html`<div class="row">
        ${line ? html`<button class="quiet" ?disabled=${!desk.drawing} @click=${() => desk.finish()}>${words.done}</button>` : nothing}
        <button class="quiet" @click=${() => desk.tapCentre()}>${words.centre}</button>
      </div>`;
    }
    if (tool !== "corners" || !chosen) return nothing;
    const several = chosen.line > 0 || shape.parts.length > 1;
    return html`<div class="row">
      <button class="quiet" @click=${() => desk.removeChosen()}>${words.removeCorner}</button>
      ${several ? html`<button class="quiet" @click=${() => desk.removeChosenLine()}>${chosen.line > 0 ? words.removeHole : words.removePart}</button>` : nothing}
    </div>`;
  }

  #checks(words: EditWords): unknown {
    const { desk } = this.editor;
    if (desk.shape.kind === "Point" || desk.tool === "move") return nothing;
    return html`
      <div class="checks">
        <label class="check">
          <input type="checkbox" .checked=${desk.snapping} @change=${(e: Event) => {
            desk.snapping = (e.target as HTMLInputElement).checked;
          }} />
          ${words.snapping}
        </label>
        <label class="check">
          <input type="checkbox" .checked=${desk.together} @change=${(e: Event) => {
            desk.together = (e.target as HTMLInputElement).checked;
          }} />
          ${words.together}
        </label>
      </div>
    `;
  }
}

customElements.define("simtaru-toolbar", Toolbar);
