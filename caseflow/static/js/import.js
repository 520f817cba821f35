// Tells how far the work on a list is, and shows the result when it is there. Without this file a link loads the page again.

const EVERY_MS = 2000;

function said(state, done, total) {
  if (state === "importing" && total) return `${done} dari ${total} baris.`;
  return `${done} baris sudah diperiksa.`;
}

async function look(card) {
  const answer = await fetch(card.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const { state, done, total } = await answer.json();
  if (state !== card.dataset.state) {
    window.location.reload();
    return;
  }
  card.querySelector("[data-said]").textContent = said(state, done, total);
  const bar = card.querySelector("progress");
  if (total) Object.assign(bar, { max: total, value: done });
}

const card = document.querySelector("[data-progress]");
if (card) setInterval(() => look(card).catch(() => {}), EVERY_MS);
