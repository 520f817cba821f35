// Keeps the app on the phone, whole and in one version. The lines above this one are written when it is served:
// VERSION of the contents, SHELL (address of the page), FILES (everything the page needs).
/* global VERSION, SHELL, FILES */

const NAME = "lapangan-";
const CACHE = NAME + VERSION;
const API = "/pendamping/api/";

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => { if (event.data === "take-over") self.skipWaiting(); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith(API)) return; // never from a cache, never into one
  if (request.mode === "navigate") event.respondWith(page(request, address.pathname));
  else {
    // style sheets are asked for with their contents' version, scripts import each other without
    const known = [address.pathname + address.search, address.pathname].find((one) => FILES.includes(one));
    if (known) event.respondWith(file(request, known));
  }
});

/** All or nothing: a version with a hole would fail where nobody can mend it. */
async function keep() {
  const cache = await caches.open(CACHE);
  for (const address of FILES) {
    const answer = await fetch(address, { cache: "reload", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(NAME) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The app opens at once from the phone; any other page needs the server, and without it the app opens instead. */
async function page(request, path) {
  if (path === SHELL) return (await kept(SHELL)) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    if (await kept(SHELL)) return Response.redirect(SHELL, 302);
    throw error;
  }
}

async function file(request, known) {
  return (await kept(known)) ?? fetch(request);
}

async function kept(address) {
  return (await caches.open(CACHE)).match(address);
}
