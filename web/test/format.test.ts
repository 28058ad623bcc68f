import { describe, expect, test } from "vitest";
import { Catalog, type Field } from "../src/catalog.ts";
import { day, listed, number, unitWord, value } from "../src/format.ts";

const catalog = new Catalog({
  city: { title: { id: "Kota" }, demo: false },
  groups: [],
  layers: [],
  codes: [
    { list: "kind", version: "1", codes: [{ code: "K-1", title: { id: "Skala kota", en: "City scale" } }] },
    { list: "kind", version: "2", codes: [{ code: "K-1", title: { id: "Tunggal", en: "Single" } }] },
  ],
});

const field = (type: Field["type"], more: Partial<Field> = {}): Field => ({
  name: "f",
  type,
  title: { id: "F" },
  ...more,
});

describe("numbers", () => {
  test("carry the marks of the language", () => {
    expect(number(1234567.891, "id")).toBe("1.234.567,89");
    expect(number(1234567.891, "en")).toBe("1,234,567.89");
  });

  test("of four digits stay together, so that a year reads as a year", () => {
    expect(number(2021, "id")).toBe("2021");
    expect(number(12021, "id")).toBe("12.021");
  });
});

describe("units", () => {
  test.each([
    ["m2", "m²", "m²"],
    ["har", "ha", "ha"],
    ["km/h", "km/jam", "km/h"],
    ["m2/{person}", "m²/orang", "m²/person"],
    ["kW.h/a", "kWh/tahun", "kWh/year"],
    ["{waste_bin}", "waste bin", "waste bin"],
    ["dB", "dB", "dB"],
  ])("%s", (code, id, en) => {
    expect(unitWord(code, "id")).toBe(id);
    expect(unitWord(code, "en")).toBe(en);
  });
});

describe("a value in words", () => {
  test.each([
    ["a code of its version", field("text", { codes: { list: "kind", version: "2" } }), "K-1", "Tunggal"],
    ["a code the list lacks", field("text", { codes: { list: "kind", version: "2" } }), "X-9", "X-9"],
    ["people", field("integer", { unit: "{person}" }), 11500, "11.500\u00a0orang"],
    ["a thousand people", field("integer", { unit: "{person}" }), 1927, "1.927\u00a0orang"],
    ["a year", field("integer"), 2021, "2021"],
    ["hectares", field("number", { unit: "har" }), 2.79641, "2,8\u00a0ha"],
    ["percent", field("number", { unit: "%" }), 13.78, "13,78%"],
    ["money", field("integer", { unit: "{IDR}" }), 200000, "Rp\u00a0200.000"],
    ["yes", field("boolean"), true, "Ya"],
    ["no", field("boolean"), false, "Tidak"],
    ["zero, which is a value", field("integer"), 0, "0"],
    ["a day", field("date"), "2021-07-01", "1 Juli 2021"],
    ["the value Tidak Ada", field("text"), "Tidak Ada", "Tidak Ada"],
    ["text that is no date", field("date"), "kemarin", "kemarin"],
  ])("%s", (_, f, raw, want) => {
    expect(value(catalog, f, raw, "id")).toBe(want);
  });

  test("an official code stands behind its title", () => {
    const coded = field("text", { codes: { list: "kind", version: "1" } });
    expect(listed(catalog, coded, "K-1", "id")).toBe("Skala kota (K-1)");
    expect(listed(catalog, coded, "X-9", "id")).toBe("X-9");
    expect(listed(catalog, field("text"), "RTH", "id")).toBe("RTH");
    expect(listed(catalog, coded, null, "id")).toBeUndefined();
  });

  test("counts in English with a plural", () => {
    const people = field("integer", { unit: "{person}" });
    expect(value(catalog, people, 1, "en")).toBe("1\u00a0person");
    expect(value(catalog, people, 2, "en")).toBe("2\u00a0people");
  });

  test.each([null, undefined, ""])("%s is not recorded", (raw) => {
    expect(value(catalog, field("text"), raw, "id")).toBeUndefined();
  });

  test("a day has no time zone to be shifted by", () => {
    expect(day("2021-01-01", "en")).toBe("1 January 2021");
  });
});
