{% load static %}// Where a page cannot be fetched, show the offline page; everything else goes to the network as ever.
const CACHE = "junheng-offline";
const NEEDED = ["{% url 'offline' %}", "{% static 'vendor/bootstrap/bootstrap.min.css' %}", "{% static 'common/junheng.css' %}", "{% static 'common/theme.js' %}", "{% static 'common/icon.svg' %}"];

self.addEventListener("install", (event) => event.waitUntil(
  caches.delete(CACHE).then(() => caches.open(CACHE)).then((cache) => cache.addAll(NEEDED))));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(NEEDED[0])));
  } else if (NEEDED.includes(new URL(event.request.url).pathname)) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
