// Where the officer's desk is entered; loaded when somebody opens it.

import type { Session } from "../session.ts";
import "./element/officer.ts";
import { Officer } from "./officer.ts";

export function open(session: Session): void {
  session.store.update({ officer: new Officer(session) });
}
