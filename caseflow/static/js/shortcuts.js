// Keys for staff. A key presses the visible element that carries data-shortcut="<key>"; a few keys move in lists.
// Silent while typing, off when the profile or this device says so, and never presses a warning button.

const STORE = "tombol-pintas";
const GOES = { k: "/petugas/", p: "/petugas/persetujuan/", s: "/petugas/statistik/" };
const sheet = document.getElementById("tombol-pintas");
const said = document.querySelector("[data-shortcut-said]");
const profileOff = document.body.dataset.shortcuts === "off";
let pending = 0;

function isOn() {
  if (profileOff) return false;
  try { return localStorage.getItem(STORE) !== "mati"; } catch { return true; }
}

function setOn(on) {
  try { localStorage.setItem(STORE, on ? "hidup" : "mati"); } catch { /* lasts for this page only */ }
}

function isTyping(target) {
  return target.closest("textarea, select, [contenteditable]") !== null
    || (target.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(target.type));
}

function isSeen(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

/** The visible element for a key; nothing irreversible can be reached by a key. */
function holderOf(key) {
  const found = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)].find(isSeen);
  return found && !found.matches(".button-warning, [aria-disabled=true]") ? found : null;
}

function press(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
}

function rows() {
  return [...document.querySelectorAll("table[data-rows] tbody tr")].filter(isSeen);
}

function rowAt() {
  return document.querySelector("tr[data-at]") ?? document.activeElement?.closest?.("tbody tr") ?? null;
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(rowAt());
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  document.querySelector("tr[data-at]")?.removeAttribute("data-at");
  next.setAttribute("data-at", "");
  const link = next.querySelector("a");
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = rowAt()?.querySelector("input[type=checkbox]");
  if (box) box.click();
}

async function copyNumber() {
  const number = document.querySelector("[data-case-number]")?.dataset.caseNumber;
  if (!number || !navigator.clipboard) return;
  await navigator.clipboard.writeText(number);
  said.textContent = `Nomor ${number} disalin`;
}

function closePanels() {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
}

function saveAndGoOn(target) {
  const form = target.closest("form") ?? document.querySelector("form[data-save-next]");
  const button = form?.querySelector("[data-shortcut='Ctrl+Enter']");
  if (button) form.requestSubmit(button);
}

const MOVES = {
  j: () => step(1),
  k: () => step(-1),
  o: () => rowAt()?.querySelector("a")?.click(),
  x: tick,
  y: copyNumber,
  "?": () => sheet.showModal(),
};

/** Keys that stay alive while typing or while shortcuts are off. */
function handleAlways(event) {
  if (event.key === "Escape") closePanels();
  else if (event.key === "Enter" && event.ctrlKey && isOn()) saveAndGoOn(event.target);
  else return false;
  return true;
}

function handleKey(event) {
  if (handleAlways(event) || !isOn() || sheet.open) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key === "=" ? "+" : event.key;
  if (Date.now() - pending < 1500) {
    pending = 0;
    const href = document.querySelector(`[data-goes="${CSS.escape(key)}"]`)?.href ?? GOES[key];
    if (href && document.querySelector(`a[href="${href}"]`)) location.assign(href);
    return;
  }
  if (key === "g") { pending = Date.now(); return; }
  const holder = holderOf(key);
  if (!holder && !MOVES[key]) return;
  event.preventDefault();
  if (holder) press(holder);
  else MOVES[key]();
}

function closeOutside(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

document.addEventListener("keydown", handleKey);
document.addEventListener("click", closeOutside);
for (const opener of document.querySelectorAll("[data-open-sheet]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
}
const choice = document.querySelector("[data-shortcuts-switch]");
choice.checked = isOn();
choice.disabled = profileOff;
choice.addEventListener("change", () => setOn(choice.checked));
