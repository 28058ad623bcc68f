import { css, html, type PropertyDeclarations, type TemplateResult } from "lit";
import { type LngLatBoundsLike, Map as MapLibre } from "maplibre-gl";
import { LandTool } from "../../edit/land.ts";
import { Overlay } from "../../edit/overlay.ts";
import { geometryOf } from "../../edit/shape.ts";
import type { Control } from "../../element/controls.ts";
import "../../element/controls.ts";
import { shared } from "../../element/shared.css.ts";
import { ownHost } from "../../http.ts";
import { adapt, withAddress } from "../../mapstyle.ts";
import { under } from "../../pick.ts";
import { IndicatorElement } from "../element/base.ts";
import { look, mapInside } from "../element/look.css.ts";
import type { Piece, Tool, Trial } from "./trial.ts";

/** The plan's map with the pieces that are tried on it. */
class TrialMap extends IndicatorElement {
  static override properties: PropertyDeclarations = {
    trial: { attribute: false },
    // What it draws, so that it is drawn again when that changes.
    pieces: { attribute: false },
    tool: {},
    failed: { state: true },
  };
  declare trial: Trial;
  declare pieces: readonly Piece[];
  declare tool: Tool | undefined;
  declare failed: boolean | undefined;
  #map: MapLibre | undefined;
  #land: LandTool | undefined;
  #overlay: Overlay | undefined;
  #shown: { pieces?: readonly Piece[]; tool?: Tool | undefined } = {};

  static override styles = [
    shared,
    look,
    mapInside,
    css`
      :host {
        display: block;
        position: relative;
        overflow: hidden;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`
      <div class="map"></div>
      ${
        this.failed
          ? html`<p role="alert">${this.words.noWebgl}</p>`
          : html`<simtaru-controls .session=${this.session} @control=${this.#control}></simtaru-controls>`
      }
    `;
  }

  protected override updated(): void {
    if (!this.#map && !this.failed) this.#open();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#land?.close();
    this.#overlay?.close();
    this.#map?.remove();
    this.#map = undefined;
    this.#land = undefined;
    this.#shown = {};
  }

  #open(): void {
    const { style, catalog, address } = this.state;
    const container = this.renderRoot.querySelector<HTMLElement>(".map");
    if (!style || !catalog || !container) return;
    const { position } = address;
    const start = position
      ? { center: [position.lon, position.lat] as [number, number], zoom: position.zoom }
      : catalog.box
        ? { bounds: catalog.box as LngLatBoundsLike, fitBoundsOptions: { padding: 16 } }
        : {};
    let map: MapLibre;
    try {
      map = new MapLibre({
        container,
        ...start,
        style: withAddress(adapt(style, catalog), catalog, address),
        minZoom: 3,
        maxZoom: 21,
        attributionControl: false,
        renderWorldCopies: false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        zoomLevelsToOverscale: 30,
        localIdeographFontFamily: false,
        transformRequest: (url) => ({ url: ownHost(url), cache: "no-cache" }),
      });
    } catch {
      this.failed = true;
      return;
    }
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    for (const begin of ["movestart", "dataloading"] as const)
      map.on(begin, () => this.setAttribute("aria-busy", "true"));
    map.on("idle", () => this.setAttribute("aria-busy", "false"));
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      this.session.store.go({ position: { zoom: map.getZoom(), lat, lon: lng } });
    });
    map.on("click", (e) => {
      if (this.trial.tool === "pick") void this.trial.found(under(map, e.point));
    });
    map.getCanvas().addEventListener("keydown", this.#key, { capture: true });
    this.#overlay = new Overlay(map);
    this.#land = new LandTool(map, {
      drew: (ring) => this.trial.drew(ring),
      left: () => this.trial.use(undefined),
    });
    map.once("load", () => this.#follow());
  }

  #follow(): void {
    const map = this.#map;
    if (!map) return;
    const { pieces, tool } = this;
    map.getCanvas().setAttribute("aria-label", this.say.trialMap);
    if (this.#shown.pieces !== pieces) {
      this.#overlay?.show(
        pieces.map((p) => ({ role: p.op === "delete" ? "theirs" : "own", geometry: geometryOf(p.shape) })),
      );
    }
    if (this.#shown.tool !== tool) this.#land?.use(tool === "draw");
    map.getCanvas().style.cursor = tool ? "crosshair" : "";
    this.#shown = { pieces, tool };
  }

  finish(): void {
    this.#land?.finish();
  }

  fly(box: LngLatBoundsLike): void {
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#map?.fitBounds(box, { padding: 60, maxZoom: 17, animate });
  }

  /** Space and Enter pick in the middle, for those who use no pointer. */
  #key = (event: KeyboardEvent): void => {
    const map = this.#map;
    if (!map || this.trial.tool !== "pick") return;
    if (event.key === " " || event.key === "Enter")
      void this.trial.found(under(map, map.project(map.getCenter())));
    else if (event.key === "Escape") this.trial.use(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #control = (event: CustomEvent<Control>): void => {
    const box = this.state.catalog?.box;
    if (event.detail === "in") this.#map?.zoomIn();
    else if (event.detail === "out") this.#map?.zoomOut();
    else if (box) this.fly(box);
  };
}

customElements.define("simtaru-trial-map", TrialMap);

export type { TrialMap };
