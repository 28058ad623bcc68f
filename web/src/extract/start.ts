// Where extracts are entered; loaded when somebody asks for one.

import type { Session } from "../session.ts";
import "./element.ts";
import { Extract } from "./extract.ts";

export function open(session: Session): void {
  session.store.update({ extract: new Extract(session) });
}
