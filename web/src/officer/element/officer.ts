import { css, html, nothing, type TemplateResult } from "lit";
import { say as sayText } from "../../catalog.ts";
import { head, heads } from "../../element/head.ts";
import type { Duty } from "../../hash.ts";
import { deskStyles, Part } from "./base.ts";
import "./closures.ts";
import "./event.ts";
import "./people.ts";
import "./plans.ts";
import "./refuges.ts";

/** The officer's desk: one part at a time, and above it whom all of it leaves out of reach. */
class Desk extends Part {
  static override styles = [
    ...deskStyles,
    heads,
    css`
      nav {
        position: sticky;
        top: -4px;
        z-index: 1;
        display: flex;
        gap: 4px;
        margin: 0 -20px 10px;
        padding: 0 20px;
        overflow-x: auto;
        background: var(--paper);
        border-bottom: 1px solid var(--line);
      }
      nav button {
        flex: none;
        min-height: 48px;
        padding: 0 6px;
        font-size: 0.875rem;
        font-weight: 600;
        color: var(--muted);
        border-bottom: 3px solid transparent;
      }
      nav button[aria-current] {
        color: var(--ink);
        border-bottom-color: var(--accent);
      }
      .out {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 8px;
        margin: 0 0 10px;
        padding: 4px 12px;
        font-size: 0.875rem;
        border-left: 6px solid var(--accent);
        border-radius: 12px;
        background: var(--hover);
      }
      .out b {
        font-size: 1.125rem;
        font-variant-numeric: tabular-nums;
      }
      .worse {
        color: var(--missed);
        font-weight: 700;
      }
      .better {
        color: var(--met);
        font-weight: 700;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`
      ${head(this.say.title, this.words.close, () => this.session.closeOfficer())}
      ${this.#body()}
    `;
  }

  #body(): TemplateResult {
    const { say, session, officer } = this;
    const { duties, duty } = officer;
    if (!duty)
      return html`<p class="message" role="status">${say.notYours}</p>
        <div class="row"><button class="solid" @click=${() => void session.askLogin()}>${this.words.login}</button></div>`;
    return html`
      <nav aria-label=${say.title}>${duties.map(
        (name) =>
          html`<button aria-current=${name === duty ? "page" : nothing} @click=${() => this.#go(name)}>${say.duties[name]}</button>`,
      )}</nav>
      ${duty === "plans" ? nothing : this.#out()}
      ${this.#part(duty)}
    `;
  }

  #go(duty: Duty): void {
    const { officer } = this.state.address;
    void this.session.attend({ ...officer, duty });
  }

  /** How many are out of reach, and what came of the last act. */
  #out(): unknown {
    const { say } = this;
    const { now, since } = this.officer.people;
    if (!now) return nothing;
    const last = since?.before && now.uncovered - since.before.uncovered;
    const all = since && now.uncovered - since.opened.uncovered;
    const line = (by: number, of: string) =>
      html`<span class="small"><span class=${by > 0 ? "worse" : by < 0 ? "better" : ""}>${by === 0 ? say.unchanged : this.#signed(by)}</span> ${of}</span>`;
    return html`<div class="out" role="status">
      <span><b>${this.n(now.uncovered)}</b> ${say.outOfReach(now.minutes)}</span>
      ${now.hazard ? html`<span class="small">${say.under(this.#hazard(now.hazard))}</span>` : nothing}
      ${last === undefined ? nothing : line(last, say.sinceLast)}
      ${all === undefined || last === undefined || all === last ? nothing : line(all, say.sinceOpened)}
    </div>`;
  }

  #hazard(code: string): string {
    const { catalog } = this.state;
    const field = catalog?.coded("event_level")?.fields.find((f) => f.codes?.list === "hazard");
    return (field && sayText(catalog?.code(field, code), this.language)) || code;
  }

  #signed(by: number): string {
    return `${by > 0 ? "+" : "−"}${this.n(Math.abs(by))}`;
  }

  #part(duty: Duty): TemplateResult {
    const { session, officer } = this;
    switch (duty) {
      case "shelters":
        return html`<simtaru-desk-refuges .session=${session} .officer=${officer}></simtaru-desk-refuges>`;
      case "event":
        return html`<simtaru-desk-event .session=${session} .officer=${officer}></simtaru-desk-event>`;
      case "plans":
        return html`<simtaru-desk-plans .session=${session} .officer=${officer}></simtaru-desk-plans>`;
      case "people":
        return html`<simtaru-desk-people .session=${session} .officer=${officer}></simtaru-desk-people>`;
      default:
        return html`<simtaru-desk-closures .session=${session} .officer=${officer}></simtaru-desk-closures>`;
    }
  }
}

customElements.define("simtaru-desk", Desk);
