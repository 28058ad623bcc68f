// What is said while land is drawn, in both languages.

import type { Lang } from "../catalog.ts";

const id = {
  drawing: "Ketuk sudut demi sudut; ketuk sudut pertama atau tekan “Selesai” untuk menutup.",
  finish: "Selesai",
  cancel: "Batal",
  tooFew: "Lahan memerlukan sedikitnya tiga sudut.",
  ringCrosses: "Garis lahan itu memotong dirinya sendiri. Gambar lagi.",
};

export type LandWords = typeof id;

const en: LandWords = {
  drawing: "Tap corner after corner; tap the first one again or press “Done” to close.",
  finish: "Done",
  cancel: "Cancel",
  tooFew: "Land needs at least three corners.",
  ringCrosses: "The outline of that land crosses itself. Draw it again.",
};

export const landWords: Record<Lang, LandWords> = { id, en };
