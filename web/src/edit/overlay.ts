// What an edit shows on the map besides the tools: the shape as it is now, the
// neighbours that move along, two versions beside each other, a place.

import type { Feature, Geometry } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";

export type Role = "own" | "piece" | "around" | "mine" | "theirs" | "chosen" | "fault";

/** As the panel's words show them too. */
export const colours: Record<Role, string> = {
  own: "#c2410c",
  piece: "#a21caf",
  around: "#6d28d9",
  mine: "#c2410c",
  theirs: "#1d4ed8",
  chosen: "#c2410c",
  fault: "#b91c1c",
};

const source = "edit";
const layers = ["edit-fill", "edit-halo", "edit-line", "edit-spot"];

export interface Drawn {
  role: Role;
  geometry: Geometry | null;
}

export class Overlay {
  #closed = false;

  constructor(private readonly map: MapLibre) {
    whenStyled(map, () => !this.#closed && this.#put());
  }

  show(drawn: Drawn[]): void {
    const features = drawn.flatMap(({ role, geometry }): Feature[] =>
      geometry ? [{ type: "Feature", properties: { role }, geometry }] : [],
    );
    whenStyled(this.map, () => {
      this.map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
    });
  }

  close(): void {
    this.#closed = true;
    for (const id of layers) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource(source)) this.map.removeSource(source);
  }

  #put(): void {
    const { map } = this;
    if (map.getSource(source)) return;
    map.addSource(source, {
      type: "geojson",
      data: { type: "FeatureCollection", features: [] },
      tolerance: 0,
    });
    const colour = ["match", ["get", "role"], ...Object.entries(colours).flat(), "#000000"] as never;
    const round = { "line-join": "round", "line-cap": "round" } as const;
    map.addLayer({
      id: "edit-fill",
      type: "fill",
      source,
      filter: ["all", ["==", ["geometry-type"], "Polygon"], ["!=", ["get", "role"], "around"]],
      paint: { "fill-color": colour, "fill-opacity": 0.18 },
    });
    map.addLayer({
      id: "edit-halo",
      type: "line",
      source,
      filter: ["!=", ["geometry-type"], "Point"],
      layout: round,
      paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.9 },
    });
    map.addLayer({
      id: "edit-line",
      type: "line",
      source,
      filter: ["!=", ["geometry-type"], "Point"],
      layout: round,
      paint: { "line-color": colour, "line-width": 3 },
    });
    map.addLayer({
      id: "edit-spot",
      type: "circle",
      source,
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": ["match", ["get", "role"], "chosen", 9, "fault", 12, 10] as never,
        "circle-color": colour,
        "circle-opacity": ["match", ["get", "role"], "chosen", 0, 0.25] as never,
        "circle-stroke-color": colour,
        "circle-stroke-width": 3,
      },
    });
  }
}

/** Runs now, or as soon as the map takes sources. */
export function whenStyled(map: MapLibre, run: () => void): void {
  // getStyle answers only once the style is there.
  if (map.getStyle()) run();
  else map.once("styledata", () => whenStyled(map, run));
}
