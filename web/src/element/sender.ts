import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { json } from "../http.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

/** How to reach who sent a feature, for officers: it is asked for by itself, since no layer has it. */
class Sender extends Element {
  static override properties: PropertyDeclarations = {
    ...Element.properties,
    feature: {},
    contact: { state: true },
  };
  declare feature: number | string;
  /** Undefined while it is not known. */
  declare contact: string | undefined;
  #asked: unknown;

  static override styles = [
    shared,
    css`
      p {
        margin: 0 0 12px;
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      span {
        color: var(--muted);
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    if (this.feature !== this.#asked) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { feature } = this;
    this.#asked = feature;
    this.contact = undefined;
    const what = { lang: this.language };
    const found = await json<{ contact: string }>(`/api/v1/reports/contacts/${feature}`, what).catch(
      () => undefined,
    );
    if (this.#asked === feature)
      this.contact = found ? found.contact || this.words.noContact : this.words.contactFailed;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.contact === undefined) return nothing;
    return html`<p><span>${this.words.contact}:</span> ${this.contact}</p>`;
  }
}

customElements.define("simtaru-sender", Sender);
