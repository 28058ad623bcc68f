import { css, html, nothing, type TemplateResult } from "lit";
import { folds } from "../../element/shared.css.ts";
import { evacuationWords } from "../../evacuation/words.ts";
import { profiles, reaches } from "../../hash.ts";
import { type Coverage, rows, shades } from "../people.ts";
import { deskStyles, Part } from "./base.ts";

/** Who is out of reach, by gampong; the map is shaded by it. */
class Uncovered extends Part {
  static override styles = [
    ...deskStyles,
    folds,
    css`
      .choices {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-bottom: 12px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
      }
      .legend li {
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: 0.875rem;
      }
      .legend svg {
        width: 18px;
        height: 14px;
      }
      .sheets {
        columns: 2;
      }
      .sheets a {
        display: block;
        padding: 10px 0;
      }
      .worse {
        color: var(--missed);
        font-weight: 700;
      }
      .better {
        color: var(--met);
        font-weight: 700;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { say } = this;
    const { people } = this.officer;
    return html`
      ${this.#choices()}
      ${people.fault ? html`<p class="message fault" role="alert">${this.why(people.fault)}</p>` : nothing}
      ${people.now ? this.#table() : people.fault ? nothing : html`<p class="small" role="status">${say.loading}</p>`}
    `;
  }

  #choices(): TemplateResult {
    const { say } = this;
    const { officer } = this.state.address;
    const go = (part: object) => officer && this.session.store.go({ officer: { ...officer, ...part } });
    const { minutes = 15, profile = profiles[0] } = officer ?? {};
    return html`<div class="choices">
      <label>${say.within}
        <select @change=${(event: Event) => go({ minutes: Number((event.target as HTMLSelectElement).value) })}>
          ${reaches.map((n) => html`<option value=${n} .selected=${n === minutes}>${say.minutes(n)}</option>`)}
        </select></label>
      <label>${say.how}
        <select @change=${(event: Event) => go({ profile: (event.target as HTMLSelectElement).value })}>
          ${profiles.map((name) => html`<option value=${name} .selected=${name === profile}>${evacuationWords[this.language].profile[name]}</option>`)}
        </select></label>
    </div>`;
  }

  /** What hangs on the notice board of each gampong. */
  #sheets({ areas }: Coverage): TemplateResult {
    const { language: lang } = this;
    const { profile } = this.state.address.officer ?? {};
    const query = new URLSearchParams({ lang, ...(profile ? { profile } : {}) });
    return html`<details>
      <summary>${this.say.sheets}</summary>
      <ul class="sheets">${areas
        .filter(({ code }) => code)
        .map(
          ({ code, name }) =>
            html`<li><a href="/evacuation/sheet/${code}?${query}" target="_blank">${name}</a></li>`,
        )}</ul>
    </details>`;
  }

  #table(): unknown {
    const { say } = this;
    const { now, since } = this.officer.people;
    if (!now) return nothing;
    const list = rows(now, since);
    return html`
      <p class="small">${say.legend}</p>
      <ul class="legend">${shades.map(
        ([to, colour]) =>
          html`<li><svg aria-hidden="true"><rect width="18" height="14" fill=${colour}></rect></svg>${say.upTo(to * 100)}</li>`,
      )}</ul>
      ${list.length === 0 ? html`<p role="status"><b>${say.everybody}</b></p>` : nothing}
      ${
        list.length
          ? html`<div class="scroll" tabindex="0" role="group" aria-label=${say.duties.people}><table>
          <thead><tr><th scope="col">${say.gampong}</th><th scope="col" class="number">${say.all}</th><th scope="col" class="number">${say.out}</th><th scope="col" class="number">${say.change}</th></tr></thead>
          <tbody>${list.map(
            ({ code, name, district, people, uncovered, more }) => html`<tr data-code=${code}>
              <th scope="row"><span title=${district}>${name}</span></th>
              <td class="number">${this.n(people)}</td><td class="number">${this.n(uncovered)}</td>
              <td class="number"><span class=${more > 0 ? "worse" : more < 0 ? "better" : ""}>${more === 0 ? "–" : `${more > 0 ? "+" : "−"}${this.n(Math.abs(more))}`}</span></td>
            </tr>`,
          )}</tbody></table></div>`
          : nothing
      }
      ${this.#sheets(now)}
      <p class="small">${say.nearestRule} ${now.unplaced ? say.unplaced(this.n(now.unplaced)) : nothing}</p>
    `;
  }
}

customElements.define("simtaru-desk-people", Uncovered);
