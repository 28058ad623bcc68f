// Who is logged in, and logging in and out.

import type { Lang } from "./catalog.ts";
import { ask, HttpError, json } from "./http.ts";

export interface Person {
  name: string;
  title: string;
  role: string;
}

/** What the server says of this browser's session. */
export interface Account {
  person: Person | null;
  /** Goes with every request that changes something. */
  csrf: string | null;
  expires: string | null;
  /** The city's identity provider, where it has one. */
  oidc: { title: string; href: string } | null;
}

const address = "/api/v1/session";

export const account = {
  read: (lang: Lang) => json<Account>(address, { lang }),
  login: (lang: Lang, name: string, password: string) =>
    json<Account>(address, { lang, method: "POST", body: { name, password } }),
  logout: async (lang: Lang, csrf: string | null): Promise<void> => {
    await ask(address, { lang, method: "DELETE", headers: token(csrf) });
  },
  password: async (lang: Lang, csrf: string | null, old: string, fresh: string): Promise<void> => {
    const body = { old, new: fresh };
    await ask(`${address}/password`, { lang, method: "PUT", headers: token(csrf), body });
  },
};

/** The header without which the server takes no change from a browser. */
export function token(csrf: string | null | undefined): Record<string, string> {
  return csrf ? { "x-csrf-token": csrf } : {};
}

/** Whether the answer means that the session is over, not that something is forbidden. */
export function loggedOut(error: unknown): boolean {
  return error instanceof HttpError && (error.status === 401 || error.code === "csrf");
}

/** What a person is called. */
export function personName(person: Person): string {
  return person.title || person.name;
}
