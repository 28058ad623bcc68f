// Where histories are entered; loaded when somebody opens one.

import type { FeatureRef, Layer } from "../catalog.ts";
import type { Session } from "../session.ts";
import "./element/past.ts";
import { Past } from "./past.ts";

export async function open(session: Session, layer: Layer, ref: FeatureRef, revision: number): Promise<void> {
  session.store.state.past?.close();
  const past = new Past(session, layer, ref);
  session.store.update({ past });
  await past.load(revision);
  past.fly();
}
