// The service worker: keeps the app's files of one version and serves that version until the page says otherwise.
// The server writes `self.APP = {version, shell, files}` before this text, so that every change of a file is a new worker.
const CHOICE = self.APP.name ?? "session-app";
const PREFIX = `${CHOICE}-`;
const NAME = PREFIX + self.APP.version;
const SHELL = new URL(self.APP.shell, location).href;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "which") event.waitUntil(tell(event));
  if (event.data === "use-new") event.waitUntil(use().then(() => tell(event)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const isShell = request.mode === "navigate" && url.pathname === new URL(SHELL).pathname;
  if (isShell || self.APP.files.includes(url.pathname) || url.pathname.startsWith("/static/")) {
    event.respondWith(answer(request, isShell ? SHELL : request.url));
  }
});

async function fill() {
  const cache = await caches.open(NAME);
  for (const path of [self.APP.shell, ...self.APP.files]) {
    // A sign-in page is no file of the app: then this version is not there yet, the one before goes on.
    const found = await fetch(path, { cache: "no-store", redirect: "error" });
    if (!found.ok) throw new Error(path);
    await cache.put(path, found);
  }
  if (!(await chosen())) await use();
  // At once, because only the choice below decides which files are served.
  await self.skipWaiting();
}

async function chosen() {
  const kept = await (await caches.open(CHOICE)).match("/version");
  return kept ? kept.text() : "";
}

async function use() {
  await (await caches.open(CHOICE)).put("/version", new Response(NAME));
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
}

async function answer(request, address) {
  const name = await chosen();
  const found = name && (await (await caches.open(name)).match(address));
  return found || fetch(request);
}

async function tell(event) {
  event.source?.postMessage({ newest: NAME, chosen: await chosen() });
}
