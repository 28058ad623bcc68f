// One edit from its beginning to its end: what was read, what it is now, the
// steps between, the tools on the map, and saving.

import { loggedOut } from "../account.ts";
import { api, type Item } from "../api.ts";
import type { Box, FeatureRef, Layer } from "../catalog.ts";
import { HttpError } from "../http.ts";
import { type Kept, keep } from "../kept.ts";
import type { Change } from "../live.ts";
import type { Session } from "../session.ts";
import { collide } from "./collide.ts";
import { type Conflict, resolved } from "./conflict.ts";
import { Desk } from "./desk.ts";
import { asRead, bodies, type Draft, type Neighbour, restored, type Step, toKeep } from "./draft.ts";
import { told } from "./fault.ts";
import { type EditBody, mergePatch, revisionOf, type Values, valuesOf } from "./patch.ts";
import type { Scene } from "./scene.ts";
import { type FormField, fault, formOf, type Schema } from "./schema.ts";
import { boxOf, type Point, type Shape, shapeOf } from "./shape.ts";
import { Undo } from "./undo.ts";
import { type EditWords, editWords } from "./words.ts";
import { type Sender, write } from "./write.ts";

export class Editor implements Draft {
  readonly session: Session;
  readonly layer: Layer;
  /** What was read; undefined for a new feature. */
  base: Item | undefined;
  read: { values: Values; shape: Shape };
  /** Neighbours by id, as far as they were looked at. */
  readonly neighbours = new Map<string, Neighbour>();
  schema: Schema | undefined;
  busy: "loading" | "saving" | undefined;
  /** What is wrong, by field; the words are the server's or the form's own. */
  faults: Readonly<Record<string, string>> = {};
  /** What is wrong with the whole. */
  message: { kind: "fault" | "note"; text: string } | undefined;
  /** Where the geometry is at fault. */
  faultAt: Point | undefined;
  conflicts: Conflict[] | undefined;
  /** The feature was deleted by somebody meanwhile. */
  gone = false;
  /** A question that must be answered before something is done. */
  asking: "delete" | "leave" | undefined;
  /** Text of fields that cannot be read as their type. */
  readonly unread = new Map<string, string>();
  readonly desk: Desk;
  #undo: Undo<Step>;
  /** Changes with what is sent, so that the same is not done twice. */
  #key: { body: string; key: string } | undefined;

  constructor(session: Session, layer: Layer, base: Item | undefined, draft?: Kept) {
    this.session = session;
    this.layer = layer;
    this.base = base;
    this.read = {
      values: valuesOf(layer, base?.properties ?? {}),
      shape: shapeOf(layer.geometry, base?.geometry),
    };
    this.#undo = new Undo<Step>({
      values: this.read.values,
      scene: { own: this.read.shape, pieces: [], around: new Map() },
    });
    if (draft) this.#undo.push(restored(draft, this));
    this.desk = new Desk(this);
    addEventListener("beforeunload", this.#leaving);
  }

  get ref(): FeatureRef | undefined {
    return this.base && { layer: this.layer.id, id: String(this.base.id) };
  }

  get step(): Step {
    return this.#undo.state;
  }

  get scene(): Scene {
    return this.step.scene;
  }

  get words(): EditWords {
    return editWords[this.session.store.state.address.lang];
  }

  get canUndo(): boolean {
    return this.desk.drawing || this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
  }

  get dirty(): boolean {
    const { values, scene } = this.step;
    return (
      mergePatch(this.read.values, values) !== undefined ||
      scene.own !== this.read.shape ||
      scene.pieces.length > 0 ||
      scene.around.size > 0
    );
  }

  get form(): FormField[] {
    const { catalog, address } = this.session.store.state;
    return this.schema && catalog ? formOf(this.schema, this.layer, catalog, address.lang) : [];
  }

  /** Draws the panel again. */
  tell(): void {
    this.session.store.update({ editor: this });
  }

  async load(): Promise<void> {
    this.busy = "loading";
    this.tell();
    try {
      this.schema = await write.schema(this.layer, this.session.store.state.address.lang);
    } catch (error) {
      this.#fail(error);
    }
    this.busy = undefined;
    this.tell();
  }

  setValue(name: string, value: unknown): void {
    const { [name]: _, ...faults } = this.faults;
    this.faults = faults;
    if ((this.step.values[name] ?? null) === (value ?? null)) {
      this.tell();
      return;
    }
    this.push({ values: { ...this.step.values, [name]: value ?? null } });
  }

  /** Makes a step. */
  push(step: Partial<Step>): void {
    this.#undo.push(asRead({ ...this.step, ...step }, this));
    this.#changed();
  }

  /** The rest of a step that has begun. */
  amend(step: Partial<Step>): void {
    this.#undo.amend(asRead({ ...this.step, ...step }, this));
    this.#changed();
  }

  undo(): void {
    if (this.desk.undo() || this.#undo.undo()) this.#changed();
  }

  redo(): void {
    if (this.desk.redo() || this.#undo.redo()) this.#changed();
  }

  note(text: string | undefined): void {
    this.message = text ? { kind: "note", text } : undefined;
    this.tell();
  }

  #changed(): void {
    this.faultAt = undefined;
    this.message = undefined;
    keep(this.dirty ? toKeep(this) : undefined);
    this.desk.show();
    this.tell();
  }

  close(): void {
    removeEventListener("beforeunload", this.#leaving);
    this.desk.close();
  }

  /** Something was saved elsewhere: borders around are read again, and who edits the same is warned. */
  elsewhere(change: Change): void {
    if (change.layer !== this.layer.id || this.busy === "saving") return;
    const others = change.ids.filter((id) => id !== this.ref?.id);
    if (others.length > 0 || change.ids.length === 0) this.desk.lookAgain();
    if (others.length === change.ids.length || this.conflicts) return;
    if (change.op === "delete") {
      this.gone = true;
      this.note(undefined);
    } else this.note(this.words.elsewhere);
  }

  /** Leaves; asks first where something would be lost. */
  leave(sure = false): void {
    if (this.dirty && !sure) {
      this.asking = "leave";
      this.tell();
      return;
    }
    keep(undefined);
    const ref = this.ref;
    this.session.closeEditor();
    if (ref) this.session.pick(ref);
  }

  #leaving = (event: Event): void => {
    if (this.dirty) event.preventDefault();
  };

  async save(): Promise<void> {
    if (this.busy || !this.dirty || !this.#sound()) return;
    await this.#sending(async (by) => {
      const box = this.#box();
      const open = await this.#send(by);
      keep(undefined);
      this.session.saved(this.layer.id, box, open);
    });
  }

  async remove(): Promise<void> {
    const ref = this.ref;
    if (!ref || this.busy) return;
    this.asking = undefined;
    await this.#sending(async (by) => {
      try {
        await write.remove(this.layer, ref, this.#match(), by);
      } catch (error) {
        if (!(error instanceof HttpError) || this.dirty) throw error;
        // Nothing of mine is at stake. Where somebody else has deleted it, the panel says so.
        if (error.status === 404) return this.session.saved(this.layer.id, boxOf([this.read.shape]), ref);
        if (error.status !== 412) throw error;
        // What is there now is shown, and may be deleted.
        await this.reread(ref);
        this.message = { kind: "fault", text: error.words };
        return;
      }
      keep(undefined);
      this.session.saved(this.layer.id, boxOf([this.read.shape]), undefined);
    });
  }

  /** Begins anew with what is there now. */
  async reread(ref: FeatureRef): Promise<void> {
    const base = await api.item(this.layer, ref, this.session.store.state.address.lang);
    this.base = base;
    this.read = {
      values: valuesOf(this.layer, base.properties),
      shape: shapeOf(this.layer.geometry, base.geometry),
    };
    this.#undo = new Undo<Step>({
      values: this.read.values,
      scene: { own: this.read.shape, pieces: [], around: new Map() },
    });
  }

  async #sending(send: (by: Sender) => Promise<void>): Promise<void> {
    this.busy = "saving";
    this.message = undefined;
    this.faultAt = undefined;
    this.gone = false;
    this.tell();
    const { account, address } = this.session.store.state;
    const by = { lang: address.lang, csrf: account?.csrf };
    try {
      await send(by);
    } catch (error) {
      if (error instanceof HttpError && (error.status === 412 || error.status === 404)) {
        await this.#collided(error, by.lang);
      } else {
        this.#fail(error);
      }
    }
    this.busy = undefined;
    if (this.session.store.state.editor === this) this.tell();
    this.desk.show();
  }

  /** What was read, as If-Match takes it. */
  #match(): string {
    return this.base?.etag || `"${(this.base && revisionOf(this.base)) ?? 0}"`;
  }

  /** Checks what can be checked here; the server checks all of it again. */
  #sound(): boolean {
    const { lang } = this.session.store.state.address;
    const found = this.form.flatMap((field) => {
      const text = this.unread.get(field.name);
      const value = text === undefined ? (this.step.values[field.name] ?? null) : undefined;
      const what = fault(field, value, this.words, lang);
      return what ? [[field.name, what] as const] : [];
    });
    this.faults = Object.fromEntries(found);
    if (found.length === 0 && !this.base && this.scene.own.parts.length === 0) {
      this.message = { kind: "fault", text: this.words.drawFirst };
      this.tell();
      return false;
    }
    if (found.length > 0) this.message = { kind: "fault", text: this.words.mend };
    this.tell();
    return found.length === 0;
  }

  /** All edits of the step, the feature's own first. */
  bodies(): EditBody[] {
    return bodies(this);
  }

  /** Sends the step; the feature to open afterwards. */
  async #send(by: Sender): Promise<FeatureRef | undefined> {
    const edits = this.bodies();
    const [first] = edits;
    const key = this.#keyFor(edits);
    if (edits.length === 1 && first?.op === "update" && this.ref && String(first.id) === this.ref.id) {
      await write.patch(this.layer, this.ref, this.#match(), first.patch, by);
      return this.ref;
    }
    if (edits.length === 1 && first?.op === "create") {
      const { properties, geometry } = first.feature;
      const id = await write.create(this.layer, properties, geometry, key, by);
      return id ? { layer: this.layer.id, id } : undefined;
    }
    const done = await write.edits(edits, key, by);
    const id = this.ref?.id ?? done[0]?.id;
    return id === undefined ? undefined : { layer: this.layer.id, id: String(id) };
  }

  #keyFor(edits: EditBody[]): string {
    const body = JSON.stringify(edits);
    if (this.#key?.body !== body) this.#key = { body, key: crypto.randomUUID() };
    return this.#key.key;
  }

  #box(): Box | undefined {
    const { own, pieces, around } = this.scene;
    const old = [...around.keys()].flatMap((id) => this.neighbours.get(id)?.shape ?? []);
    return boxOf([own, this.read.shape, ...pieces, ...around.values(), ...old]);
  }

  async #collided(error: HttpError, lang: Sender["lang"]): Promise<void> {
    try {
      const what = await collide(this, error, lang);
      if (what === "gone") this.gone = true;
      else if (what === "done") {
        // It was this very edit, whose answer had not come through.
        const [box, open] = [this.#box(), this.ref];
        keep(undefined);
        this.session.saved(this.layer.id, box, open);
      } else if (what.length > 0) this.conflicts = what;
      else this.message = { kind: "fault", text: `${error.words} ${this.words.tryAgain}` };
    } catch (again) {
      this.#fail(again);
    }
  }

  /** A neighbour that somebody deleted has no border any more. */
  forgetNeighbour(id: string): void {
    const around = new Map(this.scene.around);
    around.delete(id);
    this.neighbours.delete(id);
    this.push({ scene: { ...this.scene, around } });
  }

  /** Goes on with what was chosen, on top of what is there now. */
  async resolve(): Promise<void> {
    const conflicts = this.conflicts ?? [];
    this.conflicts = undefined;
    let { values, scene } = this.step;
    for (const conflict of conflicts) {
      const chosen = resolved(conflict, conflict.own ? values : {});
      if (conflict.own) {
        this.base = conflict.theirs;
        this.read = { values: valuesOf(this.layer, conflict.theirs.properties), shape: conflict.theirShape };
        values = chosen.values;
        // Borders moved along with a shape that is not taken.
        scene =
          chosen.shape === conflict.theirShape && chosen.shape !== conflict.mineShape
            ? { own: chosen.shape, pieces: [], around: new Map() }
            : { ...scene, own: chosen.shape };
      } else {
        this.neighbours.set(conflict.id, { item: conflict.theirs, shape: conflict.theirShape });
        const around = new Map(scene.around);
        if (chosen.shape === conflict.theirShape) around.delete(conflict.id);
        scene = { ...scene, around };
      }
    }
    this.push({ values, scene });
    await this.save();
  }

  /** Keeps mine as a feature of its own where the one that was read is gone. */
  async saveAsNew(): Promise<void> {
    this.gone = false;
    this.base = undefined;
    this.read = { values: valuesOf(this.layer, {}), shape: shapeOf(this.layer.geometry, null) };
    await this.save();
  }

  /** Says what went wrong, at the field where it belongs. */
  #fail(error: unknown): void {
    const { words } = this;
    if (loggedOut(error)) {
      this.message = { kind: "fault", text: words.loginAgain };
      void this.session.askLogin();
      return;
    }
    if (!(error instanceof HttpError)) {
      this.message = { kind: "fault", text: words.away };
      return;
    }
    const { faults, text, at } = told(error, this.layer);
    this.faults = faults;
    this.faultAt = at;
    this.message = { kind: "fault", text: text || words.mend };
    if (this.faultAt) this.session.fly({ center: [...this.faultAt] });
  }
}
