import { css, html, nothing, type TemplateResult } from "lit";
import { personName } from "../account.ts";
import { say } from "../catalog.ts";
import { Element } from "./base.ts";
import "./languages.ts";
import { shared } from "./shared.css.ts";

/** The city's name, that it is a demonstration if it is, and the language. */
class Masthead extends Element {
  static override styles = [
    shared,
    css`
      .head {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 12px;
        align-items: start;
      }
      h1 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 700;
        letter-spacing: -0.02em;
        line-height: 1.2;
      }
      .over {
        margin: 0 0 2px;
        font-size: 0.75rem;
        font-weight: 600;
        color: var(--accent);
      }
      .tools {
        display: flex;
        gap: 8px;
      }
      .account {
        max-width: 110px;
        min-height: 38px;
        padding: 0 10px;
        border-radius: 8px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--accent);
      }
      .account:hover {
        background: var(--hover);
      }
      .demo {
        grid-column: 1 / -1;
        margin: 6px 0 0;
        padding: 5px 10px;
        border-radius: 8px;
        background: var(--notice);
        color: var(--on-notice);
        font-size: 0.8125rem;
        line-height: 1.35;
      }
    `,
  ];

  /** Who is logged in, or the way to do so; nothing until the server has said which. */
  #account(): unknown {
    const { account } = this.state;
    if (!account) return nothing;
    const person = account.person && personName(account.person);
    return html`
      <button
        class="account"
        aria-label=${person ? this.words.accountOf(person) : nothing}
        title=${person || nothing}
        @click=${() => void this.session.askAccount()}
      >${person || this.words.login}</button>
    `;
  }

  protected override render(): TemplateResult {
    const city = this.state.catalog?.city;
    return html`
      <div class="head">
        <div>
          <p class="over">${this.words.map}</p>
          <h1>${say(city?.title, this.language) || "simtaru"}</h1>
        </div>
        <div class="tools">
        ${this.#account()}
          <simtaru-languages .session=${this.session}></simtaru-languages>
        </div>
        ${city?.demo ? html`<p class="demo">${say(city.notice, this.language) || this.words.demo}</p>` : nothing}
      </div>
    `;
  }
}

customElements.define("simtaru-masthead", Masthead);
