// Small helps for forms. Every page works without this file.

const MINUTE = 60_000;

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

/** Coming back with the browser's own button must find the form ready again. */
function readyAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

for (const box of document.querySelectorAll("textarea[data-limit]")) countLetters(box);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", (event) => { if (event.persisted) readyAgain(); });
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector(".error-summary")?.focus();
