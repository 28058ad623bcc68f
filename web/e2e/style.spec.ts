// The server's style, checked by the style specification itself.

import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { StyleSpecification } from "maplibre-gl";
import { expect, test } from "vitest";
import { ownerOf } from "../src/mapstyle.ts";
import { catalog, json } from "./helper.ts";

test("the style is valid and draws every public layer", async () => {
  const style = await json<StyleSpecification>("/styles/plan.json");
  expect(validateStyleMin(style as never).map((e) => e.message)).toEqual([]);
  const drawn = new Set(style.layers.flatMap((layer) => ownerOf(layer) ?? []));
  const public_ = (await catalog()).layers.map((layer) => layer.id);
  expect([...drawn].sort()).toEqual(public_.sort());
});
