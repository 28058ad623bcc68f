// The form of a layer, from the schema that the server publishes (OGC API
// Features Part 5) and the titles of the catalogue, which has both languages.

import { type Catalog, type Field, type Lang, type Layer, say } from "../catalog.ts";
import { number, unitWord } from "../format.ts";
import type { EditWords } from "./words.ts";

export interface Property {
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  oneOf?: { const?: unknown; title?: string; type?: string }[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  readOnly?: boolean;
}

export interface Schema {
  properties?: Record<string, Property>;
  required?: string[];
}

export interface Option {
  code: string;
  title: string;
}

export interface FormField {
  name: string;
  title: string;
  note: string;
  type: Field["type"];
  required: boolean;
  unit: string;
  min?: number;
  max?: number;
  maxLength?: number;
  /** The codes that may be chosen; absent for a value that is written. */
  options?: Option[];
}

/** The fields that a person fills in, in the layer's order. */
export function formOf(schema: Schema, layer: Layer, catalog: Catalog, lang: Lang): FormField[] {
  const required = new Set(schema.required ?? []);
  return layer.fields.flatMap((field) => {
    const property = schema.properties?.[field.name];
    if (!property || property.readOnly) return [];
    const form: FormField = {
      name: field.name,
      title: say(field.title, lang) || property.title || field.name,
      note: say(field.description, lang),
      type: typeOf(property, field),
      required: required.has(field.name),
      unit: field.unit ? unitWord(field.unit, lang) : "",
    };
    if (property.minimum !== undefined) form.min = property.minimum;
    if (property.maximum !== undefined) form.max = property.maximum;
    if (property.maxLength !== undefined) form.maxLength = property.maxLength;
    const codes = codesOf(property);
    if (codes) {
      form.options = codes.map(({ code, title }) => ({
        code,
        title: say(catalog.code(field, code), lang) || title || code,
      }));
    }
    return [form];
  });
}

function typeOf(property: Property, field: Field): Field["type"] {
  const types = [property.type ?? []].flat();
  if (property.format === "date") return "date";
  if (property.format === "date-time") return "timestamp";
  if (types.includes("boolean")) return "boolean";
  if (types.includes("integer")) return "integer";
  if (types.includes("number")) return "number";
  return types.includes("string") ? "text" : field.type;
}

function codesOf(property: Property): Option[] | undefined {
  if (property.oneOf?.some((o) => o.const !== undefined)) {
    return property.oneOf
      .filter((o) => o.const !== undefined && o.const !== null)
      .map((o) => ({ code: String(o.const), title: o.title ?? "" }));
  }
  return property.enum?.filter((v) => v !== null).map((v) => ({ code: String(v), title: "" }));
}

/** What a person wrote, as the field keeps it; undefined where it cannot be read. */
export function read(field: FormField, text: string): unknown {
  const plain = text.trim();
  if (plain === "") return null;
  switch (field.type) {
    case "integer":
    case "number": {
      const value = Number(plain);
      return Number.isFinite(value) && (field.type === "number" || Number.isInteger(value))
        ? value
        : undefined;
    }
    case "boolean":
      return plain === "true";
    case "timestamp": {
      const date = new Date(plain);
      return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
    }
    default:
      return field.options && /^-?\d+$/.test(plain) && field.type !== "text" ? Number(plain) : text;
  }
}

/** What is wrong with a value before the server is asked, in words. */
export function fault(field: FormField, value: unknown, words: EditWords, lang: Lang): string | undefined {
  if (value === undefined) return field.type === "integer" ? words.wholeNumber : words.unreadable;
  if (value === null) return field.required ? words.required : undefined;
  if (typeof value === "number") {
    const { min, max } = field;
    if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
      return words.range(rangeWords(field, lang, words));
    }
  }
  if (typeof value === "string" && field.maxLength && [...value].length > field.maxLength) {
    return words.tooLong(field.maxLength);
  }
  return undefined;
}

/** The range that a number must be in, in words; empty for none. */
export function rangeWords({ min, max }: FormField, lang: Lang, words: EditWords): string {
  const n = (value: number) => number(value, lang, 6);
  if (min !== undefined && max !== undefined) return words.between(n(min), n(max));
  if (min !== undefined) return words.atLeast(n(min));
  return max !== undefined ? words.atMost(n(max)) : "";
}
