// A printed slip is gone when its page is left: what a browser keeps of the page holds no codes.
const slip = document.querySelector("[data-shown-once]");

function forget() {
  const said = document.createElement("p");
  said.className = "slip-gone";
  said.textContent = "Slip sudah dibuat. Kodenya tidak tampil lagi.";
  slip.replaceChildren(said);
}

window.addEventListener("pagehide", forget);
