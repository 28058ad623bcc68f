// A ring as the outline of land.

import { areaOf, type Line, type Shape } from "./shape.ts";
import { crossesItself } from "./split.ts";

/** Why a ring is no land. */
export type LandFault = "tooFew" | "ringCrosses";

export function faultOf(ring: Line): LandFault | undefined {
  return ring.length < 3 ? "tooFew" : crossesItself(ring, true) ? "ringCrosses" : undefined;
}

export function landOf(ring: Line): Shape {
  return { kind: "MultiPolygon", parts: [[ring]] };
}

/** m2, on a sphere: right to half a percent. */
export function ringArea(ring: Line): number {
  return areaOf(landOf(ring));
}
