// Document viewer: zoom, rotate, light and contrast of the picture shown. The file itself is never changed.

const SCALES = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const LIGHTS = [1, 1.3, 1.6];
const CONTRASTS = [1, 1.4, 1.9];

/** The rotation chosen for this page, kept on this device only. */
function remembered(key) {
  try { return Number(localStorage.getItem(`putar:${key}`)) || 0; } catch { return 0; }
}

function remember(key, turn) {
  try {
    if (turn) localStorage.setItem(`putar:${key}`, String(turn));
    else localStorage.removeItem(`putar:${key}`);
  } catch { /* private windows refuse storage; the turn then lasts for this page */ }
}

class Viewer {
  constructor(root) {
    this.root = root;
    this.panes = [...root.querySelectorAll("[data-viewer-pane]")];
    this.key = root.dataset.viewerKey;
    this.scale = 1;
    this.turn = this.key ? remembered(this.key) : 0;
    this.light = 0;
    this.contrast = 0;
    const tools = root.querySelector(".viewer-tools");
    if (tools) tools.hidden = false;
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-viewer]");
      if (button) this.act(button.dataset.viewer);
    });
    for (const pane of this.panes) this.watch(pane.querySelector("img"));
    new ResizeObserver(() => this.draw()).observe(root);
  }

  watch(image) {
    const failed = () => {
      image.closest("[data-viewer-pane]").hidden = true;
      this.root.querySelector("[data-viewer-failed]").hidden = false;
    };
    if (image.complete && image.naturalWidth === 0) failed();
    image.addEventListener("error", failed);
    image.addEventListener("load", () => this.draw());
  }

  act(name) {
    const at = SCALES.indexOf(this.scale);
    if (name === "zoom-in") this.scale = SCALES[Math.min(at + 1, SCALES.length - 1)];
    else if (name === "zoom-out") this.scale = SCALES[Math.max(at - 1, 0)];
    else if (name === "fit") this.scale = 1;
    else if (name === "rotate-left") this.turn = (this.turn + 270) % 360;
    else if (name === "rotate-right") this.turn = (this.turn + 90) % 360;
    else if (name === "brighter") this.light = (this.light + 1) % LIGHTS.length;
    else if (name === "contrast") this.contrast = (this.contrast + 1) % CONTRASTS.length;
    if (name.startsWith("rotate") && this.key) remember(this.key, this.turn);
    this.draw();
  }

  /** Only the first pane turns; the picture compared with it stays as it is. */
  draw() {
    const shown = this.root.querySelector("[data-viewer-scale]");
    if (shown) shown.textContent = `${Math.round(this.scale * 100)}%`;
    this.press("brighter", this.light > 0);
    this.press("contrast", this.contrast > 0);
    this.panes.forEach((pane, index) => {
      const image = pane.querySelector("img");
      image.style.filter = `brightness(${LIGHTS[this.light]}) contrast(${CONTRASTS[this.contrast]})`;
      this.place(pane, image, index === 0 ? this.turn : 0);
    });
  }

  /** A turned picture keeps its place in the page, so the pane still scrolls to every corner. */
  place(pane, image, turn) {
    const room = pane.clientWidth * this.scale;
    const shape = image.naturalWidth ? image.naturalHeight / image.naturalWidth : 1;
    const sideways = turn % 180 !== 0;
    const width = sideways ? room / shape : room;
    const height = width * shape;
    image.style.maxWidth = "none";
    image.style.width = `${width}px`;
    image.style.transformOrigin = "0 0";
    const moves = { 0: "", 90: `translateX(${height}px)`, 180: `translate(${width}px, ${height}px)`, 270: `translateY(${width}px)` };
    image.style.transform = turn ? `${moves[turn]} rotate(${turn}deg)` : "";
    image.style.marginLeft = `${Math.max(0, (pane.clientWidth - room) / 2)}px`;
    image.style.marginRight = sideways ? `${height - width}px` : "0";
    image.style.marginBottom = sideways ? `${width - height}px` : "0";
  }

  press(name, on) {
    this.root.querySelector(`[data-viewer="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }
}

for (const root of document.querySelectorAll("[data-viewer-root]")) {
  if (root.querySelector("[data-viewer-pane]")) new Viewer(root);
}
