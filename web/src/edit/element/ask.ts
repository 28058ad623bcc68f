import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { Element } from "../../element/base.ts";
import { shared } from "../../element/shared.css.ts";
import { dialogStyles, formStyles } from "../form.css.ts";

/** A question before something is done that is not easily undone. Answers with the event "answer". */
class Ask extends Element {
  static override properties: PropertyDeclarations = { question: {}, note: {}, yes: {}, no: {} };
  declare question: string;
  declare note: string | undefined;
  declare yes: string;
  declare no: string;
  #answered = false;

  static override styles = [shared, formStyles, dialogStyles];

  protected override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title" @close=${() => this.#answer(false)}>
        <h2 id="title">${this.question}</h2>
        ${this.note ? html`<p class="note">${this.note}</p>` : nothing}
        <div class="row">
          <button class="quiet" autofocus @click=${() => this.#answer(false)}>${this.no}</button>
          <button class="quiet danger" @click=${() => this.#answer(true)}>${this.yes}</button>
        </div>
      </dialog>
    `;
  }

  #answer(detail: boolean): void {
    if (this.#answered) return;
    this.#answered = true;
    this.dispatchEvent(new CustomEvent<boolean>("answer", { detail }));
  }
}

customElements.define("simtaru-ask", Ask);
