// Tiles read by an independent decoder, against the features of OGC API.

import { VectorTile } from "@mapbox/vector-tile";
import type { Position } from "geojson";
import { PbfReader } from "pbf";
import { expect, test } from "vitest";
import type { Item } from "../src/api.ts";
import type { Layer } from "../src/catalog.ts";
import type { Line } from "../src/inside.ts";
import { distance, inside, inTile, lines } from "./geometry.ts";
import { base, catalog, items } from "./helper.ts";

const { layers } = await catalog();

interface Decoded {
  z: number;
  x: number;
  y: number;
  extent: number;
  parts: Line[];
}

/** The feature as the tile of a point on it, at the layer's deepest zoom, holds it. */
async function decode(layer: Layer, item: Item): Promise<Decoded> {
  const at = item.geometry && inside(item.geometry);
  if (!at) throw new Error(`${layer.id}/${item.id} has no point to look at`);
  const z = layer.zooms.max;
  const [x = 0, y = 0] = inTile(at, z, 0, 0, 1).map(Math.floor);
  const response = await fetch(`${base}/tiles/${layer.id}/${z}/${x}/${y}`);
  expect(response.status, `${layer.id} ${z}/${x}/${y}`).toBe(200);
  const tile = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer())));
  const drawn = tile.layers[layer.id];
  for (let i = 0; drawn && i < drawn.length; i++) {
    const feature = drawn.feature(i);
    if (String(feature.id) !== String(item.id)) continue;
    const parts = feature.loadGeometry().map((line) => line.map((p) => [p.x, p.y]));
    return { z, x, y, extent: drawn.extent, parts };
  }
  throw new Error(`${layer.id}/${item.id} is not in ${z}/${x}/${y}`);
}

test.each(layers.map((layer) => [layer.id, layer] as const))(
  "%s: a decoded tile equals the source within one unit",
  async (_, layer) => {
    const given = (await items(layer)).filter((item) => item.geometry);
    expect(given.length).toBeGreaterThan(0);
    for (const item of given) {
      if (!item.geometry) continue;
      // When
      const { z, x, y, extent, parts } = await decode(layer, item);
      // Then
      const source = lines(item.geometry).map((line) => line.map((p) => inTile(p, z, x, y, extent)));
      const within = ([px = 0, py = 0]: Position) => px > 0 && py > 0 && px < extent && py < extent;
      const name = `${layer.id}/${item.id} in ${z}/${x}/${y}`;
      for (const p of source.flat().filter(within)) expect(distance(p, parts), name).toBeLessThanOrEqual(1);
      for (const p of parts.flat().filter(within)) expect(distance(p, source), name).toBeLessThanOrEqual(1);
    }
  },
);
