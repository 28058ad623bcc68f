// What is asked of the server: the score before and after a programme.

import type { Criterion } from "../api.ts";

/** Volumes after the programme by criterion, as they were typed. */
export type Typed = Readonly<Record<string, string>>;

/** The criteria whose volume may be changed. */
export function assessed(criteria: Criterion[]): Criterion[] {
  return criteria.filter((c) => c.score !== null);
}

/** The question; undefined while nothing is another than before. */
export function questionOf(criteria: Criterion[], typed: Typed): object | undefined {
  const volumes = Object.fromEntries(criteria.map((c) => [c.id, c.volume]));
  const denominators = Object.fromEntries(criteria.map((c) => [c.per, c.denominator]));
  const after = { ...volumes };
  for (const { id } of assessed(criteria)) {
    const text = typed[id];
    // An empty field is one that nobody has measured.
    if (text !== undefined) after[id] = text === "" ? null : Number(text);
  }
  if (criteria.every(({ id, volume }) => after[id] === volume)) return undefined;
  return { areas: [{ volumes, denominators, after: { volumes: after } }] };
}
