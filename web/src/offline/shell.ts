// The service worker by which the page opens without a network, and news of a
// new release: told, never forced on who is on the way.

import type { Store } from "../state.ts";

const shells = "simtaru-shell-";
const lookMs = 60 * 60_000;

let waiting: ServiceWorker | undefined;

/** Keeps this build for later; browsers that do not allow it, as over plain HTTP, go without. */
export async function keepShell(store: Store): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  if (!registration) return;
  const look = async () => {
    const next = registration.waiting;
    if (!next || !navigator.serviceWorker.controller) return;
    if (await isOfThisBuild()) next.postMessage("take over");
    else {
      waiting = next;
      store.update({ newVersion: true });
    }
  };
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", () => void look()),
  );
  void look();
  setInterval(() => document.hidden || void registration.update().catch(() => {}), lookMs);
}

/** The page came from the server, which may have had the new release already. */
async function isOfThisBuild(): Promise<boolean> {
  const newest = (await caches.keys()).findLast((name) => name.startsWith(shells));
  const script = document.querySelector<HTMLScriptElement>("script[type=module]")?.src;
  if (!newest || !script) return false;
  return (await (await caches.open(newest)).match(new URL(script).pathname)) !== undefined;
}

/** The reader wants the new release now. */
export function renew(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting?.postMessage("take over");
}
