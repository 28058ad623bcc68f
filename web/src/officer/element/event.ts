import { css, html, nothing, type TemplateResult } from "lit";
import type { Item } from "../../api.ts";
import { type Field, say as sayText } from "../../catalog.ts";
import { landWords } from "../../edit/landwords.ts";
import { clock } from "../../format.ts";
import { momentOf, text } from "../desk.ts";
import type { Form } from "../hazards.ts";
import { deskStyles, Part } from "./base.ts";

/** Warnings that are on, and a new one: said before it is announced. */
class Warning extends Part {
  static override styles = [
    ...deskStyles,
    css`
      li.one h3 {
        margin: 0;
      }
      .sure {
        padding: 12px 14px 14px;
        border: 2px solid #a3161f;
        border-radius: 12px;
      }
      .sure h3 {
        margin-top: 0;
      }
      .sure ul {
        padding-left: 18px;
        list-style: disc;
      }
      blockquote {
        margin: 0 0 10px;
        padding: 8px 12px;
        border-radius: 8px;
        background: var(--hover);
        overflow-wrap: anywhere;
      }
      textarea {
        min-height: 104px;
      }
      fieldset {
        margin: 0 0 12px;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .row .main {
        flex: 1;
        margin: 0;
      }
      .arrival {
        display: flex;
        gap: 8px;
        align-items: end;
        margin-top: 10px;
      }
      .arrival label {
        flex: 1;
        margin: 0;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { hazards } = this.officer;
    return html`
      ${hazards.now ? this.#list(hazards.now) : html`<p class="small" role="status">${this.say.loading}</p>`}
      ${hazards.fault ? html`<p class="message fault" role="alert">${this.why(hazards.fault)}</p>` : nothing}
      ${this.#new()}
    `;
  }

  #field(name: string): Field | undefined {
    return this.officer.hazards.layer?.fields.find((f) => f.name === name);
  }

  #word(name: string, code: string): string {
    const field = this.#field(name);
    return (field && sayText(this.state.catalog?.code(field, code), this.language)) || code;
  }

  #list(items: Item[]): unknown {
    if (items.length === 0) return this.officer.hazards.form ? nothing : html`<p>${this.say.noEvent}</p>`;
    return html`<ul>${items.map((item) => this.#one(item))}</ul>`;
  }

  #one(item: Item): TemplateResult {
    const { say, language: lang } = this;
    const { hazards } = this.officer;
    const id = String(item.id);
    const level = text(item, "level");
    const arrives = momentOf(item, "arrival_at");
    const minutes =
      arrives === undefined ? "" : String(Math.max(Math.round((arrives - Date.now()) / 60_000), 0));
    const title = `${level ? `${this.#word("level", level)}: ` : ""}${this.#word("hazard", text(item, "hazard"))}`;
    const when = arrives === undefined ? say.unknownArrival : say.expected(clock(arrives, lang));
    return html`<li class="one" data-id=${id}>
      <h3>${title}</h3>
      <span class="small">${text(item, "name") ? `${text(item, "name")} · ` : nothing}${say.since(clock(momentOf(item, "starts_at") ?? 0, lang))} · ${when}</span>
      ${
        hazards.ending === id
          ? html`<div class="sure" role="alert"><h3>${say.endSure}</h3><p>${say.endWill}</p>
            <div class="row">
              <button class="quiet grow" @click=${() => hazards.ask(undefined)}>${say.cancel}</button>
              <button class="solid grow" ?disabled=${hazards.busy === id} @click=${() => void hazards.end(id)}>${say.endYes}</button>
            </div></div>`
          : html`<form class="arrival" @submit=${(event: SubmitEvent) => this.#arrive(event, id)}>
              <label>${say.arrives}<input name="minutes" type="number" inputmode="numeric" min="0" max="10080" .value=${minutes}></label>
              <button class="quiet" aria-label=${say.changeArrival} ?disabled=${hazards.busy === id}>${say.save}</button>
            </form>
            <div class="row"><button class="quiet danger grow" @click=${() => hazards.ask(id)}>${say.end}</button></div>`
      }
    </li>`;
  }

  #arrive(event: SubmitEvent, id: string): void {
    event.preventDefault();
    const typed = new FormData(event.target as HTMLFormElement).get("minutes");
    void this.officer.hazards.arrive(id, typed ? Number(typed) : undefined);
  }

  #new(): TemplateResult {
    const { say } = this;
    const { hazards } = this.officer;
    const { form, step } = hazards;
    if (!form) {
      const first = (name: string) => {
        const field = this.#field(name);
        return (field && this.state.catalog?.codes(field)[0]?.code) ?? "";
      };
      return html`<button class="main" @click=${() => hazards.begin(first("hazard"), first("level"))}>${say.announce}</button>`;
    }
    return step.kind === "form" ? this.#form(form) : this.#sure(form);
  }

  #choice(label: string, name: "hazard" | "level", value: string): TemplateResult {
    const field = this.#field(name);
    const codes = field ? (this.state.catalog?.codes(field) ?? []) : [];
    return html`<div class="field"><label>${label}
      <select @change=${(event: Event) => this.officer.hazards.say({ [name]: (event.target as HTMLSelectElement).value })}>
        ${field?.required ? nothing : html`<option value="" .selected=${value === ""}>${this.say.noLevel}</option>`}
        ${codes.map(({ code, title }) => html`<option value=${code} .selected=${code === value}>${sayText(title, this.language)}</option>`)}
      </select></label></div>`;
  }

  #form(form: Form): TemplateResult {
    const { say } = this;
    const { hazards } = this.officer;
    const { message } = hazards;
    return html`<form @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      hazards.sure();
    }}>
      <h3>${say.announce}</h3>
      ${this.#choice(say.hazard, "hazard", form.hazard)}
      ${this.#choice(say.level, "level", form.level)}
      <div class="field"><label>${say.arrives}
        <input type="number" inputmode="numeric" min="0" max="10080" .value=${form.arrives}
          @input=${(event: Event) => hazards.say({ arrives: (event.target as HTMLInputElement).value })}></label>
        <p class="note">${say.arrivesNote}</p></div>
      ${this.#area(form)}
      ${(["id", "en"] as const).map(
        (lang) => html`<div class="field"><label>${lang === "id" ? say.messageId : say.messageEn}
          <textarea lang=${lang} maxlength="1000" .value=${message[lang] ?? ""}
            @input=${(event: Event) => hazards.say({ message: { ...form.message, [lang]: (event.target as HTMLTextAreaElement).value } })}></textarea></label></div>`,
      )}
      <div class="row">
        <button type="button" class="quiet grow" @click=${() => hazards.cancel()}>${say.cancel}</button>
        <button class="solid grow" ?disabled=${form.area === "drawn" && !form.ring}>${say.next}</button>
      </div>
    </form>`;
  }

  #area(form: Form): TemplateResult {
    const { say } = this;
    const { hazards } = this.officer;
    const choice = (area: Form["area"], label: string) => html`<label class="check">
      <input type="radio" name="area" .checked=${form.area === area} @change=${() => hazards.say({ area })}>${label}</label>`;
    return html`<fieldset><legend>${say.area}</legend>
      ${choice("city", say.wholeCity)}
      ${this.state.noWebgl ? nothing : choice("drawn", say.drawn)}
      ${form.wrong ? html`<p class="wrong" role="alert">${landWords[this.language][form.wrong]}</p>` : nothing}
      ${form.ring ? html`<p class="note" role="status">${say.drawnDone}</p>` : nothing}
      ${
        form.drawing
          ? html`<p class="note" role="status">${say.drawIt}</p>
            <div class="row"><button type="button" class="quiet" @click=${() => hazards.finish()}>${say.closeArea}</button></div>`
          : nothing
      }
    </fieldset>`;
  }

  #sure({ hazard, level }: Form): TemplateResult {
    const { say, language: lang } = this;
    const { hazards } = this.officer;
    const { message, arrival } = hazards;
    const sending = hazards.step.kind === "sending";
    return html`<div class="sure" role="alert">
      <h3>${say.sureTitle}</h3>
      <p><b>${level ? `${this.#word("level", level)}: ` : ""}${this.#word("hazard", hazard)}</b></p>
      <ul>${say.will(this.#word("hazard", hazard), arrival === undefined ? "" : clock(arrival, lang)).map((line) => html`<li>${line}</li>`)}</ul>
      <blockquote lang="id">${message.id}</blockquote>
      <blockquote lang="en">${message.en}</blockquote>
      <div class="row">
        <button class="quiet grow" ?disabled=${sending} @click=${() => hazards.back()}>${say.back}</button>
        <button class="main" ?disabled=${sending} @click=${() => void hazards.announce()}>${sending ? say.announcing : say.sure}</button>
      </div>
    </div>`;
  }
}

customElements.define("simtaru-desk-event", Warning);
