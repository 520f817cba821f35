// Finding a nagari by typing, beside the list to choose from. The list alone is enough without this file.

/** Spellings people use for one place: "Muara" and "Muaro", "Sijunjuang" and "Sijunjung", with or without spaces. */
function fold(words) {
  return words.toLowerCase().normalize("NFKD").replace(/[^a-z]/g, "")
    .replace(/^nagari/, "").replace(/ua(?=ng|k|h)/g, "u").replace(/ia(?=ng|k|h)/g, "i")
    .replace(/o/g, "a").replace(/(.)\1+/g, "$1");
}

function searchable(select) {
  const places = [...select.options].filter((one) => one.value).map((one) => ({
    code: one.value, name: one.text, where: one.parentElement.label ?? "", key: fold(one.text),
  }));
  const box = Object.assign(document.createElement("input"), { className: "input", type: "text", id: "cari-nagari", autocomplete: "off" });
  const list = Object.assign(document.createElement("datalist"), { id: "semua-nagari" });
  const label = Object.assign(document.createElement("label"), { className: "label", htmlFor: box.id, textContent: "Ketik nama nagari, atau pilih dari daftar" });
  const found = Object.assign(document.createElement("p"), { className: "hint" });
  found.setAttribute("role", "status");
  box.setAttribute("list", list.id);
  for (const place of places) list.append(new Option(place.where, place.name));
  select.before(label, box, list, found);
  box.addEventListener("input", () => {
    const typed = fold(box.value);
    const near = typed ? places.filter((place) => place.key.startsWith(typed)) : [];
    const exact = near.filter((place) => place.key === typed);
    const one = exact.length === 1 ? exact[0] : near.length === 1 ? near[0] : null;
    select.value = one ? one.code : "";
    if (one) found.textContent = `Terpilih: ${one.name}, ${one.where}.`;
    else if (!typed) found.textContent = "";
    else found.textContent = near.length ? `Ada ${near.length} nagari yang mirip. Tulis lebih lengkap, atau pilih dari daftar.` : "Tidak ada yang mirip. Pilih dari daftar di bawah.";
  });
  select.addEventListener("change", () => { box.value = ""; found.textContent = ""; });
}

const select = document.querySelector("select[name=region_code]");
if (select) searchable(select);
