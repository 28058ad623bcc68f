// How terra-draw draws what is in hand.

import { colours } from "./overlay.ts";

const hex = (colour: string) => colour as `#${string}`;
const own = hex(colours.own);

export const selected = {
  selectedPolygonFillOpacity: 0,
  selectedPolygonOutlineColor: own,
  selectedPolygonOutlineWidth: 3,
  selectedLineStringColor: own,
  selectedLineStringWidth: 3,
  selectedPointColor: own,
  selectedPointWidth: 8,
  selectedPointOutlineColor: hex("#ffffff"),
  selectedPointOutlineWidth: 3,
  selectionPointColor: hex("#ffffff"),
  selectionPointWidth: 5,
  selectionPointOutlineColor: own,
  selectionPointOutlineWidth: 2.5,
  midPointColor: own,
  midPointWidth: 3.5,
  midPointOutlineColor: hex("#ffffff"),
  midPointOutlineWidth: 1.5,
} as const;

export const outline = {
  fillOpacity: 0,
  outlineColor: own,
  outlineWidth: 2,
  closingPointColor: hex("#ffffff"),
  closingPointOutlineColor: own,
  closingPointOutlineWidth: 3,
  closingPointWidth: 6,
} as const;

export const drawnPoint = { pointColor: own, pointWidth: 8 };
export const drawnLine = { lineStringColor: own, lineStringWidth: 3 };
export const cutLine = { lineStringColor: hex(colours.piece), lineStringWidth: 3 };
