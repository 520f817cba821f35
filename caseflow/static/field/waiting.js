// Antrean: each visit on this phone with its state and the reason in words; nothing is stuck in silence.

import { ask, askWhy, banner, button, el, icon, labelled } from "./dom.js";
import { stateTag } from "./day.js";
import { MIN_WORDS, exported } from "./export.js";
import { sentenceOf } from "./troubles.js";
import { instant, phoneInstant } from "./words.js";

const WHY = { least: 10, most: 500 }; // letters, as the server counts them

/** @returns {Promise<Node[]>} */
export async function waitingScreen(app) {
  const visits = await app.store.visits();
  const in_ = (...states) => visits.filter((one) => states.includes(one.state));
  const waiting = in_("queued", "sending", "failed", "unreadable");
  const parts = [el("h1", { text: "Antrean" }), el("p.quiet", { text: "Kunjungan terhapus dari HP ini hanya setelah diterima bersama fotonya." })];
  if (!visits.length) parts.push(el("div.empty", {}, icon("synced"), el("p.empty-title", { text: "Antrean kosong" }), el("p", { text: "Kunjungan yang selesai muncul di sini sampai diterima." })));
  if (waiting.length) parts.push(el("div.button-group", {}, button("Kirim sekarang", () => app.queue.send(), "primary", "upload")));
  for (const visit of in_("removed")) parts.push(removed(app, visit));
  parts.push(list("Belum diterima", waiting, app), list("Draf", in_("draft"), app), list("Sudah diterima", in_("sent").reverse(), app));
  if (waiting.length) parts.push(copy(app));
  return parts.filter(Boolean);
}

function list(title, visits, app) {
  return visits.length ? el("section", {}, el("h2", {}, title, " ", el("span.count", { text: String(visits.length) })),
    el("ul.visits", {}, visits.map((one) => item(app, one)))) : null;
}

function item(app, visit) {
  const photos = visit.photos?.length ? ` · ${visit.photos.length} foto` : "";
  const when = visit.receivedAt && visit.state === "sent" ? `diterima ${instant(visit.receivedAt)}` : phoneInstant(visit.at);
  return el("li.visit.visit-waiting", { "data-visit": visit.id }, el("div", {}, el("strong", { text: visit.familyName }),
    el("span", { text: visit.title }), el("span.quiet", { text: `${when}${photos}` })), stateTag(visit.state),
  visit.trouble && el("p.reason", {}, icon("alert"), el("span", { text: visit.trouble.sentence })),
  visit.clashes?.length ? el("p.reason", {}, icon("compare"), el("span", { text: `${visit.clashes.length} jawaban berbeda dengan tulisan petugas lain. ` }),
    el("a", { href: "/pendamping/beda", text: "Pilih yang benar" })) : null,
  el("div.button-group", {}, acts(app, visit)));
}

function acts(app, visit) {
  const drop = button("Hapus dari HP ini", () => discard(app, visit), "link");
  if (visit.state === "unreadable" || (visit.state === "draft" && !app.planned(visit.planned))) return [drop];
  if (visit.state === "draft") return [el("a.button.button-secondary", { href: `#/isi/${visit.planned}`, text: "Lanjutkan isian" })];
  if (visit.state === "queued" && !visit.tried) return [button("Ubah isian", () => reopen(app, visit), "secondary")];
  if (visit.state !== "failed") return [];
  if (visit.receivedAt) return [button("Coba kirim foto lagi", () => again(app, visit), "primary", "retry")];
  if (visit.trouble?.error === "other_content") return [button("Kirim sebagai tambahan", () => addendum(app, visit), "primary"), drop];
  if (visit.trouble?.error === "invalid" && app.planned(visit.planned)) {
    return [el("a.button.button-primary", { href: `#/isi/${visit.planned}`, text: "Perbaiki" }), drop];
  }
  return [button("Coba kirim lagi", () => again(app, visit), "primary", "retry"), drop];
}

/** Keeps a visit in another state; what was sent or changed in another window meanwhile is shown as it stands. */
async function changed(app, visit, how) {
  try {
    await app.store.putVisit({ ...visit, ...how });
    return true;
  } catch (error) {
    app.say("Belum berubah", sentenceOf(error));
    await app.show();
    return false;
  }
}

async function reopen(app, visit) {
  if (await changed(app, visit, { state: "draft", finishedAt: null })) app.go(`#/isi/${visit.planned}`);
}

async function again(app, visit) {
  if (!(await changed(app, visit, { state: visit.receivedAt ? "sending" : "queued", trouble: null }))) return;
  await app.show();
  app.queue.send();
}

/** The server has this visit with other words: what is here goes as a visit of its own, which adds to it. */
async function addendum(app, visit) {
  const why = await askWhy("Mengapa ditambah?", "Isi yang dulu tetap ada. Alasan ini dibaca penyelia di samping tambahannya.", "Kirim tambahan", WHY);
  if (why === null) return;
  const id = crypto.randomUUID();
  const photos = [];
  for (const photo of visit.photos) {
    const bytes = await app.store.photo(photo.uuid);
    const uuid = crypto.randomUUID();
    if (bytes) { await app.store.putPhoto(uuid, id, bytes); photos.push({ ...photo, uuid }); }
  }
  if (!(await changed(app, visit, { id, rev: 0, after: visit.id, why, photos, state: "queued", trouble: null, tried: false }))) return;
  await app.store.removeVisit(visit.id);
  await app.show();
  app.queue.send();
}

async function discard(app, visit) {
  if (!(await ask("Hapus kunjungan ini dari HP?", "Kunjungan ini belum diterima. Setelah dihapus, isinya hilang.", "Hapus"))) return;
  await app.store.removeVisit(visit.id);
  await app.show();
}

function removed(app, visit) {
  return banner("outage", `${visit.familyName}: kunjungan tidak disimpan`, visit.trouble.sentence,
    button("Sudah saya baca", async () => { await app.store.removeVisit(visit.id); await app.show(); }, "secondary"));
}

/** A sealed copy for a phone that finds no signal, or breaks. */
function copy(app) {
  const words = el("input.input", { type: "password", autocomplete: "new-password", minlength: String(MIN_WORDS) });
  const said = el("p", { role: "status" });
  const make = async () => {
    if ([...words.value].length < MIN_WORDS) { said.textContent = `Kata sandi salinan paling sedikit ${MIN_WORDS} huruf. Belum ada yang dibuat.`; return words.focus(); }
    said.textContent = "Membuat salinan…";
    const made = await exported(app, words.value).catch((error) => { said.textContent = `Salinan belum dibuat. ${sentenceOf(error)}`; });
    if (!made) return;
    const { blob, name, count } = made;
    const link = el("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    words.value = "";
    said.textContent = `Salinan ${count} kunjungan dibuat: ${name}. Serahkan kepada penyelia bersama kata sandinya, terpisah. Kunjungan tetap ada di HP ini.`;
  };
  return el("details.card.disclosure", {}, el("summary", {}, icon("next"), "Simpan salinan antrean"),
    el("p", { text: "Bila HP rusak atau lama tanpa sinyal, salinan terkunci ini bisa dibuka penyelia. Tanpa kata sandi, tidak seorang pun bisa membukanya." }),
    labelled("copy-words", "Kata sandi salinan", words, `Paling sedikit ${MIN_WORDS} huruf. Ingat baik-baik.`),
    button("Buat salinan", make, "secondary", "download"), said);
}
