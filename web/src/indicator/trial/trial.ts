// Changes of land that are tried, and what the indicators would say of them.
// Nothing of it is stored: the server computes, and forgets.

import { token } from "../../account.ts";
import { api } from "../../api.ts";
import { type Box, type Catalog, type FeatureRef, type Lang, type Layer, say } from "../../catalog.ts";
import { faultOf, landOf } from "../../edit/outline.ts";
import type { Schema } from "../../edit/schema.ts";
import { areaOf, boxOf, geometryOf, type Line, type Shape, shapeOf } from "../../edit/shape.ts";
import { write } from "../../edit/write.ts";
import { HttpError } from "../../http.ts";
import { headline } from "../../mapstyle.ts";
import { type Answer, type Difference, type EditBody, indicators } from "../answer.ts";
import type { Board } from "../board.ts";
import { tryable } from "../figure.ts";
import { type IndicatorWords, indicatorWords } from "../words.ts";
import { type Choice, choicesOf, layersOf, optionsOf, typed } from "./choice.ts";

/** The server takes no more at once. */
export const mostPieces = 200;

/** Pieces that are changed one after the other are counted together. */
const gatherMs = 120;

/** One piece of land. */
export interface Piece {
  key: number;
  op: EditBody["op"];
  /** What it was before, where it is a feature of the plan. */
  ref?: FeatureRef;
  name: string;
  layer: Layer;
  shape: Shape;
  /** m2, on a sphere: right to half a percent. */
  area: number;
  values: Record<string, unknown>;
}

/** Land that lies at a point that was tapped. */
export interface Candidate {
  ref: FeatureRef;
  layer: Layer;
  name: string;
}

export type Tool = "draw" | "pick";

export class Trial {
  readonly board: Board;
  tool: Tool | undefined;
  pieces: readonly Piece[] = [];
  candidates: Candidate[] | undefined;
  choices: Choice[] = [];
  /** The choice that the next piece is made with. */
  choice: Choice | undefined;
  /** The class that was said of it. */
  said: string | undefined;
  schemas = new Map<string, Schema>();
  differences: Difference[] | undefined;
  /** What went wrong, in words. */
  trouble: string | undefined;
  counting = false;
  loading = false;
  #for: string | undefined;
  #answer: Answer | undefined;
  #keys = 0;
  #request: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(board: Board) {
    this.board = board;
  }

  get words(): IndicatorWords {
    return indicatorWords[this.#lang];
  }

  get #lang(): Lang {
    return this.board.session.store.state.address.lang;
  }

  get catalog(): Catalog | undefined {
    return this.board.session.store.state.catalog;
  }

  tell(): void {
    this.board.tell();
  }

  /** Learns what may be tried for the indicator that the address names, or for the first that counts land. */
  async load(): Promise<void> {
    const { board, catalog } = this;
    const listed = board.listed?.parts?.length ? board.listed : tryable(board.overview?.indicators ?? []);
    const wanted = `${listed?.id} ${this.#lang}`;
    if (!catalog || !board.overview || this.#for === wanted) return;
    this.#for = wanted;
    if (!listed) {
      this.trouble = this.words.trialNothing;
      this.tell();
      return;
    }
    this.loading = true;
    try {
      const signal = new AbortController().signal;
      const answer = await indicators.one(listed.id, "by=city", this.#lang, signal);
      await Promise.all(
        layersOf(answer, catalog).map(async (layer) => {
          if (!this.schemas.has(layer.id)) this.schemas.set(layer.id, await write.schema(layer, this.#lang));
        }),
      );
      this.#answer = answer;
      this.choices = choicesOf(answer, catalog, this.schemas, this.#lang);
      this.choice = this.choices.find((c) => c.part === this.choice?.part) ?? this.choices[0];
      this.trouble = this.choices.length === 0 ? this.words.trialNothing : undefined;
    } catch (error) {
      // Asked again when somebody says so.
      this.choices = [];
      this.trouble = error instanceof HttpError ? error.words : this.words.schemaFailed;
    }
    this.loading = false;
    this.tell();
  }

  retry(): Promise<void> {
    this.#for = undefined;
    return this.load();
  }

  /** The indicator that the trial is about. */
  get answer(): Answer | undefined {
    return this.#answer;
  }

  /** What the next piece has; undefined while its class is not said. */
  get #values(): Record<string, unknown> | undefined {
    const { choice, said } = this;
    if (!choice?.ask) return choice && { ...choice.values };
    const { field: name, codes } = choice.ask;
    const field = choice.layer.fields.find((f) => f.name === name);
    if (!field || said === undefined || !codes.includes(said)) return undefined;
    return { ...choice.values, [name]: typed(field, said) };
  }

  /** Asks for the class in words. */
  #ask(): void {
    const { choice, catalog } = this;
    if (!choice?.ask || !catalog) return;
    const { title } = optionsOf(choice.layer, choice.ask.field, this.schemas, catalog, this.#lang);
    this.trouble = this.words.classFirst(title);
  }

  use(tool: Tool | undefined): void {
    const ready = tool !== "draw" || this.#values !== undefined;
    this.tool = ready ? tool : undefined;
    this.candidates = undefined;
    this.trouble = undefined;
    if (!ready) this.#ask();
    this.tell();
  }

  choose(part: string): void {
    this.choice = this.choices.find((c) => c.part === part);
    this.tell();
  }

  say(code: string): void {
    this.said = code;
    this.trouble = undefined;
    this.tell();
  }

  /** A ring that was drawn becomes a piece. */
  drew(ring: Line): void {
    this.tool = undefined;
    const wrong = faultOf(ring);
    if (wrong) {
      this.trouble = this.words[wrong];
      this.tell();
      return;
    }
    this.#create(landOf(ring), this.words.drawn);
  }

  /** What a tap found, topmost first. One alone is taken at once. */
  async found(refs: { ref: FeatureRef; properties: Record<string, unknown> }[]): Promise<void> {
    const { catalog } = this;
    if (!catalog) return;
    const candidates = refs.flatMap(({ ref, properties }): Candidate[] => {
      const layer = catalog.layer(ref.layer);
      if (layer?.geometry !== "MultiPolygon") return [];
      return [{ ref, layer, name: headline(catalog, layer, ref, properties, this.#lang) }];
    });
    this.trouble = candidates.length === 0 ? this.words.pickNone : undefined;
    this.candidates = candidates.length > 1 ? candidates : undefined;
    const [only] = candidates;
    if (only && candidates.length === 1) await this.take(only);
    else this.tell();
  }

  /** A feature of the plan becomes a piece: one of the layer that counts is taken away, land of another is added to it. */
  async take(candidate: Candidate): Promise<void> {
    const { ref, layer, name } = candidate;
    const added = !this.choices.some((c) => c.layer.id === layer.id);
    this.tool = undefined;
    if (added && this.#values === undefined) {
      // It waits in the list until its class is said.
      this.candidates ??= [candidate];
      this.#ask();
      this.tell();
      return;
    }
    this.candidates = undefined;
    try {
      const item = await api.item(layer, ref, this.#lang);
      const shape = shapeOf(layer.geometry, item.geometry);
      if (added) {
        this.#create(shape, name);
        return;
      }
      const had = this.pieces.some((p) => p.ref?.layer === ref.layer && p.ref.id === ref.id);
      const said = this.choices.find((c) => c.layer.id === layer.id)?.fields ?? [];
      const values = Object.fromEntries(said.map((field) => [field, item.properties[field] ?? null]));
      if (!had) this.#put({ op: "delete", ref, name, layer, shape, values });
    } catch (error) {
      this.trouble = error instanceof HttpError ? error.words : this.words.pickFailed;
    }
    this.tell();
  }

  #create(shape: Shape, name: string): void {
    const { choice } = this;
    const values = this.#values;
    if (choice && values) this.#put({ op: "create", name, layer: choice.layer, shape, values });
    this.tell();
  }

  #put(piece: Omit<Piece, "key" | "area">): void {
    if (this.pieces.length >= mostPieces) {
      this.trouble = this.words.tooMany(mostPieces);
      return;
    }
    this.trouble = undefined;
    const key = ++this.#keys;
    this.pieces = [...this.pieces, { ...piece, key, area: areaOf(piece.shape) }];
    this.#count();
  }

  change(piece: Piece, patch: Partial<Pick<Piece, "op" | "values" | "layer">>): void {
    this.pieces = this.pieces.map((p) => (p.key === piece.key ? { ...p, ...patch } : p));
    this.#count();
    this.tell();
  }

  drop(piece: Piece): void {
    this.pieces = this.pieces.filter((p) => p.key !== piece.key);
    this.#count();
    this.tell();
  }

  clear(): void {
    this.pieces = [];
    this.#count();
    this.tell();
  }

  /** The box of a piece, to look at it. */
  boxOf(piece: Piece): Box | undefined {
    return boxOf([piece.shape]);
  }

  /** The plan has changed meanwhile: the same pieces are counted anew. */
  again(): void {
    this.#count();
    this.tell();
  }

  #count(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (this.pieces.length === 0) {
      this.differences = undefined;
      this.counting = false;
      return;
    }
    this.counting = true;
    this.#timer = setTimeout(() => void this.#compute(), gatherMs);
  }

  async #compute(): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const { account } = this.board.session.store.state;
      const edits = this.pieces.map(bodyOf);
      const found = await indicators.whatIf(edits, this.#lang, token(account?.csrf), request.signal);
      if (this.#request !== request) return;
      this.differences = found;
      this.trouble = undefined;
    } catch (error) {
      if (request.signal.aborted) return;
      this.differences = undefined;
      this.trouble = error instanceof HttpError ? error.words : this.words.trialFailed;
    }
    this.counting = false;
    this.tell();
  }

  /** What a piece is called in the list. */
  nameOf(piece: Piece): string {
    const title = piece.ref ? ` (${say(piece.layer.title, this.#lang)})` : "";
    return `${piece.name}${title}`;
  }
}

/** An edit as the server takes it. */
export function bodyOf({ op, layer, ref, values, shape }: Piece): EditBody {
  const id = ref ? { id: Number(ref.id) } : {};
  if (op === "delete") return { op, layer: layer.id, ...id };
  if (op === "update") return { op, layer: layer.id, ...id, properties: values };
  const geometry = geometryOf(shape);
  return { op, layer: layer.id, properties: values, ...(geometry ? { geometry } : {}) };
}
