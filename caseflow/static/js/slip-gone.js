// What is shown once (a slip, a first passphrase) is gone when its page is left: what a browser keeps holds no codes.
const slip = document.querySelector("[data-shown-once]");

function forget() {
  const said = document.createElement("p");
  said.className = "slip-gone";
  said.textContent = slip.dataset.gone ?? "Slip sudah dibuat. Kodenya tidak tampil lagi.";
  slip.replaceChildren(said);
}

window.addEventListener("pagehide", forget);
