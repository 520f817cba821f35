// The app: which screen, whose phone, what the bar says. What it keeps lies in store.js, what it sends in queue.js.

import { banner, button, el, icon } from "./dom.js";
import { barWords, dayScreen, familyScreen } from "./day.js";
import { formScreen } from "./form.js";
import { dropOldPack, fetchPack, newPersonScreen, readyScreen } from "./pack.js";
import { pinScreen } from "./pin.js";
import { Queue } from "./queue.js";
import { Server } from "./server.js";
import { Store, everybody, forget, keepPerson } from "./store.js";
import { waitingScreen } from "./waiting.js";
import { clockTime, correctClock } from "./words.js";

const FRESH_HOURS = 12;
const SENT_DAYS = 7;
const HOUR = 3600 * 1000;
const LOCK_AFTER = 15 * 60 * 1000; // out of sight
const main = document.getElementById("isi");
const bar = document.getElementById("bar");
const tabs = document.getElementById("tabs");
let drawing = 0;

const app = {
  person: null, store: null, server: null, queue: null, pack: null, told: "", leaving: null, ended: null,

  go(hash) {
    if (location.hash === hash) this.show();
    else location.hash = hash;
  },

  /** The family and the planned visit behind a visit's public id. */
  planned(id) {
    for (const family of this.pack?.families ?? []) {
      const visit = family.visits.find((one) => one.visit === id);
      if (visit) return [family, visit];
    }
    return null;
  },

  /** Begins with the key that the PIN opened. */
  async enter(person, key, hash = "#/hari") {
    const store = await new Store(person.device, key).open();
    const server = new Server(person.device);
    const queue = new Queue(store, server, {
      name: person.name,
      phone: person.phone,
      forgetAll: (sentence, lost) => this.forgetAll(sentence, lost),
      heard: (begun, { sent }) => heard(begun, sent),
    });
    Object.assign(this, { person, store, server, queue, ended: null });
    correctClock(person.skew);
    queue.addEventListener("change", () => { drawBar(); if (["#/antrean", "#/hari"].includes(location.hash)) this.show(); });
    await dropOldPack(store, person);
    await dropOldSent(store);
    await this.readPack();
    this.go(hash);
    queue.send();
  },

  async readPack() {
    this.pack = await this.store.pack();
  },

  /** Nothing of this person stays on this phone. */
  async forgetAll(sentence, lost) {
    const { person, store, queue } = this;
    Object.assign(this, { person: null, store: null, queue: null, pack: null, leaving: null });
    queue.stop();
    store.close();
    await forget(person.device);
    if (!sentence) return;
    this.ended = [sentence, lost];
    await this.show();
  },

  /** Draws the screen of the address. Of two that are drawn at once the one asked for last is shown. */
  async show() {
    const turn = ++drawing;
    const drawn = await screen();
    if (!drawn || turn !== drawing) return;
    main.replaceChildren(...drawn);
    const title = main.querySelector("h1")?.textContent ?? "Kunjungan";
    document.title = `${title} · Kunjungan`;
    tabs.hidden = !this.store;
    for (const tab of tabs.querySelectorAll("a")) {
      if (location.hash.startsWith(tab.hash)) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    await drawBar();
  },
};

async function screen() {
  const [, name, of] = location.hash.split("/");
  if (name === "siap" && of === "baru") return newPersonScreen(app);
  if (app.ended) return endedScreen(...app.ended);
  if (!app.store) return (await everybody()).length ? pinScreen(app, name === "pin" ? of : undefined) : newPersonScreen(app);
  switch (name) {
    case "keluarga": return familyScreen(app, of);
    case "isi": return formScreen(app, of);
    case "antrean": return waitingScreen(app);
    case "siap": return readyScreen(app);
    default: return dayScreen(app);
  }
}

/** What the server said when the queue was through: its clock, and perhaps another list of families. */
async function heard(begun, sent) {
  const { person, store, server } = app;
  person.skew = begun.skew;
  correctClock(begun.skew);
  if (sent) person.sentAt = Date.now() + begun.skew;
  const stale = !person.syncedAt || Date.now() - person.syncedAt > FRESH_HOURS * HOUR;
  if (sent || stale) {
    await fetchPack(store, server, person);
    await app.readPack();
    if (location.hash.startsWith("#/hari") || location.hash === "#/siap") await app.show();
  }
  await keepPerson(person);
}

async function dropOldSent(store) {
  for (const row of await store.rows()) {
    if (row.state === "sent" && Date.now() - row.at > SENT_DAYS * 24 * HOUR) await store.removeVisit(row.id);
  }
}

async function drawBar() {
  if (!app.store) { bar.hidden = true; return; }
  const rows = await app.store.rows();
  const { queue, person } = app;
  const words = queue.phase === "stuck" ? { kind: "danger", icon: "alert", words: queue.reason } : barWords(queue.phase === "idle" && !navigator.onLine ? "offline" : queue.phase, {
    waiting: rows.filter((row) => ["queued", "sending"].includes(row.state)).length,
    failed: rows.filter((row) => ["failed", "removed"].includes(row.state)).length,
    syncedAt: person.syncedAt && person.syncedAt + person.skew, sentAt: person.sentAt && clockTime(person.sentAt),
    n: queue.n, total: queue.total,
  });
  bar.hidden = false;
  bar.className = `sync-bar is-${words.kind}`;
  const inside = [icon(words.icon), el("span", { text: words.words })];
  bar.replaceChildren(words.href ? el("a", { href: words.href }, ...inside) : el("p", {}, ...inside));
}

/** This phone was revoked: what became of what it kept, and whom to ask. */
function endedScreen(sentence, lost) {
  return [el("h1", { text: "HP ini tidak dipakai lagi" }), banner("warning", sentence,
    lost ? `${lost} kunjungan yang belum diterima ikut dihapus.` : "Tidak ada kunjungan yang hilang.",
    el("p", { text: "Semua data keluarga sudah dihapus dari HP ini. Hubungi penyelia bila ini keliru." })),
  el("a.button.button-secondary", { href: "#/siap/baru", text: "Siapkan lagi" })];
}

/** Out of sight for a while: the key is forgotten, the PIN is asked again. What was typed is kept already. */
let hiddenAt = 0;
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) { hiddenAt = Date.now(); await app.leaving?.(); return; }
  if (app.store && Date.now() - hiddenAt > LOCK_AFTER) location.reload();
});
window.addEventListener("offline", drawBar);
window.addEventListener("hashchange", async () => {
  await app.leaving?.();
  app.leaving = null;
  if (location.hash !== "#/hari") app.told = "";
  await app.show();
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
});

/** The worker keeps the app itself. A newer version waits until somebody asks for it. */
async function keepApp() {
  if (!navigator.serviceWorker) return;
  const { worker, scope } = document.body.dataset;
  const registration = await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" });
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller || document.getElementById("newer")) return;
    bar.before(el("div.newer", { id: "newer" }, el("span", { text: "Aplikasi versi baru sudah siap." }),
      button("Pakai versi baru", async () => {
        await app.leaving?.();
        navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
        registration.waiting.postMessage("take-over");
      }, "secondary")));
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (location.hash === "#/siap") app.show(); });
  offer();
}

main.replaceChildren(el("h1", { text: "Kunjungan tanpa sinyal" }), el("p.quiet", { text: "Membuka…" }));
keepApp().catch(() => {}); // without it the app still works while there is signal; "Siapkan HP" says so
await app.show();
