// Land drawn corner by corner on a map: by pointer, by finger, or by keyboard
// with a corner at the middle of the map.

import type { Map as MapLibre } from "maplibre-gl";
import type { Line } from "./shape.ts";
import { type Hand, Tools } from "./tools.ts";

export interface LandHand {
  /** A ring is closed. */
  drew(ring: Line): void;
  /** The corners so far, and where the pointer is. */
  drawing?(line: Line): void;
  /** Escape was pressed, with nothing begun. */
  left(): void;
}

const none = () => undefined;

export class LandTool {
  readonly #tools: Tools;
  readonly #canvas: HTMLCanvasElement;
  readonly #hand: LandHand;
  #on = false;

  constructor(map: MapLibre, hand: LandHand) {
    this.#hand = hand;
    this.#canvas = map.getCanvas();
    const only: Hand = {
      snap: none,
      drew: (line) => hand.drew(line),
      chose: none,
      moved: none,
      added: none,
      removed: none,
      movedAll: none,
      cut: none,
      movingCorner: none,
      movingAll: none,
      isDrawing: (line) => hand.drawing?.(line),
    };
    this.#tools = new Tools(map, only);
    this.#canvas.addEventListener("keydown", this.#key, { capture: true });
  }

  use(on: boolean): void {
    this.#on = on;
    this.#tools.use(on ? "draw" : undefined, { kind: "MultiPolygon", parts: [] });
  }

  finish(): void {
    this.#tools.finish();
  }

  close(): void {
    this.#canvas.removeEventListener("keydown", this.#key, { capture: true });
    this.#tools.close();
  }

  #key = (event: KeyboardEvent): void => {
    if (!this.#on) return;
    if (event.key === " ") this.#tools.tapCentre();
    else if (event.key === "Escape" && !this.#tools.busy) this.#hand.left();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
