// Sends a report, telling how far it is: fetch does not know.

import { token } from "../account.ts";
import type { Lang } from "../catalog.ts";
import { HttpError, ownHost, type Problem } from "../http.ts";

export interface Sent {
  status: string;
  /** The page to follow it by. */
  link: string;
}

/** A photo over a weak connection takes minutes; the server waits one. */
const timeoutMs = 60_000;

export function send(
  form: FormData,
  lang: Lang,
  csrf: string | null | undefined,
  progress: (share: number) => void,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", ownHost("/api/v1/reports"));
    request.timeout = timeoutMs;
    request.responseType = "json";
    for (const [name, value] of Object.entries({ "accept-language": lang, ...token(csrf) })) {
      request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status === 201) resolve(response as Sent);
      else reject(new HttpError(status, (response ?? {}) as Problem));
    });
    for (const end of ["error", "timeout", "abort"]) {
      request.addEventListener(end, () => reject(new TypeError(end)));
    }
    request.send(form);
  });
}
