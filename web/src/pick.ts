// What lies under a finger.

import type { MapGeoJSONFeature, Map as MapLibre, Point } from "maplibre-gl";
import { ownerOf } from "./mapstyle.ts";
import type { Found } from "./state.ts";

/** Points and lines may be missed by this many CSS pixels. */
const reachPx = 8;
/** More than this at one point nobody reads. */
const most = 20;

/**
 * The features at a point of the map, topmost first: points and lines within
 * reach, areas only where the point is inside.
 */
export function under(map: MapLibre, point: Point | { x: number; y: number }): Found[] {
  const { x, y } = point;
  const exact = map.queryRenderedFeatures([x, y]);
  const near = map
    .queryRenderedFeatures([
      [x - reachPx, y - reachPx],
      [x + reachPx, y + reachPx],
    ])
    .filter((f) => f.geometry.type !== "Polygon" && f.geometry.type !== "MultiPolygon");
  return distinct([...near, ...exact]).slice(0, most);
}

type Hit = Pick<MapGeoJSONFeature, "id" | "layer" | "properties">;

/** One entry a feature, however many style layers draw it. */
export function distinct(hits: Hit[]): Found[] {
  const found = new Map<string, Found>();
  for (const hit of hits) {
    const layer = ownerOf(hit.layer);
    if (layer === undefined || hit.id === undefined) continue;
    const id = String(hit.id);
    const key = `${layer}/${id}`;
    if (!found.has(key)) found.set(key, { ref: { layer, id }, properties: hit.properties });
  }
  return [...found.values()];
}
