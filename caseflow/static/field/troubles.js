// What can go wrong with what this phone keeps, in words.

/** The phone has no room left. Nothing that was kept before is lost. */
export class StorageFull extends Error {
  constructor() {
    super("Penyimpanan HP penuh. Yang baru diisi belum tersimpan; yang sudah tersimpan tetap aman. "
      + "Hapus foto atau video lain di HP ini, lalu tekan Simpan lagi.");
    this.name = "StorageFull";
  }
}

/** Another window, or the queue, wrote the same visit meanwhile; what stands there is newer and stays. */
export class ChangedElsewhere extends Error {
  constructor() {
    super("Kunjungan ini sudah berubah di jendela lain, atau sudah dikirim. Isian terakhir di sini belum tersimpan. "
      + "Catat isian itu, lalu buka lagi kunjungannya dari Hari ini.");
    this.name = "ChangedElsewhere";
  }
}

const ROUGH = "Ada gangguan di aplikasi ini. Yang sudah tersimpan di HP tetap aman. Muat ulang halaman ini, lalu coba lagi.";

/** A sentence for whoever reads it; what the browser says itself, in English, is none. */
export function sentenceOf(error) {
  return error.name === "Error" || ["StorageFull", "ChangedElsewhere"].includes(error.name) ? error.message : ROUGH;
}
