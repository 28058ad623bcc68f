// What land may be tried as: the parts that an indicator counts, with values
// that make a feature belong to them.

import { type Catalog, type Field, type Lang, type Layer, say, type Text } from "../../catalog.ts";
import { type FormField, formOf, type Schema } from "../../edit/schema.ts";
import type { Answer, Condition, Part } from "../answer.ts";
import { counting } from "../figure.ts";

export interface Choice {
  part: string;
  title: Text;
  layer: Layer;
  /** What has to be said of the land; each has codes. */
  fields: string[];
  /** With these a feature counts, and with what is asked. */
  values: Readonly<Record<string, unknown>>;
  /** The class, where more than one counts: what the land counts for depends on it, so that none is assumed. */
  ask?: { field: string; codes: string[] };
}

/** The layers of areas that the indicator's parts lie in, each once. */
export function layersOf(answer: Answer, catalog: Catalog): Layer[] {
  const ids = new Set(counted(answer).map(({ part }) => part.layer));
  return catalog.layers.filter((l) => ids.has(l.id) && l.geometry === "MultiPolygon");
}

/** One choice a part that is counted, in the order of the indicator. */
export function choicesOf(
  answer: Answer,
  catalog: Catalog,
  schemas: ReadonlyMap<string, Schema>,
  lang: Lang,
): Choice[] {
  return counted(answer).flatMap(({ part, classes }) => {
    const layer = catalog.layer(part.layer);
    const schema = layer && schemas.get(layer.id);
    if (!layer || !schema || layer.geometry !== "MultiPolygon") return [];
    const form = new Map(formOf(schema, layer, catalog, lang).map((f) => [f.name, f]));
    const named = new Set([...(part.where ?? []).map((c) => c.field), ...(part.by ? [part.by] : [])]);
    const values: Record<string, unknown> = {};
    for (const field of layer.fields) {
      const first = form.get(field.name)?.options?.[0]?.code;
      if (field.required && first !== undefined) values[field.name] = typed(field, first);
    }
    const by = layer.fields.find((f) => f.name === part.by);
    const codes = by ? classesOf(part, classes, form.get(by.name)) : [];
    if (by) {
      if (codes.length === 1) values[by.name] = typed(by, codes[0] ?? "");
      else delete values[by.name];
    }
    for (const condition of part.where ?? []) {
      if (condition.field === by?.name) continue;
      const field = layer.fields.find((f) => f.name === condition.field);
      const code = field && fitting(condition, values[field.name], form.get(field.name));
      if (field && code !== undefined) values[field.name] = typed(field, code);
    }
    const fields = layer.fields
      .filter((f) => form.get(f.name)?.options && (f.required || named.has(f.name)))
      .map((f) => f.name);
    const ask = by && codes.length > 1 ? { ask: { field: by.name, codes } } : {};
    return [{ part: part.id, title: part.title, layer, fields, values, ...ask }];
  });
}

/** The codes that may be said of a field, as the schema lists them. */
export function optionsOf(
  layer: Layer,
  name: string,
  schemas: ReadonlyMap<string, Schema>,
  catalog: Catalog,
  lang: Lang,
): { title: string; options: { code: string; title: string }[] } {
  const schema = schemas.get(layer.id);
  const field = schema && formOf(schema, layer, catalog, lang).find((f) => f.name === name);
  const title = say(layer.fields.find((f) => f.name === name)?.title, lang) || name;
  return { title, options: field?.options ?? [] };
}

function counted(answer: Answer): { part: Part; classes: string[] }[] {
  const seen = new Set<string>();
  return counting(answer, {}).flatMap((term) => {
    const part = answer.coverage?.parts.find((p) => p.id === term.part);
    if (!part || seen.has(part.id)) return [];
    seen.add(part.id);
    return [{ part, classes: term.classes ?? [] }];
  });
}

/** The classes of a part that count, as the field lists them. */
function classesOf({ by, where }: Part, counted: string[], form: FormField | undefined): string[] {
  const rules = (where ?? []).filter((c) => c.field === by);
  return (form?.options ?? [])
    .map((o) => o.code)
    .filter((code) => counted.length === 0 || counted.includes(code))
    .filter((code) => rules.every((c) => (c.in?.includes(code) ?? true) && !c.not?.includes(code)));
}

/** A value that the condition asks for; the present one where that fits. */
function fitting(condition: Condition, now: unknown, form: FormField | undefined): string | undefined {
  const { in: wanted, not } = condition;
  const has = now === undefined ? undefined : String(now);
  if (wanted?.length) return has !== undefined && wanted.includes(has) ? has : wanted[0];
  if (has === undefined || !not?.includes(has)) return has;
  return form?.options?.find((o) => !not.includes(o.code))?.code;
}

/** A value that is written as text, as the field has it. */
export function typed(field: Field, text: string): unknown {
  if (field.type === "boolean") return text === "true";
  if (field.type === "integer" || field.type === "number") return Number(text);
  return text;
}
