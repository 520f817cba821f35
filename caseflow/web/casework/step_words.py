"""What officers read before some steps besides what the workflow file says: what to write, what moves along."""

from collections.abc import Mapping
from types import MappingProxyType

# what belongs into the free words of a step
REASON_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "refer_to_inspector": "Tulis nomor dan tanggal surat pengantar kepada pengawas, dan pokok keberatannya.",
        "inspector_says_work": "Tulis nomor dan tanggal surat penetapan pengawas.",
        "inspector_says_not_work": "Wajib: nomor dan tanggal surat penetapan pengawas.",
        "appeal_to_minister": "Tulis nomor dan tanggal surat pengantar kepada Menteri.",
        "minister_says_work": "Tulis nomor dan tanggal surat penetapan Menteri.",
        "minister_says_not_work": "Wajib: nomor dan tanggal surat penetapan Menteri.",
        "move_to_jkk": "Tulis apa yang menunjukkan bahwa kematian ini karena kerja, dan dari siapa keterangannya.",
        "move_to_jkm": "Tulis mengapa kematian ini bukan karena kerja, dan dari siapa keterangannya.",
        "recall_medical_review": "Tulis mengapa pendapat dokter penasihat tidak ditunggu.",
        "reconsider": "Tulis keterangan baru yang membuat kesimpulan diperiksa lagi.",
        "object": "Tulis keberatan keluarga dengan kata-kata mereka sendiri.",
    }
)
# what a person should know before the step, in a sentence or two
BEFORE: Mapping[str, str] = MappingProxyType(
    {
        "lapse": "Hak atas manfaat JKK berakhir lima tahun sejak kejadian atau diagnosis. Keluarga tetap dapat "
        "mengajukan keberatan.",
        "reopen_case": "Kasus diperiksa lagi dari verifikasi. Yang sudah dibayar tetap tercatat dan dikurangkan dari "
        "hitungan baru; keputusan lama tidak berubah.",
        "refer_to_inspector": "Kasus menunggu penetapan pengawas ketenagakerjaan provinsi. Selama itu keputusan lama "
        "tetap berlaku.",
        "appeal_to_minister": "Ini tahap terakhir. Kasus menunggu penetapan Menteri Ketenagakerjaan.",
        "minister_says_not_work": "Penetapan Menteri ialah keputusan terakhir.",
    }
)


def moving(into: str) -> tuple[list[str], list[str]]:
    """Return what changes and what stays when a case goes on in another programme."""
    stays = [
        "Nomor kasus, riwayat, dan slip keluarga.",
        "Semua dokumen yang sudah dikirim, beserta hasil pemeriksaannya.",
        "Daftar keluarga dan siapa memegang tugas apa.",
    ]
    if into == "jkk":
        return [
            "Program menjadi JKK (kecelakaan kerja).",
            "Yang menentukan aturan: hari kecelakaan, bukan lagi hari meninggal.",
            "Pertanyaan kelayakan JKK dijawab dari awal.",
            "Batas bayar tujuh hari kerja, dihitung sejak dokumen lengkap lagi.",
        ], stays
    return [
        "Program menjadi JKM (kematian).",
        "Yang menentukan aturan: hari meninggal, bukan lagi hari kejadian.",
        "Pertanyaan kelayakan JKM dijawab dari awal.",
        "Batas bayar tiga hari kerja, dihitung sejak dokumen lengkap lagi.",
    ], [*stays, "Fakta kecelakaan dan kesimpulannya, untuk catatan."]
