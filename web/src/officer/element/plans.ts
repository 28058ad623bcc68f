import { css, html, nothing, svg, type TemplateResult } from "lit";
import { say as sayText } from "../../catalog.ts";
import { bar } from "../../element/bar.ts";
import { folds } from "../../element/shared.css.ts";
import { evacuationWords } from "../../evacuation/words.ts";
import { fixed, moment } from "../../format.ts";
import { profiles } from "../../hash.ts";
import { type Outcome, type Plan, reasons, unfinished } from "../plans.ts";
import { deskStyles, Part } from "./base.ts";

/** Plans for the whole city: a new one, those there are, one of them, two side by side. */
class Planning extends Part {
  static override styles = [
    ...deskStyles,
    folds,
    css`
      .two {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0 8px;
      }
      .curve {
        display: block;
        width: 100%;
        height: 72px;
        margin: 4px 0 2px;
        border-bottom: 1px solid var(--line-strong);
      }
      .curve rect {
        fill: var(--accent);
      }
      thead th.number {
        max-width: 9em;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      .axis {
        display: flex;
        justify-content: space-between;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { say } = this;
    const { plans } = this.officer;
    const { officer } = this.state.address;
    const open = plans.find(officer?.plan);
    const fault = plans.fault
      ? html`<p class="message fault" role="alert">${this.why(plans.fault)}</p>`
      : nothing;
    if (open) return html`${fault}${this.#one(open, plans.find(officer?.beside))}`;
    return html`${fault}${this.#form()}
      ${
        plans.list
          ? html`<h3>${say.plansMade}</h3>${plans.list.length === 0 ? html`<p>${say.noPlans}</p>` : nothing}
            <ul>${plans.list.map((plan) => this.#row(plan))}</ul>`
          : html`<p class="small" role="status">${say.loading}</p>`
      }`;
  }

  #go(plan: string | undefined, beside?: string): void {
    const { officer } = this.state.address;
    if (!officer) return;
    const { plan: _, beside: __, ...rest } = officer;
    this.session.store.go({ officer: { ...rest, ...(plan ? { plan, ...(beside ? { beside } : {}) } : {}) } });
  }

  #form(): TemplateResult {
    const { say } = this;
    const { plans } = this.officer;
    const { catalog } = this.state;
    const field = catalog?.coded("event_level")?.fields.find((f) => f.codes?.list === "hazard");
    const hazards = (field && catalog?.codes(field)) ?? [];
    const number = (name: string, label: string, value: number, most: number) =>
      html`<div class="field"><label>${label}<input name=${name} type="number" inputmode="numeric" required min="0" max=${most} value=${value}></label></div>`;
    return html`<details>
      <summary>${say.newPlan}</summary>
      <form @submit=${(event: SubmitEvent) => this.#order(event)}>
        <div class="field"><label>${say.planTitle}<input name="title" required maxlength="200"></label></div>
        <div class="two">
          <div class="field"><label>${say.hazard}<select name="hazard">
            ${hazards.slice(0, 4).map(({ code, title }) => html`<option value=${code}>${sayText(title, this.language)}</option>`)}
          </select></label></div>
          <div class="field"><label>${say.how}<select name="profile">
            ${profiles.map((name) => html`<option value=${name}>${evacuationWords[this.language].profile[name]}</option>`)}
          </select></label></div>
          ${number("minutes", say.horizon, 45, 180)}
          ${number("to", say.departing, 10, 120)}
        </div>
        <button class="solid" ?disabled=${plans.asking}>${say.makePlan}</button>
      </form>
    </details>`;
  }

  async #order(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const id = await this.officer.plans.order({
      title: String(given.get("title")),
      hazard: String(given.get("hazard")),
      profile: String(given.get("profile")),
      minutes: Number(given.get("minutes")),
      departure: { from_min: 0, to_min: Number(given.get("to")) },
      people: "night",
    });
    if (id) this.#go(id);
  }

  #row(plan: Plan): TemplateResult {
    const { say, language: lang } = this;
    const { outcome } = plan;
    return html`<li class="one" data-id=${plan.id}>
      <h4>${plan.title}</h4>
      <span class="small">${moment(plan.asked_at, lang)} · ${plan.asked_by} · ${say.planStatus[plan.status]}</span>
      ${outcome ? html`<p>${say.saved(this.n(outcome.saved), this.n(outcome.people))}</p>` : nothing}
      <div class="row"><button class="quiet grow" @click=${() => this.#go(plan.id)}>${say.openPlan}</button></div>
    </li>`;
  }

  #one(plan: Plan, beside: Plan | undefined): TemplateResult {
    const { say, language: lang } = this;
    const { plans } = this.officer;
    const { progress } = plan;
    const outcome = plans.whole(plan.id);
    const others = (plans.list ?? []).filter((other) => other.id !== plan.id && other.outcome);
    return html`
      <h3>${plan.title}</h3>
      <p class="small">${moment(plan.asked_at, lang)} · ${plan.asked_by} · ${plan.cancelling ? say.cancelling : say.planStatus[plan.status]}</p>
      ${
        unfinished(plan)
          ? html`<div role="status">
            ${bar(progress.share * 100)}
            <p class="small">${progress.bound ? say.soFar(this.n(progress.saved), this.n(progress.bound), this.n(Math.round(progress.seconds))) : say.loading}</p>
          </div>`
          : nothing
      }
      ${plan.problem ? html`<p class="message fault" role="alert">${sayText(plan.problem.detail, lang)}</p>` : nothing}
      ${plan.note ? html`<p class="message">${sayText(plan.note, lang)}</p>` : nothing}
      ${outcome ? this.#outcome(outcome, plans.whole(beside?.id), beside?.title) : nothing}
      ${
        outcome && others.length
          ? html`<div class="field"><label>${say.compareWith}<select @change=${(event: Event) => this.#go(plan.id, (event.target as HTMLSelectElement).value)}>
            <option value="" .selected=${!beside}>–</option>
            ${others.map((other) => html`<option value=${other.id} .selected=${other.id === beside?.id}>${other.title}</option>`)}
          </select></label></div>`
          : nothing
      }
      <div class="row">
        <button class="quiet grow" @click=${() => this.#go(undefined)}>${say.allPlans}</button>
        <button class="quiet danger grow" ?disabled=${plan.cancelling} @click=${() => this.#drop(plan)}>${unfinished(plan) ? say.cancelPlan : say.dropPlan}</button>
      </div>`;
  }

  #drop(plan: Plan): void {
    if (!unfinished(plan)) this.#go(undefined);
    void this.officer.plans.drop(plan.id);
  }

  #outcome(a: Outcome, b: Outcome | undefined, besideTitle = ""): TemplateResult {
    const { say, language: lang } = this;
    const minutes = (v: number) => fixed(v, 1, lang);
    const rows: [string, string, string | undefined][] = [
      [say.savedHead, this.n(a.saved), b && this.n(b.saved)],
      [say.boundHead, this.n(a.people - a.not_saved_at_least), b && this.n(b.people - b.not_saved_at_least)],
      [say.gapHead, `${fixed(a.gap * 100, 1, lang)}%`, b && `${fixed(b.gap * 100, 1, lang)}%`],
      [say.meanHead, minutes(a.arrival.mean), b && minutes(b.arrival.mean)],
      [say.lastHead, minutes(a.arrival.last), b && minutes(b.arrival.last)],
      ...reasons(a, b, lang).map(([text, x, y]): [string, string, string | undefined] => [
        text,
        this.n(x),
        y === undefined ? undefined : this.n(y),
      ]),
    ];
    const saved = new Map(b?.areas.map((area) => [area.code, area.saved]));
    const areas = a.areas
      .filter((area) => area.saved < area.people || (b && saved.get(area.code) !== area.saved))
      .sort((x, y) => y.people - y.saved - (x.people - x.saved));
    return html`
      ${this.#curve(a.arrivals_per_minute)}
      <div class="scroll" tabindex="0" role="group" aria-label=${say.duties.plans}><table>
        ${b ? html`<thead><tr><td></td><th scope="col" class="number">${say.thisPlan}</th><th scope="col" class="number">${besideTitle}</th></tr></thead>` : nothing}
        <tbody>${rows.map(([name, x, y]) => html`<tr><th scope="row">${name}</th><td class="number">${x}</td>${b ? html`<td class="number">${y}</td>` : nothing}</tr>`)}</tbody>
      </table></div>
      <details><summary>${say.leftByArea(areas.length)}</summary>
        <div class="scroll" tabindex="0" role="group" aria-label=${say.gampong}><table>
        <thead><tr><th scope="col">${say.gampong}</th><th scope="col" class="number">${say.all}</th><th scope="col" class="number">${say.leftHead}</th>${b ? html`<th scope="col" class="number">${besideTitle}</th>` : nothing}</tr></thead>
        <tbody>${areas.map(
          (area) =>
            html`<tr><th scope="row">${area.name}</th><td class="number">${this.n(area.people)}</td><td class="number">${this.n(area.people - area.saved)}</td>${b ? html`<td class="number">${this.n(area.people - (saved.get(area.code) ?? 0))}</td>` : nothing}</tr>`,
        )}</tbody></table></div>
      </details>
      <details><summary>${say.shelterUse}</summary>
        <ul>${[...a.shelters]
          .sort((x, y) => y.people - x.people)
          .map(
            ({ name, people, room }) =>
              html`<li>${name} <span class="small">${this.n(people)} / ${this.n(room)}</span>${bar(room ? (100 * people) / room : undefined)}</li>`,
          )}</ul>
      </details>`;
  }

  /** How many arrive in each minute. */
  #curve(perMinute: number[]): unknown {
    const { say } = this;
    const most = Math.max(...perMinute, 1);
    const n = perMinute.length;
    if (n === 0) return nothing;
    return html`<span class="small">${say.curve(this.n(most))}</span>
      <svg class="curve" viewBox="0 0 ${n} 100" preserveAspectRatio="none" role="img" aria-label=${say.curve(this.n(most))}>
        ${perMinute.map((people, i) => svg`<rect x=${i + 0.1} width="0.8" y=${100 - (100 * people) / most} height=${(100 * people) / most}></rect>`)}
      </svg>
      <div class="axis small"><span>0</span><span>${say.minutes(n)}</span></div>`;
  }
}

customElements.define("simtaru-desk-plans", Planning);
