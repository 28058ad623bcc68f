import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { say } from "../catalog.ts";
import { formStyles } from "../edit/form.css.ts";
import { Element } from "../element/base.ts";
import { head, heads } from "../element/head.ts";
import { folds, shared } from "../element/shared.css.ts";
import { clock, moment, number } from "../format.ts";
import { profiles } from "../hash.ts";
import type { Answer, Shelter, Way } from "./answer.ts";
import { type Evacuation, type Had, serverNow, spareAt, wayOf } from "./evacuation.ts";
import { ago, away, countdown, distance, unbroken } from "./figure.ts";
import { pockets } from "./pocket.ts";
import { type EvacuationWords, evacuationWords } from "./words.ts";

/** Less to spare than this, in s, is told in red. */
const shortS = 300;
/** A place known no better than this, in m, is rough: another street may be nearer. */
const roughM = 50;
const tickMs = 1_000;

/** Where to run: the shelter and the minutes first, in a size that is read while running. */
class EvacuationView extends Element {
  static override properties: PropertyDeclarations = {
    ...Element.properties,
    evacuation: { attribute: false },
  };
  declare evacuation: Evacuation;
  #tick: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    shared,
    formStyles,
    heads,
    folds,
    css`
      :host {
        display: block;
        font-size: 1.0625rem;
        line-height: 1.45;
      }
      p {
        margin: 0 0 10px;
        overflow-wrap: anywhere;
      }
      h3 {
        margin: 0 0 4px;
        font-size: 1.625rem;
        font-weight: 800;
        line-height: 1.15;
        letter-spacing: -0.02em;
        overflow-wrap: anywhere;
      }
      h4 {
        margin: 18px 0 4px;
        font-size: 1rem;
      }
      .over {
        margin: 0;
        color: var(--muted);
      }
      .figures {
        display: flex;
        flex-wrap: wrap;
        gap: 0 20px;
        margin: 0 0 4px;
        font-size: 1.375rem;
        font-weight: 700;
        font-variant-numeric: tabular-nums;
      }
      .small {
        font-size: 0.875rem;
        color: var(--muted);
      }
      .clock {
        margin: 8px 0 12px;
        padding: 8px 14px 10px;
        border-radius: 12px;
        background: var(--hover);
        border-left: 6px solid var(--met);
      }
      .clock.short {
        border-color: var(--missed);
        background: var(--warn-soft);
      }
      .clock p {
        margin: 0;
      }
      .left {
        font-size: 2.25rem;
        font-weight: 800;
        line-height: 1.15;
        font-variant-numeric: tabular-nums;
      }
      .short .left {
        color: var(--missed);
      }
      .sentence {
        font-size: 1.25rem;
        font-weight: 700;
        line-height: 1.35;
      }
      .message {
        font-size: 1rem;
      }
      .message.fault {
        color: var(--ink);
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
        counter-reset: step;
      }
      ol li {
        counter-increment: step;
        display: grid;
        grid-template-columns: 2rem minmax(0, 1fr);
        padding: 10px 0;
        border-top: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      ol li::before {
        content: counter(step);
        font-weight: 800;
        color: var(--accent);
      }
      ul {
        margin: 0 0 10px;
        padding: 0;
        list-style: none;
      }
      li small {
        display: block;
        color: var(--muted);
        font-size: 0.875rem;
      }
      .others {
        display: grid;
        gap: 8px;
      }
      .other {
        width: 100%;
        min-height: 52px;
        padding: 8px 14px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        text-align: left;
        line-height: 1.3;
      }
      .other[aria-pressed="true"] {
        border: 3px solid var(--accent);
        padding: 6px 12px;
      }
      .other b {
        display: block;
      }
      details li {
        padding: 6px 0;
        border-top: 1px solid var(--line-soft);
      }
      .row {
        margin: 4px 0 14px;
      }
      .row button {
        flex: 1;
        min-height: 48px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), tickMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  get #words(): EvacuationWords {
    return evacuationWords[this.language];
  }

  #m(metres: number): string {
    return distance(metres, this.language);
  }

  protected override render(): TemplateResult {
    return html`
      ${head(this.#words.title, this.words.close, () => this.session.closeEvacuation())}
      ${this.#body()}
    `;
  }

  #body(): unknown {
    const words = this.#words;
    const { phase } = this.evacuation;
    switch (phase?.kind) {
      case "locating":
        return html`<p class="sentence" role="status">${words.locating}</p><p>${this.#tap()}</p>`;
      case "choosing":
        return html`<p class="sentence" role=${phase.why ? "alert" : "status"}>${
          phase.why && this.state.noWebgl ? words.unlocatedBlind : phase.why ? words[phase.why] : words.choose
        }</p>
        ${this.state.noWebgl ? nothing : html`<p class="small">${words.chooseKeys}</p>`}
        ${this.#places(false)}`;
      case "asking":
        return html`<p class="sentence" role="status">${words.asking}</p>`;
      case "failed":
        return html`<p class="message fault" role="alert">${phase.why ?? words.failed}</p>
          ${phase.again ? html`<div class="row"><button class="solid" @click=${() => this.evacuation.again()}>${words.again}</button></div>` : nothing}
          ${this.#how()} ${this.#places()}`;
      case "answered":
        return this.#answered(phase.had);
      default:
        return nothing;
    }
  }

  #tap(): unknown {
    return this.state.noWebgl ? nothing : this.#words.choose;
  }

  #answered(had: Had): TemplateResult {
    const { answer } = had;
    const { way } = this.evacuation;
    return html`
      ${this.#age(had)}
      ${had.changed ? html`<p class="message" role="status">${this.#words.changed(clock(had.changed, this.language))}</p>` : nothing}
      ${way ? this.#go(way) : this.#nowhere(answer)}
      ${this.#clock(had, way)}
      ${way ? this.#steps(way) : nothing}
      ${this.#others(answer)}
      ${this.#passed(answer)}
      <p class="small">${this.#origin()} ${this.#pocket()}</p>
      ${this.#how()} ${this.#places()}
    `;
  }

  /** That the answer is not of now, and why. */
  #age({ answer, at, trouble, pack }: Had): unknown {
    const words = this.#words;
    const { language: lang } = this;
    if (pack) return this.#packed(pack);
    const { from } = this.state.address.evacuate ?? {};
    const metres = from ? away(from, answer.from.coordinates) : 0;
    const old =
      trouble === "offline"
        ? words.offline(clock(at, lang))
        : trouble && words.refusedNow(clock(at, lang), trouble);
    const stale = !trouble && answer.asOf && words.stale(moment(answer.asOf, lang));
    return old || stale
      ? html`<p class="message fault" role="alert">${old || stale} ${trouble && metres >= 1 ? words.elsewhere(this.#m(metres)) : nothing}</p>`
      : nothing;
  }

  /** That the way was found without the server, and what is not known. */
  #packed({ asOf, profile, until }: NonNullable<Had["pack"]>): TemplateResult {
    const words = this.#words;
    const { language: lang } = this;
    const asked = this.state.address.evacuate?.profile ?? profiles[0];
    const how = profiles.find((name) => name === profile);
    return html`<p class="message fault" role="alert">${words.packed(ago(asOf, Date.now(), lang))}
      ${until ? words.packedUntil(moment(until, lang)) : nothing}
      ${how && how !== asked ? words.packedHow(words.profile[how]) : nothing}</p>`;
  }

  /** Whether the way would be found without a connection. */
  #pocket(): string {
    const words = this.#words.pocket;
    const { state } = pockets;
    return state.kind === "kept" ? words.kept(ago(state.asOf, Date.now(), this.language)) : words[state.kind];
  }

  #go({ destination, duration, length }: Way): TemplateResult {
    const words = this.#words;
    return html`
      <div role="status">
        <p class="over">${words.to}</p>
        <h3>${destination.name}</h3>
        <p class="figures"><span>${this.#minutes(duration)}</span><span>${this.#m(length)}</span></p>
      </div>
      <p class="small">${this.#shelter(destination)}</p>
    `;
  }

  #minutes(seconds: number): string {
    return this.#words.minutes(number(Math.max(Math.ceil(seconds / 60), 1), this.language, 0));
  }

  #shelter({ room, refuge_height: height }: Shelter): string {
    const words = this.#words;
    const n = (v: number) => number(v, this.language, 1, true);
    return [words.room(n(room)), ...(height === null ? [] : [words.height(n(height))])].join(" · ");
  }

  #nowhere({ sentence, refuge }: Answer): TemplateResult {
    const words = this.#words;
    return html`
      <p class="message fault sentence" role="alert">${say(sentence, this.language)}</p>
      ${
        refuge
          ? html`<p class="over">${words.refuge}</p>
            <h3>${refuge.name}</h3>
            <p class="figures"><span>${words.straight(this.#m(refuge.distance))}</span></p>
            ${refuge.refuge_height === null ? nothing : html`<p>${words.height(number(refuge.refuge_height, this.language, 1))}</p>`}`
          : nothing
      }
    `;
  }

  /** Until the hazard is there, and how much of that is to spare on the way. */
  #clock(had: Had, way: Way | undefined): unknown {
    const words = this.#words;
    const { event, departure_at } = had.answer;
    const deadline = way?.tightest?.deadline ?? event?.arrival_at;
    if (!deadline || !(event || way?.tightest)) return nothing;
    const now = serverNow(had, Date.now());
    const left = (Date.parse(deadline) - now) / 1000;
    const spare = way && spareAt(way, departure_at, now);
    const short = left <= 0 || !way || (spare !== undefined && spare < shortS);
    const place = way?.tightest?.name ?? "";
    return html`<div class=${short ? "clock short" : "clock"}>
      <p>${left > 0 ? words.arrivesIn : words.arrived}</p>
      <p class="left" role="timer">${countdown(left)}</p>
      ${
        spare === undefined
          ? nothing
          : html`<p>${spare > 0 ? words.spare(Math.floor(spare / 60), place) : words.noSpare(place)}</p>`
      }
    </div>`;
  }

  #steps({ steps }: Way): TemplateResult {
    return html`<h4>${this.#words.steps}</h4>
      <ol>${steps.map((step) => html`<li><span>${unbroken(say(step.text, this.language))}</span></li>`)}</ol>`;
  }

  /** The other shelters, and the way that needs no bridge. */
  #others(answer: Answer): unknown {
    const words = this.#words;
    const { chosen } = this.evacuation;
    const ways = [...answer.routes.keys(), "alternative" as const].flatMap((key) => {
      const way = wayOf(answer, key);
      return way ? [{ key, way }] : [];
    });
    if (ways.length < 2) return nothing;
    return html`<h4>${words.others}</h4>
      <div class="others">${ways.map(
        ({
          key,
          way,
        }) => html`<button class="other" aria-pressed=${key === chosen} @click=${() => this.evacuation.show(key)}>
          <b>${way.destination.name}</b>
          ${key === "alternative" ? `${words.without(answer.routes[0]?.bridges.filter(Boolean).join(", ") ?? "")} · ` : nothing}${this.#minutes(way.duration)} · ${this.#m(way.length)}
        </button>`,
      )}</div>`;
  }

  #passed({ passed_over: passed }: Answer): unknown {
    const words = this.#words;
    if (!passed.length) return nothing;
    return html`<details>
      <summary>${words.passed(passed.length)}</summary>
      <ul>${passed.map(
        (one) => html`<li>${one.name}
          <small>${words.straight(this.#m(one.distance))}. ${say(one.text, this.language)}</small></li>`,
      )}</ul>
    </details>`;
  }

  #origin(): string {
    const words = this.#words;
    const { accuracy } = this.evacuation;
    if (accuracy === undefined) return words.tapped;
    return `${words.located(this.#m(accuracy))}${accuracy > roughM ? ` ${words.rough}` : ""}`;
  }

  #how(): TemplateResult {
    const words = this.#words;
    const { evacuate } = this.state.address;
    return html`<label>${words.how}
      <select @change=${(event: Event) => {
        const profile = profiles.find((name) => name === (event.target as HTMLSelectElement).value);
        this.session.store.go({ evacuate: { ...evacuate, ...(profile ? { profile } : {}) } });
      }}>
        ${profiles.map(
          (name) =>
            html`<option value=${name} .selected=${name === (evacuate?.profile ?? profiles[0])}>${words.profile[name]}</option>`,
        )}
      </select>
    </label>`;
  }

  #places(other = true): TemplateResult {
    const words = this.#words;
    return html`<div class="row">
      <button class="quiet" @click=${() => this.evacuation.locate()}>${words.here}</button>
      ${
        other && !this.state.noWebgl
          ? html`<button class="quiet" @click=${() => this.evacuation.choose()}>${words.elsewhereButton}</button>`
          : nothing
      }
    </div>`;
  }
}

customElements.define("simtaru-evacuation", EvacuationView);
