// Where the tool for trying changes is entered; loaded when somebody opens it.

import "./element.ts";

export { Trial } from "./trial.ts";
