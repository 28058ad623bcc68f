import { expect, test } from "vitest";
import type { Criterion } from "../src/api.ts";
import { assessed, questionOf } from "../src/programme/question.ts";

const criterion = (id: string, per: string, volume: number | null, score: number | null): Criterion => ({
  id,
  title: id,
  per,
  unit: "{building}",
  volume,
  denominator: 83,
  percent: score === null ? null : 20,
  score,
});
const criteria = [criterion("1a", "buildings", 19, 0), criterion("1c", "buildings", null, null)];

test("a programme asks with all that was measured, and what is left afterwards", () => {
  expect(assessed(criteria).map((c) => c.id)).toEqual(["1a"]);
  expect(questionOf(criteria, { "1a": "3.5", "1c": "7" })).toEqual({
    areas: [
      {
        volumes: { "1a": 19, "1c": null },
        denominators: { buildings: 83 },
        after: { volumes: { "1a": 3.5, "1c": null } },
      },
    ],
  });
  // What was emptied is not assessed, which is something else than 0.
  expect(questionOf(criteria, { "1a": "" })).toMatchObject({
    areas: [{ after: { volumes: { "1a": null } } }],
  });
});

test("a programme that changes nothing is not asked about", () => {
  expect(questionOf(criteria, {})).toBeUndefined();
  expect(questionOf(criteria, { "1a": "19" })).toBeUndefined();
});
