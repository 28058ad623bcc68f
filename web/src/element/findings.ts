import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { api, type Findings } from "../api.ts";
import type { Layer } from "../catalog.ts";
import { Element } from "./base.ts";
import { folds, shared } from "./shared.css.ts";

/** What follows from the numbers of a feature: what to look at, and how it is handled. */
class FeatureFindings extends Element {
  static override properties: PropertyDeclarations = {
    ...Element.properties,
    layer: { attribute: false },
    address: {},
    version: {},
    trying: { state: true },
    found: { state: true },
    failed: { state: true },
  };
  declare layer: Layer;
  declare address: string;
  /** Of the feature that is shown: another one is asked for anew. */
  declare version: unknown;
  declare found: Findings | undefined;
  declare failed: boolean | undefined;
  /** Whether somebody has unfolded what a programme would do. */
  declare trying: boolean | undefined;
  #asked = "";
  /** The address that `found` is of. */
  #of = "";
  #request: AbortController | undefined;

  static override styles = [
    shared,
    folds,
    css`
      section {
        margin: 0 0 12px;
        padding-top: 10px;
        border-top: 1px solid var(--line);
        font-size: 0.9375rem;
        line-height: 1.5;
      }
      h3 {
        margin: 0 0 4px;
        font-size: 0.9375rem;
      }
      p,
      ul {
        margin: 0 0 10px;
      }
      ul {
        padding-left: 20px;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    const question = JSON.stringify([this.address, this.version, this.language]);
    if (question !== this.#asked) this.#ask(question);
  }

  #ask(question: string): void {
    this.#asked = question;
    // What was found of another feature does not stand under this one.
    if (this.#of !== this.address) this.found = undefined;
    this.#of = this.address;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.failed = false;
    api.findings(this.address, this.language, request.signal).then(
      (found) => {
        if (this.#request === request) this.found = found;
      },
      () => {
        if (this.#request === request && !request.signal.aborted) this.failed = true;
      },
    );
  }

  protected override render(): TemplateResult {
    const { words, found, failed } = this;
    if (failed) {
      return html`<section><p role="alert">${words.findingsFailed}</p>
        <button class="quiet" @click=${() => this.#ask(this.#asked)}>${words.retry}</button></section>`;
    }
    if (!found) return html`<section><p role="status">${words.loadingFeature}</p></section>`;
    return html`
      <section>
        <h3>${words.findings}</h3>
        ${
          found.findings.length
            ? html`<ul>${found.findings.map((f) => html`<li data-code=${f.code}>${f.message}</li>`)}</ul>`
            : html`<p>${words.findingsNone}</p>`
        }
        <h3>${words.handling}</h3>
        ${this.#handling(found)}
        ${found.score.criteria.some((c) => c.score !== null) ? this.#programme(found) : nothing}
      </section>
    `;
  }

  #programme({ score }: Findings): TemplateResult {
    return html`
      <details @toggle=${() =>
        void this.session.openProgramme(() => {
          this.trying = true;
        })}>
        <summary>${this.words.programme}</summary>
        ${
          this.trying
            ? html`<simtaru-programme .session=${this.session} .layer=${this.layer} .score=${score} .address=${this.address}></simtaru-programme>`
            : nothing
        }
      </details>
    `;
  }

  #handling({ handling, score }: Findings): TemplateResult {
    const { words } = this;
    if (handling) {
      const { priority, classification, weight, pattern } = handling;
      return html`<p class="handling">${words.priority(priority, classification)} ${words.weight[weight]} ${words.pattern[pattern] ?? nothing}</p>`;
    }
    return html`<p class="handling">${score.class === "TK" ? words.handlingNone : words.handlingUnknown}</p>`;
  }
}

customElements.define("simtaru-feature-findings", FeatureFindings);
