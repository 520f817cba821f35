"""Why a file was not taken, in words for a family: what happened, that it is not saved, what to do next."""

from collections.abc import Callable

from caseflow.errors import CaseflowError, Invalid, NotPossible, TooLarge, UnsupportedType

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 20 * MEGABYTE
MAX_PIXELS = 50_000_000
MAX_PDF_PAGES = 40
MAX_FILES_PER_PAPER = 10
MAX_FILES_PER_REQUEST = 10
MAX_FILES_PER_CASE = 60
MAX_BYTES_PER_CASE = 300 * MEGABYTE


class CutShort(CaseflowError):
    """The body ended before its announced length."""

    status = 400


class Gone(CaseflowError):
    """It was here, and will not come back."""

    status = 410


class OffsetDiffers(NotPossible):
    """The sender goes on at another byte than the one we wait for; asking where to go on cures it."""


class ChangedOnTheWay(CaseflowError):
    """The bytes that arrived are not the bytes that were sent; the status is that of the upload protocol."""

    status = 460


def _invalid(sentence: str) -> Invalid:
    return Invalid({"file": sentence})


_REFUSALS: dict[str, tuple[Callable[[str], CaseflowError], str]] = {
    "file_missing": (
        _invalid,
        "Belum ada berkas yang dipilih, jadi belum ada yang tersimpan. Pilih foto atau ambil foto dulu.",
    ),
    "file_type": (
        UnsupportedType,
        "Jenis berkas ini ({kind}) belum bisa dibuka. Belum tersimpan. Kirim foto atau PDF.",
    ),
    "file_too_big": (
        TooLarge,
        "Berkas lebih dari 20 MB. Belum tersimpan. Coba foto ulang, atau kirim lewat WhatsApp petugas.",
    ),
    "file_empty": (_invalid, "Berkas kosong. Belum tersimpan. Coba ambil foto ulang."),
    "file_cut": (CutShort, "Kiriman terputus di tengah jalan. Belum tersimpan. Coba kirim lagi."),
    "photo_broken": (_invalid, "Foto rusak atau terpotong. Belum tersimpan. Coba ambil foto ulang."),
    "photo_too_large": (
        _invalid,
        "Foto lebih dari 50 megapiksel. Belum tersimpan. Coba foto ulang dengan ukuran biasa.",
    ),
    "pdf_broken": (_invalid, "PDF rusak. Belum tersimpan. Kirim ulang PDF itu, atau foto saja."),
    "pdf_empty": (_invalid, "PDF ini tidak punya halaman. Belum tersimpan. Kirim PDF lain, atau foto saja."),
    "pdf_too_long": (
        _invalid,
        "PDF lebih dari 40 halaman. Belum tersimpan. Kirim halaman yang diperlukan saja.",
    ),
    "file_locked": (
        _invalid,
        "PDF ini terkunci kata sandi. Belum tersimpan. Kirim tanpa kata sandi, atau foto saja.",
    ),
    "file_too_heavy": (
        _invalid,
        "Berkas ini terlalu berat untuk dibuka. Belum tersimpan. Kirim foto dokumennya.",
    ),
    "file_unsafe": (_invalid, "Berkas ini tidak aman dibuka. Belum tersimpan. Kirim foto dokumennya."),
    "too_many": (
        _invalid,
        (
            "Sudah 10 foto untuk dokumen ini. Foto ini belum tersimpan; yang sudah terkirim tetap aman."
            " Petugas akan memeriksa yang sudah ada."
        ),
    ),
    "too_many_at_once": (
        _invalid,
        "Paling banyak 10 berkas sekali kirim. Belum ada yang tersimpan. Kirim sebagian dulu.",
    ),
    "case_full": (
        _invalid,
        (
            "Sudah sampai batas 60 berkas atau 300 MB untuk laporan ini. Berkas ini belum tersimpan;"
            " yang sudah terkirim tetap aman. Hubungi petugas."
        ),
    ),
    "already_accepted": (
        NotPossible,
        "Dokumen ini sudah diterima petugas. Berkas ini belum tersimpan dan tidak perlu dikirim lagi.",
    ),
    "case_closed": (
        NotPossible,
        (
            "Laporan ini tidak lagi menerima dokumen. Berkas ini belum tersimpan."
            " Bila masih ada yang perlu disampaikan, hubungi petugas."
        ),
    ),
    "upload_gone": (
        Gone,
        "Kiriman ini sudah dihentikan, jadi berkasnya belum tersimpan. Pilih berkasnya, lalu kirim lagi.",
    ),
    "offset_differs": (
        OffsetDiffers,
        "Bagian ini belum tersimpan: kiriman sudah sampai di bagian lain. Lanjutkan dari situ.",
    ),
    "longer_than_announced": (
        TooLarge,
        "Kiriman lebih panjang dari yang diberitahukan, jadi belum tersimpan. Kirim lagi dari awal.",
    ),
    "too_many_pieces": (
        _invalid,
        "Kiriman ini terlalu sering terputus, jadi belum tersimpan. Kirim lagi dari awal, atau lewat petugas.",
    ),
    "changed_on_the_way": (
        ChangedOnTheWay,
        "Berkas berubah di jalan, jadi belum tersimpan. Pilih berkasnya, lalu kirim lagi.",
    ),
    "key_reused": (
        _invalid,
        "Kiriman ini berbeda dari yang dikirim sebelumnya. Belum tersimpan. Muat ulang halaman, lalu kirim lagi.",
    ),
}


def refusal(code: str, **values: str) -> CaseflowError:
    """Return the refusal of that code, ready to raise."""
    kind, sentence = _REFUSALS[code]
    return kind(sentence.format(**values))
