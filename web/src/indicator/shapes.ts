// Where the units of a map are.

import type { FeatureCollection, Position } from "geojson";
import { type Box, union } from "../catalog.ts";

/** The box around all features; undefined where there are none. */
export function boxOf(shapes: FeatureCollection | undefined): Box | undefined {
  let box: Box | undefined;
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === "number") {
      const [x = 0, y = 0] = coordinates as Position;
      box = union(box, [x, y, x, y]);
    } else {
      for (const inner of coordinates) visit(inner);
    }
  };
  for (const { geometry } of shapes?.features ?? [])
    if (geometry && "coordinates" in geometry) visit(geometry.coordinates);
  return box;
}
