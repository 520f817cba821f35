// A photo on this phone: small, upright, without what the camera wrote into it; the place only where people agreed,
// and rounded before it is kept.

const EDGE = 1280; // pixels along the longest edge
const QUALITIES = [0.75, 0.6, 0.45];
const TARGET = 400_000; // bytes
const LARGEST = 2_000_000;
const PLACE_PATIENCE = 15_000;

/**
 * Makes a JPEG of a chosen picture.
 * @param {File} file
 * @returns {Promise<Blob>}
 * @throws {Error} with a sentence: no picture that this phone can read
 */
export async function shrink(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error("Berkas ini bukan foto yang bisa dibuka HP ini. Belum ada yang tersimpan; ambil foto lain.");
  }
  try {
    const canvas = drawn(bitmap);
    let blob = null;
    for (const quality of QUALITIES) {
      blob = await jpeg(canvas, quality);
      if (blob.size <= TARGET) break;
    }
    if (blob.size > LARGEST) throw new Error("Foto ini terlalu besar. Belum ada yang tersimpan; ambil foto lain.");
    return blob;
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap) {
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
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

function jpeg(canvas, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("Foto tidak dapat dibuat. Coba lagi."))), "image/jpeg", quality);
  });
}

/** SHA-256 in hexadecimal digits. */
export async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...found].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** Where the phone is, to a tenth of a degree: the nagari, not the house. Null when nobody allows or knows. */
export function place() {
  return new Promise((answer) => {
    if (!navigator.geolocation) return answer(null);
    const tenth = (degrees) => Math.round(degrees * 10) / 10;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => answer({ latitude: tenth(coords.latitude), longitude: tenth(coords.longitude) }),
      () => answer(null),
      { enableHighAccuracy: false, maximumAge: 600_000, timeout: PLACE_PATIENCE },
    );
  });
}
