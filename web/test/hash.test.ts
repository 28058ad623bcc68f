import { describe, expect, test } from "vitest";
import {
  type Address,
  type EvacuateView,
  type ExtractView,
  format,
  type IndicatorView,
  mostCorners,
  parse,
  placeOf,
  profiles,
  roadClasses,
  unitKinds,
} from "../src/hash.ts";

/** A small generator with a seed, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function anyAddress(random: () => number): Address {
  const ids = ["alpha", "beta_2", "gamma", "d"];
  const address: Address = { lang: random() < 0.5 ? "id" : "en", shown: {}, opacity: {} };
  for (const id of ids) {
    if (random() < 0.3) address.shown[id] = random() < 0.5;
    if (random() < 0.3) address.opacity[id] = Math.floor(random() * 100);
  }
  if (random() < 0.8) {
    address.position = {
      zoom: Number((random() * 21).toFixed(2)),
      lat: Number((random() * 160 - 80).toFixed(5)),
      lon: Number((random() * 360 - 180).toFixed(5)),
    };
  }
  if (random() < 0.5) address.pick = { layer: "alpha", id: String(Math.floor(random() * 1e9)) };
  if (address.pick && random() < 0.3) address.past = 1 + Math.floor(random() * 1e6);
  const view = random();
  if (view < 0.4) address.indicators = anyView(random);
  else if (view < 0.6) address.extract = anyExtract(random);
  else if (view < 0.8) address.evacuate = anyFlight(random);
  return address;
}

function anyExtract(random: () => number): ExtractView {
  if (random() < 0.3) return { id: "8e8ca07a-f381-45be-aaf4-c89417bf2a50" };
  const road = roadClasses[Math.floor(random() * 8)];
  const more = road ? { frontage: road } : {};
  if (random() < 0.3) return { land: String(Math.floor(random() * 1e9)), ...more };
  if (random() < 0.2) return more;
  const degrees = () => Number((random() * 160 - 80).toFixed(7));
  const corners = 3 + Math.floor(random() * (mostCorners - 2));
  return { ring: Array.from({ length: corners }, () => [degrees(), degrees()] as const), ...more };
}

function anyFlight(random: () => number): EvacuateView {
  const profile = profiles[Math.floor(random() * 12)];
  const degrees = () => random() * 160 - 80;
  return {
    ...(random() < 0.7 ? { from: placeOf([degrees(), degrees()]) } : {}),
    ...(profile ? { profile } : {}),
  };
}

function anyView(random: () => number): IndicatorView {
  const view: IndicatorView = { switches: {} };
  if (random() < 0.7) view.id = "rth_public";
  if (random() < 0.5) view.by = unitKinds[Math.floor(random() * unitKinds.length)] ?? "city";
  if (random() < 0.3) view.day = "2026-02-28";
  if (random() < 0.3) view.trial = true;
  for (const name of ["water", "mangrove"]) if (random() < 0.4) view.switches[name] = random() < 0.5;
  return view;
}

describe("the address", () => {
  test("comes back from its text as it went in", () => {
    const random = generator(20261124);
    for (let i = 0; i < 500; i++) {
      const address = anyAddress(random);
      expect(parse(format(address)), format(address)).toEqual(address);
    }
  });

  test("of a page just opened is empty", () => {
    expect(format(parse(""))).toBe("");
    expect(parse("#")).toEqual({ lang: "id", shown: {}, opacity: {} });
  });

  test("reads as a person would write it", () => {
    const text = "#map=13.25/5.5483/95.3238&lang=en&on=a,b&off=c&opacity=a:40&at=a/12&past=3";
    expect(format(parse(text))).toBe(text);
    const page =
      "#lang=en&view=indicators&indicator=a_1&by=kecamatan&day=2026-01-31&with=mangrove,water&without=b";
    expect(format(parse(page))).toBe(page);
  });

  test("of a page of indicators leaves out what cannot be read", () => {
    const view = parse("#view=trial&indicator=../x&by=street&day=31-1-2026&with=A,1x,__proto__").indicators;
    expect(view).toEqual({ trial: true, switches: {} });
  });

  test.each([
    "#map=NaN/1/2",
    "#map=13/91/2",
    "#map=13//2",
    "#map=1/2",
    "#map=13/5/95/7",
    "#map=1e3/5/95",
    "#at=a/b",
    "#at=../12",
    "#at=a/12345678901234567890",
    "#on=A,1x,__proto__,",
    "#opacity=a:100,b:-1,c:4.5,d",
    "#past=3",
    "#lang=fr",
    "#view=zoning",
    "#indicator=a&by=gampong&day=2026-01-31&with=water",
    "#%=%&=&&",
    "#map=%E0%A4%A",
  ])("%s is left at the defaults", (text) => {
    expect(parse(text)).toEqual({ lang: "id", shown: {}, opacity: {} });
  });

  test("of a flight has no place that is none, and no way to go that nobody knows", () => {
    expect(parse("#view=evacuate&from=95.3,5.5&profile=car").evacuate).toEqual({
      from: [95.3, 5.5],
      profile: "car",
    });
    for (const text of ["95.3", "95.3,", "95.3,5.5,1", "5.5,95.3", "195,5", "a,b", "1e1,5", ""]) {
      expect(parse(`#view=evacuate&from=${text}&profile=wings`).evacuate, text).toEqual({});
    }
  });

  test("of an extract is nothing that no map wrote", () => {
    const land = "&ring=95.3,5.5;95.31,5.5;95.31,5.51";
    expect(parse(`#view=extract${land}`).extract?.ring).toHaveLength(3);
    for (const text of [
      "&extract=8e8ca07a-f381-45be-aaf4-c89417bf2a5",
      "&extract=../catalog",
      "&land=-1",
      "&ring=95.3,5.5;95.31,5.5",
      "&ring=95.3,5.5;95.31,5.5;95.31",
      "&ring=95.3,5.5;95.31,5.5;95.31,5.51,7",
      "&ring=95.3,5.5;95.31,5.5;1e3,5.51",
      "&ring=95.3,5.5;95.31,5.5;NaN,5.51",
      `&ring=${Array(mostCorners + 1)
        .fill("95.3,5.5")
        .join(";")}`,
    ]) {
      expect(parse(`#view=extract${text}`).extract, text).toEqual({});
    }
    expect(parse(`#${land}`).extract).toBeUndefined();
  });

  test("leaves out a drawing that is too long for a link", () => {
    const ring = Array.from({ length: mostCorners + 1 }, (_, i) => [95 + i / 1000, 5.5] as const);
    expect(format({ lang: "id", shown: {}, opacity: {}, extract: { ring } })).toBe("#view=extract");
  });
});
