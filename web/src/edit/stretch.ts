// Lines of very many vertices are given to the drawing tool in stretches: it
// looks at every vertex that it holds at each move of the pointer.

import { isArea, type Line, lines, type Shape, type Where } from "./shape.ts";

export interface Stretch {
  readonly where: Where;
  /** The first of its vertices, and how many there are; past the end of a ring they go on at its beginning. */
  from: number;
  count: number;
  /** How many the line has. */
  total: number;
  /** It is the line itself. */
  readonly whole: boolean;
}

/** Each line whole, or in stretches of at most longest segments that share their ends. */
export function stretches(shape: Shape, longest: number): Stretch[] {
  const ring = isArea(shape);
  return lines(shape).flatMap(({ where, line }) => {
    const total = line.length;
    if (total <= longest) return total > 0 ? [{ where, from: 0, count: total, total, whole: true }] : [];
    const segments = ring ? total : total - 1;
    const out: Stretch[] = [];
    for (let from = 0; from < segments; from += longest) {
      out.push({ where, from, count: Math.min(longest, segments - from) + 1, total, whole: false });
    }
    return out;
  });
}

export function verticesOf(stretch: Stretch, line: Line): Line {
  if (stretch.whole) return line;
  return Array.from({ length: stretch.count }, (_, i) => line[(stretch.from + i) % line.length] ?? [0, 0]);
}

/** The vertex of the line that is the nth of the stretch. */
export function indexOf(stretch: Stretch, n: number): number {
  return (stretch.from + n) % stretch.total;
}

/** Whether the vertex of the line is in the stretch. */
export function holds(stretch: Stretch, { part, line, index }: Where & { index: number }): boolean {
  const { where, from, count, total } = stretch;
  return where.part === part && where.line === line && (index - from + total) % total < count;
}

/** A vertex more, or fewer, in one stretch: those after it begin elsewhere. */
export function grow(all: readonly Stretch[], grown: Stretch, by: 1 | -1): void {
  for (const other of all) {
    if (other.where.part !== grown.where.part || other.where.line !== grown.where.line) continue;
    other.total += by;
    if (other === grown) other.count += by;
    else if (other.from > grown.from) other.from += by;
  }
}
