import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { Item } from "../../api.ts";
import { say as sayText } from "../../catalog.ts";
import { bar } from "../../element/bar.ts";
import { count, text } from "../desk.ts";
import { type Draft, type Overtaken, settable } from "../refuges.ts";
import { deskStyles, Part } from "./base.ts";

const steps = [-10, -1, 1, 10];
/** From this share of its capacity on a shelter is nearly full. */
const nearlyFull = 0.9;

/** Shelters as they fill. */
class Filling extends Part {
  static override properties: PropertyDeclarations = { ...Part.properties, sought: { state: true } };
  declare sought: string | undefined;

  static override styles = [
    ...deskStyles,
    css`
      .steps {
        display: grid;
        grid-template-columns: repeat(2, 46px) minmax(64px, 1fr) repeat(2, 46px);
        gap: 6px;
        margin: 8px 0 0;
      }
      .steps button,
      .states button {
        min-height: 46px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        font-weight: 600;
      }
      .steps input {
        min-height: 46px;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      .states {
        display: flex;
        gap: 6px;
        margin: 6px 0 0;
      }
      .states button {
        flex: 1;
        min-height: 46px;
        padding: 0 4px;
        font-size: 0.9375rem;
      }
      .states button[aria-pressed="true"] {
        background: var(--accent);
        color: var(--on-accent);
        border-color: var(--accent);
      }
      .title {
        display: flex;
        justify-content: space-between;
        gap: 8px;
      }
      .title h3 {
        margin: 0;
      }
      .title span {
        flex: none;
        font-weight: 600;
        font-size: 0.875rem;
      }
      .bar {
        margin: 6px 0 4px;
      }
      .message {
        margin: 8px 0 0;
      }
      input[type="search"] {
        margin-bottom: 12px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { say } = this;
    const { refuges } = this.officer;
    if (!refuges.items)
      return refuges.fault
        ? html`<p class="message fault" role="alert">${this.why(refuges.fault)}</p>`
        : html`<p class="small" role="status">${say.loading}</p>`;
    const inUse = refuges.items.filter((item) => text(item, "status") !== "planned");
    const sum = (of: (item: Item) => number) => this.n(inUse.reduce((all, item) => all + of(item), 0));
    const sought = (this.sought ?? "").trim().toLowerCase();
    const found = inUse.filter((item) => text(item, "name").toLowerCase().includes(sought));
    return html`
      <p>${say.sum(
        sum((item) => Number(refuges.value(item, "occupancy") ?? 0)),
        sum((item) => count(item, "capacity")),
        sum((item) => refuges.room(item)),
      )}</p>
      <input type="search" aria-label=${say.searchShelter} placeholder=${say.searchShelter} .value=${this.sought ?? ""}
        @input=${(event: Event) => {
          this.sought = (event.target as HTMLInputElement).value;
        }}>
      ${found.length ? html`<ul>${found.map((item) => this.#one(item))}</ul>` : html`<p role="status">${say.noneFound}</p>`}
    `;
  }

  #one(item: Item): TemplateResult {
    const { say } = this;
    const { refuges } = this.officer;
    const name = text(item, "name");
    const inside = Number(refuges.value(item, "occupancy") ?? 0);
    const capacity = count(item, "capacity");
    const share = capacity > 0 ? inside / capacity : undefined;
    const colour = share === undefined || share < nearlyFull ? undefined : share < 1 ? "#b26a00" : "#a3161f";
    return html`<li class="one" data-id=${item.id}>
      <div class="title"><h3>${name}</h3><span>${this.#state(String(refuges.value(item, "status") ?? ""))}</span></div>
      ${bar(share === undefined ? undefined : share * 100, colour)}
      <span class="small">${say.fill(this.n(inside), this.n(capacity), this.n(refuges.room(item)))}</span>
      <div class="steps">
        ${steps.slice(0, 2).map((step) => this.#step(item, name, inside, step))}
        <input type="number" inputmode="numeric" min="0" aria-label=${say.inside(name)} .value=${String(inside)}
          @change=${(event: Event) => {
            const people = (event.target as HTMLInputElement).valueAsNumber;
            if (Number.isFinite(people)) refuges.fill(item, people);
            else this.requestUpdate();
          }}>
        ${steps.slice(2).map((step) => this.#step(item, name, inside, step))}
      </div>
      <div class="states" role="group" aria-label=${say.status(name)}>${this.#states(item)}</div>
      ${this.#draft(item, refuges.drafts.get(String(item.id)))}
    </li>`;
  }

  #step(item: Item, name: string, inside: number, by: number): TemplateResult {
    const { say } = this;
    const n = Math.abs(by);
    return html`<button aria-label=${by < 0 ? say.less(name, n) : say.more(name, n)} ?disabled=${by < 0 && inside <= 0}
      @click=${() => this.officer.refuges.fill(item, inside + by)}>${by < 0 ? "−" : "+"}${n}</button>`;
  }

  #states(item: Item): unknown {
    const { refuges } = this.officer;
    const now = refuges.value(item, "status");
    return settable.map(
      (code) =>
        html`<button aria-pressed=${code === now} @click=${() => code !== now && refuges.mark(item, code)}>${this.#state(code)}</button>`,
    );
  }

  #state(code: string): string {
    const field = this.officer.refuges.layer?.fields.find((f) => f.codes?.list === "shelter_status");
    return (field && sayText(this.state.catalog?.code(field, code), this.language)) || code;
  }

  #draft(item: Item, draft: Draft | undefined): unknown {
    const { say } = this;
    const id = String(item.id);
    if (!draft) return nothing;
    if (draft.overtaken) return this.#overtaken(id, draft.overtaken);
    if (draft.fault)
      return html`<p class="message fault" role="alert">${this.why(draft.fault)}</p>
        <div class="row"><button class="quiet" @click=${() => this.officer.refuges.again(id)}>${say.again}</button></div>`;
    return draft.sending ? html`<p class="small" role="status">${say.sending}</p>` : nothing;
  }

  #overtaken(id: string, { mine, theirs, by }: Overtaken): TemplateResult {
    const { say } = this;
    const tell = (values: Record<string, unknown>) =>
      Object.keys(mine)
        .map((name) =>
          name === "occupancy"
            ? say.people(this.n(Number(values[name] ?? 0)))
            : this.#state(String(values[name] ?? "")),
        )
        .join(", ");
    return html`<p class="message fault" role="alert">${say.overtaken(by)}</p>
      <div class="row">
        <button class="quiet grow" @click=${() => this.officer.refuges.settle(id, false)}>${say.keepTheirs(tell(theirs.properties))}</button>
        <button class="quiet grow" @click=${() => this.officer.refuges.settle(id, true)}>${say.setMine(tell(mine))}</button>
      </div>`;
  }
}

customElements.define("simtaru-desk-refuges", Filling);
