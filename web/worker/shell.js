// Keeps the pages themselves on the device, so that an inspection goes on where there is no connection. Holds no data: what is
// under /api always goes to the server. The build writes the version and the list of files into this file (vite.config.ts).
const version = '__VERSION__';
const files = __FILES__;
const cacheName = `mineward-shell-${version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith('mineward-shell-') && name !== cacheName);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (url.pathname.startsWith('/assets/') || url.pathname === '/favicon.svg') event.respondWith(asset(event.request));
});

/** A page from the server; when it is away, or a proxy says so, the one that was kept. */
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch {
    // away: below
  }
  const kept = await caches.match('/index.html', { cacheName });
  return kept ?? Response.error();
}
async function asset(request) {
  return (await caches.match(request, { cacheName })) ?? fetch(request);
}
