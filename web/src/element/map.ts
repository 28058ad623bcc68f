import { html, type TemplateResult } from "lit";
import { Map as MapLibre, ScaleControl, type StyleSpecification, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { type Catalog, sameRef } from "../catalog.ts";
import { courseLayers, courseSource, drawCourse } from "../evacuation/course.ts";
import { highlight, highlightLayers, highlightSource } from "../highlight.ts";
import { ownHost } from "../http.ts";
import { adapt, Parts, withAddress } from "../mapstyle.ts";
import { boardLayers, boardSource, drawBoard } from "../officer/draw.ts";
import { under } from "../pick.ts";
import { refresh } from "../refresh.ts";
import type { Flight, State } from "../state.ts";
import { Element } from "./base.ts";
import type { Control } from "./controls.ts";
import "./controls.ts";

// A worker of our own host, so that the policy need not allow blob:.
setWorkerUrl(workerUrl);

/** As in page.css. */
const phone = "(max-width: 719px)";
const panelPx = 364;

const indonesia: [number, number, number, number] = [94.5, -11.5, 141.5, 6.5];

/** The map: draws the style as the address asks, and reports taps and moves. */
class MapView extends Element {
  #map: MapLibre | undefined;
  #parts: Parts | undefined;
  /** The state that the map was last brought to. */
  #shown: Partial<State> = {};

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { words } = this;
    return html`
      <div class="map"></div>
      ${
        this.state.noWebgl
          ? html`<div class="waiting" role="alert"><p>${words.noWebgl} <a href="/ogc">/ogc</a></p></div>`
          : html`<simtaru-controls .session=${this.session} @control=${this.#control}></simtaru-controls>`
      }
    `;
  }

  protected override updated(): void {
    if (!this.#map && !this.state.noWebgl) this.#open();
    else this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.onTouched = undefined;
    this.session.map = undefined;
    this.#map?.remove();
    this.#map = undefined;
  }

  #open(): void {
    const { style, catalog, address, flight } = this.state;
    const container = this.querySelector<HTMLElement>(".map");
    if (!style || !catalog || !container) return;
    const { position } = address;
    const { center, zoom } = catalog.city;
    const start = position
      ? { center: [position.lon, position.lat] as [number, number], zoom: position.zoom }
      : center
        ? { center, zoom: zoom ?? 12 }
        : { bounds: catalog.box ?? indonesia };
    let map: MapLibre;
    try {
      map = new MapLibre({
        container,
        ...start,
        style: this.#prepare(style, catalog),
        minZoom: 3,
        maxZoom: 21,
        attributionControl: false,
        renderWorldCopies: false,
        rollEnabled: false,
        pitchWithRotate: false,
        dragRotate: false,
        touchPitch: false,
        fadeDuration: 150,
        // Tiles out of view are not kept: a change would not reach them.
        maxTileCacheSize: 0,
        refreshExpiredTiles: false,
        // Never split a tile beyond its source's deepest zoom: the parts would
        // each fetch the whole again, and refreshTiles would not know them.
        zoomLevelsToOverscale: 30,
        localIdeographFontFamily: false,
        // The server's ETag is asked each time, so that no stale tile is drawn.
        transformRequest: (url) => ({ url: ownHost(url), cache: "no-cache" }),
      });
    } catch {
      this.session.store.update({ noWebgl: true });
      return;
    }
    this.#map = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new ScaleControl({ maxWidth: 96 }), "bottom-left");
    map.on("zoom", () => this.session.store.update({ zoom: map.getZoom() }));
    map.on("moveend", () => this.#moved());
    map.on("click", (e) => {
      // Then a tap is a tool's.
      if (this.#drawing) return;
      this.session.tapped(under(map, e.point), [e.lngLat.lng, e.lngLat.lat]);
      this.#uncover(e.point.y);
    });
    map.on("styledata", () => this.#follow());
    map.on("error", () => this.#trouble(true));
    map.on("sourcedata", (e) => e.tile && this.#trouble(false));
    map.on("dataloading", () => this.setAttribute("aria-busy", "true"));
    map.on("idle", () => this.setAttribute("aria-busy", "false"));
    map.getCanvas().addEventListener("keydown", this.#key);
    this.session.map = map;
    this.session.onTouched = (touched) => this.#parts && refresh(map, this.#parts, touched);
    // A flight of before does not lead away from where the address is.
    this.#shown = { style, address, ...(flight ? { flight } : {}) };
    this.#moved();
    this.#follow();
  }

  /** Whether a tool has the map in hand. */
  get #drawing(): boolean {
    const { editor, extract, officer } = this.state;
    return editor !== undefined || extract?.phase?.kind === "drawing" || officer?.drawing === true;
  }

  #prepare(raw: StyleSpecification, catalog: Catalog): StyleSpecification {
    const style = adapt(raw, catalog);
    this.#parts = new Parts(style);
    const dressed = withAddress(style, catalog, this.state.address);
    return {
      ...dressed,
      sources: { ...dressed.sources, ...highlightSource(), ...courseSource(), ...boardSource() },
      layers: [...dressed.layers, ...highlightLayers(), ...boardLayers(), ...courseLayers()],
    };
  }

  /** Brings the map from the state it shows to the present one. */
  #follow(): void {
    const map = this.#map;
    const parts = this.#parts;
    const { catalog, style, address, detail, flight, editor, past, extract, evacuation, officer } =
      this.state;
    if (!map || !parts || !catalog || !style) return;
    const old = this.#shown;
    // A new style would take away what is being drawn: it waits until that is done.
    if (old.style !== style && !this.#drawing && !past) {
      this.#shown = { ...old, style, address };
      map.setStyle(this.#prepare(style, catalog));
    } else if (old.address?.shown !== address.shown || old.address?.opacity !== address.opacity) {
      this.#shown = { ...old, address };
      parts.dress(map, catalog, address);
    }
    if (old.flight !== flight && flight) this.#fly(flight);
    if (map.getSource("picked")) {
      const open = detail?.kind === "ready" && sameRef(detail.ref, address.pick) ? detail : undefined;
      const outlined = address.extract ? extract?.outline : open?.item.geometry;
      highlight(map, editor || past || address.evacuate || address.officer ? null : (outlined ?? null));
      drawCourse(map, editor || !address.evacuate ? undefined : evacuation?.course);
      drawBoard(map, catalog, editor || !address.officer ? undefined : officer?.board);
    }
    map.getCanvas().setAttribute("aria-label", this.words.mapLabel);
    this.#shown = { ...this.#shown, ...(flight ? { flight } : {}) };
  }

  #fly(flight: Flight): void {
    const map = this.#map;
    if (!map) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const padding = this.#padding();
    const target = flight.box
      ? map.cameraForBounds(flight.box, { padding, maxZoom: 17 })
      : { center: flight.center ?? map.getCenter(), zoom: flight.zoom ?? Math.max(map.getZoom(), 15) };
    if (target) map.flyTo({ ...target, animate: !calm, maxDuration: 1500 });
  }

  /** Room for the sheet that covers the lower half of a phone's map and the buttons on it, and for the panel on a wide one. */
  #padding(): { top: number; bottom: number; left: number; right: number } {
    if (matchMedia(phone).matches) {
      return { top: 40, left: 40, right: 64, bottom: Math.round(this.offsetHeight * 0.5) };
    }
    const { found, address, editor, past } = this.state;
    const panel =
      found || address.pick || address.evacuate || address.officer || address.extract || editor || past;
    return { top: 60, left: 60, right: panel ? 60 + panelPx : 60, bottom: 60 };
  }

  /** Moves a tapped point out from under the sheet that opens over a phone's map. */
  #uncover(y: number): void {
    const over = y - this.offsetHeight * 0.42;
    if (matchMedia(phone).matches && over > 0) this.#map?.panBy([0, Math.round(over)]);
  }

  /** Parts of the map that did not arrive are told to the reader, until something arrives again. */
  #trouble(now: boolean): void {
    if (this.state.mapTrouble !== now) this.session.store.update({ mapTrouble: now });
  }

  #moved(): void {
    if (!this.#map) return;
    const { lng, lat } = this.#map.getCenter();
    const zoom = this.#map.getZoom();
    this.session.store.update({ zoom });
    this.session.store.go({ position: { zoom, lat, lon: lng } });
  }

  #control = (event: CustomEvent<Control>): void => {
    const box = this.state.catalog?.box;
    if (event.detail === "in") this.#map?.zoomIn();
    else if (event.detail === "out") this.#map?.zoomOut();
    else if (box) this.session.fly({ box });
  };

  /** Enter on the map reads its centre, for those who use no pointer. */
  #key = (event: KeyboardEvent): void => {
    const map = this.#map;
    if (event.key !== "Enter" || !map || this.#drawing) return;
    const { lng, lat } = map.getCenter();
    this.session.tapped(under(map, map.project([lng, lat])), [lng, lat]);
  };
}

customElements.define("simtaru-map", MapView);
