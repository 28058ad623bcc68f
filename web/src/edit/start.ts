// Where the part of the program that edits is entered; loaded when somebody does.

import { api } from "../api.ts";
import type { FeatureRef, Layer } from "../catalog.ts";
import type { Kept } from "../kept.ts";
import type { Session } from "../session.ts";
import { Editor } from "./editor.ts";
import "./element/editor.ts";
import { boxOf } from "./shape.ts";

/** Edits a feature as it is now, not as it was when the panel was opened. */
export async function open(session: Session, layer: Layer, ref: FeatureRef): Promise<void> {
  const base = await api.item(layer, ref, session.store.state.address.lang);
  clear(session);
  const editor = new Editor(session, layer, base);
  const box = boxOf([editor.read.shape]);
  if (box) session.fly({ box });
  await start(session, editor);
}

/** Begins a new feature, with the pencil in hand. */
export async function create(session: Session, layer: Layer): Promise<void> {
  clear(session);
  const editor = new Editor(session, layer, undefined);
  await start(session, editor);
  editor.desk.use("draw");
}

export function resume(session: Session, layer: Layer, draft: Kept): Promise<void> {
  clear(session);
  return start(session, new Editor(session, layer, draft.base, draft));
}

/** One edit, or one history, has the map at a time. */
function clear(session: Session): void {
  session.closePast();
  session.closeEditor();
}

async function start(session: Session, editor: Editor): Promise<void> {
  session.store.update({ editor });
  await editor.load();
}
