// Where the page of indicators is entered; loaded when somebody opens it.

import type { Session } from "../session.ts";
import { Board } from "./board.ts";
import "./element/page.ts";

export function open(session: Session): void {
  session.store.update({ board: new Board(session) });
}
