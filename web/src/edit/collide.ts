// What stands in the way of an edit that was refused because somebody else
// was first.

import { api, type Item } from "../api.ts";
import type { Lang } from "../catalog.ts";
import { type Current, HttpError } from "../http.ts";
import { type Conflict, conflictOf, type Side } from "./conflict.ts";
import type { Editor } from "./editor.ts";
import { revisionOf, valuesOf } from "./patch.ts";

/**
 * Reads again what was changed meanwhile. "gone" where the feature is
 * deleted, "done" where what is there now is what was to be saved.
 */
export async function collide(
  editor: Editor,
  error: HttpError,
  lang: Lang,
): Promise<Conflict[] | "gone" | "done"> {
  const { layer, ref, step } = editor;
  const told = new Map<string, Current>();
  for (const fault of error.problem.faults ?? []) {
    const edit = editor.bodies()[fault.position];
    if (edit && "id" in edit && fault.current) told.set(String(edit.id), fault.current);
  }
  if (error.problem.current && ref) told.set(ref.id, error.problem.current);
  const conflicts: Conflict[] = [];
  const compare = async (id: string, own: boolean, base: Item, read: Side, mine: Side): Promise<boolean> => {
    const theirs = await api.item(layer, { layer: layer.id, id }, lang);
    if (revisionOf(theirs) === revisionOf(base)) return true;
    const current = told.get(id);
    const by = current?.updatedBy ?? String(theirs.properties["updated_by"] ?? "");
    const at = current?.updatedAt ?? String(theirs.properties["updated_at"] ?? "");
    const conflict = conflictOf(layer, { id, own, by, at }, read, mine, theirs);
    conflicts.push(conflict);
    return conflict.rows.length > 0;
  };
  try {
    if (editor.base && ref) {
      const mine = { values: step.values, shape: step.scene.own };
      const open = await compare(ref.id, true, editor.base, editor.read, mine);
      if (!open && step.scene.pieces.length === 0 && step.scene.around.size === 0) return "done";
    }
  } catch (again) {
    if (gone(again)) return "gone";
    throw again;
  }
  for (const [id, shape] of step.scene.around) {
    const known = editor.neighbours.get(id);
    if (!known) continue;
    const values = valuesOf(layer, known.item.properties);
    try {
      await compare(id, false, known.item, { values, shape: known.shape }, { values, shape });
    } catch (again) {
      if (!gone(again)) throw again;
      editor.forgetNeighbour(id);
    }
  }
  return conflicts;
}

function gone(error: unknown): boolean {
  return error instanceof HttpError && (error.status === 404 || error.status === 410);
}
