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
import { closed, isArea, type Line, lineAt, type Point, type Shape, segments } from "./shape.ts";
import type { Project, Snap } from "./snap.ts";
import { grow, holds, indexOf, type Stretch, stretches, verticesOf } from "./stretch.ts";
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

/** Longer lines are taken in hand a stretch at a time. */
const longest = 400;

interface Ring extends Stretch {
  id: string | number;
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
  #selected: Corner = { part: 0, line: 0, index: 0 };
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
    this.#draw.clear();
    this.#rings = [];
    this.show(shape);
  }

  /** Brings what the tool shows to the shape, with as little change as can be. */
  show(shape: Shape): void {
    this.#shape = shape;
    if (!this.#draw.enabled) return;
    // The others begin with nothing, and what is being drawn is not disturbed.
    if (this.#tool !== "corners" && this.#tool !== "move") return;
    const counts = (list: readonly Stretch[]) =>
      [...new Set(list.map(({ where, total }) => `${where.part}/${where.line}:${total}`))].join();
    if (this.#rings.length === 0 || counts(this.#rings) !== counts(this.#stretches(shape))) {
      this.#rebuild(shape);
      return;
    }
    for (const ring of this.#rings) {
      ring.exact = verticesOf(ring, lineAt(shape, ring.where) ?? []);
      const shown = ring.exact.map(roundedPoint);
      if (shown.join(";") === ring.shown.join(";")) continue;
      ring.shown = shown;
      this.#draw.updateFeatureGeometry(ring.id, geometry(shape, ring));
    }
  }

  /** Takes the line, or its stretch, in hand that has the vertex. */
  #select(corner: Corner): void {
    const ring = this.#ringAt(corner) ?? this.#rings[0];
    if (!ring || !this.#draw.enabled || (this.#tool !== "corners" && this.#tool !== "move")) return;
    this.#selected = { ...ring.where, index: ring.from };
    this.#draw.selectFeature(ring.id, this.#tool);
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

  #rebuild(shape: Shape): void {
    this.#draw.clear();
    this.#rings = stretches(shape, this.#tool === "move" ? Number.POSITIVE_INFINITY : longest).map(
      (stretch) => {
        const exact = verticesOf(stretch, lineAt(shape, stretch.where) ?? []);
        return { ...stretch, id: this.#draw.getFeatureId(), exact, shown: exact.map(roundedPoint) };
      },
    );
    this.#draw.addFeatures(
      this.#rings.map((ring) => ({
        id: ring.id,
        type: "Feature",
        properties: { mode: ring.whole ? kindOf(shape) : "linestring" },
        geometry: geometry(shape, ring),
      })),
    );
    this.#select(this.#selected);
  }

  /** To be moved a line is whole: then its vertices have no handles. */
  #stretches(shape: Shape): Stretch[] {
    return stretches(shape, this.#tool === "move" ? Number.POSITIVE_INFINITY : longest);
  }

  #ringAt(corner: Corner): Ring | undefined {
    return this.#rings.find((ring) => holds(ring, corner));
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
    const corner = { ...ring.where, index: indexOf(ring, what.index) };
    if (what.kind === "removed") {
      grow(this.#rings, ring, -1);
      this.hand.removed(corner);
    } else if (what.kind === "added") {
      const after = { ...ring.where, index: indexOf(ring, what.index - 1) };
      grow(this.#rings, ring, 1);
      this.hand.added(after, what.at);
    } else {
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
        this.hand.movingCorner({ ...ring.where, index: indexOf(ring, what.index) }, this.#exact(what.to).at);
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
        for (const [a, b] of segments(other.exact, area && other.whole)) {
          const far = toSegment({ x, y }, this.#project(a), this.#project(b));
          if (far < least) {
            least = far;
            ring = other;
          }
        }
      }
    }
    if (ring && ring !== this.#ringAt(this.#selected))
      this.#select({ ...ring.where, index: indexOf(ring, 1) });
    if (this.#tool === "corners")
      this.hand.chose(best ? { ...best.ring.where, index: indexOf(best.ring, best.index) } : undefined);
  };
}

function modeOf(tool: Tool | undefined, shape: Shape): string {
  if (tool === "draw") return kindOf(shape);
  return tool === "split" ? "cut" : (tool ?? "static");
}

function kindOf(shape: Shape): "point" | "linestring" | "polygon" {
  return shape.kind === "Point" ? "point" : isArea(shape) ? "polygon" : "linestring";
}

function geometry(shape: Shape, ring: Ring) {
  const list = (points: Line) => points.map(([lon, lat]) => [lon, lat]);
  if (shape.kind === "Point") return { type: "Point" as const, coordinates: list(ring.shown)[0] ?? [] };
  if (isArea(shape) && ring.whole) {
    return { type: "Polygon" as const, coordinates: [list(closed(ring.shown))] };
  }
  return { type: "LineString" as const, coordinates: list(ring.shown) };
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
