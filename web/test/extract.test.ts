import { expect, test } from "vitest";
import { activitiesOf, type Entry, questionOf, type Theme } from "../src/extract/answer.ts";

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

test("activities that an entry above has said are said of those below too", () => {
  const group = { verdict: "allowed", title: { id: "diizinkan" }, activities: [{ code: "N01", title: {} }] };
  const entry = (code: string, said: boolean): Entry => ({
    code,
    title: {},
    color: "#000000",
    distance: 0,
    sentence: {},
    zone: {
      intensity: [],
      references: [],
      activities: said ? [group] : [],
      ...(said ? {} : { activitiesAbove: true }),
    },
  });
  const entries = [entry("K-1", true), entry("R-2", true), entry("R-2", false)];
  const theme: Theme = { id: "t", title: {}, sentence: {}, entries };
  expect(entries.map((e) => activitiesOf(theme, e))).toEqual([[group], [group], [group]]);
  expect(activitiesOf(theme, { code: "x", title: {}, color: "", distance: 0, sentence: {} })).toEqual([]);
});
