import { css, html, nothing, type TemplateResult } from "lit";
import type { Item } from "../../api.ts";
import { say as sayText } from "../../catalog.ts";
import { boxOf, shapeOf } from "../../edit/shape.ts";
import { clock, moment } from "../../format.ts";
import { until } from "../closures.ts";
import { momentOf, text } from "../desk.ts";
import type { Road } from "../nearroad.ts";
import { deskStyles, Part } from "./base.ts";

const dayMs = 86_400_000;

/** Roads: closed with a tap on the map, and those that are closed. */
class Closing extends Part {
  static override styles = [
    ...deskStyles,
    css`
      .done {
        padding: 10px 14px 14px;
        border-left: 6px solid #a3161f;
        border-radius: 12px;
        background: var(--hover);
      }
      .done p {
        margin: 0 0 4px;
      }
      .done .small {
        margin-top: 8px;
      }
      label {
        margin-top: 10px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { closures } = this.officer;
    return html`
      ${this.#acting()}
      ${closures.fault ? html`<p class="message fault" role="alert">${this.why(closures.fault)}</p>` : nothing}
      ${closures.now ? this.#list(closures.now) : html`<p class="small" role="status">${this.say.loading}</p>`}
    `;
  }

  #acting(): TemplateResult {
    const { say } = this;
    const { closures } = this.officer;
    const { phase } = closures;
    const cancel = html`<button class="quiet grow" @click=${() => closures.point(false)}>${say.cancel}</button>`;
    switch (phase?.kind) {
      case "pointing":
        return html`<p class="message" role="status"><b>${phase.why ? say.noRoadHere : say.point}</b> <span class="small">${say.pointKeys}</span></p>
          <div class="row">${cancel}</div>`;
      case "looking":
        return html`<p class="message" role="status">${say.looking}</p>`;
      case "which":
        return html`<p role="status"><b>${say.which}</b></p>
          ${phase.roads.map((road) => html`<button class="main" @click=${() => void closures.close(road)}>${this.#kind(road)}: ${this.#name(road.name)}</button>`)}
          <div class="row">${cancel}</div>`;
      case "closing":
        return html`<p class="message" role="status">${say.closing} ${this.#name(phase.target.name)}</p>`;
      case "failed":
        return html`<p><b>${this.#name(phase.target.name)}</b></p>
          <div class="row">${cancel}<button class="solid grow" @click=${() => void closures.again()}>${say.again}</button></div>`;
      case "closed":
        return this.#closed(phase.target, phase.id);
      default:
        return html`<button class="main" @click=${() => closures.point(true)}>${say.closeRoad}</button>`;
    }
  }

  #kind({ bridge }: Road): string {
    return bridge ? this.say.bridge : this.say.ground;
  }

  #name(name: string): string {
    return name || this.say.unnamed;
  }

  /** What was done, and the way back as near. */
  #closed(road: Road, id: string): TemplateResult {
    const { say } = this;
    const { closures } = this.officer;
    const item = closures.now?.find((one) => String(one.id) === id);
    const field = closures.layer?.fields.find((f) => f.codes?.list === "closure_reason");
    const reasons = field ? (this.state.catalog?.codes(field) ?? []) : [];
    return html`<div class="done">
        <p role="status"><b>${say.closedNow(this.#name(road.name))}</b></p>
        <div class="row">
          <button class="solid grow" ?disabled=${closures.busy.has(id)} @click=${() => void closures.reopen(id)}>${say.undo}</button>
          <button class="quiet grow" @click=${() => closures.point(true)}>${say.another}</button>
        </div>
        ${road.bridge ? html`<p class="small">${say.bridgeOnly}</p>` : nothing}
        <label>${say.reason}
          <select ?disabled=${!item || closures.busy.has(id)} @change=${(event: Event) =>
            void closures.explain(id, (event.target as HTMLSelectElement).value)}>
            ${reasons.map(({ code, title }) => html`<option value=${code} .selected=${code === (item && text(item, "reason"))}>${sayText(title, this.language)}</option>`)}
          </select>
        </label>
      </div>`;
  }

  #list(items: Item[]): TemplateResult {
    return html`<h3>${this.say.onNow(items.length)}</h3>
      <ul>${items.map((item) => this.#one(item))}</ul>`;
  }

  #one(item: Item): TemplateResult {
    const { say, language: lang } = this;
    const { closures } = this.officer;
    const id = String(item.id);
    const name = this.#name(text(item, "name"));
    const busy = closures.busy.has(id);
    const end = until(item);
    const field = closures.layer?.fields.find((f) => f.name === "reason");
    const reason = field && sayText(this.state.catalog?.code(field, text(item, "reason")), lang);
    const parts = [
      reason,
      say.since(this.#when(momentOf(item, "starts_at") ?? 0)),
      end ? say.until(this.#when(end)) : say.noEnd,
    ];
    return html`<li class="one" data-id=${id}>
      <h4>${name}</h4>
      <span class="small">${parts.filter(Boolean).join(" · ")}</span>
      <div class="row">
        <button class="solid grow" aria-label=${say.reopenOf(name)} ?disabled=${busy} @click=${() => void closures.reopen(id)}>${say.reopen}</button>
        ${[1, 6].map(
          (hours) =>
            html`<button class="quiet" aria-label=${say.longerOf(name, hours)} ?disabled=${busy} @click=${() => void closures.extend(id, hours)}>${say.longer(hours)}</button>`,
        )}
        <button class="quiet" aria-label="${say.find}: ${name}" title=${say.find} @click=${() => this.#find(item)}>◎</button>
      </div>
    </li>`;
  }

  #when(at: number): string {
    const { language: lang } = this;
    return Math.abs(at - Date.now()) < dayMs / 2 ? clock(at, lang) : moment(new Date(at).toISOString(), lang);
  }

  #find(item: Item): void {
    const kind = this.officer.closures.layer?.geometry ?? "MultiPolygon";
    const box = boxOf([shapeOf(kind, item.geometry)]);
    if (box) this.session.fly({ box });
  }
}

customElements.define("simtaru-desk-closures", Closing);
