// The versions of one feature, and the one that is looked at.

import type { Map as MapLibre, VectorTileSource } from "maplibre-gl";
import { loggedOut } from "../account.ts";
import type { FeatureRef, Layer } from "../catalog.ts";
import { HttpError, ownHost } from "../http.ts";
import type { Session } from "../session.ts";
import { Overlay } from "./overlay.ts";
import { boxOf, shapeOf } from "./shape.ts";
import { type EditWords, editWords } from "./words.ts";
import { type VersionAnswer, write } from "./write.ts";

export class Past {
  readonly session: Session;
  readonly layer: Layer;
  readonly ref: FeatureRef;
  /** The oldest first, as a slider has them. */
  versions: VersionAnswer[] = [];
  /** Whether there are older ones than were loaded. */
  more = false;
  index = 0;
  status: "loading" | "ready" | "failed" = "loading";
  message: { kind: "fault" | "note"; text: string } | undefined;
  asking = false;
  busy = false;
  /** The whole layer is shown as it was at that time. */
  whole = false;
  readonly #overlay: Overlay | undefined;
  readonly #map: MapLibre | undefined;
  /** Its tiles' addresses as they were, by source. */
  readonly #tiles = new Map<string, string[]>();

  constructor(session: Session, layer: Layer, ref: FeatureRef) {
    this.session = session;
    this.layer = layer;
    this.ref = ref;
    this.#map = session.map;
    this.#overlay = this.#map && new Overlay(this.#map);
  }

  get words(): EditWords {
    return editWords[this.session.store.state.address.lang];
  }

  get version(): VersionAnswer | undefined {
    return this.versions[this.index];
  }

  tell(): void {
    if (this.session.store.state.past === this) this.session.store.update({ past: this });
  }

  close(): void {
    this.#overlay?.close();
    this.#layerAt(undefined);
  }

  /** Loads the newest versions and looks at one of them, the newest where revision is 0. */
  async load(revision = 0): Promise<void> {
    this.status = "loading";
    this.tell();
    try {
      const { lang } = this.session.store.state.address;
      const { versions, more } = await write.history(this.layer, this.ref, lang);
      this.versions = versions.reverse();
      this.more = more;
      this.status = "ready";
      const found = this.versions.findIndex((v) => v.revision === revision);
      this.look(found >= 0 ? found : this.versions.length - 1);
    } catch {
      this.status = "failed";
      this.tell();
    }
  }

  async older(): Promise<void> {
    const oldest = this.versions[0];
    if (!oldest) return;
    try {
      const { lang } = this.session.store.state.address;
      const { versions, more } = await write.history(this.layer, this.ref, lang, oldest.revision);
      this.versions = [...versions.reverse(), ...this.versions];
      this.more = more;
      this.look(this.index + versions.length);
    } catch {
      this.message = { kind: "fault", text: this.words.historyFailed };
      this.tell();
    }
  }

  look(index: number): void {
    this.index = Math.min(Math.max(index, 0), this.versions.length - 1);
    const { version } = this;
    if (!version) return;
    const now = this.versions.at(-1);
    this.#overlay?.show([
      ...(version === now ? [] : [{ role: "mine" as const, geometry: now?.geometry ?? null }]),
      { role: "theirs", geometry: version.geometry ?? null },
    ]);
    this.session.store.go({ past: version.revision });
    if (this.whole) this.#layerAt(version.from);
    this.tell();
  }

  showWhole(whole: boolean): void {
    this.whole = whole;
    this.#layerAt(whole ? this.version?.from : undefined);
    this.tell();
  }

  /** Where all versions that are known have been. */
  fly(): void {
    const box = boxOf(this.versions.map((v) => shapeOf(this.layer.geometry, v.geometry ?? null)));
    if (box) this.session.fly({ box });
  }

  async revert(): Promise<void> {
    const { version } = this;
    this.asking = false;
    if (!version || this.busy) return;
    this.busy = true;
    this.message = undefined;
    this.tell();
    const { address, account } = this.session.store.state;
    try {
      await write.revert(this.layer, this.ref, version.revision, { lang: address.lang, csrf: account?.csrf });
      await this.load();
      this.message = { kind: "note", text: this.words.reverted };
      const box = boxOf(this.versions.slice(-2).map((v) => shapeOf(this.layer.geometry, v.geometry ?? null)));
      this.session.onTouched?.({ layer: this.layer.id, ...(box ? { box } : {}) });
    } catch (error) {
      const { words } = this;
      if (loggedOut(error)) void this.session.askLogin();
      const text = loggedOut(error)
        ? words.loginAgain
        : error instanceof HttpError
          ? error.words
          : words.serverAway;
      this.message = { kind: "fault", text };
    }
    this.busy = false;
    this.tell();
  }

  /** Draws the layer's tiles of another time, or of now. */
  #layerAt(time: string | undefined): void {
    const map = this.#map;
    if (!map?.getStyle()) return;
    for (const id of Object.keys(map.getStyle().sources)) {
      const source = map.getSource<VectorTileSource>(id);
      const tiles = this.#tiles.get(id) ?? source?.tiles;
      if (!source || !tiles?.some((t) => ownHost(t).startsWith(ownHost(`/tiles/${this.layer.id}/`))))
        continue;
      if (!time && !this.#tiles.has(id)) continue;
      this.#tiles.set(id, tiles);
      source.setTiles(time ? tiles.map((t) => `${t}?datetime=${encodeURIComponent(time)}`) : tiles);
    }
    if (!time) this.#tiles.clear();
  }
}
