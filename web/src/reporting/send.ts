// Sends a report, telling how far it is: fetch does not know.

import { token } from "../account.ts";
import type { Lang } from "../catalog.ts";
import { HttpError, ownHost, type Problem } from "../http.ts";

export interface Sent {
  status: string;
  /** The page to follow it by. */
  link: string;
}

/** A photo over a weak line takes minutes: nobody waits where nothing goes on for so long, as the server does. */
const stallMs = 30_000;
/** And so long for the answer, when all is sent. */
const answerMs = 60_000;

/** A key under which a report that is sent again stays one report with one link. */
export function newKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...random))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

export interface Sending {
  lang: Lang;
  csrf: string | null | undefined;
  key: string;
  progress: (share: number) => void;
}

export function send(form: FormData, { lang, csrf, key, progress }: Sending): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let limit: ReturnType<typeof setTimeout> | undefined;
    const within = (ms: number): void => {
      clearTimeout(limit);
      limit = setTimeout(() => request.abort(), ms);
    };
    request.open("POST", ownHost("/api/v1/reports"));
    request.responseType = "json";
    for (const [name, value] of Object.entries({
      "accept-language": lang,
      "idempotency-key": key,
      ...token(csrf),
    })) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", (event) => {
      within(stallMs);
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.upload.addEventListener("load", () => within(answerMs));
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status === 201) resolve(response as Sent);
      else reject(new HttpError(status, (response ?? {}) as Problem));
    });
    for (const end of ["error", "abort"]) {
      request.addEventListener(end, () => reject(new TypeError(end)));
    }
    request.addEventListener("loadend", () => clearTimeout(limit));
    within(stallMs);
    request.send(form);
  });
}
