// Siapkan HP: a separate first step, while there is signal. Green only when what is kept was read back.

import { ask, banner, button, el, icon, labelled } from "./dom.js";
import { shrink } from "./photo.js";
import { newPin } from "./pin.js";
import { NoSignal, Refused, Server } from "./server.js";
import { Store, everybody, keepPerson } from "./store.js";
import { sentenceOf } from "./troubles.js";
import { instant, megabytes } from "./words.js";

const OLDEST_DAYS = 30;
const DAY = 24 * 3600 * 1000;
const SIGN_IN = "/masuk?next=/pendamping/lapangan";
let offered = null; // the browser's own question whether to install
window.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); offered = event; });

/** Fetches the families and keeps them; says whether something changed. @throws {NoSignal|Refused|StorageFull} */
export async function fetchPack(store, server, person) {
  const kept = await store.pack().catch(() => null); // "as before" is no answer where there is none
  const answer = await server.pack(kept && person.packEtag);
  if (answer) {
    person.packBytes = await store.putPack(answer.pack);
    person.packEtag = answer.etag;
  }
  person.syncedAt = Date.now();
  await keepPerson(person);
  return Boolean(answer);
}

/** The families leave this phone thirty days after it last heard from the server. What waits to be sent stays. */
export async function dropOldPack(store, person, now = Date.now()) {
  if (person.syncedAt === null || now - person.syncedAt < OLDEST_DAYS * DAY) return false;
  await store.dropPack();
  Object.assign(person, { packEtag: null, syncedAt: null });
  await keepPerson(person);
  return true;
}

/** Whether everything works without signal: the app itself, the families, the key. Read back, not believed. */
export async function readiness(app) {
  const files = JSON.parse(document.body.dataset.files);
  const kept = await Promise.all(files.map((address) => caches.match(address)));
  const pack = await app.store.pack().catch(() => null);
  const seen = kept.every(Boolean) && Boolean(navigator.serviceWorker?.controller);
  return { app: seen, families: pack?.families.length ?? null, ready: seen && pack !== null };
}

/** First time on this phone, for who is signed in. @returns {Promise<Node[]>} */
export async function newPersonScreen(app) {
  const server = new Server(crypto.randomUUID());
  const head = [el("h1", { text: "Siapkan HP ini" }), el("p", { text: "Sekali saja, saat ada sinyal. Setelah itu kunjungan bisa diisi tanpa sinyal." })];
  let begun;
  try {
    begun = await server.begin();
  } catch (error) {
    if (error instanceof NoSignal) return [...head, banner("outage", "Perlu sinyal untuk menyiapkan", "Belum ada yang tersimpan. Coba lagi di tempat bersinyal."), button("Coba lagi", () => app.show(), "secondary", "retry")];
    return [...head, banner("warning", "Perlu masuk dulu", error.message), el("a.button.button-primary", { href: SIGN_IN, text: "Masuk" })];
  }
  if ((await everybody()).some((one) => one.name === begun.user.name)) {
    return [...head, banner("info", `HP ini sudah disiapkan untuk ${begun.user.name}`, "Buka dengan PIN."), el("a.button.button-primary", { href: "#/pin", text: "Buka dengan PIN" })];
  }
  return [...head, el("p", {}, "Masuk sebagai ", el("strong", { text: begun.user.name }), "."), el("section.card", {}, newPin((name, made) => prepare(app, server, begun, name, made)))];
}

async function prepare(app, server, begun, phone, { key, lock }) {
  try {
    await server.register(phone);
  } catch (error) {
    if (error instanceof NoSignal) throw new Error("Sinyal terputus. Belum ada yang tersimpan; coba lagi.");
    throw error;
  }
  const person = {
    device: server.device, name: begun.user.name, phone, lock, tries: 0, triedAt: 0,
    syncedAt: null, sentAt: null, packEtag: null, packBytes: 0, skew: begun.skew,
  };
  await keepPerson(person, { fresh: true });
  await navigator.storage?.persist?.();
  await app.enter(person, key, "#/siap");
}

/** What is ready and what is not, with a button for each. @returns {Promise<Node[]>} */
export async function readyScreen(app) {
  const state = await readiness(app);
  const persisted = await navigator.storage?.persisted?.();
  const room = await navigator.storage?.estimate?.();
  const { person } = app;
  const free = room?.quota ? `, sisa ruang ${megabytes(Math.min(room.quota - room.usage, 1e9))}${room.quota - room.usage > 1e9 ? " lebih" : ""}` : "";
  const pack = state.families === null ? "Daftar keluarga belum diunduh."
    : `${state.families} keluarga, ${megabytes(person.packBytes)}${free}. Data ${instant(person.syncedAt + person.skew)}.`;
  return [
    el("h1", { text: "Siapkan HP" }),
    state.ready ? banner("positive", "Siap dipakai tanpa sinyal", "Aplikasi dan daftar keluarga sudah dibaca kembali dari HP ini.")
      : banner("warning", "Belum siap tanpa sinyal", state.app ? "Unduh daftar keluarga dulu." : "Aplikasi belum tersimpan lengkap. Muat ulang halaman ini saat ada sinyal."),
    el("ul.steps", {},
      step(state.app, "Aplikasi tersimpan di HP", state.app ? "Bisa dibuka tanpa sinyal." : "Belum lengkap.", !state.app && button("Muat ulang", () => location.reload(), "secondary", "retry")),
      step(state.families !== null, "Keluarga bulan ini", pack, button(state.families === null ? "Unduh" : "Unduh lagi", (event) => download(app, event.currentTarget), "secondary", "download")),
      step(true, "PIN 6 angka", `Terpasang untuk ${person.name}. ${person.phone}.`),
      step(Boolean(persisted), "Simpan tetap di HP", persisted ? "Peramban tidak menghapusnya sendiri." : "Peramban belum mengizinkan. Kirim kunjungan segera setelah ada sinyal.",
        !persisted && button("Minta lagi", async () => { await navigator.storage?.persist?.(); app.show(); }, "secondary")),
      installStep(app), cameraStep(app)),
    el("section.card", {}, el("h2", { text: "Keluar dari HP ini" }), el("p", { text: "Daftar keluarga dan semua isian di HP ini dihapus." }),
      button("Keluar dan hapus", () => leave(app), "secondary", "sign-out")),
  ];
}

function step(done, title, words, ...acts) {
  return el(`li.step.is-${done ? "positive" : "waiting"}`, {}, icon(done ? "check" : "alert"),
    el("div", {}, el("h2", {}, title, el("span.hidden-words", { text: done ? " (siap)" : " (belum)" })), el("p.quiet", { text: words })),
    acts.some(Boolean) && el("div.button-group", {}, ...acts));
}

function installStep(app) {
  const installed = matchMedia("(display-mode: standalone)").matches;
  const words = installed ? "Terpasang." : offered ? "Supaya mudah dibuka seperti aplikasi lain." : "Buka menu peramban, lalu pilih “Tambahkan ke layar utama”.";
  return step(installed, "Pasang di layar utama", words,
    !installed && offered && button("Pasang", async () => { await offered.prompt(); offered = null; app.show(); }, "secondary", "phone"));
}

/** A picture is taken, shrunk, sealed, read back and forgotten: the whole way a photo goes. */
function cameraStep(app) {
  const said = el("p", { role: "status" });
  const box = el("input.file", { type: "file", accept: "image/*", capture: "environment", change: async () => {
    try {
      const bytes = await (await shrink(box.files[0])).arrayBuffer();
      const id = crypto.randomUUID();
      await app.store.putPhoto(id, "trial", bytes);
      const back = await app.store.photo(id);
      await app.store.removePhoto(id);
      said.textContent = back.byteLength === bytes.byteLength ? `Kamera siap. Foto percobaan ${megabytes(bytes.byteLength)} terbaca kembali dan sudah dihapus.` : "Foto percobaan tidak terbaca kembali. Coba lagi.";
    } catch (error) { said.textContent = sentenceOf(error); }
    box.value = "";
  } });
  return el("li.step.is-neutral", {}, icon("camera"), el("div", {}, el("h2", { text: "Coba kamera" }),
    labelled("trial", "Ambil satu foto percobaan", box, "Langsung dihapus lagi."), said));
}

async function download(app, pressed) {
  pressed.setAttribute("aria-busy", "true");
  try {
    await app.server.begin();
    await fetchPack(app.store, app.server, app.person);
    await app.readPack();
    await app.show();
  } catch (error) {
    pressed.removeAttribute("aria-busy");
    if (error instanceof Refused && error.revoked) return app.queue.send();
    const words = error instanceof NoSignal ? "Sinyal terputus. Daftar yang lama tetap ada; coba lagi." : error instanceof Refused ? error.message : sentenceOf(error);
    pressed.closest(".step").append(el("p.reason", { role: "alert" }, icon("alert"), el("span", { text: words })));
  }
}

async function leave(app) {
  const rows = (await app.store.rows()).filter((row) => ["draft", "queued", "sending", "failed"].includes(row.state));
  const words = rows.length ? `${rows.length} kunjungan belum terkirim dan akan hilang.` : "Semua kunjungan sudah diterima. Daftar keluarga dihapus dari HP ini.";
  if (!(await ask("Keluar dan hapus?", words, "Keluar dan hapus"))) return;
  const { server, person } = app;
  let user = null;
  try {
    ({ user } = await server.begin());
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) {
      return app.say("Belum keluar", "Tidak ada sinyal, jadi akun ini masih masuk. Belum ada yang dihapus dari HP ini. Coba lagi saat ada sinyal.");
    }
  }
  await app.forgetAll("", 0);
  if (user && user.name !== person.name) return app.go("#/siap/baru"); // it is not this person's session
  if (user) await server.queue(0, null, true).catch(() => {}); // nothing waits here any more
  await finishLeaving(app, server);
}

/** The families have left the phone; the session is said to have ended only when it has. */
async function finishLeaving(app, server) {
  if (await server.signOut()) return location.assign("/masuk?keluar=1");
  await app.end("Belum keluar dari akun", "Semua data keluarga sudah dihapus dari HP ini, tetapi akun ini masih masuk. Coba lagi saat ada sinyal.",
    button("Keluar dari akun", () => finishLeaving(app, server), "primary", "sign-out"));
}
