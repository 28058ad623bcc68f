import { css, html, nothing, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import {
  type ExpressionSpecification,
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibre,
  type StyleSpecification,
} from "maplibre-gl";
import { say } from "../../catalog.ts";
import type { Control } from "../../element/controls.ts";
import "../../element/controls.ts";
import { shared } from "../../element/shared.css.ts";
import type { Opened } from "../board.ts";
import { figure, parts } from "../figure.ts";
import { blank, type Class, classes, classOf } from "../scale.ts";
import { boxOf } from "../shapes.ts";
import { IndicatorElement } from "./base.ts";
import { look, mapInside } from "./look.css.ts";

const source = "units";

/** The units on a map, coloured by value, and the legend. */
class Choropleth extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    opened: { attribute: false },
    chosen: { attribute: false },
    failed: { state: true },
  };
  declare opened: Opened;
  declare chosen: string | undefined;
  declare failed: boolean | undefined;
  #map: MapLibre | undefined;
  #shown: { opened?: Opened; chosen?: string | undefined; by?: string } = {};

  static override styles = [
    shared,
    look,
    mapInside,
    css`
      .stage {
        position: relative;
        height: 420px;
        border: 1px solid var(--line);
        border-radius: 14px;
        overflow: hidden;
      }
      .legend {
        margin: 10px 0 0;
        padding: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 18px;
        list-style: none;
        font-size: 0.875rem;
        font-variant-numeric: tabular-nums;
      }
      .legend li {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .legend svg {
        flex: none;
        width: 22px;
        height: 16px;
      }
      .legend .small {
        white-space: nowrap;
      }
      .told {
        min-height: 1.5em;
        margin: 10px 0 0;
        font-weight: 600;
      }
      @media (max-width: 719px) {
        .stage {
          height: 320px;
        }
      }
      @media print {
        .stage {
          height: 420px;
          break-inside: avoid;
        }
      }
    `,
  ];

  get #classes(): Class[] {
    const { answer } = this.opened;
    const values = answer.readings.flatMap((r) => r.value ?? []);
    return classes(values, this.#decimals);
  }

  /** To which values are told: those in hectares and kilometres are stored finer than they are shown. */
  get #decimals(): number {
    const { unit, decimals } = this.opened.answer;
    return unit === "m2" ? -2 : unit === "m" ? -1 : decimals;
  }

  protected override render(): TemplateResult {
    const { answer, shapes } = this.opened;
    const words = this.say;
    const chosen = answer.readings.find((r) => r.code === this.chosen);
    return html`
      <h2>${words.map}</h2>
      ${
        !shapes
          ? html`<p>${words.noShapes}</p>`
          : this.failed
            ? html`<p>${words.noMap}</p>`
            : html`<div class="stage">
                <div class="map"></div>
                <simtaru-controls .session=${this.session} @control=${this.#control}></simtaru-controls>
              </div>`
      }
      ${this.#legend()}
      <p class="told" role="status">${
        chosen
          ? `${chosen.name}: ${chosen.value === null ? say(chosen.why, this.language) || words.noValue : figure(chosen.value, answer, this.language)}`
          : ""
      }</p>
    `;
  }

  #legend(): TemplateResult {
    const { answer } = this.opened;
    const words = this.say;
    const missing = answer.readings.filter((r) => r.value === null).length;
    const swatch = (colour: string) =>
      svg`<svg viewBox="0 0 22 16" aria-hidden="true"><rect x=".5" y=".5" width="21" height="15" rx="3" fill=${colour} stroke="#6b7674"></rect></svg>`;
    return html`
      <ul class="legend" aria-label=${words.legend}>
        ${this.#classes.map(({ from, to, colour, count }) => {
          const low = parts(from, answer, this.language);
          const high = parts(to, answer, this.language);
          const range = words.range(low.number, high.number);
          return html`<li>${swatch(colour)}${range}${low.unit ? `\u00a0${low.unit}` : ""} <span class="small">${words.unitsIn(count)}</span></li>`;
        })}
        ${missing ? html`<li>${swatch(blank)}${words.noValue} <span class="small">${words.unitsIn(missing)}</span></li>` : nothing}
      </ul>
    `;
  }

  protected override updated(): void {
    const container = this.renderRoot.querySelector<HTMLElement>(".map");
    if (container && !this.#map) this.#open(container);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
    this.#map = undefined;
    this.#shown = {};
  }

  #open(container: HTMLElement): void {
    const words = this.say;
    const box = boxOf(this.opened.shapes) ?? this.state.catalog?.box;
    let map: MapLibre;
    try {
      map = new MapLibre({
        container,
        style: this.#style(),
        ...(box ? { bounds: box as LngLatBoundsLike, fitBoundsOptions: { padding: 16 } } : {}),
        attributionControl: false,
        renderWorldCopies: false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        // The page scrolls; the map does so only with a second finger or a key.
        cooperativeGestures: true,
        locale: {
          "CooperativeGesturesHandler.WindowsHelpText": words.scrollMap,
          "CooperativeGesturesHandler.MacHelpText": words.scrollMap,
          "CooperativeGesturesHandler.MobileHelpText": words.fingersMap,
        },
        localIdeographFontFamily: false,
        fadeDuration: 0,
        // So that the page prints with its map.
        canvasContextAttributes: { preserveDrawingBuffer: true },
      });
    } catch {
      this.failed = true;
      return;
    }
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.on("click", "units-fill", (e) => {
      const code = e.features?.[0]?.properties["code"];
      this.#tell(typeof code === "string" && code !== this.chosen ? code : undefined);
    });
    map.on("dataloading", () => this.setAttribute("aria-busy", "true"));
    map.on("idle", () => this.setAttribute("aria-busy", "false"));
    map.once("load", () => this.#follow());
  }

  #style(): StyleSpecification {
    const colour: ExpressionSpecification = ["get", "colour"];
    return {
      version: 8,
      sources: { [source]: { type: "geojson", data: { type: "FeatureCollection", features: [] } } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#eef2f3" } },
        { id: "units-fill", type: "fill", source, paint: { "fill-color": colour } },
        { id: "units-line", type: "line", source, paint: { "line-color": "#4c5a59", "line-width": 0.8 } },
        {
          id: "units-chosen",
          type: "line",
          source,
          filter: ["==", ["get", "code"], ""],
          layout: { "line-join": "round" },
          paint: { "line-color": "#c2410c", "line-width": 4 },
        },
        {
          id: "units-name",
          type: "symbol",
          source,
          layout: {
            "text-field": ["get", "name"],
            "text-font": ["Simtaru Medium"],
            "text-size": 12,
            "text-max-width": 7,
          },
          paint: { "text-color": "#1d2b2b", "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
        },
      ],
    };
  }

  #follow(): void {
    const map = this.#map;
    const { opened, chosen } = this;
    const target = map?.getSource<GeoJSONSource>(source);
    if (!map || !target) return;
    map
      .getCanvas()
      .setAttribute(
        "aria-label",
        this.say.mapOf(say(opened.answer.title, this.language), this.say.units[opened.by]),
      );
    if (this.#shown.opened !== opened) {
      const all = this.#classes;
      const value = new Map(opened.answer.readings.map((r) => [r.code, r.value]));
      const features = (opened.shapes?.features ?? []).map((f) => {
        const code = String(f.properties?.["code"] ?? "");
        const colour = classOf(value.get(code) ?? null, all, this.#decimals)?.colour ?? blank;
        return { ...f, properties: { code, name: f.properties?.["name"], colour } };
      });
      target.setData({ type: "FeatureCollection", features });
      const box = boxOf(opened.shapes);
      if (box && this.#shown.by && this.#shown.by !== opened.by)
        map.fitBounds(box, { padding: 16, animate: false });
    }
    if (this.#shown.chosen !== chosen) map.setFilter("units-chosen", ["==", ["get", "code"], chosen ?? ""]);
    this.#shown = { opened, chosen, by: opened.by };
  }

  #control = (event: CustomEvent<Control>): void => {
    const box = boxOf(this.opened.shapes);
    if (event.detail === "in") this.#map?.zoomIn();
    else if (event.detail === "out") this.#map?.zoomOut();
    else if (box) this.#map?.fitBounds(box, { padding: 16 });
  };

  #tell(detail: string | undefined): void {
    this.dispatchEvent(new CustomEvent<string | undefined>("choose", { detail }));
  }
}

customElements.define("simtaru-choropleth", Choropleth);
