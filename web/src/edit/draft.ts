// An edit as it is sent, and as the browser keeps it through a reload.

import type { Item } from "../api.ts";
import type { Layer } from "../catalog.ts";
import type { Kept } from "../kept.ts";
import {
  changedGeometry,
  copied,
  type EditBody,
  type MergePatch,
  mergePatch,
  revisionOf,
  type Values,
} from "./patch.ts";
import type { Scene } from "./scene.ts";
import { geometryOf, type Shape, sameShape, shapeOf, tidy } from "./shape.ts";

/** One step of an edit. */
export interface Step {
  values: Values;
  scene: Scene;
}

/** A neighbour as it was read. */
export interface Neighbour {
  item: Item;
  shape: Shape;
}

/** What an edit is made of. */
export interface Draft {
  readonly layer: Layer;
  /** What was read; undefined for a new feature. */
  readonly base: Item | undefined;
  readonly read: { values: Values; shape: Shape };
  readonly step: Step;
  /** By id. */
  readonly neighbours: Map<string, Neighbour>;
}

/** The same step, in which a shape that came back to what was read is that one: nothing to be sent. */
export function asRead(step: Step, { read, neighbours }: Pick<Draft, "read" | "neighbours">): Step {
  const { scene } = step;
  const own = sameShape(scene.own, read.shape) ? read.shape : scene.own;
  const around = new Map(
    [...scene.around].filter(([id, shape]) => {
      const known = neighbours.get(id);
      return !known || !sameShape(shape, known.shape);
    }),
  );
  if (own === scene.own && around.size === scene.around.size) return step;
  return { ...step, scene: { ...scene, own, around } };
}

/** All edits of the step, the feature's own first. */
export function bodies({ layer, base, read, step, neighbours }: Draft): EditBody[] {
  const { values, scene } = step;
  const feature = (v: Values, shape: Shape) => ({
    type: "Feature" as const,
    geometry: geometryOf(tidy(shape)),
    properties: v,
  });
  const out: EditBody[] = [];
  if (base) {
    const patch = mergePatch(read.values, values, changedGeometry(read.shape, scene.own));
    if (patch) out.push(update(layer, base, patch));
  } else {
    out.push({ op: "create", layer: layer.id, feature: feature(filled(values), scene.own) });
  }
  for (const piece of scene.pieces) {
    out.push({ op: "create", layer: layer.id, feature: feature(copied(layer, values), piece) });
  }
  for (const [id, shape] of scene.around) {
    const known = neighbours.get(id);
    if (known) out.push(update(layer, known.item, { geometry: geometryOf(tidy(shape)) }));
  }
  return out;
}

function update(layer: Layer, item: Item, patch: MergePatch): EditBody {
  const revision = revisionOf(item);
  return {
    op: "update",
    layer: layer.id,
    id: Number(item.id),
    patch,
    ...(revision === undefined ? {} : { ifRevision: revision }),
  };
}

/** A new feature says nothing of what nobody filled in. */
function filled(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined));
}

export function toKeep({ layer, base, step, neighbours }: Draft): Kept {
  const { values, scene } = step;
  return {
    layer: layer.id,
    ...(base ? { base } : {}),
    values: { ...values },
    geometry: geometryOf(scene.own),
    pieces: scene.pieces.flatMap((p) => geometryOf(p) ?? []),
    around: [...scene.around].flatMap(([id, shape]) => {
      const known = neighbours.get(id);
      return known ? [{ base: known.item, geometry: geometryOf(shape) }] : [];
    }),
  };
}

/** The step that was kept; the neighbours that it moved are known again. */
export function restored(kept: Kept, { layer, read, neighbours }: Draft): Step {
  const kind = layer.geometry;
  const same = JSON.stringify(kept.geometry) === JSON.stringify(geometryOf(read.shape));
  const around = new Map<string, Shape>();
  for (const { base, geometry } of kept.around) {
    const id = String(base.id);
    neighbours.set(id, { item: base, shape: shapeOf(kind, base.geometry) });
    around.set(id, shapeOf(kind, geometry));
  }
  const own = same ? read.shape : shapeOf(kind, kept.geometry);
  return { values: kept.values, scene: { own, pieces: kept.pieces.map((p) => shapeOf(kind, p)), around } };
}
