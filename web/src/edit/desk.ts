// The map's side of an edit: which tool is in hand, what lies around to snap
// to, and what is drawn while something is moved.

import type { Map as MapLibre } from "maplibre-gl";
import type { Box } from "../catalog.ts";
import type { Editor } from "./editor.ts";
import { type Drawn, Overlay } from "./overlay.ts";
import {
  type Borders,
  type Corner,
  cornerPoint,
  insertVertex,
  joinBorder,
  moveAll,
  moveVertex,
  removeVertex,
  roundedPoint,
  type Scene,
} from "./scene.ts";
import {
  areaOf,
  boxOf,
  geometryOf,
  inPart,
  isArea,
  type Line,
  lengthOf,
  lineAt,
  type Part,
  type Point,
  type Shape,
  shapeOf,
} from "./shape.ts";
import { type Project, type Snap, Snapper } from "./snap.ts";
import { split } from "./split.ts";
import { type Hand, type Tool, Tools } from "./tools.ts";
import { write } from "./write.ts";

/** Farther away than this nobody sets a vertex. */
const leastZoom = 13;
const reach = { vertexPx: 12, segmentPx: 9 };
/** A vertex is nudged by this many CSS pixels a key. */
const nudgePx = 4;

export class Desk implements Hand {
  readonly #editor: Editor;
  readonly #map: MapLibre | undefined;
  readonly #overlay: Overlay | undefined;
  readonly #tools: Tools | undefined;
  tool: Tool | undefined;
  /** Whether what is drawn holds on to vertices and borders around. */
  snapping = true;
  /** Whether shared borders move together. */
  together: boolean;
  chosen: Corner | undefined;
  /** What is being drawn, to be measured. */
  drawn: Line | undefined;
  #snapper: { of: unknown; snapper: Snapper } | undefined;
  #looked: Box | undefined;
  #request: AbortController | undefined;
  /** The vertex that a drag has just put in: its first move is part of the same step. */
  #fresh: Corner | undefined;

  constructor(editor: Editor) {
    this.#editor = editor;
    this.together = editor.layer.topology?.coverage === true;
    this.#map = editor.session.map;
    if (!this.#map) return;
    this.#overlay = new Overlay(this.#map);
    this.#tools = new Tools(this.#map, this);
    this.#map.on("moveend", this.#look);
    this.#map.getCanvas().addEventListener("keydown", this.#key, { capture: true });
    this.#map.getCanvas().addEventListener("pointerup", this.#released);
    this.show();
    this.#look();
  }

  close(): void {
    this.#request?.abort();
    this.#map?.off("moveend", this.#look);
    this.#map?.getCanvas().removeEventListener("keydown", this.#key, { capture: true });
    this.#map?.getCanvas().removeEventListener("pointerup", this.#released);
    this.#tools?.close();
    this.#overlay?.close();
  }

  /** Whether there is a map to draw on. */
  get there(): boolean {
    return this.#map !== undefined;
  }

  get drawing(): boolean {
    return this.#tools?.busy ?? false;
  }

  get shape(): Shape {
    return this.#editor.scene.own;
  }

  use(tool: Tool | undefined): void {
    this.tool = tool;
    this.chosen = undefined;
    this.drawn = undefined;
    this.#tools?.use(tool, this.shape);
    this.show();
    this.#editor.tell();
  }

  undo(): boolean {
    if (this.#tools?.undo()) return true;
    if (!this.drawing) return false;
    this.#tools?.cancel();
    return true;
  }

  redo(): boolean {
    return this.#tools?.redo() ?? false;
  }

  finish(): void {
    this.#tools?.finish();
  }

  tapCentre(): void {
    this.#tools?.tapCentre();
  }

  /** Draws the scene as it is, and shows it to the tools. */
  show(): void {
    if (this.chosen && !cornerPoint(this.#editor.scene, this.chosen)) this.chosen = undefined;
    this.drawn = undefined;
    this.#tools?.show(this.shape);
    this.#paint(this.#editor.scene);
  }

  #paint(scene: Scene): void {
    const { conflicts, faultAt } = this.#editor;
    const drawn: Drawn[] = [];
    if (conflicts) {
      for (const c of conflicts) {
        drawn.push({ role: "theirs", geometry: geometryOf(c.theirShape) });
        drawn.push({ role: "mine", geometry: geometryOf(c.mineShape) });
      }
    } else {
      for (const shape of scene.around.values()) drawn.push({ role: "around", geometry: geometryOf(shape) });
      drawn.push({ role: "own", geometry: geometryOf(scene.own) });
      for (const piece of scene.pieces) drawn.push({ role: "piece", geometry: geometryOf(piece) });
    }
    const at = this.chosen && cornerPoint(scene, this.chosen);
    if (at && this.tool === "corners") drawn.push({ role: "chosen", geometry: spot(at) });
    if (faultAt) drawn.push({ role: "fault", geometry: spot(faultAt) });
    this.#overlay?.show(drawn);
  }

  #borders(): Borders {
    if (!this.together) return undefined;
    return new Map([...this.#editor.neighbours].map(([id, { shape }]) => [id, shape]));
  }

  snap(point: Point, project: Project, except?: Point): Snap | undefined {
    if (!this.snapping) return undefined;
    const { scene, neighbours } = this.#editor;
    if (this.#snapper?.of !== scene) {
      const around = [...neighbours].map(([id, { shape }]) => scene.around.get(id) ?? shape);
      this.#snapper = { of: scene, snapper: new Snapper([...around, ...scene.pieces]) };
    }
    const found = this.#snapper.snapper.near(point, project, reach, except);
    if (this.tool !== "split" || found?.kind === "vertex") return found;
    return new Snapper([scene.own]).near(point, project, reach) ?? found;
  }

  chose(corner: Corner | undefined): void {
    this.chosen = corner;
    this.#paint(this.#editor.scene);
    this.#editor.tell();
  }

  moved(corner: Corner, to: Point, onto: Snap | undefined): void {
    const { scene } = this.#editor;
    let next = moveVertex(scene, corner, to, this.#borders());
    if (onto?.kind === "segment") next = joinBorder(next, onto.a, onto.b, to, this.#borders());
    this.chosen = corner;
    const fresh = this.#fresh?.index === corner.index;
    this.#fresh = undefined;
    if (fresh) this.#editor.amend({ scene: next });
    else this.#editor.push({ scene: next });
  }

  added(after: Corner, at: Point): void {
    this.chosen = { ...after, index: after.index + 1 };
    this.#fresh = this.chosen;
    this.#editor.push({ scene: insertVertex(this.#editor.scene, after, at, this.#borders()) });
  }

  /** A press that ends without a drag leaves the new vertex as a step of its own. */
  #released = (): void => {
    setTimeout(() => {
      this.#fresh = undefined;
    });
  };

  removed(corner: Corner): void {
    const removal = removeVertex(this.#editor.scene, corner, this.#borders());
    this.chosen = undefined;
    if ("scene" in removal) {
      this.#editor.push({ scene: removal.scene });
      return;
    }
    const { words } = this.#editor;
    // The tool has taken it away already.
    setTimeout(() => this.#tools?.use(this.tool, this.shape));
    this.#editor.note(removal.refused === "junction" ? words.junction : words.tooFew);
  }

  removeChosen(): void {
    if (this.chosen) this.removed(this.chosen);
  }

  /** Takes away the hole or the part in which a vertex is chosen. */
  removeChosenLine(): void {
    const { chosen, shape } = this;
    if (!chosen) return;
    const parts =
      chosen.line === 0
        ? shape.parts.filter((_, p) => p !== chosen.part)
        : shape.parts.map((part, p) =>
            p === chosen.part ? part.filter((__, l) => l !== chosen.line) : part,
          );
    this.chosen = undefined;
    this.#editor.push({ scene: { ...this.#editor.scene, own: { ...shape, parts } } });
  }

  movedAll(from: Point, to: Point): void {
    this.#editor.push({ scene: moveAll(this.#editor.scene, from, to) });
  }

  /** A closed line inside an area is a hole, outside it another part. */
  drew(line: Line, snaps: Snap[]): void {
    const { scene, words } = this.#editor;
    const { own } = scene;
    if (line.length < (isArea(own) ? 3 : own.kind === "Point" ? 1 : 2)) {
      this.#editor.note(words.tooFew);
      return;
    }
    const within = isArea(own) ? own.parts.findIndex((part) => line.every((p) => inPart(p, part))) : -1;
    const fresh: Part = [line];
    const parts =
      own.kind === "Point"
        ? [fresh]
        : within >= 0
          ? own.parts.map((part, i) => (i === within ? [...part, line] : part))
          : [...own.parts, fresh];
    const joined = this.#joined({ ...scene, own: { ...own, parts } }, snaps);
    this.tool = own.kind === "Point" ? "move" : "corners";
    this.#tools?.use(this.tool, joined.own);
    this.#editor.push({ scene: joined });
  }

  cut(line: Line, snaps: Snap[]): void {
    const { scene, words } = this.#editor;
    const answer = split(scene.own, line);
    if ("refused" in answer) {
      this.#editor.note(answer.refused === "misses" ? words.cutMisses : words.cutCrosses);
      return;
    }
    const [own, ...pieces] = answer.pieces;
    if (!own) return;
    // The pieces have these vertices already; the neighbours are given them.
    let around = this.#joined({ ...scene, own }, snaps);
    for (const { a, b, at } of answer.joints) around = joinBorder(around, a, b, at, this.#borders());
    this.tool = undefined;
    this.#tools?.use(undefined, own);
    this.#editor.push({ scene: { own, pieces: [...around.pieces, ...pieces], around: around.around } });
    this.#editor.note(words.cutInto(pieces.length + 1));
  }

  /** Gives the borders that were snapped to the vertices that lie on them now. */
  #joined(scene: Scene, snaps: Snap[]): Scene {
    let next = scene;
    for (const snap of snaps) {
      if (snap.kind === "segment") next = joinBorder(next, snap.a, snap.b, snap.at, this.#borders());
    }
    return next;
  }

  movingCorner(corner: Corner, to: Point): void {
    this.#paint(moveVertex(this.#editor.scene, corner, to, this.#borders()));
  }

  movingAll(from: Point, to: Point): void {
    this.#paint(moveAll(this.#editor.scene, from, to));
  }

  isDrawing(line: Line): void {
    this.drawn = line;
    this.#editor.tell();
  }

  /** Square metres of an area, metres of a line: of what is drawn, or of the shape. */
  measure(): { area: number } | { length: number } | undefined {
    const { shape, drawn } = this;
    if (shape.kind === "Point") return undefined;
    if (this.tool === "split") return drawn ? { length: lengthOf(drawn) } : undefined;
    if (isArea(shape)) return { area: areaOf(drawn ? { ...shape, parts: [[drawn]] } : shape) };
    const all = drawn ? [drawn] : shape.parts.flat();
    return { length: all.reduce((sum, line) => sum + lengthOf(line), 0) };
  }

  /** Looks at what lies around where the map is, once for each view. */
  #look = (): void => {
    const map = this.#map;
    if (!map || map.getZoom() < leastZoom) return;
    const { _sw, _ne } = map.getBounds();
    const own = boxOf([this.shape]);
    const view: Box = [_sw.lng, _sw.lat, _ne.lng, _ne.lat];
    const wanted: Box = own
      ? [
          Math.min(view[0], own[0]),
          Math.min(view[1], own[1]),
          Math.max(view[2], own[2]),
          Math.max(view[3], own[3]),
        ]
      : view;
    const had = this.#looked;
    if (had && had[0] <= wanted[0] && had[1] <= wanted[1] && had[2] >= wanted[2] && had[3] >= wanted[3])
      return;
    void this.#fetch(wanted);
  };

  lookAgain(): void {
    this.#looked = undefined;
    this.#look();
  }

  async #fetch(box: Box): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const { layer, ref, neighbours, session } = this.#editor;
    try {
      for (const item of await write.around(layer, box, session.store.state.address.lang, request.signal)) {
        const id = String(item.id);
        // One that is being changed stays as it was read: a newer one is a conflict.
        if (id === ref?.id || this.#editor.scene.around.has(id)) continue;
        neighbours.set(id, { item, shape: shapeOf(layer.geometry, item.geometry) });
      }
      this.#looked = box;
      this.#snapper = undefined;
    } catch {
      if (!request.signal.aborted) this.#editor.note(this.#editor.words.aroundFailed);
    }
  }

  /** What the keyboard does on the map while a tool is in hand. */
  #key = (event: KeyboardEvent): void => {
    const { tool } = this;
    if (!tool) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if ((tool === "draw" || tool === "split") && event.key === " ") this.tapCentre();
    else if (tool === "corners" && (event.key === "," || event.key === "."))
      this.#next(event.key === "." ? 1 : -1);
    else if (tool === "corners" && event.key === "Delete" && this.chosen) this.removeChosen();
    else if (event.shiftKey && step && (tool === "corners" || tool === "move"))
      this.#nudge(step[0] ?? 0, step[1] ?? 0);
    else if (event.key === "Escape" && !this.drawing) this.use(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Chooses the next vertex of the line in hand. */
  #next(step: number): void {
    const where = this.chosen ?? { part: 0, line: 0, index: step > 0 ? -1 : 0 };
    const count = lineAt(this.shape, where)?.length ?? 0;
    if (count === 0) return;
    const index = (where.index + step + count) % count;
    this.chose({ part: where.part, line: where.line, index });
    const at = cornerPoint(this.#editor.scene, { ...where, index });
    const map = this.#map;
    if (at && map && !map.getBounds().contains([at[0], at[1]])) map.panTo([at[0], at[1]]);
  }

  #nudge(dx: number, dy: number): void {
    const map = this.#map;
    const corner = this.tool === "move" ? { part: 0, line: 0, index: 0 } : this.chosen;
    const from = corner && cornerPoint(this.#editor.scene, corner);
    if (!map || !corner || !from) return;
    const { x, y } = map.project([from[0], from[1]]);
    const { lng, lat } = map.unproject([x + dx * nudgePx, y + dy * nudgePx]);
    const to = roundedPoint([lng, lat]);
    if (this.tool === "move") this.movedAll(from, to);
    else this.moved(corner, to, undefined);
  }
}

function spot(at: Point) {
  return { type: "Point" as const, coordinates: [...at] };
}
