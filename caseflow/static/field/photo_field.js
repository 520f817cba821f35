// Question 13: up to four photos, with permission. Kept on this phone before anything is said about them.

import { button, choice, el, icon, labelled } from "./dom.js";
import { digest, place, shrink } from "./photo.js";
import { sentenceOf } from "./troubles.js";
import { isOpen } from "./visit.js";
import { megabytes } from "./words.js";

const MOST = 4;
const SHOWS = { business: "Usaha", family: "Keluarga", house: "Rumah" };

/** Lays a photo that is ready into its own visit, whatever the app shows by now. @throws {Error} with a sentence: it is not kept */
async function land(app, store, visit, photo, bytes) {
  await store.putPhoto(photo.uuid, visit.id, bytes);
  try {
    const form = app.form?.visit.id === visit.id ? app.form : null;
    const its = form?.visit ?? (await store.visit(visit.id)) ?? visit;
    if (!isOpen(its)) throw new Error("Kunjungannya sudah selesai sebelum foto siap.");
    if (its.photos.length >= MOST) throw new Error(`Kunjungan ini sudah punya ${MOST} foto.`);
    its.photos.push({ ...photo, position: its.photos.length + 1 });
    if (!form) return await store.putVisit(its);
    const kept = await form.changed();
    form.showPhotos();
    if (!kept) throw new Error("Foto ada di layar, tetapi isian belum tersimpan. Tekan Simpan lagi.");
  } catch (error) {
    if (!app.form?.visit.photos.some((one) => one.uuid === photo.uuid)) await store.removePhoto(photo.uuid).catch(() => {});
    throw error;
  }
}

/**
 * @param {import("./visit.js").Visit} visit
 * @param {{app: any, store: import("./store.js").Store, changed: () => Promise<boolean>}} given
 * @returns {{node: Node, redraw: () => void}}
 */
export function photoField(visit, { app, store, changed }) {
  const list = el("ul.photos");
  const said = el("p.field-note", { role: "status" });
  const withPlace = el("input", { type: "checkbox", id: "photo-place" });
  const room = el("div.photo-add");
  const redraw = () => {
    list.replaceChildren(...visit.photos.map((photo) => row(photo)));
    room.hidden = visit.photos.length >= MOST;
  };

  function row(photo) {
    const picture = el("img", { alt: `Foto ${photo.position}: ${SHOWS[photo.shows].toLowerCase()}` });
    store.photo(photo.uuid).catch(() => null).then((bytes) => {
      if (!bytes) return;
      const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
      picture.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
      picture.src = address;
    });
    const kinds = el("select.input", { change: async () => { photo.shows = kinds.value; await changed(); } },
      Object.entries(SHOWS).map(([code, words]) => el("option", { value: code, text: words, selected: photo.shows === code })));
    return el("li.photo", {}, picture, el("div", {},
      labelled(`shows-${photo.uuid}`, `Foto ${photo.position} memperlihatkan`, kinds),
      el("p.hint", { text: `${megabytes(photo.size)}${photo.latitude === null ? "" : " · perkiraan nagari ikut"}` }),
      button("Hapus foto", () => remove(photo), "link")));
  }

  async function remove(photo) {
    visit.photos = visit.photos.filter((one) => one !== photo);
    visit.photos.forEach((one, at) => { one.position = at + 1; });
    if (await changed()) await store.removePhoto(photo.uuid).catch(() => {}); // else the visit as it is kept still has it
    redraw();
  }

  async function add(file) {
    said.textContent = "Mengecilkan foto…";
    try {
      const [blob, where] = await Promise.all([shrink(file), withPlace.checked ? place() : null]);
      const bytes = await blob.arrayBuffer();
      await land(app, store, visit, {
        uuid: crypto.randomUUID(), shows: "business", size: bytes.byteLength, sha256: await digest(bytes),
        taken_at: new Date().toISOString(), latitude: where?.latitude ?? null, longitude: where?.longitude ?? null,
      }, bytes);
      const unplaced = withPlace.checked && !where ? " Tempat tidak diketahui, jadi tidak ikut." : "";
      said.textContent = `Foto tersimpan di HP ini (${megabytes(bytes.byteLength)}).${unplaced}`;
    } catch (error) {
      said.textContent = sentenceOf(error);
      if (!said.isConnected) app.say(`Foto ${visit.familyName} belum tersimpan`, `${sentenceOf(error)} Ambil lagi bila masih perlu.`);
    }
  }

  /** One photo after the other; who finishes the visit meanwhile waits for it. */
  async function taken() {
    const [file] = box.files;
    box.value = "";
    if (!file) return;
    box.disabled = true;
    const coming = { visit: visit.id, ready: add(file) };
    app.coming.add(coming);
    await coming.ready;
    app.coming.delete(coming);
    box.disabled = false;
  }

  const box = el("input.file", {
    type: "file", accept: "image/*", capture: "environment",
    change: taken,
  });
  room.append(
    el("div.choice", {}, withPlace, el("label", { for: "photo-place" }, "Sertakan perkiraan tempat",
      el("span.choice-note", { text: "Dibulatkan sampai nagari sebelum disimpan. Rumah tidak bisa dikenali." }))),
    labelled("photo-file", "Ambil atau pilih foto", box, "Keluarga sudah mengizinkan? Foto dikecilkan di HP ini."));
  redraw();
  return { node: el("div", {}, list, room, el("div.photo-said", {}, icon("camera"), said)), redraw };
}
