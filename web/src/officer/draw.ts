// What the officer's desk draws on the map: gampong by who is out of reach, and
// the road that is being closed.

import type { Feature } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre, StyleSpecification } from "maplibre-gl";
import type { Catalog } from "../catalog.ts";
import { ownerOf } from "../mapstyle.ts";
import type { Officer } from "./officer.ts";
import { shade } from "./people.ts";

const source = "desk";
const shaded = "desk-areas";

/** What is drawn; a new object is a new drawing. */
export interface Board {
  roads: Feature[];
  /** Colours by the number of a gampong's outline. */
  areas: Map<number, string>;
}

export function board({ duty, closures, people, plans }: Officer): Board {
  const roads = closures.shown.map(
    ({ stretch }): Feature => ({
      type: "Feature",
      properties: {},
      geometry: { type: "LineString", coordinates: stretch },
    }),
  );
  const areas = new Map<number, string>();
  if (duty === "people")
    for (const area of people.now?.areas ?? []) {
      const colour = shade(area);
      if (colour) areas.set(area.id, colour);
    }
  const { flows } = plans;
  if (duty === "plans" && flows) roads.push(...flows.lines.features);
  return { roads, areas };
}

export function boardSource(): StyleSpecification["sources"] {
  return { [source]: { type: "geojson", data: { type: "FeatureCollection", features: [] } } };
}

export function boardLayers(): LayerSpecification[] {
  const line = { type: "line", source, layout: { "line-join": "round", "line-cap": "round" } } as const;
  return [
    {
      id: "desk-halo",
      ...line,
      filter: ["!", ["has", "people"]],
      paint: { "line-color": "#ffffff", "line-width": 15 },
    },
    {
      id: "desk-road",
      ...line,
      filter: ["!", ["has", "people"]],
      paint: { "line-color": "#a3161f", "line-width": 9 },
    },
    {
      id: "desk-flow",
      ...line,
      filter: ["has", "people"],
      paint: {
        "line-color": "#1d4ed8",
        "line-opacity": 0.8,
        "line-width": ["interpolate", ["linear"], ["sqrt", ["get", "people"]], 0, 0.5, 30, 4, 100, 12],
      },
    },
  ];
}

/** The layer of the outlines of gampong: it has the field by which people are counted, in areas without gaps. */
function outlines(catalog: Catalog): string | undefined {
  return catalog.layers.find((l) => l.topology?.coverage && l.fields.some((f) => f.unit === "{household}"))
    ?.id;
}

const drawn = new WeakMap<GeoJSONSource, string>();

/** Draws the board, or nothing. */
export function drawBoard(map: MapLibre, catalog: Catalog, what: Board | undefined): void {
  const target = map.getSource<GeoJSONSource>(source);
  const key = JSON.stringify([what?.roads ?? [], [...(what?.areas ?? [])]]);
  if (!target || drawn.get(target) === key) return;
  drawn.set(target, key);
  target.setData({ type: "FeatureCollection", features: what?.roads ?? [] });
  shadeAreas(map, catalog, what?.areas ?? new Map());
}

/** Fills the outlines that are on the map already, below all that is drawn over them. */
function shadeAreas(map: MapLibre, catalog: Catalog, areas: Map<number, string>): void {
  const own = map.getStyle().layers.filter((layer) => ownerOf(layer) !== undefined);
  const outline = own.find((layer) => ownerOf(layer) === outlines(catalog) && "source-layer" in layer);
  if (map.getLayer(shaded)) map.removeLayer(shaded);
  if (areas.size === 0 || !outline || !("source-layer" in outline)) return;
  const above = own.find((layer) => layer.type === "line" && own.indexOf(layer) > own.indexOf(outline));
  map.addLayer(
    {
      id: shaded,
      type: "fill",
      source: outline.source,
      "source-layer": outline["source-layer"] as string,
      paint: {
        "fill-color": ["match", ["id"], ...[...areas].flat(), "rgba(0,0,0,0)"] as never,
        "fill-opacity": 0.88,
      },
    },
    above?.id,
  );
}
