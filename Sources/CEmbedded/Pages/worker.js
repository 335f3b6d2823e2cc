"use strict";
// Keeps a participant's answers while there is no connection, and sends them once when it is back.
// Every sending has a name of its own (the field "key"), so that the study takes it once, however
// often it arrives.
const store = () => new Promise((resolve, reject) => {
  const request = indexedDB.open("longwell " + registration.scope, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("answers", { autoIncrement: true });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const run = async (mode, work) => {
  const database = await store();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("answers", mode);
    const request = work(transaction.objectStore("answers"));
    transaction.oncomplete = () => { database.close(); resolve(request.result); };
    transaction.onerror = () => { database.close(); reject(transaction.error); };
  });
};

let sending;
const send = () => sending ??= (async () => {
  try {
    const keys = await run("readonly", (answers) => answers.getAllKeys());
    for (const key of keys) {
      const kept = await run("readonly", (answers) => answers.get(key));
      const body = new URLSearchParams(kept.body);
      body.set("go", "keep");
      const answer = await fetch(kept.url, { method: "POST", body });
      // What the study will never take is not sent for ever; what it cannot take now is kept.
      if (answer.status >= 500 || answer.status === 429) return;
      await run("readwrite", (answers) => answers.delete(key));
    }
    if (keys.length > 0) {
      for (const client of await clients.matchAll()) client.postMessage("sent");
    }
  } catch { /* still no connection */ } finally { sending = undefined; }
})();

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(send()));
addEventListener("sync", (event) => event.waitUntil(send()));

// A page for the time without connection: the words come from the page that was shown last.
const page = (text) => new Response(
  `<!DOCTYPE html><meta charset="utf-8"><meta name="viewport" content="width=device-width">`
  + `<meta name="color-scheme" content="light dark"><title>Longwell</title>`
  + `<main><p role="alert" dir="auto">${text}</p></main>`,
  { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });

addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.method !== "POST" || !/\/s\/[0-9a-f-]+\/\d+$/.test(path)) return;
  event.respondWith((async () => {
    const copy = request.clone();
    try {
      const answer = await fetch(request);
      event.waitUntil(send());
      return answer;
    } catch {
      const body = await copy.text();
      await run("readwrite", (answers) => answers.add({ url: request.url, body }));
      await registration.sync?.register("answers").catch(() => {});
      if (request.mode !== "navigate") return new Response(null, { status: 202 });
      const cached = await caches.match("offline");
      return page(cached ? await cached.text() : "No connection. Your answers are kept on this device.");
    }
  })());
});
