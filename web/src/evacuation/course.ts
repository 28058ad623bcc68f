// The way to run, thick on the map, from where one stands to its shelter.

import type { Feature, Geometry, LineString, Position } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre, StyleSpecification } from "maplibre-gl";

const source = "course";
const way = "#1d4ed8";
const safe = "#15803d";

/** What is drawn; a new object is a new drawing. */
export type Course = Feature[];

/** The course of a line, from its place to a shelter; of either alone where the other is not there. */
export function course(from: Position, to?: { name: string; at: Position }, line?: LineString): Course {
  const one = (role: string, geometry: Geometry, name = ""): Feature => ({
    type: "Feature",
    properties: { role, name },
    geometry,
  });
  return [
    ...(line ? [one("way", line)] : []),
    one("from", { type: "Point", coordinates: from }),
    ...(to ? [one("to", { type: "Point", coordinates: to.at }, to.name)] : []),
  ];
}

export function courseSource(): StyleSpecification["sources"] {
  return { [source]: { type: "geojson", data: { type: "FeatureCollection", features: [] } } };
}

export function courseLayers(): LayerSpecification[] {
  const round = { "line-join": "round", "line-cap": "round" } as const;
  const only = (role: string) => ({ source, filter: ["==", ["get", "role"], role] as never });
  return [
    {
      id: "course-halo",
      type: "line",
      ...only("way"),
      layout: round,
      paint: { "line-color": "#ffffff", "line-width": 13 },
    },
    {
      id: "course-way",
      type: "line",
      ...only("way"),
      layout: round,
      paint: { "line-color": way, "line-width": 8 },
    },
    {
      id: "course-from",
      type: "circle",
      ...only("from"),
      paint: {
        "circle-radius": 9,
        "circle-color": "#ffffff",
        "circle-stroke-color": way,
        "circle-stroke-width": 5,
      },
    },
    {
      id: "course-to",
      type: "circle",
      ...only("to"),
      paint: {
        "circle-radius": 13,
        "circle-color": safe,
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 4,
      },
    },
    {
      id: "course-name",
      type: "symbol",
      ...only("to"),
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["Simtaru Bold"],
        "text-size": 15,
        "text-anchor": "top",
        "text-offset": [0, 1.2],
        "text-allow-overlap": true,
      },
      paint: { "text-color": safe, "text-halo-color": "#ffffff", "text-halo-width": 2.5 },
    },
  ];
}

const drawn = new WeakMap<GeoJSONSource, Course | undefined>();

/** Draws the course, or nothing. */
export function drawCourse(map: MapLibre, features: Course | undefined): void {
  const target = map.getSource<GeoJSONSource>(source);
  if (!target || drawn.get(target) === features) return;
  drawn.set(target, features);
  target.setData({ type: "FeatureCollection", features: features ?? [] });
}
