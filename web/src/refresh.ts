// Draws again what a change touched, and nothing else.

import type { Map as MapLibre } from "maplibre-gl";
import type { Parts } from "./mapstyle.ts";
import type { Touched } from "./session.ts";
import { cover } from "./tiles.ts";

export function refresh(map: MapLibre, parts: Parts, touched: Touched): void {
  if (touched === "everything") {
    for (const layer of parts.sources.keys()) refresh(map, parts, { layer });
    return;
  }
  const again = () => {
    for (const source of parts.sourcesOf(touched.layer)) {
      if (!map.getSource(source.id)) continue;
      const tiles = touched.box && cover(touched.box, source.min, source.max);
      map.refreshTiles(source.id, tiles);
    }
  };
  // A tile that is on its way may still hold the old state, and is not asked
  // for again while it is loading: so a second time when the map has settled.
  const settling = parts
    .sourcesOf(touched.layer)
    .some((s) => map.getSource(s.id) && !map.isSourceLoaded(s.id));
  again();
  if (settling) void map.once("idle").then(again);
}
