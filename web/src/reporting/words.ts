// What the form for reports says, in both languages.

import type { Lang } from "../catalog.ts";

const id = {
  title: "Laporkan tempat ini",
  where: "Tempatnya titik yang Anda ketuk; ketuk peta untuk memindahkannya.",
  kind: "Jenis laporan",
  kinds: {
    zone: "Zona pada peta keliru",
    use: "Pemanfaatan tidak sesuai rencana",
    route: "Jalan evakuasi terhalang",
    other: "Lainnya",
  },
  text: "Apa yang Anda lihat?",
  contact: "Kontak Anda (boleh kosong)",
  contactNote: "Hanya untuk petugas; dihapus setelah satu tahun.",
  photo: "Foto (boleh kosong)",
  photoNote: "JPEG atau PNG; foto besar dikecilkan. Tempat dan waktu di dalam berkas foto dihapus.",
  send: "Kirim laporan",
  cancel: "Batal",
  sending: (percent: number) => `Mengirim … ${percent}%`,
  failed:
    "Laporan belum terkirim. Periksa sambungan lalu kirim lagi; isian Anda masih ada, dan laporannya tetap satu.",
  sent: "Laporan diterima. Terima kasih.",
  keep: "Simpan tautan ini: hanya dengan tautan ini laporan Anda dapat diikuti atau ditarik.",
  follow: "Ikuti laporan saya",
};

export type ReportWords = typeof id;

const en: ReportWords = {
  title: "Report this place",
  where: "The place is the point that you tapped; tap the map to move it.",
  kind: "Kind of report",
  kinds: {
    zone: "The zone on the map is wrong",
    use: "A use that breaks the plan",
    route: "A blocked evacuation road",
    other: "Something else",
  },
  text: "What do you see?",
  contact: "How to reach you (may be empty)",
  contactNote: "For officers only; deleted after a year.",
  photo: "Photo (may be empty)",
  photoNote: "JPEG or PNG; a large photo is scaled. Place and time within the file are removed.",
  send: "Send the report",
  cancel: "Cancel",
  sending: (percent: number) => `Sending … ${percent}%`,
  failed:
    "The report has not been sent. Check the connection and send again; what you wrote is still here, and it stays one report.",
  sent: "The report has arrived. Thank you.",
  keep: "Keep this link: your report can be followed, or withdrawn, by it alone.",
  follow: "Follow my report",
};

export const reportWords: Record<Lang, ReportWords> = { id, en };
