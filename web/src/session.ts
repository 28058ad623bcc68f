// What the page does: loads the catalogue and the style, keeps the address in
// step, fetches what is picked, and listens for changes.

import type { Map as MapLibre } from "maplibre-gl";
import { type Account, account } from "./account.ts";
import { api } from "./api.ts";
import { type Box, Catalog, type FeatureRef, type Lang, type Layer, sameRef, union } from "./catalog.ts";
import { eventLayer, onAt, readEvents } from "./evacuation/events.ts";
import {
  type EvacuateView,
  type ExtractView,
  format,
  type IndicatorView,
  type OfficerView,
  parse,
  placeOf,
} from "./hash.ts";
import { HttpError } from "./http.ts";
import { keep, kept } from "./kept.ts";
import { type Change, listen } from "./live.ts";
import { type Detail, type Flight, type Found, isShown, Store } from "./state.ts";

/** What the map must draw again: one layer inside a box, or everything. */
export type Touched = { layer: string; box?: Box } | "everything";

/** Changes that arrive within this time are drawn together. */
const gatherMs = 60;

export class Session {
  readonly store: Store;
  /** The map's ear for changes; set by the map while it lives. */
  onTouched: ((touched: Touched) => void) | undefined;
  /** The map while it lives, for those who draw on it. */
  map: MapLibre | undefined;
  #detail: AbortController | undefined;
  #gathered = new Map<string, Box | undefined>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor() {
    this.store = new Store(parse(location.hash));
    this.store.subscribe(() => this.#mirror());
    addEventListener("hashchange", () => this.#followHash());
  }

  async start(): Promise<void> {
    this.store.update({ phase: "loading" });
    try {
      const lang = this.store.state.address.lang;
      const [catalog, style] = await Promise.all([api.catalog(lang), api.style(lang)]);
      this.store.update({ catalog: new Catalog(catalog), style, phase: "ready" });
    } catch {
      this.store.update({ phase: "failed" });
      return;
    }
    const { pick, past } = this.store.state.address;
    if (pick) void this.#load(pick);
    if (pick && past !== undefined) void this.openPast(pick, past);
    void this.#enter();
    void this.#readEvents();
    this.#hear();
    await this.#whoAmI();
    const { account: who } = this.store.state;
    this.store.update({ kept: who?.person ? kept() : undefined });
    const refused = takeRefusal();
    if (refused) {
      this.store.update({ refused });
      await this.askLogin();
    }
  }

  /** A failure is no reason to keep the map away: then nobody is logged in. */
  async #whoAmI(): Promise<void> {
    try {
      const { lang } = this.store.state.address;
      this.store.update({ account: await account.read(lang) });
    } catch {
      this.store.update({ account: undefined });
    }
  }

  /** Listens to what concerns who is logged in, and to that only. */
  #hear(): void {
    this.#stop?.();
    this.#stop = listen({
      change: (change) => this.#gather(change),
      resync: () => void this.#resync(),
      status: (freshness) => this.store.update({ freshness }),
      link: (open) => this.store.update({ linkLost: !open }),
    });
  }

  /** Opens the dialog to log in, or that of who is logged in. */
  askAccount(): Promise<void> {
    return this.#with(import("./element/account.ts"), () => {
      this.store.update({ dialog: this.store.state.account?.person ? "account" : "login" });
    });
  }

  /** Logging in again in the middle of an edit: the edit stays. */
  askLogin(): Promise<void> {
    return this.#with(import("./element/account.ts"), () => this.store.update({ dialog: "login" }));
  }

  /** Somebody logged in or out: other layers may be seen, other buttons shown. */
  async became(account: Account): Promise<void> {
    if (!account.person) this.closeEditor();
    const open = this.store.state.editor !== undefined;
    this.store.update({
      account,
      dialog: undefined,
      refused: undefined,
      kept: account.person && !open ? kept() : undefined,
    });
    this.#hear();
    await this.#resync();
  }

  edit(ref: FeatureRef): Promise<void> {
    if (this.busy()) return Promise.resolve();
    const layer = this.store.state.catalog?.layer(ref.layer);
    return this.#with(import("./edit/start.ts"), ({ open }) => layer && open(this, layer, ref));
  }

  add(layer: Layer): Promise<void> {
    if (this.busy()) return Promise.resolve();
    if (!isShown(this.store.state.address, layer)) this.show(layer, true);
    this.closeExtract();
    this.closeEvacuation();
    this.closeOfficer();
    return this.#with(import("./edit/start.ts"), ({ create }) => create(this, layer));
  }

  /** Whether an edit has the panel that would lose something; then it asks. */
  busy(): boolean {
    const { editor } = this.store.state;
    if (!editor?.dirty) return false;
    editor.leave();
    return true;
  }

  /** Goes on with the edit that was kept through a reload. */
  resume(): Promise<void> {
    const draft = this.store.state.kept;
    const layer = this.store.state.catalog?.layer(draft?.layer ?? "");
    if (!draft || !layer) return Promise.resolve(this.forget());
    this.closeExtract();
    this.closeEvacuation();
    this.closeOfficer();
    return this.#with(import("./edit/start.ts"), ({ resume }) => {
      this.store.update({ kept: undefined });
      resume(this, layer, draft);
    });
  }

  /** Shows what a programme would do to a score, once its part of the program is there. */
  openProgramme(show: () => void): Promise<void> {
    return this.#with(import("./programme/element.ts"), show);
  }

  /** Shows the form to report a place, once its part of the program is there. */
  openReport(show: () => void): Promise<void> {
    return this.#with(import("./reporting/form.ts"), show);
  }

  /** Shows the page of indicators, an extract, or where to run, where the address asks for it, once its part of the program is there. */
  async #enter(): Promise<void> {
    const { address, editor, board, catalog, extract, evacuation, officer } = this.store.state;
    if (editor || !catalog) return;
    if (address.indicators && !board)
      await this.#with(import("./indicator/start.ts"), ({ open }) => open(this));
    if (address.extract && !extract) await this.#with(import("./extract/start.ts"), ({ open }) => open(this));
    if (address.evacuate && !evacuation)
      await this.#with(import("./evacuation/start.ts"), ({ open }) => open(this));
    if (address.officer && !officer) await this.#with(import("./officer/start.ts"), ({ open }) => open(this));
  }

  /** Tells where to run from a place; without one, from where the phone is. */
  evacuate(view: EvacuateView): Promise<void> {
    if (this.busy()) return Promise.resolve();
    this.closeEditor();
    history.pushState(null, "", location.href);
    this.store.go({ evacuate: view, extract: undefined, indicators: undefined, officer: undefined });
    return this.#enter();
  }

  closeEvacuation(): void {
    this.store.go({ evacuate: undefined });
  }

  /** Opens the officer's desk, or another part of it. */
  attend(view: OfficerView): Promise<void> {
    if (this.busy()) return Promise.resolve();
    this.closeEditor();
    if (!this.store.state.address.officer) history.pushState(null, "", location.href);
    this.store.go({ officer: view, evacuate: undefined, extract: undefined, indicators: undefined });
    return this.#enter();
  }

  closeOfficer(): void {
    this.store.go({ officer: undefined });
  }

  /** Opens an extract, has one made, or lets land be drawn for it. The browser's way back leads to what is open now. */
  openExtract(view: ExtractView): Promise<void> {
    history.pushState(null, "", location.href);
    this.store.go({ extract: view, evacuate: undefined, officer: undefined });
    return this.#enter();
  }

  closeExtract(): void {
    this.store.go({ extract: undefined });
  }

  /** What else of the page of indicators is shown. */
  look(view: IndicatorView): void {
    this.store.go({ indicators: view });
  }

  forget(): void {
    keep(undefined);
    this.store.update({ kept: undefined });
  }

  /** Leaves what is edited; what is not saved stays kept until somebody discards it. */
  closeEditor(): void {
    this.store.state.editor?.close();
    this.store.update({ editor: undefined });
    void this.#enter();
  }

  /** Opens the versions of a feature, at one of them. */
  openPast(ref: FeatureRef, revision = 0): Promise<void> {
    if (this.busy()) return Promise.resolve();
    const layer = this.store.state.catalog?.layer(ref.layer);
    return this.#with(import("./edit/startpast.ts"), ({ open }) => layer && open(this, layer, ref, revision));
  }

  closePast(): void {
    this.store.state.past?.close();
    this.store.update({ past: undefined });
    this.store.go({ past: undefined });
  }

  /** What is only needed by some is loaded when they ask for it. */
  async #with<T>(part: Promise<T>, use: (part: T) => unknown): Promise<void> {
    try {
      use(await part);
      this.store.update({ partMissing: undefined });
    } catch {
      this.store.update({ partMissing: true });
    }
  }

  setLang(lang: Lang): void {
    this.store.go({ lang });
  }

  show(layer: Layer, on: boolean): void {
    const { [layer.id]: _, ...shown } = this.store.state.address.shown;
    this.store.go({ shown: on === layer.visible ? shown : { ...shown, [layer.id]: on } });
  }

  setOpacity(layer: Layer, percent: number): void {
    const { [layer.id]: _, ...opacity } = this.store.state.address.opacity;
    this.store.go({ opacity: percent >= 100 ? opacity : { ...opacity, [layer.id]: percent } });
  }

  resetLayers(): void {
    this.store.go({ shown: {}, opacity: {} });
  }

  fly(flight: Flight): void {
    this.store.update({ flight });
  }

  /** What a tap found at a point (lon, lat), topmost first; the first is opened. */
  tapped(found: Found[], at: [number, number]): void {
    const { evacuate } = this.store.state.address;
    if (evacuate) {
      // A slip of the thumb does not take the way from who is on it.
      if (!evacuate.from) this.store.go({ evacuate: { ...evacuate, from: placeOf(at) } });
      return;
    }
    if (this.store.state.address.officer) {
      this.store.state.officer?.tapped(at);
      return;
    }
    this.closeExtract();
    this.store.update({ found, at });
    this.pick(found[0]?.ref);
  }

  /** Opens one feature, or closes what is open. */
  pick(ref: FeatureRef | undefined): void {
    if (this.store.state.past && !sameRef(this.store.state.past.ref, ref)) this.closePast();
    this.store.go({ pick: ref });
    if (ref) {
      void this.#load(ref);
    } else {
      this.#detail?.abort();
      this.store.update({ detail: undefined });
    }
  }

  /** Closes the list of what a tap found. */
  dismiss(): void {
    this.store.update({ found: undefined, at: undefined });
    this.pick(undefined);
  }

  /** Goes to a search result, shows its layer and opens it; its name is known already. */
  visit(ref: FeatureRef, name: string, flight: Flight): void {
    const layer = this.store.state.catalog?.layer(ref.layer);
    if (layer && !isShown(this.store.state.address, layer)) this.show(layer, true);
    this.closeExtract();
    this.closeEvacuation();
    this.closeOfficer();
    this.fly(flight);
    const properties = layer?.search ? { [layer.search]: name } : {};
    this.store.update({ found: [{ ref, properties }], at: undefined });
    this.pick(ref);
  }

  /** Loads the open feature again; quietly keeps the old text until the answer is there. */
  async #load(ref: FeatureRef): Promise<void> {
    this.#detail?.abort();
    const request = new AbortController();
    this.#detail = request;
    const settle = (detail: Detail) => {
      if (this.#detail === request) this.store.update({ detail });
    };
    const layer = this.store.state.catalog?.layer(ref.layer);
    if (!layer) return settle({ kind: "gone", ref });
    if (!sameRef(this.store.state.detail?.ref, ref)) settle({ kind: "loading", ref });
    try {
      const item = await api.item(layer, ref, this.store.state.address.lang, request.signal);
      settle({ kind: "ready", ref, item });
    } catch (error) {
      if (request.signal.aborted) return;
      const gone = error instanceof HttpError && (error.status === 404 || error.status === 410);
      settle({ kind: gone ? "gone" : "failed", ref });
    }
  }

  #gather(change: Change): void {
    const box =
      this.#gathered.has(change.layer) && !this.#gathered.get(change.layer)
        ? undefined
        : change.bbox && union(this.#gathered.get(change.layer), change.bbox);
    this.#gathered.set(change.layer, box);
    const { pick } = this.store.state.address;
    const { editor } = this.store.state;
    editor?.elsewhere(change);
    this.store.state.board?.touched(change.layer);
    this.store.state.evacuation?.touched(change.layer);
    this.store.state.officer?.touched(change.layer);
    const { catalog } = this.store.state;
    if (catalog && change.layer === eventLayer(catalog)?.id) void this.#readEvents();
    // While something is edited its panel stands in front; leaving it, everything is read again.
    if (!editor && pick?.layer === change.layer && (!change.ids.length || change.ids.includes(pick.id))) {
      void this.#load(pick);
    }
    this.#timer ??= setTimeout(() => {
      const gathered = this.#gathered;
      this.#gathered = new Map();
      this.#timer = undefined;
      for (const [layer, box] of gathered) this.onTouched?.(box ? { layer, box } : { layer });
    }, gatherMs);
  }

  /** What was saved here is drawn at once, without waiting for the stream. */
  saved(layer: string, box: Box | undefined, open: FeatureRef | undefined): void {
    this.closeEditor();
    this.onTouched?.(box ? { layer, box } : { layer });
    this.store.update({ found: undefined });
    this.pick(open);
  }

  /** Catalogue, tiles and the open feature, all anew; a failure leaves what is there. */
  async #resync(): Promise<void> {
    const { address } = this.store.state;
    try {
      const [catalog, style] = await Promise.all([api.catalog(address.lang), api.style(address.lang)]);
      const same = JSON.stringify(style) === JSON.stringify(this.store.state.style);
      this.store.update({ catalog: new Catalog(catalog), ...(same ? {} : { style }) });
    } catch {
      // The stream says when the server is back; until then the old map stays.
      return;
    }
    this.onTouched?.("everything");
    this.store.state.board?.touched();
    this.store.state.evacuation?.touched();
    this.store.state.officer?.touched();
    void this.#readEvents();
    if (address.pick) void this.#load(address.pick);
  }

  /** What cannot be read leaves what was known. */
  async #readEvents(): Promise<void> {
    const { catalog, address } = this.store.state;
    const events = catalog && (await readEvents(catalog, address.lang).catch(() => undefined));
    if (!events) return;
    this.store.update({ events });
    // Who has not asked yet has the ways at hand when the network breaks down.
    if (onAt(events, Date.now()).length)
      await import("./evacuation/pocket.ts").then(({ pockets }) => pockets.rush());
  }

  #mirror(): void {
    const hash = format(this.store.state.address);
    if (hash !== location.hash) {
      history.replaceState(null, "", hash || location.pathname + location.search);
    }
  }

  /** The reader pasted another link into the same page. */
  #followHash(): void {
    const address = parse(location.hash);
    const { address: old } = this.store.state;
    // What was tapped is there again when what was opened from it is left by the way back.
    const left =
      (old.extract && !address.extract) ||
      (old.evacuate && !address.evacuate) ||
      (old.officer && !address.officer);
    const back = left && sameRef(address.pick, old.pick);
    this.store.update({ address, ...(back ? {} : { found: undefined, at: undefined }) });
    void this.#enter();
    if (address.position) {
      const { lat, lon, zoom } = address.position;
      this.fly({ center: [lon, lat], zoom });
    }
    const { pick, past } = address;
    const same = sameRef(pick, old.pick);
    if (!same) this.pick(pick);
    if (past === undefined) {
      if (this.store.state.past) this.closePast();
    } else if (pick && !(same && past === old.past)) void this.openPast(pick, past);
  }
}

/** What the identity provider's way back left in the address: told once, not after a reload. */
function takeRefusal(): string | undefined {
  const { pathname, search, hash } = location;
  const refused = new URLSearchParams(search).get("login");
  if (refused) history.replaceState(null, "", pathname + hash);
  return refused ?? undefined;
}
