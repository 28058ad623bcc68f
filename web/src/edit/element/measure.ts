import type { Lang } from "../../catalog.ts";
import { number } from "../../format.ts";
import type { EditWords } from "../words.ts";

/** Square metres below a hectare, hectares above; metres, then kilometres. */
export function measureWords(
  words: EditWords,
  measured: { area: number } | { length: number },
  lang: Lang,
): string {
  if ("area" in measured) {
    const { area } = measured;
    return words.area(
      area < 10_000
        ? `${number(Math.round(area), lang, 0, true)} m²`
        : `${number(area / 10_000, lang, 3, true)} ha`,
    );
  }
  const { length } = measured;
  return words.length(
    length < 1_000 ? `${number(length, lang, 1, true)} m` : `${number(length / 1_000, lang, 3, true)} km`,
  );
}
