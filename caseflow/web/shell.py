"""What every page has: words for numbers and days, navigation by role, the branch's address."""

from typing import Any

from flask import Flask, g, request

from caseflow import clock, formats
from caseflow.config import Settings
from caseflow.people import policy
from caseflow.web import here, homes
from caseflow.web.security import init_security
from caseflow.web.transfer import init_transfer

# permission, address, label, icon
_NAVIGATION = (
    ("visit.supervise", "/pendamping/penyelia/", "Penyelia kunjungan", "binoculars"),
    ("visit.plan", "/pendamping/", "Kunjungan", "visit"),
    ("visit.record", "/pendamping/lapangan", "Kunjungan tanpa sinyal", "offline"),
    ("visit.plan", "/pendamping/jadwal", "Jadwal kunjungan", "route"),
    ("visit.plan", "/pendamping/keluarga", "Keluarga didampingi", "house-heart"),
    ("visit.choose", "/pendamping/beda", "Isian berbeda", "two-answers"),
    ("visit.device", "/pendamping/perangkat", "HP kunjungan", "field-phone"),
    ("referral.edit", "/pendamping/rujukan", "Rujukan", "signpost"),
    ("trail.read", "/pendamping/penghidupan", "Usaha bertahan", "shop"),
    ("worklist.read", "/petugas/", "Daftar kerja", "list"),
    ("approval.read", "/petugas/persetujuan/", "Persetujuan", "check"),
    ("nagari.read", "/nagari/", "Beranda nagari", "home"),
    ("programme.read", "/program/", "Beranda program", "figures"),
    ("worker.read", "/nagari/pekerja", "Pekerja", "worker"),
    ("dues.record", "/nagari/iuran", "Iuran", "coins"),
    ("nomination.edit", "/nagari/usulan", "Usulan peserta", "nomination"),
    ("nomination.edit", "/nagari/impor", "Impor daftar", "upload"),
    ("nomination.edit", "/nagari/daftar-tunggu", "Daftar tunggu", "queue"),
    ("nomination.edit", "/nagari/musyawarah", "Musyawarah", "meeting"),
    ("report.assist", "/nagari/kematian/baru", "Laporan kematian", "family"),
    ("report.assist", "/nagari/kecelakaan/baru", "Kabar kecelakaan", "ambulance"),
    ("nagari.read", "/nagari/keluarga", "Keluarga dibantu", "helped"),
    ("nagari.read", "/nagari/belum-klaim", "Belum ada laporan", "unclaimed"),
    ("letter_check.answer", "/nagari/surat", "Surat", "document-missing"),
    ("request.read", "/petugas/permintaan", "Permintaan keluarga", "chat"),
    ("worklist.read", "/petugas/beasiswa", "Beasiswa", "child"),
    ("slip.issue", "/petugas/slip-keluarga", "Slip keluarga", "print"),
    ("notice.deliver", "/petugas/pesan", "Pesan", "phone"),
    ("opinion.give", "/petugas/pendapat-medis/", "Pendapat medis", "heart-hand"),
    ("payment.read", "/keuangan/", "Pembayaran", "money-note"),
    ("receipt.read", "/petugas/belum-diterima", "Belum diterima", "clock"),
    ("nomination.review", "/program/usulan", "Tinjau usulan", "review-list"),
    ("worker.enrol", "/program/nomor-peserta", "Nomor peserta", "download"),
    ("dues.confirm", "/program/iuran", "Pembayaran iuran", "receipt"),
    ("arrears.read", "/program/tunggakan", "Tunggakan iuran", "ladder"),
    ("change.answer", "/program/perubahan", "Perubahan data", "pencil"),
    ("unclaimed.read", "/program/belum-klaim", "Belum ada laporan", "search"),
    ("quota.read", "/program/kuota", "Kuota", "slots"),
    ("coverage.read_nagari", "/nagari/kepesertaan", "Kepesertaan", "strip"),
    ("coverage.read_nagari", "/nagari/laporan", "Laporan triwulan", "report"),
    ("coverage.read", "/pengawasan/kepesertaan", "Kepesertaan", "umbrella"),
    ("results.read", "/pengawasan/ringkasan", "Angka utama", "eight"),
    ("days.read", "/pengawasan/", "Pengawasan", "compare"),
    ("complaint.read", "/pengawasan/aduan", "Aduan", "alert"),
    ("offer.edit", "/pendamping/bantuan", "Bantuan", "gift"),
    ("workflow.read", "/petugas/alur", "Alur kerja", "flow"),
    ("handover.read", "/petugas/serah-terima", "Serah terima", "handover"),
    ("jorong.edit", "/nagari/jorong", "Jorong dan nagari", "map-pin"),
    ("staff.read", "/admin/pengguna", "Pengguna", "person"),
    ("limit.read", "/admin/batas", "Batas dan tarif", "gauge"),
    ("calendar.read", "/admin/kalender", "Kalender", "calendar"),
    ("work.announce", "/admin/pekerjaan", "Pekerjaan layanan", "settings"),
    ("notice.preview", "/admin/pesan", "Contoh pesan", "document"),
)
FILTERS = (
    formats.rupiah,
    formats.in_words,
    formats.long_date,
    formats.short_date,
    formats.weekday_date,
    formats.month_year,
    formats.short_month,
    formats.thousands,
    formats.time_wib,
    formats.instant_wib,
    formats.grouped_nik,
    formats.masked_nik,
    formats.masked_account,
    formats.megabytes,
    formats.kilobytes,
    formats.phone,
)


def init_shell(app: Flask, settings: Settings) -> None:
    """Add filters, context and the guards that stand before every page."""
    for function in FILTERS:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)
    init_security(app, settings)
    init_transfer(app, settings)


def _context() -> dict[str, Any]:
    settings = here.settings()
    return {
        "training_mode": settings.training,
        "branch": branch(settings),
        "current_actor": _staff_actor(),
        "nav_items": navigation(),
        "staff_home_href": _home(),
        "on_borrowed_phone": _on_borrowed_phone(),
        "may_search": policy.allows(here.find_actor(), "claim.search"),
        "keeps_visits": policy.allows(here.find_actor(), "visit.record"),
        "now_wib": formats.instant_wib(clock.now()),
        "privacy_href": "/privasi",
        "levy_href": "/aduan",
        "staff_href": "/masuk",
    }


def _home() -> str:
    actor = _staff_actor()
    return homes.home(actor) if actor is not None else "/masuk"


def _staff_actor() -> Any:
    actor = here.find_actor()
    return actor if actor is not None and actor.kind == "staff" else None


def _on_borrowed_phone() -> bool:
    """Whether the page is a family's own, on somebody else's phone."""
    device, actor = g.get("device"), here.find_actor()
    return device is not None and actor is not None and actor.kind == "family" and bool(device.borrowed)


def branch(settings: Settings) -> dict[str, str]:
    """Return how to reach the branch."""
    whatsapp = (settings.branch_whatsapp or "").lstrip("+")
    return {
        "name": settings.branch_name,
        "phone": settings.branch_phone,
        "whatsapp_href": f"https://wa.me/{whatsapp}" if whatsapp else f"tel:{settings.branch_phone}",
        "address": settings.branch_address,
        "hours": settings.branch_hours,
    }


def navigation() -> list[dict[str, Any]]:
    """Return the parts of the house that this person's roles open."""
    actor = here.find_actor()
    if actor is None or actor.kind != "staff":
        return []
    return [
        {"href": href, "label": label, "icon": icon, "current": _is_current(href)}
        for permission, href, label, icon in _NAVIGATION
        if policy.allows(actor, permission)
    ]


def _is_current(href: str) -> bool:
    """The longest entry that the address begins with is the current one."""
    matching = [entry for _, entry, _, _ in _NAVIGATION if request.path.startswith(entry)]
    return bool(matching) and href == max(matching, key=len)
