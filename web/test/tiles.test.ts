import { describe, expect, test } from "vitest";
import { type Box, union } from "../src/catalog.ts";
import { cover } from "../src/tiles.ts";

/** The tile of a point, after the formula of the OpenStreetMap wiki (Slippy map tilenames). */
function tileOf(lon: number, lat: number, z: number): string {
  const n = 2 ** z;
  const rad = (lat * Math.PI) / 180;
  const x = Math.floor(((lon + 180) / 360) * n);
  const y = Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n);
  return `${z}/${x}/${y}`;
}

const names = (box: Box, min: number, max: number) =>
  new Set(cover(box, min, max)?.map((t) => `${t.z}/${t.x}/${t.y}`));

describe("the tiles of a change", () => {
  test("hold every point of the box at every zoom", () => {
    const box: Box = [95.28, 5.51, 95.33, 5.56];
    const tiles = names(box, 9, 16);
    for (let i = 0; i <= 20; i++) {
      for (let j = 0; j <= 20; j++) {
        const lon = box[0] + ((box[2] - box[0]) * i) / 20;
        const lat = box[1] + ((box[3] - box[1]) * j) / 20;
        for (let z = 9; z <= 16; z++) expect(tiles).toContain(tileOf(lon, lat, z));
      }
    }
  });

  test("of a point are one a zoom, and the neighbour whose buffer reaches it", () => {
    expect(cover([95.3238, 5.5483, 95.3238, 5.5483], 12, 16)).toHaveLength(5);
    const edge = -180 + (360 / 2 ** 14) * 12530;
    expect(names([edge, 5.5483, edge, 5.5483], 14, 14).size).toBe(2);
  });

  test("are not listed where there are too many, or the box is nonsense", () => {
    expect(cover([-180, -85, 180, 85], 0, 14)).toBeUndefined();
    expect(cover([Number.NaN, 0, 1, 1], 0, 1)).toBeUndefined();
    expect(cover([2, 0, 1, 1], 0, 1)).toBeUndefined();
  });

  test("stay inside the world", () => {
    for (const { z, x, y } of cover([-180, -90, 180, 90], 0, 3) ?? []) {
      expect(x >= 0 && x < 2 ** z && y >= 0 && y < 2 ** z).toBe(true);
    }
  });

  test("union is the smallest box around both", () => {
    expect(union([1, 2, 3, 4], [0, 3, 2, 9])).toEqual([0, 2, 3, 9]);
    expect(union(undefined, [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  });
});
