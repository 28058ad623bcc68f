// What is said about where to run, in both languages.

import type { Lang } from "../catalog.ts";
import type { Profile } from "../hash.ts";

const id = {
  title: "Evakuasi",
  to: "Pergi ke",
  minutes: (n: string) => `${n} menit`,
  room: (n: string) => `masih menerima ${n} orang`,
  height: (n: string) => `lantai perlindungan ${n} m di atas tanah`,
  arrivesIn: "Bahaya tiba dalam",
  arrived: "Perkiraan tibanya sudah lewat",
  spare: (n: number, place: string) =>
    `Berangkat sekarang: sisa ${n} menit di tempat paling genting${place ? `, ${place}` : ""}.`,
  noSpare: (place: string) =>
    `Tidak ada lagi sisa waktu di tempat paling genting${place ? `, ${place}` : ""}. Berangkat sekarang juga.`,
  locating: "Mencari lokasi ponsel …",
  refused: "Lokasi ponsel tidak diizinkan. Ketuk peta di tempat Anda berdiri.",
  unlocated: "Lokasi ponsel tidak ditemukan. Ketuk peta di tempat Anda berdiri.",
  unlocatedBlind: "Lokasi ponsel tidak dapat dibaca, dan peramban ini tidak menggambar peta.",
  choose: "Ketuk peta di tempat Anda berdiri.",
  chooseKeys: "Dengan papan ketik: Enter mengambil titik tengah peta.",
  asking: "Mencari jalan …",
  failed: "Jalan evakuasi tidak dapat ditanyakan: tidak ada jawaban dari server.",
  offline: (time: string) =>
    `Tidak ada sambungan. Ini jawaban pukul ${time}; ditanyakan lagi begitu tersambung.`,
  elsewhere: (metres: string) => `Jawaban itu dari tempat ${metres} dari sini.`,
  refusedNow: (time: string, why: string) => `${why} Ini jawaban pukul ${time}.`,
  stale: (when: string) => `Basis data sedang tidak terjangkau. Jawaban menurut keadaan ${when}.`,
  packed: (ago: string) =>
    `Server tidak terjangkau: rute dari data yang disimpan ${ago}. Jalan yang ditutup dan tempat yang penuh sesudah itu tidak diketahui.`,
  packedUntil: (time: string) =>
    `Sesudah ${time} ada penutupan yang mulai atau berakhir; rute ini tidak memperhitungkannya.`,
  packedHow: (how: string) => `Waktunya untuk: ${how}.`,
  pocket: {
    none: "Belum disimpan untuk luring.",
    fetching: "Menyimpan untuk luring …",
    kept: (ago: string) => `Disimpan untuk luring, ${ago}.`,
    unable: "Peramban ini tidak dapat menyimpan untuk luring.",
  },
  changed: (time: string) => `Rutenya berubah pukul ${time}.`,
  located: (metres: string) => `Dari lokasi ponsel, ketelitian ± ${metres}.`,
  rough: "Itu kasar: bila bukan di sini, pilih tempat lain.",
  tapped: "Dari tempat yang dipilih pada peta.",
  how: "Cara pergi",
  profile: {
    foot: "Jalan kaki",
    foot_elderly: "Jalan kaki, lanjut usia",
    foot_helped: "Jalan kaki, dibantu",
    bicycle: "Sepeda",
    motorcycle: "Sepeda motor",
    car: "Mobil",
  } satisfies Record<Profile, string>,
  steps: "Petunjuk jalan",
  others: "Pilihan lain",
  without: (bridges: string) => (bridges ? `Tanpa ${bridges}` : "Tanpa jembatan itu"),
  passed: (n: number) => `${n} tempat lebih dekat dilewatkan`,
  straight: (metres: string) => `${metres} garis lurus`,
  refuge: "Tertinggi di dekat sini",
  here: "Lokasi saya",
  elsewhereButton: "Tempat lain",
  again: "Coba lagi",
};

export type EvacuationWords = typeof id;

const en: EvacuationWords = {
  title: "Evacuation",
  to: "Go to",
  minutes: (n) => (n === "1" ? "1 minute" : `${n} minutes`),
  room: (n) => `room for ${n} more people`,
  height: (n) => `refuge floor ${n} m above the ground`,
  arrivesIn: "The hazard arrives in",
  arrived: "The expected arrival has passed",
  spare: (n, place) => `Leaving now: ${n} min to spare at the tightest place${place ? `, ${place}` : ""}.`,
  noSpare: (place) =>
    `No time is left to spare at the tightest place${place ? `, ${place}` : ""}. Leave this moment.`,
  locating: "Finding where the phone is …",
  refused: "The location of the phone is not allowed. Tap the map where you stand.",
  unlocated: "The phone was not located. Tap the map where you stand.",
  unlocatedBlind: "The phone cannot be located, and this browser draws no map.",
  choose: "Tap the map where you stand.",
  chooseKeys: "With a keyboard: Enter takes the middle of the map.",
  asking: "Looking for a way …",
  failed: "The way could not be asked for: the server does not answer.",
  offline: (time) => `No connection. This is the answer of ${time}; it is asked again once there is one.`,
  elsewhere: (metres) => `That answer is from a place ${metres} from here.`,
  refusedNow: (time, why) => `${why} This is the answer of ${time}.`,
  stale: (when) => `The database is out of reach. The answer is by the state of ${when}.`,
  packed: (ago) =>
    `The server is out of reach: a route by what was kept ${ago}. Roads closed and shelters filled since are not known.`,
  packedUntil: (time) => `After ${time} a closure begins or ends; this route does not know.`,
  packedHow: (how) => `The time is for: ${how}.`,
  pocket: {
    none: "Not yet kept for offline use.",
    fetching: "Keeping for offline use …",
    kept: (ago) => `Kept for offline use, ${ago}.`,
    unable: "This browser cannot keep anything for offline use.",
  },
  changed: (time) => `The route changed at ${time}.`,
  located: (metres) => `From where the phone is, to ± ${metres}.`,
  rough: "That is rough: if it is not here, choose another place.",
  tapped: "From the place chosen on the map.",
  how: "How you go",
  profile: {
    foot: "On foot",
    foot_elderly: "On foot, elderly",
    foot_helped: "On foot, with help",
    bicycle: "Bicycle",
    motorcycle: "Motorcycle",
    car: "Car",
  },
  steps: "Directions",
  others: "Other ways",
  without: (bridges) => (bridges ? `Without ${bridges}` : "Without that bridge"),
  passed: (n) => (n === 1 ? "1 nearer place passed over" : `${n} nearer places passed over`),
  straight: (metres) => `${metres} in a straight line`,
  refuge: "Tallest nearby",
  here: "Where I am",
  elsewhereButton: "Another place",
  again: "Try again",
};

export const evacuationWords: Record<Lang, EvacuationWords> = { id, en };
