// The server's event stream. The browser's own reconnection is not used: it
// waits a fixed time and gives up for good on some answers. Here a lost
// connection is tried again with growing, jittered pauses; what was missed
// meanwhile is made good by a resync.

import type { Box } from "./catalog.ts";

export interface Change {
  layer: string;
  ids: string[];
  bbox?: Box;
  op?: string;
}

export interface Freshness {
  /** When the data was last known to agree with the database, RFC 3339. */
  asOf?: string;
  databaseDown: boolean;
}

export interface Listener {
  change(change: Change): void;
  /** Changes may have been missed: everything shown must be asked for again. */
  resync(): void;
  status(status: Freshness): void;
  link(open: boolean): void;
}

/** The part of EventSource that is used here. */
export interface Source {
  addEventListener(type: string, handle: (event: { data?: unknown }) => void): void;
  close(): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** The pause before attempt n (0 is the first), spread so that clients do not come all at once. */
export function pause(attempt: number, random: number): number {
  return Math.min(firstPauseMs * 2 ** attempt, longestPauseMs) * (0.5 + random / 2);
}

/** Listens until the returned function is called. */
export function listen(
  listener: Listener,
  open: () => Source = () => new EventSource("/events") as unknown as Source,
): () => void {
  let source: Source | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let missed = false;
  let stopped = false;

  const connect = () => {
    if (stopped) return;
    const current = open();
    source = current;
    current.addEventListener("open", () => {
      attempt = 0;
      listener.link(true);
      if (missed) listener.resync();
      missed = false;
    });
    current.addEventListener("error", () => {
      if (source !== current) return;
      current.close();
      source = undefined;
      missed = true;
      listener.link(false);
      timer = setTimeout(connect, pause(attempt++, Math.random()));
    });
    current.addEventListener("change", ({ data }) => {
      const change = parseChange(data);
      if (change) listener.change(change);
      else listener.resync();
    });
    current.addEventListener("resync", () => listener.resync());
    current.addEventListener("status", ({ data }) => {
      const status = parseObject(data);
      if (!status) return;
      listener.status({
        databaseDown: status["databaseDown"] === true,
        ...(typeof status["asOf"] === "string" ? { asOf: status["asOf"] } : {}),
      });
    });
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** undefined for a message that cannot be understood: then all is asked for again. */
export function parseChange(data: unknown): Change | undefined {
  const message = parseObject(data);
  if (!message || typeof message["layer"] !== "string") return undefined;
  const change: Change = {
    layer: message["layer"],
    ids: Array.isArray(message["ids"]) ? message["ids"].map(String) : [],
  };
  const box = message["bbox"];
  if (Array.isArray(box) && box.length === 4 && box.every((n) => typeof n === "number")) {
    change.bbox = box as Box;
  }
  if (typeof message["op"] === "string") change.op = message["op"];
  return change;
}

function parseObject(data: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
