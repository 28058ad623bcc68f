// The catalogue as the server describes it. Everything the map shows about a
// layer comes from here; no layer is known by name in this program.

export type Lang = "id" | "en";

export interface Text {
  id?: string;
  en?: string;
}

/** A drawing instruction: colours are #RRGGBB, widths and radii CSS pixels. */
export interface Drawing {
  fill?: string;
  fillOpacity?: number;
  stroke?: string;
  strokeWidth?: number;
  dash?: number[];
  radius?: number;
}

export interface LegendClass {
  value?: string;
  title: Text;
  symbol: Drawing;
}

export interface Field {
  name: string;
  type: "text" | "integer" | "number" | "boolean" | "date" | "timestamp";
  title: Text;
  description?: Text;
  /** UCUM code, such as m2, har or {person}. */
  unit?: string;
  codes?: { list: string; version: string };
  required?: boolean;
  unique?: boolean;
  min?: number;
  max?: number;
  maxLength?: number;
  /** Whether the database sets it, whatever is sent. */
  computed?: boolean;
}

/** Percentages of one feature, in groups that a field sums up, with the scores that they lead to. */
export interface Chart {
  title: Text;
  note?: Text;
  /** Address to which /{id} is added for what follows from the numbers of a feature. */
  findings?: string;
  groups: { field: string; bars: { field: string; score?: string }[] }[];
}

export interface Layer {
  id: string;
  title: Text;
  description?: Text;
  group: string;
  geometry: "Point" | "MultiLineString" | "MultiPolygon";
  order: number;
  visible: boolean;
  zooms: { min: number; max: number; show?: number };
  policy: string;
  fields: Field[];
  legend?: LegendClass[];
  style?: { field?: string };
  label?: { field: string };
  /** The yes or no field that tells whether a feature has a photo. */
  photo?: string;
  chart?: Chart;
  licence?: string;
  attribution?: Text;
  /** The field by which features are searched. */
  search?: string;
  /** Of all features; absent where there are none. */
  bbox?: Box;
  /** Whether who is logged in may edit it. */
  edit?: boolean;
  /** Whether its areas are to cover the ground without gaps and overlaps. */
  topology?: { coverage?: boolean };
  /** Address of a tile, with {z}, {x} and {y}. */
  tiles: string;
  /** Address of the features, to which /{id} is added for one of them. */
  items: string;
}

export interface CodeList {
  list: string;
  version: string;
  codes: { code: string; title: Text; color?: string }[];
}

/** west, south, east, north in degrees. */
export type Box = [number, number, number, number];

export interface City {
  title: Text;
  demo: boolean;
  /** What a demonstration says of itself. */
  notice?: Text;
  bbox?: Box;
  /** lon, lat in degrees. */
  center?: [number, number];
  zoom?: number;
}

export interface CatalogAnswer {
  city: City;
  groups: { id: string; title: Text }[];
  layers: Layer[];
  codes: CodeList[];
}

/** One feature of one layer: the pair that every address and message uses. */
export interface FeatureRef {
  layer: string;
  id: string;
}

export function sameRef(a: FeatureRef | undefined, b: FeatureRef | undefined): boolean {
  return a?.layer === b?.layer && a?.id === b?.id;
}

/** The text in lang, or in the other language where that one is missing. */
export function say(text: Text | undefined, lang: Lang): string {
  const other: Lang = lang === "id" ? "en" : "id";
  return text?.[lang] || text?.[other] || "";
}

export class Catalog {
  readonly city: City;
  /** Layers in drawing order: the last is on top. */
  readonly layers: Layer[];
  readonly groups: CatalogAnswer["groups"];
  #layer: Map<string, Layer>;
  #code: Map<string, Text>;
  #lists: CodeList[];

  constructor(answer: CatalogAnswer) {
    this.city = answer.city;
    this.layers = [...answer.layers].sort((a, b) => a.order - b.order);
    this.groups = answer.groups ?? [];
    this.#layer = new Map(this.layers.map((l) => [l.id, l]));
    this.#lists = answer.codes ?? [];
    this.#code = new Map(
      this.#lists.flatMap((list) =>
        list.codes.map((c) => [codeKey(list.list, list.version, c.code), c.title] as const),
      ),
    );
  }

  /** The box of the city, or of everything in it where the city names none. */
  get box(): Box | undefined {
    const given = [this.city.bbox, ...this.layers.map((l) => l.bbox)].filter(isBox);
    return isBox(this.city.bbox) ? this.city.bbox : given.reduce<Box | undefined>(union, undefined);
  }

  layer(id: string): Layer | undefined {
    return this.#layer.get(id);
  }

  /** The title of a code, undefined where the list does not hold it. */
  code(field: Field, value: string): Text | undefined {
    return field.codes && this.#code.get(codeKey(field.codes.list, field.codes.version, value));
  }

  /** The codes that a field may have, in the order of their list. */
  codes({ codes }: Field): CodeList["codes"] {
    return this.#lists.find((l) => l.list === codes?.list && l.version === codes.version)?.codes ?? [];
  }

  /** The layer of which a field has its codes from a list: how a layer is known by what it is for. */
  coded(list: string): Layer | undefined {
    return this.layers.find((layer) => layer.fields.some((field) => field.codes?.list === list));
  }

  /**
   * The layers by group, top-most first, as a reader of a legend expects them.
   * A layer whose group is not declared comes under a group of its own name.
   */
  grouped(): { id: string; title: Text; layers: Layer[] }[] {
    const groups = new Map(this.groups.map((g) => [g.id, { ...g, layers: [] as Layer[] }]));
    for (const layer of [...this.layers].reverse()) {
      const group = groups.get(layer.group) ?? { id: layer.group, title: { id: layer.group }, layers: [] };
      groups.set(layer.group, group);
      group.layers.push(layer);
    }
    return [...groups.values()].filter((g) => g.layers.length > 0);
  }
}

function isBox(box: Box | undefined): box is Box {
  return box !== undefined && box[0] < box[2] && box[1] < box[3];
}

/** The smallest box around both. */
export function union(a: Box | undefined, b: Box): Box {
  if (!a) return b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** A character that no code holds keeps the three parts of the key apart. */
function codeKey(list: string, version: string, code: string): string {
  return [list, version, code].join("\u0000");
}
