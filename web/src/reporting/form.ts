import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { formStyles } from "../edit/form.css.ts";
import { Element } from "../element/base.ts";
import { shared } from "../element/shared.css.ts";
import { HttpError, ownHost } from "../http.ts";
import { scaled } from "./photo.ts";
import { newKey, type Sent, send } from "./send.ts";
import { type ReportWords, reportWords } from "./words.ts";

type Phase =
  | { kind: "writing"; fault?: string; at?: string | undefined }
  | { kind: "sending"; share: number }
  | { kind: "sent"; sent: Sent };

/** A form to report the place of the last tap, and the link to follow the report. */
class ReportForm extends Element {
  static override properties: PropertyDeclarations = { phase: { state: true } };
  declare phase: Phase;
  /** Of what was sent last, and what that was. */
  #key = "";
  #last = "";

  constructor() {
    super();
    this.phase = { kind: "writing" };
  }

  static override styles = [
    shared,
    formStyles,
    css`
      :host {
        display: block;
        padding: 4px 0 12px;
        border-bottom: 1px solid var(--line);
      }
      h2 {
        margin: 4px 0 6px;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
      }
      p {
        line-height: 1.5;
      }
      progress {
        display: block;
        width: 100%;
        height: 8px;
        margin: 8px 0;
        accent-color: var(--accent);
      }
      .link {
        overflow-wrap: anywhere;
      }
    `,
  ];

  get #words(): ReportWords {
    return reportWords[this.language];
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    if (this.phase.kind === "sent") return this.#done(this.phase.sent);
    const { phase } = this;
    const sending = phase.kind === "sending";
    const wrong = (name: string) => phase.kind === "writing" && phase.at === name;
    return html`
      <h2>${words.title}</h2>
      <p class="note">${words.where}</p>
      <form @submit=${this.#submit}>
        <div class="field">
          <label for="kind">${words.kind}</label>
          <select id="kind" name="kind" ?disabled=${sending} aria-invalid=${wrong("kind")}>
            ${Object.entries(words.kinds).map(([code, title]) => html`<option value=${code}>${title}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="text">${words.text}</label>
          <textarea id="text" name="text" required minlength="5" maxlength="2000" rows="3" ?disabled=${sending}
            aria-invalid=${wrong("text")}></textarea>
        </div>
        <div class="field">
          <label for="photo">${words.photo}</label>
          <input id="photo" name="photo" type="file" accept="image/jpeg,image/png" ?disabled=${sending}
            aria-invalid=${wrong("photo")} aria-describedby="photo-note" />
          <p class="note" id="photo-note">${words.photoNote}</p>
        </div>
        <div class="field">
          <label for="contact">${words.contact}</label>
          <input id="contact" name="contact" maxlength="200" autocomplete="email" ?disabled=${sending}
            aria-invalid=${wrong("contact")} aria-describedby="contact-note" />
          <p class="note" id="contact-note">${words.contactNote}</p>
        </div>
        ${phase.kind === "writing" && phase.fault ? html`<p class="message fault" role="alert">${phase.fault}</p>` : nothing}
        ${
          phase.kind === "sending"
            ? html`<p role="status">${words.sending(Math.floor(phase.share * 100))}</p>
                <progress max="1" .value=${phase.share} aria-label=${words.send}></progress>`
            : nothing
        }
        <div class="row">
          <button class="solid" ?disabled=${sending}>${words.send}</button>
          <button class="quiet" type="button" ?disabled=${sending} @click=${this.#leave}>${words.cancel}</button>
        </div>
      </form>
    `;
  }

  /** What came of it is shown where the eyes are: the form is longer than what takes its place. */
  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("phase")) return;
    const told = this.phase.kind === "sent" ? "h2" : "[role=alert]";
    this.renderRoot.querySelector(told)?.scrollIntoView({ block: "center" });
  }

  #done(sent: Sent): TemplateResult {
    const words = this.#words;
    const link = ownHost(sent.link);
    return html`
      <h2><span role="status">${words.sent}</span></h2>
      <p>${words.keep}</p>
      <p class="link"><a href=${`${link}?lang=${this.language}`} target="_blank" rel="noreferrer">${words.follow}</a></p>
      <p class="note link">${link}</p>
      <button class="quiet" @click=${this.#leave}>${this.words.close}</button>
    `;
  }

  #leave = (): void => {
    this.dispatchEvent(new CustomEvent("leave"));
  };

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { at } = this.state;
    if (!at || this.phase.kind === "sending") return;
    const form = new FormData(event.target as HTMLFormElement);
    const photo = form.get("photo");
    form.set("lon", at[0].toFixed(7));
    form.set("lat", at[1].toFixed(7));
    this.phase = { kind: "sending", share: 0 };
    const key = this.#keyOf(form);
    try {
      if (photo instanceof File && photo.size > 0) form.set("photo", await scaled(photo), photo.name);
      else form.delete("photo");
      const progress = (share: number): void => {
        this.phase = { kind: "sending", share };
      };
      const sent = await send(form, { lang: this.language, csrf: this.state.account?.csrf, key, progress });
      this.phase = { kind: "sent", sent };
    } catch (error) {
      this.phase =
        error instanceof HttpError && error.problem.detail
          ? { kind: "writing", fault: error.words, at: error.problem.at }
          : { kind: "writing", fault: this.#words.failed };
    }
  };

  /** The same for the same report: the answer may have got lost. What was changed since is another. */
  #keyOf(form: FormData): string {
    // Where no file is chosen there is an empty one, of now.
    const parts = [...form].map(([name, part]) =>
      part instanceof File ? [name, part.name, part.size, part.size && part.lastModified] : [name, part],
    );
    const report = JSON.stringify(parts);
    if (report !== this.#last) this.#key = newKey();
    this.#last = report;
    return this.#key;
  }
}

customElements.define("simtaru-report-form", ReportForm);
