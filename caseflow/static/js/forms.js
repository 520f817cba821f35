// Small helps for forms. Every page works without this file.

const MINUTE = 60_000;
const FILES = "kiriman"; // of upload-queue.js
const PATIENCE = 2000; // milliseconds

/** Says how many letters are left, aloud only when typing rests. */
function countLetters(box) {
  const limit = Number(box.dataset.limit);
  const shown = document.getElementById(`${box.id}-limit`);
  const spoken = document.querySelector(`[data-counter-for="${box.id}"]`);
  let rest = 0;
  const update = () => {
    const left = limit - [...box.value].length;
    shown.textContent = left < 0 ? `Kelebihan ${-left} huruf` : `Sisa ${left} huruf`;
    clearTimeout(rest);
    rest = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
  };
  box.addEventListener("input", update);
  update();
}

/** A second press on a slow link must not send the same form twice. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < MINUTE) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = String(Date.now());
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  const words = button.querySelector("span");
  if (words && button.dataset.busy) words.textContent = button.dataset.busy;
}

/** Files of a family that waited to be sent leave with its report; what others keep on this phone stays. */
function forgetFiles() {
  return new Promise((done) => {
    setTimeout(done, PATIENCE);
    const asked = indexedDB.open(FILES);
    asked.onupgradeneeded = () => asked.transaction.abort(); // there were none
    asked.onerror = done;
    asked.onsuccess = () => {
      const kept = asked.result;
      if (!kept.objectStoreNames.contains(FILES)) { kept.close(); return done(); }
      const work = kept.transaction(FILES, "readwrite");
      work.objectStore(FILES).clear();
      work.oncomplete = work.onabort = () => { kept.close(); done(); };
    };
  });
}

/** Closing the report on this phone: first the files, then the case. */
async function closeCase(event) {
  if (event.defaultPrevented) return; // pressed twice
  event.preventDefault();
  await forgetFiles().catch(() => {});
  event.target.submit();
}

/** Coming back with the browser's own button must find the form ready again. */
function readyAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

for (const box of document.querySelectorAll("textarea[data-limit]")) countLetters(box);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", (event) => { if (event.target.matches("[data-forgets]")) closeCase(event); });
window.addEventListener("pageshow", (event) => { if (event.persisted) readyAgain(); });
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector(".error-summary")?.focus();
