// terra-draw as the hand that moves vertices. The shape itself is kept by the
// editor: terra-draw knows one ring a polygon and rounds coordinates, so it is
// shown each ring by itself, and what it did is done to the exact shape.

import type { Map as MapLibre } from "maplibre-gl";
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  type TerraDrawMouseEvent,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
} from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { whenStyled } from "./overlay.ts";
import { did } from "./ring.ts";
import { type Corner, decimals, roundedPoint } from "./scene.ts";
import { closed, isArea, type Line, lines, type Point, type Shape, segments, type Where } from "./shape.ts";
import type { Project, Snap } from "./snap.ts";
import { cutLine, drawnLine, drawnPoint, outline, selected } from "./toolstyle.ts";

export type Tool = "corners" | "move" | "draw" | "split";

/** What the tools ask of the editor, and tell it. */
export interface Hand {
  snap(point: Point, project: Project, except?: Point): Snap | undefined;
  chose(corner: Corner | undefined): void;
  moved(corner: Corner, to: Point, onto: Snap | undefined): void;
  added(after: Corner, at: Point): void;
  removed(corner: Corner): void;
  movedAll(from: Point, to: Point): void;
  drew(line: Line, snaps: Snap[]): void;
  cut(line: Line, snaps: Snap[]): void;
  /** While something is dragged: nothing is kept of it. */
  movingCorner(corner: Corner, to: Point): void;
  movingAll(from: Point, to: Point): void;
  isDrawing(line: Line): void;
}

interface Ring {
  id: string | number;
  where: Where;
  exact: Line;
  /** The same, rounded, as terra-draw has it. */
  shown: Line;
}

/** A finger is wider than a pointer. */
const reachPx = matchMedia("(pointer: coarse)").matches ? 26 : 14;

const fixed = { allowManualDeselection: false, allowManualSelection: false, pointerDistance: reachPx };
const quiet = { deselect: null, delete: null, rotate: null, scale: null };
const keys = { cancel: "Escape", finish: "Enter" };

export class Tools {
  readonly #draw: TerraDraw;
  readonly #canvas: HTMLCanvasElement;
  #rings: Ring[] = [];
  #shape: Shape | undefined;
  #tool: Tool | undefined;
  #selected: Where = { part: 0, line: 0 };
  /** What was snapped to, by the rounded point that terra-draw was given. */
  #given = new Map<string, Snap>();
  #closed = false;

  constructor(
    private readonly map: MapLibre,
    private readonly hand: Hand,
  ) {
    this.#canvas = map.getCanvas();
    const snapping = { toCustom: this.#snap };
    const coordinates = {
      draggable: true,
      midpoints: { draggable: true },
      deletable: true,
      snappable: snapping,
    };
    const corners = { feature: { selfIntersectable: true, coordinates } };
    const whole = { feature: { draggable: true, selfIntersectable: true } };
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: decimals }),
      undoRedo: { modeLevel: new TerraDrawModeUndoRedo() },
      modes: [
        new TerraDrawSelectMode({
          modeName: "corners",
          ...fixed,
          keyEvents: quiet,
          flags: { polygon: corners, linestring: corners },
          styles: selected,
        }),
        new TerraDrawSelectMode({
          modeName: "move",
          ...fixed,
          keyEvents: quiet,
          flags: { polygon: whole, linestring: whole, point: whole },
          styles: selected,
        }),
        new TerraDrawPointMode({ styles: drawnPoint }),
        new TerraDrawPolygonMode({ pointerDistance: reachPx, snapping, keyEvents: keys, styles: outline }),
        new TerraDrawLineStringMode({
          pointerDistance: reachPx,
          snapping,
          keyEvents: keys,
          styles: drawnLine,
        }),
        new TerraDrawLineStringMode({
          modeName: "cut",
          pointerDistance: reachPx,
          snapping,
          keyEvents: keys,
          styles: cutLine,
        }),
      ],
    });
    whenStyled(map, () => {
      if (this.#closed) return;
      this.#draw.start();
      this.#draw.on("finish", (id, { action, mode }) => this.#finished(id, action, mode));
      this.#draw.on("change", (ids, type, context) => {
        const ours = (context as { origin?: string } | undefined)?.origin === "api";
        if (type === "update" && !ours) this.#changing(ids);
      });
      this.#canvas.addEventListener("pointerdown", this.#point, { capture: true });
      if (this.#shape && this.#tool) this.use(this.#tool, this.#shape);
    });
  }

  close(): void {
    this.#closed = true;
    this.#canvas.removeEventListener("pointerdown", this.#point, { capture: true });
    if (this.#draw.enabled) this.#draw.stop();
    this.#canvas.style.removeProperty("cursor");
    this.map.doubleClickZoom.enable();
  }

  /** Takes a tool in hand, or puts all away. */
  use(tool: Tool | undefined, shape: Shape): void {
    this.#tool = tool;
    this.#shape = shape;
    if (!this.#draw.enabled) return;
    this.#draw.setMode(modeOf(tool, shape));
    this.#rings = [];
    this.show(shape);
  }

  /** Brings what the tool shows to the shape, with as little change as can be. */
  show(shape: Shape): void {
    this.#shape = shape;
    if (!this.#draw.enabled) return;
    const wanted =
      this.#tool === "corners" || this.#tool === "move" ? lines(shape).filter((l) => l.line.length > 0) : [];
    const order = (list: { where: Where }[]) => list.map(({ where }) => `${where.part}/${where.line}`).join();
    if (this.#rings.length === 0 || order(wanted) !== order(this.#rings)) {
      this.#rebuild(shape, wanted);
      return;
    }
    wanted.forEach(({ line }, i) => {
      const ring = this.#rings[i];
      if (!ring || ring.exact === line) return;
      ring.exact = line;
      const shown = line.map(roundedPoint);
      if (shown.join(";") === ring.shown.join(";")) return;
      ring.shown = shown;
      this.#draw.updateFeatureGeometry(ring.id, geometry(shape, shown));
    });
  }

  /** Which line of the shape has its vertices shown. */
  select(where: Where): void {
    this.#selected = where;
    const ring = this.#ringAt(where) ?? this.#rings[0];
    if (ring && this.#draw.enabled && (this.#tool === "corners" || this.#tool === "move")) {
      this.#selected = ring.where;
      this.#draw.selectFeature(ring.id, this.#tool);
    }
  }

  get busy(): boolean {
    return this.#draw.enabled && this.#draw.getModeState() === "drawing";
  }

  undo(): boolean {
    return this.busy && this.#draw.canUndo() && this.#draw.undo();
  }

  redo(): boolean {
    return this.#draw.enabled && this.#draw.canRedo() && this.#draw.redo();
  }

  finish(): void {
    this.#canvas.dispatchEvent(new KeyboardEvent("keyup", { key: keys.finish }));
  }

  cancel(): void {
    this.#canvas.dispatchEvent(new KeyboardEvent("keyup", { key: keys.cancel }));
  }

  /** A click in the middle of the map, for those who use no pointer. */
  tapCentre(): void {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2, isPrimary: true, bubbles: true };
    for (const type of ["pointermove", "pointerdown", "pointerup"]) {
      this.#canvas.dispatchEvent(new PointerEvent(type, { ...at, button: type === "pointermove" ? -1 : 0 }));
    }
  }

  #rebuild(shape: Shape, wanted: { where: Where; line: Line }[]): void {
    this.#draw.clear();
    const mode = kindOf(shape);
    this.#rings = wanted.map(({ where, line }) => ({
      id: this.#draw.getFeatureId(),
      where,
      exact: line,
      shown: line.map(roundedPoint),
    }));
    this.#draw.addFeatures(
      this.#rings.map(({ id, shown }) => ({
        id,
        type: "Feature",
        properties: { mode },
        geometry: geometry(shape, shown),
      })),
    );
    if (this.#rings.length > 0) this.select(this.#selected);
  }

  #ringAt(where: Where): Ring | undefined {
    return this.#rings.find((r) => r.where.part === where.part && r.where.line === where.line);
  }

  #project = (point: Point) => this.map.project([point[0], point[1]]);

  #snap = (
    event: TerraDrawMouseEvent,
    context: { currentId?: string | number | undefined; currentCoordinate?: number },
  ): [number, number] | undefined => {
    const ring = this.#rings.find((r) => r.id === context.currentId);
    const except = ring?.exact[(context.currentCoordinate ?? 0) % ring.exact.length];
    const snap = this.hand.snap([event.lng, event.lat], this.#project, except);
    if (!snap) return undefined;
    const [lon, lat] = roundedPoint(snap.at);
    this.#given.set(`${lon},${lat}`, snap);
    return [lon, lat];
  };

  /** The exact point that terra-draw was given there, with what it was snapped to. */
  #exact([lon, lat]: Point): { at: Point; snap: Snap | undefined } {
    const snap = this.#given.get(`${lon},${lat}`);
    return { at: snap?.at ?? [lon, lat], snap };
  }

  /** The line as terra-draw has it now. */
  #now(id: string | number): Line {
    const now = this.#draw.getSnapshotFeature(id)?.geometry;
    if (now?.type === "Point") return [now.coordinates as unknown as Point];
    if (now?.type === "LineString") return now.coordinates as unknown as Line;
    return (now?.coordinates[0] ?? []).slice(0, -1) as unknown as Line;
  }

  #finished(id: string | number, action: string, mode: string): void {
    if (action === "draw") {
      const found = this.#now(id).map((p) => this.#exact(p));
      const snaps = found.flatMap(({ snap }) => snap ?? []);
      const line = found.map(({ at }) => at);
      this.#given.clear();
      // terra-draw is still at work with it.
      setTimeout(() => {
        if (this.#closed) return;
        if (this.#draw.hasFeature(id)) this.#draw.removeFeatures([id]);
        if (mode === "cut") this.hand.cut(line, snaps);
        else this.hand.drew(line, snaps);
      });
      return;
    }
    const ring = this.#rings.find((r) => r.id === id);
    if (!ring) return;
    const now = this.#now(id);
    if (action === "dragFeature") {
      const [from, to] = [ring.shown[0], now[0]];
      ring.shown = now;
      if (from && to) this.hand.movedAll(from, to);
      return;
    }
    const what = did(ring.shown, now);
    ring.shown = now;
    if (!what) return;
    const corner = { ...ring.where, index: what.index };
    if (what.kind === "removed") this.hand.removed(corner);
    else if (what.kind === "added") this.hand.added({ ...corner, index: corner.index - 1 }, what.at);
    else {
      const { at, snap } = this.#exact(what.to);
      this.#given.clear();
      this.hand.moved(corner, at, snap);
    }
  }

  #changing(ids: readonly (string | number)[]): void {
    for (const id of ids) {
      const ring = this.#rings.find((r) => r.id === id);
      if (!ring) {
        if (this.busy && this.#draw.getSnapshotFeature(id)?.properties["currentlyDrawing"])
          this.hand.isDrawing(this.#now(id));
        continue;
      }
      const now = this.#now(id);
      if (this.#tool === "move") {
        const [from, to] = [ring.shown[0], now[0]];
        if (from && to) this.hand.movingAll(from, to);
        continue;
      }
      const what = did(ring.shown, now);
      if (what?.kind === "moved")
        this.hand.movingCorner({ ...ring.where, index: what.index }, this.#exact(what.to).at);
    }
  }

  /** A press on another line of the shape takes that one in hand; one on a vertex chooses it. */
  #point = (event: PointerEvent): void => {
    if ((this.#tool !== "corners" && this.#tool !== "move") || !event.isPrimary || !this.#shape) return;
    const { left, top } = this.#canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const area = isArea(this.#shape);
    let best: { far: number; ring: Ring; index: number } | undefined;
    for (const ring of this.#rings) {
      ring.exact.forEach((p, index) => {
        const at = this.#project(p);
        const far = Math.hypot(at.x - x, at.y - y);
        if (far < reachPx && far < (best?.far ?? reachPx)) best = { far, ring, index };
      });
    }
    let ring = best?.ring;
    if (!ring) {
      let least: number = reachPx;
      for (const other of this.#rings) {
        for (const [a, b] of segments(other.exact, area)) {
          const far = toSegment({ x, y }, this.#project(a), this.#project(b));
          if (far < least) {
            least = far;
            ring = other;
          }
        }
      }
    }
    if (ring && ring !== this.#ringAt(this.#selected)) this.select(ring.where);
    if (this.#tool === "corners")
      this.hand.chose(best ? { ...best.ring.where, index: best.index } : undefined);
  };
}

function modeOf(tool: Tool | undefined, shape: Shape): string {
  if (tool === "draw") return kindOf(shape);
  return tool === "split" ? "cut" : (tool ?? "static");
}

function kindOf(shape: Shape): "point" | "linestring" | "polygon" {
  return shape.kind === "Point" ? "point" : isArea(shape) ? "polygon" : "linestring";
}

function geometry(shape: Shape, line: Line) {
  const list = (points: Line) => points.map(([lon, lat]) => [lon, lat]);
  if (shape.kind === "Point") return { type: "Point" as const, coordinates: list(line)[0] ?? [] };
  if (isArea(shape)) return { type: "Polygon" as const, coordinates: [list(closed(line))] };
  return { type: "LineString" as const, coordinates: list(line) };
}

interface Pixel {
  x: number;
  y: number;
}

function toSegment(p: Pixel, a: Pixel, b: Pixel): number {
  const square = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const t = square === 0 ? 0 : ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / square;
  const u = Math.min(Math.max(t, 0), 1);
  return Math.hypot(p.x - a.x - u * (b.x - a.x), p.y - a.y - u * (b.y - a.y));
}
