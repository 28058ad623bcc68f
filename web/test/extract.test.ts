import { expect, test } from "vitest";
import { questionOf } from "../src/extract/answer.ts";

test("the question for an extract closes a ring, and names land by its number", () => {
  const ring = [
    [95.3, 5.5],
    [95.31, 5.5],
    [95.31, 5.51],
  ] as const;
  expect(questionOf({ ring })).toEqual({
    geometry: { type: "Polygon", coordinates: [[...ring, [95.3, 5.5]]] },
  });
  expect(questionOf({ land: "12", frontage: "lokal" })).toEqual({ parcel: 12, roadClass: "lokal" });
  expect(questionOf({})).toBeUndefined();
  expect(questionOf({ id: "8e8ca07a-f381-45be-aaf4-c89417bf2a50" })).toBeUndefined();
});
