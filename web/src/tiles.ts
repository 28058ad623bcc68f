// Which tiles a change touches.

import type { Box } from "./catalog.ts";

export interface TileId {
  z: number;
  x: number;
  y: number;
}

/** Tiles carry what lies up to this part of a tile beyond their edge. */
const buffer = 64 / 4096;
const maxLat = 85.0511287798066;

/**
 * The tiles of zooms min to max that show something inside the box, the
 * buffers of their neighbours included. undefined where they are more than
 * limit: then it is cheaper to ask for all tiles again.
 */
export function cover(box: Box, min: number, max: number, limit = 2000): TileId[] | undefined {
  const [west, south, east, north] = box;
  if (![west, south, east, north].every(Number.isFinite) || west > east || south > north) return undefined;
  const tiles: TileId[] = [];
  for (let z = min; z <= max; z++) {
    const n = 2 ** z;
    const clamp = (v: number) => Math.min(Math.max(Math.floor(v), 0), n - 1);
    const x0 = clamp(worldX(west) * n - buffer);
    const x1 = clamp(worldX(east) * n + buffer);
    const y0 = clamp(worldY(north) * n - buffer);
    const y1 = clamp(worldY(south) * n + buffer);
    if (tiles.length + (x1 - x0 + 1) * (y1 - y0 + 1) > limit) return undefined;
    for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) tiles.push({ z, x, y });
  }
  return tiles;
}

function worldX(lon: number): number {
  return (lon + 180) / 360;
}

function worldY(lat: number): number {
  const sin = Math.sin((Math.max(Math.min(lat, maxLat), -maxLat) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}
