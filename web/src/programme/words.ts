// What is said where a programme is tried, in both languages.

import type { Lang } from "../catalog.ts";

const id = {
  lead: "Tulis volume yang tersisa setelah program. Ini percobaan: tidak ada yang disimpan.",
  now: (volume: string, whole: string) => `kini ${volume} dari ${whole}`,
  notAssessed: (titles: string) => `Tidak dinilai, sehingga tidak dapat dicoba: ${titles}.`,
  result: "Hasil program",
  what: "Penilaian",
  total: "Nilai total",
  class: (before: string, after: string) =>
    before === after ? `Tingkatnya tetap: ${before}.` : `Tingkatnya dari ${before} menjadi ${after}.`,
  sectoral: "Rata-rata kekumuhan",
  contribution: (percent: string) => `Kontribusi program: ${percent}% dari rata-rata kekumuhan.`,
  worse: (percent: string) => `Keadaan memburuk ${percent}% dari rata-rata kekumuhan.`,
  noContribution:
    "Kontribusi tidak dapat dihitung: kriteria yang dinilai berbeda, atau tidak ada yang perlu ditangani.",
  scoreOf: (title: string) => `Nilai: ${title}`,
  reset: "Kembalikan",
  failed: "Nilai tidak dapat dihitung. Periksa sambungan lalu coba lagi.",
};

export type ProgrammeWords = typeof id;

const en: ProgrammeWords = {
  lead: "Write the volumes that are left after the programme. This is a trial: nothing is stored.",
  now: (volume: string, whole: string) => `now ${volume} of ${whole}`,
  notAssessed: (titles: string) => `Not assessed, so that it cannot be tried: ${titles}.`,
  result: "What the programme does",
  what: "Assessment",
  total: "Total score",
  class: (before: string, after: string) =>
    before === after ? `The class stays: ${before}.` : `The class goes from ${before} to ${after}.`,
  sectoral: "Mean of the aspects",
  contribution: (percent: string) => `Contribution of the programme: ${percent}% of the mean of the aspects.`,
  worse: (percent: string) => `It becomes worse by ${percent}% of the mean of the aspects.`,
  noContribution:
    "There is no contribution: other criteria are assessed than before, or nothing was to be done.",
  scoreOf: (title: string) => `Score: ${title}`,
  reset: "Put back",
  failed: "The score could not be computed. Check the connection and try again.",
};

export const programmeWords: Record<Lang, ProgrammeWords> = { id, en };
