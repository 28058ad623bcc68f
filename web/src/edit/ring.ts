// What a drawing tool did to a line, from how it looked before and after. The
// tool works with rounded coordinates; knowing what it did, the same is done
// to the exact ones.

import type { Line, Point } from "./shape.ts";

export type Did =
  | { kind: "moved"; index: number; to: Point }
  | { kind: "added"; index: number; at: Point }
  | { kind: "removed"; index: number };

/** undefined where nothing or more than one vertex changed. */
export function did(before: Line, after: Line): Did | undefined {
  const grown = after.length - before.length;
  const first = before.findIndex((p, i) => p[0] !== after[i]?.[0] || p[1] !== after[i]?.[1]);
  const index = first < 0 ? before.length : first;
  const rest = (line: Line, from: number) => line.slice(from).join(";");
  if (grown === 0) {
    const to = after[index];
    if (!to || rest(before, index + 1) !== rest(after, index + 1)) return undefined;
    return { kind: "moved", index, to };
  }
  if (grown === 1) {
    const at = after[index];
    return at && rest(before, index) === rest(after, index + 1) ? { kind: "added", index, at } : undefined;
  }
  if (grown === -1 && rest(before, index + 1) === rest(after, index)) return { kind: "removed", index };
  return undefined;
}
