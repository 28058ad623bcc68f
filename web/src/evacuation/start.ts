// Where the way to safety is entered; loaded when somebody asks for it.

import type { Session } from "../session.ts";
import "./element.ts";
import { Evacuation } from "./evacuation.ts";

export function open(session: Session): void {
  session.store.update({ evacuation: new Evacuation(session) });
}
