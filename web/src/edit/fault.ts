// What the server says is wrong, at the field or the place where it belongs.

import type { Layer } from "../catalog.ts";
import type { HttpError, Problem } from "../http.ts";
import type { Point } from "./shape.ts";

export interface Told {
  /** By field. */
  faults: Record<string, string>;
  /** What belongs to no field. */
  text: string;
  at: Point | undefined;
}

export function told(error: HttpError, layer: Layer): Told {
  const problems: Problem[] = error.problem.faults?.length ? error.problem.faults : [error.problem];
  const faults: Record<string, string> = {};
  const rest = new Set<string>();
  let at: Point | undefined;
  for (const problem of problems) {
    const text = problem.detail || problem.title || error.words;
    const name = (problem.at ?? "").replace(/^.*[./]/, "");
    if (layer.fields.some((f) => f.name === name)) faults[name] = text;
    else rest.add(text);
    at ??= placeIn(problem.detail);
  }
  return { faults, text: [...rest].join(" "), at };
}

/** The longitude and latitude that a sentence about a geometry names. */
export function placeIn(text: string | undefined): Point | undefined {
  const found = /(-?\d{1,3}(?:\.\d+)?),\s*(?:lintang\s+)?(-?\d{1,2}(?:\.\d+)?)/.exec(text ?? "");
  const [lon, lat] = [Number(found?.[1]), Number(found?.[2])];
  return found && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
}
