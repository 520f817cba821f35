// The app: which screen, whose phone, what the bar says. What it keeps lies in store.js, what it sends in queue.js.

import { banner, button, el, icon } from "./dom.js";
import { barWords, dayScreen, familyScreen } from "./day.js";
import { formScreen } from "./form.js";
import { dropOldPack, fetchPack, newPersonScreen, readyScreen } from "./pack.js";
import { pinScreen } from "./pin.js";
import { Queue } from "./queue.js";
import { Server } from "./server.js";
import { Store, everybody, forget, keepPerson } from "./store.js";
import { StorageFull, sentenceOf } from "./troubles.js";
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
let shown = ""; // address of the screen that is drawn
let warned = false;

const app = {
  person: null, store: null, server: null, queue: null, pack: null, told: "", leaving: null, ended: null,
  form: null, // the visit that is being filled in
  coming: new Set(), // photos that are being made
  full: false, // no room on this phone

  /** @param {{instead?: boolean}} [how] instead of the screen that is shown: Back does not lead to it again */
  go(hash, { instead = false } = {}) {
    if (location.hash === hash) this.show();
    else if (instead) location.replace(hash);
    else location.hash = hash;
  },

  /** Says what somebody has to know wherever they are by now; stays until it was read. */
  say(title, words) {
    document.getElementById("said")?.remove();
    const said = el("div", { id: "said", role: "alert" }, banner("warning", title, words, button("Tutup", () => said.remove(), "secondary")));
    main.before(said);
  },

  /** Whether there is still no room; without trouble before, nothing is tried. */
  async isFull() {
    if (this.full || this.queue?.full) this.full = await hasNoRoom(this.person);
    return this.full;
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
    const store = await new Store(person.device, key, () => location.reload()).open();
    const server = new Server(person.device);
    const queue = new Queue(store, server, {
      name: person.name,
      phone: person.phone,
      forgetAll: (sentence, lost) => this.forgetAll(sentence, lost),
      heard: (begun, { sent }) => heard(begun, sent),
    });
    Object.assign(this, { person, store, server, queue, ended: null });
    correctClock(person.skew);
    queue.addEventListener("change", () => { drawBar(); if (["#/antrean", "#/hari"].includes(location.hash) && !isTyping()) this.show(); });
    try {
      await dropOldPack(store, person);
      await dropOldSent(store);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error; // it opens all the same: what is here can be read and sent
    }
    this.full = await hasNoRoom(person);
    await this.readPack();
    this.go(hash);
    queue.send();
  },

  async readPack() {
    this.pack = await this.store.pack().catch(() => null); // broken: it is fetched again
  },

  /** Nothing of this person stays on this phone. */
  async forgetAll(sentence, lost) {
    const { person, store, queue } = this;
    Object.assign(this, { person: null, store: null, queue: null, pack: null, leaving: null, form: null });
    queue.stop();
    store.close();
    await forget(person.device);
    if (!sentence) return;
    const gone = lost ? `${lost} kunjungan yang belum diterima ikut dihapus.` : "Tidak ada kunjungan yang hilang.";
    await this.end("HP ini tidak dipakai lagi", sentence, el("p", { text: gone }),
      el("p", { text: "Semua data keluarga sudah dihapus dari HP ini. Hubungi penyelia bila ini keliru." }),
      el("a.button.button-secondary", { href: "#/siap/baru", text: "Siapkan lagi" }));
  },

  /** The last screen: nothing is kept here any more. */
  async end(title, words, ...more) {
    this.ended = [el("h1", { text: title }), banner("warning", words), ...more];
    await this.show();
  },

  /** Draws the screen of the address. Of two that are drawn at once the one asked for last is shown. */
  async show() {
    const turn = ++drawing;
    const drawn = await screen().catch((error) => [el("h1", { text: "Layar ini tidak bisa dibuka" }), banner("warning", "Ada gangguan", sentenceOf(error)),
      button("Muat ulang", () => location.reload(), "primary", "retry")]);
    if (!drawn || turn !== drawing) return;
    shown = location.hash;
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
  if (app.ended) return app.ended;
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
  try {
    if (sent || stale) {
      await fetchPack(store, server, person);
      await app.readPack();
      if (location.hash.startsWith("#/hari") || location.hash === "#/siap") await app.show();
    }
    await keepPerson(person);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    app.full = true; // what waited has gone; the list stays as it was
  }
}

/** Whether a small row finds no place any more. */
async function hasNoRoom(person) {
  try {
    await keepPerson(person);
    return false;
  } catch (error) {
    if (error instanceof StorageFull) return true;
    throw error;
  }
}

/** Drawing anew would take away what somebody writes. */
function isTyping() {
  return main.contains(document.activeElement) && document.activeElement.matches("input, textarea");
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

/** Out of sight for a while: the key is forgotten, the PIN is asked again. What was typed is kept before. */
let hiddenAt = 0;
document.addEventListener("visibilitychange", async () => {
  if (document.hidden) { hiddenAt = Date.now(); await app.leaving?.(); return; }
  if (!app.store) return;
  if (Date.now() - hiddenAt > LOCK_AFTER && (await app.leaving?.()) !== false) return location.reload();
  if (!["idle", "sending"].includes(app.queue.phase)) app.queue.send(); // somebody signed in elsewhere, or the phone slept
});
window.addEventListener("offline", drawBar);
window.addEventListener("beforeunload", (event) => { if (app.form?.keeper.unkept) event.preventDefault(); });
window.addEventListener("hashchange", async () => {
  if ((await app.leaving?.()) === false && !warned) {
    warned = true; // once more, and it is left all the same
    history.replaceState(null, "", shown);
    return app.say("Isian terakhir belum tersimpan", "Alasannya ada di bawah judul. Isian yang tersimpan tetap aman. Bila ditinggalkan sekali lagi, isian terakhir hilang.");
  }
  warned = false;
  Object.assign(app, { leaving: null, form: null });
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
        if ((await app.leaving?.()) === false) return app.say("Versi baru belum dipakai", "Isian terakhir belum tersimpan. Simpan dulu, lalu coba lagi.");
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
