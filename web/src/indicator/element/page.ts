import { css, html, nothing, type TemplateResult } from "lit";
import { say } from "../../catalog.ts";
import "../../element/languages.ts";
import "../../element/notices.ts";
import { shared } from "../../element/shared.css.ts";
import { moment } from "../../format.ts";
import { IndicatorElement } from "./base.ts";
import "./detail.ts";
import { look } from "./look.css.ts";
import "./overview.ts";

/** The page of indicators: all of them, one of them, or the tool to try changes. */
class Page extends IndicatorElement {
  #shown: string | undefined;

  static override styles = [
    shared,
    look,
    css`
      :host {
        position: absolute;
        inset: 0;
        overflow: auto;
        background: var(--paper);
      }
      .frame {
        max-width: 1180px;
        margin: 0 auto;
        padding: 0 20px 40px;
      }
      header {
        padding: 12px 0 4px;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        margin-bottom: 12px;
      }
      .top a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        font-size: 0.9375rem;
        font-weight: 600;
        text-decoration: none;
      }
      .top a:hover {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      .top .quiet {
        min-height: 38px;
        margin-left: auto;
        padding: 0 12px;
        font-size: 0.8125rem;
      }
      .over {
        margin: 0 0 2px;
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--accent);
      }
      h1 {
        margin: 0 0 6px;
        font-size: 1.625rem;
        letter-spacing: -0.02em;
        line-height: 1.2;
      }
      header:focus {
        outline: none;
      }
      .lead {
        max-width: 46em;
        margin: 0 0 8px;
      }
      .demo {
        display: inline-block;
        margin: 2px 0 8px;
        padding: 5px 10px;
        border-radius: 8px;
        background: var(--notice);
        color: var(--on-notice);
        font-size: 0.8125rem;
      }
      @media (max-width: 719px) {
        .top .quiet {
          display: none;
        }
        .top simtaru-languages {
          margin-left: auto;
        }
      }
      .waiting {
        padding: 40px 0;
        text-align: center;
        color: var(--muted);
      }
      @media (max-width: 719px) {
        .frame {
          padding: 0 16px 32px;
        }
        h1 {
          font-size: 1.375rem;
        }
      }
      @media print {
        :host {
          position: static;
          overflow: visible;
          background: none;
        }
        .frame {
          max-width: none;
          padding: 0;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { board, view } = this;
    const city = this.state.catalog?.city;
    const { listed, overview } = board;
    const title = view.trial
      ? this.say.trialTitle(say(board.trial?.answer?.title, this.language))
      : listed
        ? say(listed.title, this.language)
        : this.say.title;
    const lead = view.trial ? this.say.trialLead : listed ? "" : this.say.lead;
    return html`
      <div class="frame">
        <header tabindex="-1" aria-labelledby="title">
          <nav class="top screen">
            <a href=${this.href(undefined)}>← ${this.say.back}</a>
            ${view.id || view.trial ? html`<a href=${this.href({ switches: {} })}>${this.say.all}</a>` : nothing}
            <button class="quiet" @click=${() => print()}>${this.say.print}</button>
            <simtaru-languages .session=${this.session}></simtaru-languages>
          </nav>
          <p class="over">${say(city?.title, this.language)}</p>
          <h1 id="title">${title}</h1>
          ${lead ? html`<p class=${view.trial ? "message" : "lead"}>${lead}</p>` : nothing}
          ${city?.demo ? html`<p class="demo">${say(city.notice, this.language) || this.words.demo}</p>` : nothing}
          <simtaru-notices .session=${this.session}></simtaru-notices>
          <div role="alert">${
            board.trouble
              ? html`<p class="message fault">${board.trouble}
                  ${
                    view.day
                      ? html`<button class="quiet" @click=${() => this.#now()}>${this.say.today}</button>`
                      : html`<button class="quiet" @click=${() => void board.load()}>${this.say.retry}</button>`
                  }</p>`
              : nothing
          }</div>
        </header>
        <main aria-busy=${board.busy}>${this.#body()}</main>
        ${overview?.asOf && !view.trial ? html`<footer class="small">${this.say.asOf(moment(overview.asOf, this.language))}</footer>` : nothing}
      </div>
    `;
  }

  #now(): void {
    const { day: _, ...view } = this.view;
    this.session.look(view);
  }

  #body(): unknown {
    const { board, view } = this;
    if (!board.overview) {
      return board.trouble ? nothing : html`<p class="waiting" role="status">${this.say.loading}</p>`;
    }
    if (view.trial) return this.#trial();
    if (!view.id) return html`<simtaru-overview .session=${this.session}></simtaru-overview>`;
    if (board.opened) return html`<simtaru-indicator .session=${this.session}></simtaru-indicator>`;
    return board.trouble ? nothing : html`<p class="waiting" role="status">${this.say.loading}</p>`;
  }

  /** The drawing tools come when somebody tries something. */
  #trial(): unknown {
    const { trial } = this.board;
    if (!trial) {
      if (this.board.trouble) return nothing;
      void this.board.openTrial();
      return html`<p class="waiting" role="status">${this.say.loading}</p>`;
    }
    return html`<simtaru-trial .session=${this.session} .trial=${trial}></simtaru-trial>`;
  }

  /** Another view begins at its top, and is told to those who do not see it. */
  protected override updated(): void {
    const { id, trial } = this.view;
    const now = `${id ?? ""}/${trial ? "trial" : ""}`;
    if (this.#shown === now) return;
    this.#shown = now;
    this.scrollTop = 0;
    this.renderRoot.querySelector("header")?.focus({ preventScroll: true });
  }
}

customElements.define("simtaru-indicators", Page);
