import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { type Catalog, type FeatureRef, type Layer, sameRef, say } from "../catalog.ts";
import { listed, moment } from "../format.ts";
import { placeOf } from "../hash.ts";
import { ownHost } from "../http.ts";
import { headline } from "../mapstyle.ts";
import type { Found } from "../state.ts";
import { Element } from "./base.ts";
import "./here.ts";
import { charted } from "./chart.ts";
import "./findings.ts";
import "./sender.ts";
import { head, heads } from "./head.ts";
import { shared } from "./shared.css.ts";

/** What lies under the last tap, each in plain words; one is open at a time. */
class Feature extends Element {
  static override properties: PropertyDeclarations = { reporting: { state: true } };
  /** Whether the form to report the place is open. */
  declare reporting: boolean;

  static override styles = [
    shared,
    heads,
    css`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .entry {
        display: block;
        width: 100%;
        text-align: left;
        padding: 10px 0;
        line-height: 1.3;
      }
      .entry:hover .name {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      .name {
        display: block;
        font-weight: 700;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
      }
      .layer {
        display: block;
        margin-top: 2px;
        font-size: 0.8125rem;
        color: var(--muted);
      }
      dl {
        margin: 0 0 12px;
        font-size: 0.9375rem;
      }
      dl div {
        padding: 6px 0;
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        gap: 12px;
        border-top: 1px solid var(--line-soft);
        line-height: 1.4;
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      dd small {
        display: block;
        color: var(--muted);
        font-size: 0.8125rem;
      }
      .small {
        margin: 0 0 12px;
        font-size: 0.8125rem;
        line-height: 1.5;
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 2px 0 12px;
      }
      .actions button {
        min-height: 40px;
      }
      .photo {
        display: block;
        max-width: 100%;
        max-height: 60dvh;
        margin: 0 0 12px;
        border-radius: 8px;
      }
      .fleeing,
      .reporting {
        margin: 8px 0;
        min-height: 40px;
      }
      .action {
        color: var(--accent);
        text-decoration: underline;
        padding: 8px 0;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { catalog, address, at } = this.state;
    const { words } = this;
    // A link opens a feature that nobody tapped.
    const found = this.state.found ?? (address.pick ? [{ ref: address.pick, properties: {} }] : []);
    return html`
      ${head(
        html`<span role="status">${found.length > 1 ? words.hereCount(found.length) : words.about}</span>`,
        words.close,
        () => this.session.dismiss(),
      )}
      ${at ? html`<button class="quiet fleeing" @click=${() => void this.session.evacuate({ from: placeOf(at) })}>${words.evacuateHere}</button>` : nothing}
      <simtaru-here .session=${this.session}></simtaru-here>
      ${at ? this.#report() : nothing}
      ${found.length ? nothing : html`<p class="small">${words.nothingHere}</p>`}
      <ol>
        ${found.map((one) => this.#entry(catalog, one, sameRef(one.ref, address.pick), found.length > 1))}
      </ol>
    `;
  }

  #report(): TemplateResult {
    return this.reporting
      ? html`<simtaru-report-form .session=${this.session} @leave=${() => {
          this.reporting = false;
        }}></simtaru-report-form>`
      : html`<button class="quiet reporting" @click=${() =>
          void this.session.openReport(() => {
            this.reporting = true;
          })}>${this.words.reportPlace}</button>`;
  }

  #entry(catalog: Catalog | undefined, found: Found, open: boolean, several: boolean): TemplateResult {
    const layer = catalog?.layer(found.ref.layer);
    const { detail } = this.state;
    const item = detail?.kind === "ready" && sameRef(detail.ref, found.ref) ? detail.item : undefined;
    const name =
      catalog && layer
        ? headline(catalog, layer, found.ref, item?.properties ?? found.properties, this.language)
        : `${found.ref.layer} ${found.ref.id}`;
    const title = html`
      <span class="name">${name}</span>
      <span class="layer">${say(layer?.title, this.language)}</span>
    `;
    return html`
      <li>
        ${
          several
            ? html`<button
                class="entry"
                aria-expanded=${open}
                @click=${() => this.session.pick(open ? undefined : found.ref)}
              >${title}</button>`
            : html`<div class="entry">${title}</div>`
        }
        ${open ? this.#body(catalog, layer, found.ref) : nothing}
      </li>
    `;
  }

  #body(catalog: Catalog | undefined, layer: Layer | undefined, ref: FeatureRef): TemplateResult {
    const { detail } = this.state;
    const { words } = this;
    if (detail && sameRef(detail.ref, ref)) {
      if (detail.kind === "gone") return html`<p class="small" role="status">${words.featureGone}</p>`;
      if (detail.kind === "failed") {
        return html`<p class="small" role="alert">${words.featureFailed}</p>
          <button class="action" @click=${() => this.session.pick(ref)}>${words.retry}</button>`;
      }
      if (detail.kind === "ready" && catalog && layer) {
        return html`${this.#actions(layer, ref)} ${this.#photo(layer, ref, detail.item.properties)}
          ${layer.photo && layer.edit ? html`<simtaru-sender .session=${this.session} .feature=${ref.id}></simtaru-sender>` : nothing}
          ${this.#attributes(catalog, layer, ref, detail.item.properties)}`;
      }
    }
    return html`<p class="small" role="status">${words.loadingFeature}</p>`;
  }

  #actions(layer: Layer, ref: FeatureRef): TemplateResult {
    return html`
      <div class="actions">
        ${
          layer.edit
            ? html`<button class="solid" @click=${() => void this.session.edit(ref)}>${this.words.edit}</button>`
            : nothing
        }
        <button class="quiet" @click=${() => void this.session.openPast(ref)}>${this.words.history}</button>
      </div>
    `;
  }

  #photo(
    layer: Layer,
    ref: FeatureRef,
    properties: Record<string, unknown>,
  ): TemplateResult | typeof nothing {
    if (!layer.photo || properties[layer.photo] !== true) return nothing;
    const name = `${say(layer.title, this.language)} ${ref.id}`;
    return html`<img class="photo" src=${ownHost(`/api/v1/reports/photos/${ref.id}`)} alt=${this.words.photoOf(name)} />`;
  }

  #attributes(
    catalog: Catalog,
    layer: Layer,
    ref: FeatureRef,
    properties: Record<string, unknown>,
  ): TemplateResult {
    const { words, language: lang } = this;
    const drawn = charted(layer);
    const rows = layer.fields
      .filter((field) => !drawn.has(field.name))
      .map((field) => ({
        title: say(field.title, lang) || field.name,
        text: listed(catalog, field, properties[field.name], lang),
        note: say(field.description, lang),
      }));
    const missing = rows.filter((row) => row.text === undefined).map((row) => row.title);
    const updated = properties["updated_at"];
    const attribution = say(layer.attribution, lang);
    return html`
      <dl>
        ${rows
          .filter((row) => row.text !== undefined)
          .map(
            (row) => html`<div>
            <dt>${row.title}</dt>
            <dd>${row.text} ${row.note ? html`<small>${row.note}</small>` : nothing}</dd>
          </div>`,
          )}
      </dl>
      ${
        layer.chart
          ? html`<simtaru-feature-chart .session=${this.session} .layer=${layer} .values=${properties}></simtaru-feature-chart>`
          : nothing
      }
      ${
        layer.chart?.findings
          ? html`<simtaru-feature-findings .session=${this.session} .layer=${layer} .address=${`${layer.chart.findings}/${ref.id}`} .version=${properties["revision"]}></simtaru-feature-findings>`
          : nothing
      }
      ${missing.length ? html`<p class="small">${words.notRecorded}: ${missing.join(", ")}.</p>` : nothing}
      <p class="small">
        ${attribution ? html`${words.source}: ${attribution}. ` : nothing}
        ${typeof updated === "string" ? words.updated(moment(updated, lang)) : nothing}
      </p>
    `;
  }
}

customElements.define("simtaru-feature", Feature);
