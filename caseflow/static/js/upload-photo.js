// A photo on its way out: upright, small, without place and camera; and advice, never a condition.

const KILOBYTE = 1024;
const TARGET = 350 * KILOBYTE;
const SMALL = 900;
const DARK = 60; // mean brightness of 255
const BLURRED = 120; // variance of the Laplacian in the sharpest part of the picture
const LOOK = 640; // pixels along the longest edge while looking
// longest edge in pixels and quality; the first that is light enough is sent
const STEPS = [[1600, 0.72], [1600, 0.6], [1400, 0.6], [1200, 0.6], [1200, 0.45], [1200, 0.3]];
const HEIF = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/**
 * Makes a chosen file ready to be sent.
 * kind: "photo" (shrunk, `picture` is its canvas), "document" (PDF), "phone" (HEIC, which the server reads),
 * "original" (shrinking failed, so it goes as it is).
 */
export async function prepare(file) {
  const begin = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...begin);
  if (text.startsWith("%PDF-")) return asItIs(file, "document");
  if (text.slice(4, 8) === "ftyp" && HEIF.includes(text.slice(8, 12))) return asItIs(file, "phone");
  if (!file.type.startsWith("image/")) return asItIs(file, "document");
  try {
    return await shrunk(file);
  } catch {
    return asItIs(file, "original");
  }
}

function asItIs(file, kind) {
  return { kind, blob: file, name: file.name, before: file.size, advice: [], picture: null };
}

async function shrunk(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    let picture = null;
    let blob = null;
    for (const [edge, quality] of STEPS) {
      if (!picture || Math.max(picture.width, picture.height) > edge) picture = drawn(bitmap, edge);
      blob = await encoded(picture, quality);
      if (blob.size <= TARGET) break;
    }
    const advice = adviceOn(bitmap);
    return { kind: "photo", blob, name: `${stem(file.name)}.jpg`, before: file.size, advice, picture };
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap, edge) {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d", { alpha: false });
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function encoded(canvas, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", quality);
  });
}

function stem(name) {
  return name.replace(/\.[^.]{1,5}$/, "") || "foto";
}

function adviceOn(bitmap) {
  const look = drawn(bitmap, LOOK);
  const grey = greyOf(look);
  const advice = [];
  if (mean(grey) < DARK) advice.push("dark");
  else if (sharpest(grey, look.width, look.height) < BLURRED) advice.push("blurred");
  if (Math.max(bitmap.width, bitmap.height) < SMALL) advice.push("small");
  return advice;
}

function greyOf(canvas) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Float32Array(data.length / 4);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  }
  return grey;
}

function mean(grey) {
  let sum = 0;
  for (const one of grey) sum += one;
  return sum / grey.length;
}

/** The variance of the Laplacian of the sharpest of 64 parts: a paper is mostly empty, its words are not. */
function sharpest(grey, width, height) {
  const parts = Array.from({ length: 64 }, () => [0, 0, 0]);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const edge = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
      const part = parts[8 * Math.floor((8 * y) / height) + Math.floor((8 * x) / width)];
      part[0] += 1;
      part[1] += edge;
      part[2] += edge * edge;
    }
  }
  return Math.max(...parts.map(([count, sum, squares]) => (count ? squares / count - (sum / count) ** 2 : 0)));
}
