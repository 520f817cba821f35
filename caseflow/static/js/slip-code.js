// The QR of a slip leads here with "#number.code". What stands behind "#" never reaches a server: it is put into the
// form and taken out of the address at once. Nothing is sent before the person presses.
const SHAPE = /^#([A-Z]{3}-[0-9]{2}-[0-9]{4,9}-[0-9])\.([0-9]{12})$/;

function take() {
  const found = SHAPE.exec(location.hash);
  if (!location.hash) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (!found) return;
  document.getElementById("number").value = found[1];
  document.getElementById("code").value = found[2].replace(/(....)(?=.)/g, "$1 ");
  document.getElementById("from-qr").hidden = false;
}

take();
window.addEventListener("hashchange", take);
