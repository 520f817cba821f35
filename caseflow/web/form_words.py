"""The messages of WTForms in Indonesian; the library brings none."""

from collections.abc import Mapping

_WORDS = {
    "Invalid field name '%s'.": "Isian '%s' tidak dikenal.",
    "Field must be equal to %(other_name)s.": "Isian ini harus sama dengan %(other_name)s.",
    "Field must be at least %(min)d character long.": "Tulis paling sedikit %(min)d huruf.",
    "Field cannot be longer than %(max)d character.": "Tulis paling banyak %(max)d huruf.",
    "Field must be exactly %(max)d character long.": "Tulis tepat %(max)d huruf.",
    "Field must be between %(min)d and %(max)d characters long.": "Tulis %(min)d sampai %(max)d huruf.",
    "Number must be at least %(min)s.": "Tulis angka %(min)s atau lebih.",
    "Number must be at most %(max)s.": "Tulis angka %(max)s atau kurang.",
    "Number must be between %(min)s and %(max)s.": "Tulis angka %(min)s sampai %(max)s.",
    "Date must be at least %(min)s.": "Tulis tanggal %(min)s atau sesudahnya.",
    "Date must be at most %(max)s.": "Tulis tanggal %(max)s atau sebelumnya.",
    "Date must be between %(min)s and %(max)s.": "Tulis tanggal antara %(min)s dan %(max)s.",
    "This field is required.": "Isian ini perlu diisi.",
    "Invalid input.": "Isian ini belum bisa dibaca.",
    "Invalid email address.": "Alamat email ini belum benar, contoh: nama@contoh.id.",
    "Invalid IP address.": "Alamat IP ini belum benar.",
    "Invalid Mac address.": "Alamat MAC ini belum benar.",
    "Invalid URL.": "Alamat web ini belum benar.",
    "Invalid UUID.": "Nomor UUID ini belum benar.",
    "Invalid value, must be one of: %(values)s.": "Pilih salah satu: %(values)s.",
    "Invalid value, can't be any of: %(values)s.": "Isian ini tidak boleh: %(values)s.",
    "This field cannot be edited.": "Isian ini tidak bisa diubah.",
    "This field is disabled and cannot have a value.": "Isian ini sedang tidak bisa diisi.",
    "Invalid CSRF Token.": "Halaman kedaluwarsa. Muat ulang, lalu kirim lagi.",
    "CSRF token missing.": "Halaman kedaluwarsa. Muat ulang, lalu kirim lagi.",
    "CSRF failed.": "Halaman kedaluwarsa. Muat ulang, lalu kirim lagi.",
    "CSRF token expired.": "Halaman kedaluwarsa. Muat ulang, lalu kirim lagi.",
    "Invalid Choice: could not coerce.": "Pilih salah satu dari daftar.",
    "Choices cannot be None.": "Daftar pilihan belum ada. Muat ulang halaman.",
    "Not a valid choice.": "Pilih salah satu dari daftar.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Pilih dari daftar.",
    "'%(value)s' is not a valid choice for this field.": "'%(value)s' tidak ada dalam daftar.",
    "Not a valid datetime value.": "Tanggal dan jam ini belum benar.",
    "Not a valid date value.": "Tanggal ini belum benar, contoh: 17 11 2026.",
    "Not a valid time value.": "Jam ini belum benar, contoh: 14.05.",
    "Not a valid week value.": "Minggu ini belum benar.",
    "Not a valid integer value.": "Tulis angka bulat, misalnya 12.",
    "Not a valid decimal value.": "Tulis angka, misalnya 12.",
    "Not a valid float value.": "Tulis angka, misalnya 12.",
}


class IndonesianWords:
    """What WTForms asks for its messages. Indonesian has no plural form of the verb."""

    def __init__(self, words: Mapping[str, str] = _WORDS) -> None:
        self._words = words

    def gettext(self, string: str) -> str:
        """Return the message in Indonesian; one we do not know (our own) as it is."""
        return self._words.get(string, string)

    def ngettext(self, singular: str, _plural: str, _n: int) -> str:
        """Return the message in Indonesian, whatever the number."""
        return self.gettext(singular)
