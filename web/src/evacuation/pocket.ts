// The pack that this browser keeps: fetched when somebody asks where to run or a
// hazard is announced, asked again now and then, read when there is no answer.

import { type Profile, profiles } from "../hash.ts";
import { ownHost } from "../http.ts";
import { type Pack, readPack } from "./pack.ts";

/** What is known of the kept pack. */
export interface Kept {
  pack: Pack;
  etag: string;
  /** ms since 1970: until then it surely was what the server says. */
  asOf: number;
}

export type Pocket =
  | { kind: "none" }
  | { kind: "fetching" }
  | { kind: "kept"; asOf: number }
  /** This browser cannot keep or check anything. */
  | { kind: "unable" };

/** What an answer says of the state that it is of, and of where it was asked. */
interface Versions {
  area: string;
  graph_version: string;
  hazard_version: string;
}

const shelf = "simtaru-pack-1";
const asOfHeader = "simtaru-as-of";
/** A pack is asked for again when it is this old and somebody looks; after a change phones spread over a while. */
const renewMs = 10 * 60_000;
const soonMs = 20_000;
/** When a hazard is announced phones come one after the other. */
const rushMs = 120_000;

/** Longer than this nobody waits for one. */
const timeoutMs = 60_000;

const pathOf = (area: string, profile: Profile) =>
  `/api/v1/evacuation/pack/${encodeURIComponent(area)}?profile=${profile}`;
const city = "city";

/** Whether the browser can keep and check it: pages over plain HTTP may not. */
const able = () => typeof caches !== "undefined" && crypto.subtle !== undefined;

/** The newest of the profile, whatever its area. */
async function load(profile: Profile): Promise<Kept | undefined> {
  const cache = await caches.open(shelf);
  const key = (await cache.keys()).findLast(({ url }) => url.endsWith(`?profile=${profile}`));
  const response = key && (await cache.match(key));
  if (!response) return undefined;
  const pack = await readPack(new Uint8Array(await response.arrayBuffer()));
  return { pack, etag: response.headers.get("etag") ?? "", asOf: asOfOf(response) };
}

function asOfOf({ headers }: Response): number {
  return Date.parse(headers.get(asOfHeader) ?? "") || 0;
}

async function store(path: string, body: ArrayBuffer, { headers }: Response): Promise<void> {
  const cache = await caches.open(shelf);
  const kept = { etag: headers.get("etag") ?? "", [asOfHeader]: headers.get(asOfHeader) ?? "" };
  await cache.delete(path);
  await cache.put(path, new Response(body, { headers: kept }));
  // Of how people go the last two are kept.
  for (const old of (await cache.keys()).slice(0, -2)) await cache.delete(old);
}

function request(path: string, kept: Kept | undefined): Promise<Response> {
  return fetch(ownHost(path), {
    headers: { accept: "application/octet-stream", ...(kept ? { "if-none-match": kept.etag } : {}) },
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(timeoutMs),
  });
}

class Pockets {
  state: Pocket = { kind: "none" };
  /** Whoever shows the state. */
  told: (() => void) | undefined;
  readonly #kept = new Map<Profile, Kept>();
  #profile: Profile = profiles[0];
  /** The gampong where somebody asked last; of a city that is too large only that is kept. */
  #gampong = "";
  #busy = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;

  /** The pack to answer from: of the profile, or else of another, which changes the minutes more than the way. */
  async pack(profile: Profile): Promise<Kept | undefined> {
    for (const name of [profile, ...profiles]) {
      const kept = await this.#load(name);
      if (kept) return kept;
    }
    return undefined;
  }

  /** Somebody looks: a pack that is not there or old is fetched; `versions` are what the server told last. */
  async want(profile: Profile, versions?: Versions): Promise<void> {
    this.#profile = profile;
    this.#gampong = versions?.area || this.#gampong;
    const kept = await this.#load(profile);
    if (this.#profile !== profile) return;
    if (!able()) return this.#say({ kind: "unable" });
    if (!kept) return this.renew();
    this.#say({ kind: "kept", asOf: kept.asOf });
    const { graph_version: graph, hazard_version: hazard, area } = kept.pack.head;
    const left = versions?.area && area.kind === "gampong" && area.code !== versions.area;
    if (left || Date.now() - kept.asOf > renewMs) return this.renew();
    if (versions && (graph !== versions.graph_version || hazard !== versions.hazard_version)) this.changed();
  }

  /** Something has changed on the roads: it is asked again, but phones do not come all at once. */
  changed(within = soonMs): void {
    const due = Date.now() + Math.random() * within;
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      void this.renew();
    }, due - Date.now());
  }

  /** A hazard is announced, also to who has not asked yet; who pays for each byte asks first. */
  rush(): void {
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (!connection?.saveData) this.changed(rushMs);
  }

  /** One after the other: a profile that was chosen meanwhile is fetched too. */
  renew(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#fetch(this.#profile));
    return this.#busy;
  }

  async #load(profile: Profile): Promise<Kept | undefined> {
    if (!able()) return undefined;
    // What is broken, or of another format, is as if it were not there.
    const kept = this.#kept.get(profile) ?? (await load(profile).catch(() => undefined));
    if (kept) this.#kept.set(profile, kept);
    return kept;
  }

  async #fetch(profile: Profile): Promise<void> {
    if (!able()) return;
    const kept = await this.#load(profile);
    if (!kept) this.#say({ kind: "fetching" });
    try {
      let path = pathOf(city, profile);
      let response = await request(path, kept);
      if (response.status === 422 && this.#gampong) {
        path = pathOf(this.#gampong, profile);
        response = await request(path, kept);
      }
      const same = kept && response.status === 304;
      if (!same && !response.ok) throw new Error(String(response.status));
      const body = same
        ? await (await (await caches.open(shelf)).match(path))?.arrayBuffer()
        : await response.arrayBuffer();
      if (!body) throw new Error("no longer kept");
      const pack = same ? kept.pack : await readPack(new Uint8Array(body));
      await store(path, body, response);
      this.#kept.set(profile, { pack, etag: response.headers.get("etag") ?? "", asOf: asOfOf(response) });
    } catch {
      // What is kept stays; it tells its age.
    }
    const now = this.#kept.get(profile);
    this.#say(now ? { kind: "kept", asOf: now.asOf } : { kind: "none" });
  }

  #say(state: Pocket): void {
    this.state = state;
    this.told?.();
  }
}

/** Those of this page. */
export const pockets = new Pockets();
