import { css, html, type TemplateResult } from "lit";
import type { Lang } from "../catalog.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

const languages: { lang: Lang; short: string; name: string }[] = [
  { lang: "id", short: "ID", name: "Bahasa Indonesia" },
  { lang: "en", short: "EN", name: "English" },
];

/** The choice of language. */
class Languages extends Element {
  static override styles = [
    shared,
    css`
      div {
        display: flex;
        border: 1px solid var(--line);
        border-radius: 8px;
        overflow: hidden;
      }
      button {
        min-width: 40px;
        min-height: 36px;
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--muted);
      }
      button[aria-pressed="true"] {
        background: var(--accent);
        color: var(--on-accent);
      }
      button:focus-visible {
        outline-offset: -3px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`
      <div role="group" aria-label=${this.words.language}>
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
    `;
  }
}

customElements.define("simtaru-languages", Languages);
