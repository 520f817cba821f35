// Question 13: up to four photos, with permission. Kept on this phone before anything is said about them.

import { button, choice, el, icon, labelled } from "./dom.js";
import { digest, place, shrink } from "./photo.js";
import { StorageFull } from "./store.js";
import { megabytes } from "./words.js";

const MOST = 4;
const SHOWS = { business: "Usaha", family: "Keluarga", house: "Rumah" };

/**
 * @param {import("./visit.js").Visit} visit
 * @param {{store: import("./store.js").Store, changed: () => Promise<void>}} given
 */
export function photoField(visit, { store, changed }) {
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
    store.photo(photo.uuid).then((bytes) => {
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
    await changed();
    await store.removePhoto(photo.uuid);
    redraw();
  }

  async function add(file) {
    said.textContent = "Mengecilkan foto…";
    try {
      const [blob, where] = await Promise.all([shrink(file), withPlace.checked ? place() : null]);
      const bytes = await blob.arrayBuffer();
      const uuid = crypto.randomUUID();
      await store.putPhoto(uuid, visit.id, bytes);
      visit.photos.push({
        uuid, position: visit.photos.length + 1, shows: "business", size: bytes.byteLength, sha256: await digest(bytes),
        taken_at: new Date().toISOString(), latitude: where?.latitude ?? null, longitude: where?.longitude ?? null,
      });
      await changed();
      const unplaced = withPlace.checked && !where ? " Tempat tidak diketahui, jadi tidak ikut." : "";
      said.textContent = `Foto tersimpan di HP ini (${megabytes(bytes.byteLength)}).${unplaced}`;
      redraw();
    } catch (error) {
      said.textContent = error instanceof StorageFull ? error.message : error.message || "Foto tidak dapat dibuat. Coba lagi.";
    }
  }

  const box = el("input.file", {
    type: "file", accept: "image/*", capture: "environment",
    change: async () => { if (box.files.length) await add(box.files[0]); box.value = ""; },
  });
  room.append(
    el("div.choice", {}, withPlace, el("label", { for: "photo-place" }, "Sertakan perkiraan tempat",
      el("span.choice-note", { text: "Dibulatkan sampai nagari sebelum disimpan. Rumah tidak bisa dikenali." }))),
    labelled("photo-file", "Ambil atau pilih foto", box, "Keluarga sudah mengizinkan? Foto dikecilkan di HP ini."));
  redraw();
  return el("div", {}, list, room, el("div.photo-said", {}, icon("camera"), said));
}
