// Where to run from the place in the address: the place is found, the server
// is asked, and asked again when something has changed on the way.

import { type Box, union } from "../catalog.ts";
import { type EvacuateView, type Profile, placeOf, profiles } from "../hash.ts";
import { HttpError } from "../http.ts";
import type { Session } from "../session.ts";
import { type Answer, type Way, waysFrom } from "./answer.ts";
import { type Course, course } from "./course.ts";
import { concerns } from "./events.ts";
import { follow } from "./follow.ts";
import { pockets } from "./pocket.ts";

/** An answer as it was had, and why it is not of now, where it is not. */
export interface Had {
  answer: Answer;
  profile: Profile | undefined;
  /** ms since 1970, on this device's clock. */
  at: number;
  /** No answer came since, or the server's words why not. */
  trouble?: "offline" | string;
  /** It was found here, by what is kept: as of when (ms since 1970), for which profile, until when by the clock. */
  pack?: { asOf: number; profile: string; until: string | null };
  /** When the way that was shown was no longer the way, as `at`. */
  changed?: number;
}

export type Phase =
  | { kind: "locating" }
  /** A tap is to say where; why the phone did not. */
  | { kind: "choosing"; why?: "refused" | "unlocated" }
  | { kind: "asking" }
  /** The server's words; without them, nothing came. Whether it is of use to ask again. */
  | { kind: "failed"; why?: string; again: boolean }
  | { kind: "answered"; had: Had };

/** After a change the server's roads follow within a second: it is asked soon, and surely once more. Phones do not ask all at once. */
const soonMs = [300, 2_500];
const spreadMs = 400;
/** Closures begin and end by the clock, of which nobody tells. */
const pollMs = 30_000;
const locateMs = 15_000;
/** After this what is kept answers meanwhile. */
const patienceMs = 4_000;
/** A pack that is as much newer than an answer knows more than that, whatever the clocks. */
const laterMs = 5_000;

export class Evacuation {
  phase: Phase | undefined;
  /** What the map draws. */
  course: Course | undefined;
  /** Radius in m in which the phone surely is, where the place is the phone's. */
  accuracy: number | undefined;
  /** Which way is shown: a place in routes, or the alternative. */
  chosen: number | "alternative" = 0;
  readonly #session: Session;
  #view: EvacuateView | undefined;
  #last: Had | undefined;
  #byTap = false;
  #request: AbortController | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor(session: Session) {
    this.#session = session;
    session.store.subscribe(() => this.#follow());
    pockets.told = () => session.store.update({ evacuation: this });
    addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => document.hidden || this.again());
    this.#follow();
  }

  /** The way that is shown. */
  get way(): Way | undefined {
    const answer = this.phase?.kind === "answered" ? this.phase.had.answer : undefined;
    return wayOf(answer, this.chosen);
  }

  show(chosen: number | "alternative"): void {
    this.chosen = chosen;
    this.#draw();
    this.#look();
  }

  /** Where the phone is, in place of what the address says. */
  locate(): void {
    this.#byTap = false;
    this.#anew();
  }

  /** A tap says where. */
  choose(): void {
    this.#byTap = true;
    this.#anew();
  }

  /** The same question again. */
  again(): void {
    if (this.#view?.from) void this.#ask();
  }

  /** A layer has changed, or perhaps all of them. */
  touched(layer?: string): void {
    const { catalog } = this.#session.store.state;
    if (layer && catalog && !concerns(catalog, layer)) return;
    if (this.#view) pockets.changed();
    for (const timer of this.#timers) clearTimeout(timer);
    const spread = Math.random() * spreadMs;
    this.#timers = soonMs.map((ms) => setTimeout(() => this.again(), ms + spread));
  }

  /** The place is given up. */
  #anew(): void {
    const { profile } = this.#session.store.state.address.evacuate ?? {};
    this.#view = undefined;
    this.accuracy = undefined;
    this.#session.store.go({ evacuate: profile ? { profile } : {} });
  }

  #go(phase: Phase | undefined): void {
    this.phase = phase;
    this.#draw();
    this.#session.store.update({ evacuation: this });
  }

  #follow(): void {
    const view = this.#session.store.state.address.evacuate;
    const old = this.#view;
    if (JSON.stringify(view) === JSON.stringify(old)) return;
    this.#view = view;
    this.#request?.abort();
    clearInterval(this.#poll);
    if (String(view?.from) !== String(old?.from) && !(this.phase?.kind === "locating" && view?.from)) {
      this.accuracy = undefined;
    }
    this.chosen = 0;
    if (view && view.profile !== old?.profile) void pockets.want(view.profile ?? profiles[0]);
    else if (view && !old) void pockets.want(profiles[0]);
    if (view?.from) {
      this.#byTap = false;
      this.#poll = setInterval(() => document.hidden || this.again(), pollMs);
      this.#go({ kind: "asking" });
      void this.#ask();
    } else if (!view) this.#go(undefined);
    else if (this.#byTap) this.#go({ kind: "choosing" });
    else if ("geolocation" in navigator) this.#locate();
    else this.#go({ kind: "choosing", why: "unlocated" });
  }

  #locate(): void {
    const view = this.#view;
    const current = () => this.#view === view && this.phase?.kind === "locating";
    this.#go({ kind: "locating" });
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (!current()) return;
        this.accuracy = coords.accuracy;
        this.#session.store.go({
          evacuate: { ...view, from: placeOf([coords.longitude, coords.latitude]) },
        });
      },
      ({ code, PERMISSION_DENIED }) => {
        if (current())
          this.#go({ kind: "choosing", why: code === PERMISSION_DENIED ? "refused" : "unlocated" });
      },
      { enableHighAccuracy: true, timeout: locateMs, maximumAge: 5_000 },
    );
  }

  async #ask(): Promise<void> {
    const view = this.#view;
    if (!view?.from) return;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const meanwhile = setTimeout(() => {
      if (this.#request === request && this.phase?.kind === "asking")
        void this.#unanswered(undefined, request);
    }, patienceMs);
    try {
      const answer = await waysFrom(view, this.#session.store.state.address.lang, request.signal);
      if (this.#request === request) this.#answered(answer);
    } catch (error) {
      if (this.#request === request && !request.signal.aborted) await this.#unanswered(error, request);
    } finally {
      clearTimeout(meanwhile);
    }
  }

  #answered(answer: Answer): void {
    const { phase, way } = this;
    const old = phase?.kind === "answered" && sameFrom(phase.had.answer, answer) ? phase.had : undefined;
    const now = wayOf(answer, this.chosen);
    const alike = old?.pack ? sameByPack : sameWay;
    const same = old !== undefined && (way && now ? alike(way, now) : way === now);
    if (!same) this.chosen = 0;
    const changed = old && !same ? Date.now() : old?.changed;
    this.#last = { answer, profile: this.#view?.profile, at: Date.now(), ...(changed ? { changed } : {}) };
    this.#go({ kind: "answered", had: this.#last });
    if (!same) this.#look();
    const { graph_version = "", hazard_version = "", from } = answer;
    const state = { graph_version, hazard_version, area: from.area ?? "" };
    void pockets.want(this.#view?.profile ?? profiles[0], state);
  }

  /** A refusal is told; where the server is away, the answer of before for the same place, or what is kept. */
  async #unanswered(error: unknown, request: AbortController): Promise<void> {
    const refusal = error instanceof HttpError ? error : undefined;
    const again = !refusal || refusal.status >= 500;
    const trouble = refusal?.words ?? "offline";
    const last = this.#last?.profile === this.#view?.profile ? this.#last : undefined;
    const here = this.#view?.from;
    if (!again || !here) {
      return this.#go({ kind: "failed", again, ...(refusal ? { why: refusal.words } : {}) });
    }
    const kept = await pockets.pack(this.#view?.profile ?? profiles[0]);
    if (this.#request !== request || (!error && this.phase?.kind !== "asking")) return;
    // What the server said of this place tells more, but a pack may know of what has happened since.
    if (
      last &&
      String(last.answer.from.coordinates) === String(here) &&
      !(kept && kept.asOf > last.at + laterMs)
    ) {
      return this.#go({ kind: "answered", had: { ...last, trouble } });
    }
    const answer = kept && follow(kept.pack, here, Date.now());
    if (kept && answer) {
      const { profile, until } = kept.pack.head;
      const had = { answer, profile: this.#view?.profile, at: Date.now(), trouble };
      const old = this.way;
      this.#go({ kind: "answered", had: { ...had, pack: { asOf: kept.asOf, profile, until } } });
      if (!old || !this.way || !sameWay(old, this.way)) this.#look();
    } else if (last) this.#go({ kind: "answered", had: { ...last, trouble } });
    else if (error) this.#go({ kind: "failed", again, ...(refusal ? { why: refusal.words } : {}) });
  }

  #draw(): void {
    const had = this.phase?.kind === "answered" ? this.phase.had : undefined;
    const from = had?.answer.from.coordinates ?? this.#view?.from;
    const { way } = this;
    const goal = way?.destination ?? had?.answer.refuge;
    this.course =
      from && course([...from], goal ? { name: goal.name, at: goal.coordinates } : undefined, way?.geometry);
    this.#session.store.update({ evacuation: this });
  }

  /** Lets the map show the whole way. */
  #look(): void {
    const points = (this.course ?? []).flatMap(({ geometry }) =>
      geometry.type === "LineString"
        ? geometry.coordinates
        : geometry.type === "Point"
          ? [geometry.coordinates]
          : [],
    );
    const box = points.reduce<Box | undefined>((all, [x = 0, y = 0]) => union(all, [x, y, x, y]), undefined);
    if (box) this.#session.fly({ box });
  }
}

export function wayOf(answer: Answer | undefined, chosen: number | "alternative"): Way | undefined {
  return chosen === "alternative" ? (answer?.alternative ?? undefined) : answer?.routes[chosen];
}

export function sameWay(a: Way, b: Way): boolean {
  return a.destination.id === b.destination.id && JSON.stringify(a.geometry) === JSON.stringify(b.geometry);
}

/** The lines of a pack are rounded. */
function sameByPack(a: Way, b: Way): boolean {
  return a.destination.id === b.destination.id && Math.abs(a.duration - b.duration) < 2;
}

function sameFrom(a: Answer, b: Answer): boolean {
  return String(a.from.coordinates) === String(b.from.coordinates);
}

/** A moment as it is on the server's clock, by an answer to a question that was for its now; ms since 1970. */
export function serverNow({ answer, at }: Had, now: number): number {
  return Date.parse(answer.departure_at) + (now - at);
}

/** s to spare for who leaves at a moment of the server's clock. */
export function spareAt(way: Way, departure: string, now: number): number | undefined {
  return way.margin === null ? undefined : way.margin - (now - Date.parse(departure)) / 1000;
}
