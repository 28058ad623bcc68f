// The outline around the feature whose words are shown.

import type { Geometry } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre, StyleSpecification } from "maplibre-gl";

const source = "picked";
const colour = "#c2410c";

export function highlightSource(): StyleSpecification["sources"] {
  return { [source]: { type: "geojson", data: { type: "FeatureCollection", features: [] } } };
}

export function highlightLayers(): LayerSpecification[] {
  return [
    {
      id: "picked-area",
      type: "fill",
      source,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-opacity": 0.12 },
    },
    {
      id: "picked-halo",
      type: "line",
      source,
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": "#ffffff", "line-width": 7 },
    },
    {
      id: "picked-line",
      type: "line",
      source,
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour, "line-width": 3.5 },
    },
    {
      id: "picked-point",
      type: "circle",
      source,
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 11,
        "circle-color": colour,
        "circle-opacity": 0.15,
        "circle-stroke-color": colour,
        "circle-stroke-width": 3.5,
      },
    },
  ];
}

/** Shows the geometry, or nothing. */
export function highlight(map: MapLibre, geometry: Geometry | null): void {
  const target = map.getSource<GeoJSONSource>(source);
  if (!target || shown.get(target) === geometry) return;
  shown.set(target, geometry);
  target.setData({
    type: "FeatureCollection",
    features: geometry ? [{ type: "Feature", properties: {}, geometry }] : [],
  });
}

/** What each source shows, so that the same geometry is not sent again. */
const shown = new WeakMap<GeoJSONSource, Geometry | null>();
