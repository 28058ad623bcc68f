// The service worker: the page opens without a network, with what was seen last.
//
// The server is always asked first for what can change, so that a new release
// and new data are there at the next look; what is kept answers where it does not.
// Files whose name holds their hash are the same for ever, and come from here.
// Everything else, and whatever is not public, passes by: logins, edits, uploads,
// the event stream and the API.

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
/** Of this build, put in by vite.config.ts: its name, its files, and the script that its page names. */
declare const __BUILD__: string;
declare const __FILES__: string[];
declare const __SCRIPT__: string;

const shells = "simtaru-shell-";
const shell = shells + __BUILD__;
const data = "simtaru-data-1";
const tiles = "simtaru-tiles-1";
/** What the page cannot begin without. */
const needed = ["/api/v1/catalog", "/styles/plan.json"];
/** Bytes of tiles, about a city at a few zooms. */
const mostTiles = 20_000_000;
/** What is public is the same whatever else the request said. */
const any = { ignoreVary: true };
/** After this what is kept answers in place of a server that is slow. */
const patienceMs = 5_000;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", ({ data }) => {
  if (data === "take over") void worker.skipWaiting();
});

async function install(): Promise<void> {
  const cache = await caches.open(shell);
  await Promise.all(
    __FILES__.map(async (path) => {
      const cacheMode = path.startsWith("/assets/") ? "default" : "reload";
      const response = await fetch(path, { cache: cacheMode, credentials: "omit" });
      // While a release is being put up a page may still be of the one before.
      const fits = path !== "/" || (await response.clone().text()).includes(__SCRIPT__);
      if (!response.ok || !fits) throw new Error(`${path} is not of this build`);
      await cache.put(path, response);
    }),
  );
}

/** The build before stays, for pages that are still open. */
async function activate(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(shells) && name !== shell);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await worker.clients.claim();
  const ask = (path: string, lang: string) =>
    new Request(path, {
      headers: { accept: "application/geo+json, application/json", "accept-language": lang },
      credentials: "omit",
    });
  const all = needed.flatMap((path) => ["id", "en"].map((lang) => ask(path, lang)));
  await Promise.all(all.map(async (request) => keep(request, await fetch(request))));
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin || request.headers.has("range")) return;
  if (pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(pathname, any).then((kept) => kept ?? fetch(request)));
  } else if (pathname === "/" || pathname === "/icon.svg") {
    // Of this build: the one before is kept for its parts alone.
    event.respondWith(ask(event, () => caches.match(pathname, { ...any, cacheName: shell })));
  } else if (needed.includes(pathname)) {
    event.respondWith(ask(event, () => caches.match(inLanguage(request), { ...any, cacheName: data }), keep));
  } else if (pathname.startsWith("/tiles/")) {
    event.respondWith(ask(event, () => caches.match(request, { ...any, cacheName: tiles }), keepTile));
  }
});

/** The server's answer; where there is none, none in time, or it is in trouble, what is kept. */
async function ask(
  event: FetchEvent,
  kept: () => Promise<Response | undefined>,
  use?: (request: Request, response: Response) => Promise<void>,
): Promise<Response> {
  const { request } = event;
  const answer = fetch(request);
  if (use) {
    const used = answer.then((response) => use(request, response.clone())).catch(() => {});
    event.waitUntil(used);
  }
  const late = new Promise<undefined>((done) => setTimeout(done, patienceMs));
  const response = await Promise.race([answer, late]).catch(() => undefined);
  if (response && response.status < 500) return response;
  return (await kept().catch(() => undefined)) ?? answer;
}

/** Whether everybody is answered so: what the server tells one person is kept by nobody. */
function isPublic({ ok, headers }: Response): boolean {
  return ok && /\bpublic\b/.test(headers.get("cache-control") ?? "");
}

async function keep(request: Request, response: Response): Promise<void> {
  if (isPublic(response)) await (await caches.open(data)).put(inLanguage(request), response);
}

/** Under what an answer is kept that may be in the language of who asks. */
function inLanguage({ url, headers }: Request): string {
  return `${new URL(url).pathname}?lang=${headers.get("accept-language") ?? ""}`;
}

let turn = Promise.resolve();
let bytes: number | undefined;

/** One after the other, so that they can be counted. */
function keepTile(request: Request, response: Response): Promise<void> {
  turn = turn.then(() => addTile(request, response)).catch(() => {});
  return turn;
}

const size = "simtaru-bytes";
const sizeOf = (response: Response | undefined) => Number(response?.headers.get(size) ?? 0);

async function addTile(request: Request, response: Response): Promise<void> {
  if (!isPublic(response)) return;
  const cache = await caches.open(tiles);
  if (bytes === undefined) {
    bytes = 0;
    for (const key of await cache.keys()) bytes += sizeOf(await cache.match(key, any));
  }
  const old = await cache.match(request, any);
  const etag = response.headers.get("etag");
  if (old && etag && old.headers.get("etag") === etag) return;
  const body = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  headers.set(size, String(body.byteLength));
  await cache.delete(request, any);
  await cache.put(request, new Response(body.byteLength ? body : null, { status: response.status, headers }));
  bytes += body.byteLength - sizeOf(old);
  if (bytes <= mostTiles) return;
  // The ones that came first go, a tenth more than must.
  for (const key of await cache.keys()) {
    if (bytes <= 0.9 * mostTiles) break;
    bytes -= sizeOf(await cache.match(key, any));
    await cache.delete(key, any);
  }
}
