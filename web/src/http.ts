// Requests to our own host, and what it answers when it refuses.

import type { Lang } from "./catalog.ts";

/** What the server says of a refusal (RFC 9457), as far as this program reads it. */
export interface Problem {
  /** Ends in #code, a stable slug. */
  type?: string;
  title?: string;
  detail?: string;
  /** The property or parameter that is wrong. */
  at?: string;
  /** The version that is there now, of a stale edit. */
  current?: Current;
  /** One entry an edit that is refused, where many were sent. */
  faults?: Fault[];
}

export interface Current {
  revision?: number;
  updatedBy?: string;
  updatedAt?: string;
}

export interface Fault extends Problem {
  position: number;
  status?: number;
}

/** An answer other than 2xx. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** Seconds after which it is of use to ask again. */
    readonly retryAfter?: number,
  ) {
    super(`${status} ${problem.title ?? ""}`);
  }

  get code(): string {
    return codeOf(this.problem);
  }

  /** The server's own sentence. */
  get words(): string {
    return this.problem.detail || this.problem.title || String(this.status);
  }
}

export function codeOf(problem: Problem): string {
  return /#([a-z0-9-]+)$/.exec(problem.type ?? "")?.[1] ?? "";
}

/** Longer than this nobody waits for an answer. */
const timeoutMs = 20_000;

export interface Ask {
  lang: Lang;
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** The answer, if it is 2xx; HttpError for another, TypeError where none came. */
export async function ask(
  address: string,
  { lang, method = "GET", headers, body, signal }: Ask,
): Promise<Response> {
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await fetch(ownHost(address), {
    method,
    headers: {
      accept: "application/geo+json, application/json",
      "accept-language": lang,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  if (response.ok) return response;
  const problem = ((await response.json().catch(() => ({}))) ?? {}) as Problem;
  const wait = Number(response.headers.get("retry-after"));
  throw new HttpError(
    response.status,
    { ...problem, title: problem.title ?? response.statusText },
    Number.isFinite(wait) && wait > 0 ? wait : undefined,
  );
}

export async function json<T>(address: string, what: Ask): Promise<T> {
  return (await (await ask(address, what)).json()) as T;
}

/**
 * The same path on the host that served this page. The server writes its
 * public address into links; behind another name that would be a foreign host.
 */
export function ownHost(address: string): string {
  return location.origin + address.replace(/^https?:\/\/[^/]+/, "");
}
