import { css, html, nothing, type TemplateResult } from "lit";
import { personName } from "../account.ts";
import { type Lang, say } from "../catalog.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

const languages: { lang: Lang; short: string; name: string }[] = [
  { lang: "id", short: "ID", name: "Bahasa Indonesia" },
  { lang: "en", short: "EN", name: "English" },
];

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
      .languages {
        display: flex;
        border: 1px solid var(--line);
        border-radius: 8px;
        overflow: hidden;
      }
      .languages button {
        min-width: 40px;
        min-height: 36px;
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--muted);
      }
      .languages button[aria-pressed="true"] {
        background: var(--accent);
        color: var(--on-accent);
      }
      .languages button:focus-visible {
        outline-offset: -3px;
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
        <div class="languages" role="group" aria-label=${this.words.language}>
          ${languages.map(
            ({ lang, short, name }) => html`
              <button
                lang=${lang}
                aria-pressed=${lang === this.language}
                title=${name}
                @click=${() => this.session.setLang(lang)}
              ><span aria-hidden="true">${short}</span><span class="unseen">${name}</span></button>
            `,
          )}
        </div>
        </div>
        ${city?.demo ? html`<p class="demo">${say(city.notice, this.language) || this.words.demo}</p>` : nothing}
      </div>
    `;
  }
}

customElements.define("simtaru-masthead", Masthead);
