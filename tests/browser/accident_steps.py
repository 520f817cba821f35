"""What each person does in a browser about a work accident; the facts come from ``tests.accidents``."""

from collections.abc import Sequence
from datetime import date

from playwright.sync_api import Page, expect

from tests.accidents import Injured
from tests.browser.steps import case, follow

NAGARI = {"13.03.99.2001": "Koto Latihan", "13.03.99.2002": "Koto Contoh"}
RELATIONS = {"widow": "istri", "widower": "suami", "child": "anak"}


def day(page: Page, name: str, on: date) -> None:
    """Fill the three boxes of a day."""
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"input[name='{name}-{part}']").fill(str(value))


def notify(phone: Page, who: Injured) -> str:
    """Give the quick first notice on a phone without JavaScript and return the case number."""
    report = who.report

    def on() -> None:
        phone.get_by_role("button", name="Simpan dan lanjut").click()

    phone.goto("/")
    phone.get_by_role("link", name="Laporkan kecelakaan").first.click()
    phone.get_by_role("button", name="Mulai beri kabar").click()
    phone.get_by_label("Nama pekerja").fill(report.worker_name)
    phone.get_by_label("NIK pekerja").fill(report.national_id or "")
    phone.get_by_label("Di nagari mana pekerja tinggal?").select_option(value=report.region_code)
    on()
    day(phone, "happened_on", report.happened_on)
    phone.get_by_label("Tempat kejadian").fill(report.place)
    on()
    phone.locator(f"input[name=kind][value={report.kind}]").check()
    phone.get_by_label("Ceritakan singkat apa yang terjadi").fill(report.chronology)
    phone.locator(f"input[name=result][value={report.result}]").check()
    if report.died_on is not None:
        day(phone, "died_on", report.died_on)
    on()
    phone.locator(f"input[name=notifier_role][value={report.notifier_role}]").check()
    if report.notifier_role == "family":
        phone.locator("select[name=relation]").select_option(value=report.relation)
    phone.get_by_label("Nama pemberi kabar").fill(report.notifier_name)
    on()
    phone.get_by_label("Nomor yang bisa dihubungi").fill(report.notifier_phone.replace("+62", "0"))
    phone.locator("input[name=contact_by][value=whatsapp]").check()
    on()
    if report.notifier_role == "nagari":
        phone.get_by_label("Siapa dari keluarga yang mengizinkan?").fill("Keluarga " + report.worker_name)
        phone.locator("select[name=given_by_relation]").select_option(value="keluarga_lain")
        phone.locator("input[name=given_how][value=spoken]").check()
        on()
    phone.get_by_label("Ya, data ini boleh dipakai").check()
    on()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Periksa sebelum mengirim")
    phone.get_by_role("button", name="Kirim kabar").click()
    return phone.locator(".panel-number").inner_text().replace("\n", "").strip()


def record_facts(page: Page, number: str, who: Injured) -> None:
    """Establish the event as form 3 KK 1 asks for it."""
    event = who.event
    case(page, number, "kecelakaan/fakta")
    page.locator(f"input[name=kind][value={event.kind}]").check()
    day(page, "happened_on", event.happened_on)
    page.locator(f"input[name=place_kind][value={event.place_kind}]").check()
    for name in (
        "place",
        "activity",
        "chronology",
        "injured_part",
        "first_aid",
        "police_report",
        "work_days",
    ):
        page.locator(f"[name={name}]").fill(getattr(event, name))
    page.locator(f"input[name=first_aid_network][value={event.first_aid_network}]").check()
    page.locator("[name=witnesses]").fill("\n".join(event.witnesses))
    page.locator("[name=reported_income_idr]").fill(str(event.reported_income_idr))
    if event.died_on is not None:
        day(page, "died_on", event.died_on)
    _save(page, "Simpan fakta")


def add_periods(page: Page, number: str, who: Injured) -> None:
    """Add the days of care and of not being able to work."""
    for period in who.periods:
        case(page, number, "kecelakaan/masa")
        page.locator(f"input[name=kind][value={period.kind}]").check()
        day(page, "starts_on", period.starts_on)
        if period.ends_on is not None:
            day(page, "ends_on", period.ends_on)
        page.locator("[name=facility]").fill(period.facility)
        page.locator("[name=source]").fill(period.source)
        _save(page, "Simpan masa")


def record_certificate(page: Page, number: str, who: Injured) -> None:
    """Write the doctor's certificate down, with its losses by the table."""
    doctor = who.certificate
    case(page, number, "kecelakaan/surat-dokter")
    page.locator(f"input[name=condition][value={doctor.condition}]").check()
    day(page, "condition_on", doctor.condition_on)
    day(page, "certified_on", doctor.certified_on)
    page.locator("[name=doctor_name]").fill(doctor.doctor_name)
    page.locator("[name=facility]").fill(doctor.facility)
    if doctor.dominant_hand is not None:
        page.locator(f"input[name=dominant_hand][value={doctor.dominant_hand}]").check()
    for place, loss in enumerate(doctor.losses, start=1):
        page.locator(f"select[name=loss{place}-row_code]").select_option(value=loss.row_code)
        page.locator(f"select[name=loss{place}-side]").select_option(value=loss.side or "")
        page.locator(f"select[name=loss{place}-kind]").select_option(value=loss.kind)
    _save(page, "Simpan surat dokter")


def conclude(page: Page, number: str, grounds: Sequence[str], reason: str) -> None:
    """Write down that work caused it."""
    case(page, number, "kecelakaan/kesimpulan")
    page.locator("input[name=verdict][value=work]").check()
    for code in grounds:
        page.locator(f"input[name=grounds][value={code}]").check()
    page.locator("[name=reason]").fill(reason)
    _save(page, "Simpan kesimpulan")


def pay_the_worker(page: Page, number: str, name: str) -> None:
    """The living worker is paid."""
    case(page, number, "ahli-waris")
    follow(page, page.get_by_role("button", name=f"Tetapkan {name} sebagai penerima"))
    expect(page.locator("main")).to_contain_text("Dibayar kepada")


def give_opinion(page: Page, number: str) -> None:
    """The medical adviser agrees with the certificate; the case goes back to its officer with that."""
    page.goto("/petugas/pendapat-medis/")
    follow(page, page.locator("tr", has_text=number).get_by_role("link"))
    page.locator("input[name=verdict][value=agrees]").check()
    page.locator("[name=reason]").fill("Amputasi ibu jari sesuai foto dan surat dokter.")
    follow(page, page.locator("main form:not(.menu form) button.button-primary").first)
    expect(page.locator(".error-summary")).to_have_count(0)


def _save(page: Page, button: str) -> None:
    follow(page, page.get_by_role("button", name=button))
    said = page.locator(".error-summary")
    assert said.count() == 0, said.first.inner_text()
