"""Two people at once, one form twice, an old page: nothing is done twice and nothing typed is lost."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import BankAccount, Decision, EligibilityCheck
from caseflow.people import accounts
from caseflow.people.actor import SYSTEM
from tests import story
from tests.story import NURBAITI, SYAFRIL
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

TYPED = "Keluarga meminta waktu sampai hari Senin."


def test_an_old_page_says_who_did_what_and_keeps_what_was_typed(office: Office) -> None:
    """Sari begins to check while Dedi still writes; he sees it beside his own words."""
    number = office.carry(story.with_papers)
    path = f"/petugas/kasus/{number}/withdraw"
    form = form_of(office.read("dedi", path), "/withdraw")
    office.fill("sari", f"/petugas/kasus/{number}", "/start_verification")
    answer = send(office.browser("dedi"), form, reason_code="family_choice", reason_text=TYPED)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Sari Melati" in page
    assert "Verifikasi dimulai" in page
    assert TYPED in page
    assert office.claim(number).state == "verifying"
    again = send(office.browser("dedi"), form_of(page, "/withdraw"), reason_code="family_choice")
    assert again.status_code == 303
    assert office.claim(number).state == "withdrawn"


def test_what_another_officer_changed_in_the_family_is_not_overwritten_unseen(office: Office) -> None:
    """The state did not move, yet the page is out of date."""
    number = office.carry(story.decided_heirs)
    path = f"/petugas/kasus/{number}/rekening"
    form = form_of(office.read("dedi", path), "/rekening")
    account = {"bank_code": "118", "holder_name": "Yusra"}
    first = office.fill("sari", path, "/rekening", account_number="71000234999", **account)
    assert first.status_code == 303
    answer = send(office.browser("dedi"), form, account_number="71000234888", **account)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Sari Melati" in page
    assert 'value="71000234888"' in page
    with Session(office.database.engine) as session:
        numbers = session.scalars(select(BankAccount.account_number).order_by(BankAccount.id)).all()
    assert numbers[-1] == "71000234999"


def test_one_form_sent_twice_has_one_effect_and_one_answer(office: Office) -> None:
    """A double click, a reload, a lost connection."""
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}/kelayakan"
    form = form_of(office.read("dedi", path), "/kelayakan/worked")
    typed = {"worked__answer": "yes", "worked__note": "Wali jorong mengenalnya."}
    first = send(office.browser("dedi"), form, **typed)
    second = send(office.browser("dedi"), form, **typed)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    with Session(office.database.engine) as session:
        assert session.scalar(select(func.count()).select_from(EligibilityCheck)) == 1


def test_a_key_used_for_other_contents_is_refused(office: Office) -> None:
    """The same form cannot carry a second, different answer."""
    number = office.carry(story.verifying)
    form = form_of(office.read("dedi", f"/petugas/kasus/{number}/kelayakan"), "/kelayakan/worked")
    send(office.browser("dedi"), form, worked__answer="yes", worked__note="Wali jorong mengenalnya.")
    answer = send(office.browser("dedi"), form, worked__answer="no", worked__note="Ternyata tidak bekerja.")
    assert answer.status_code == 422
    assert "sudah pernah dikirim" in answer.get_data(as_text=True)


def test_a_form_without_key_or_version_changes_nothing(office: Office) -> None:
    """What no page of ours sends is answered with a page, not with an effect."""
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}"
    form = form_of(office.read("dedi", path + "/hold"), "/hold")
    assert send(office.browser("dedi"), form, request_key="", reason_code="dispute").status_code == 422
    answer = send(office.browser("dedi"), form, version="drei", reason_code="dispute")
    assert answer.status_code == 409
    assert office.claim(number).state == "verifying"


def test_what_changed_while_the_approver_read_is_not_approved(office: Office) -> None:
    """The digest of the page is not that of the case: nothing is decided."""
    number = office.carry(story.submitted)
    path = f"/petugas/persetujuan/{number}/approve"
    page = office.read("mega", f"/petugas/persetujuan/{number}")
    card = page.split(f'href="{path}?', 1)[1].split('"', 1)[0]
    form = form_of(office.read("mega", f"{path}?{card}"), "/approve")
    answer = send(office.browser("mega"), form, seen_sha256="0" * 64)
    assert answer.status_code == 409
    assert "Isi kasus berubah" in answer.get_data(as_text=True)
    without = send(office.browser("mega"), form, seen_sha256="", request_key="another")
    assert without.status_code == 409
    assert office.claim(number).state == "awaiting_approval"


def test_two_approvers_one_word(office: Office) -> None:
    """The second one learns what the first one did."""
    number = office.carry(story.submitted)
    forms = {}
    for name in ("mega", "hana"):
        page = office.read(name, f"/petugas/persetujuan/{number}")
        link = page.split(f'href="/petugas/persetujuan/{number}/approve?', 1)[1].split('"', 1)[0]
        forms[name] = form_of(office.read(name, f"/petugas/persetujuan/{number}/approve?{link}"), "/approve")
    assert send(office.browser("mega"), forms["mega"]).status_code == 303
    answer = send(office.browser("hana"), forms["hana"])
    assert answer.status_code == 409
    assert "Mega Yulia" in answer.get_data(as_text=True)
    with Session(office.database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_who_prepared_a_case_sees_why_somebody_else_decides(office: Office) -> None:
    """Four eyes: the page says so, and the verb refuses too."""
    number = office.carry(story.submitted)
    with Session(office.database.engine) as session:
        dedi = office.staff["dedi"]
        assert dedi.person_id is not None
        scope = accounts.Scope("branch", "solok")
        accounts.grant_role(session, dedi.person_id, "approver", scope, by=SYSTEM, now=clock.now())
        session.commit()
    page = office.read("dedi", f"/petugas/persetujuan/{number}")
    assert "jadi keputusan harus oleh orang lain" in page
    assert "Setujui Rp42.000.000" not in page
    form = form_of(page, "/withdraw_submission")
    data = {name: values[0] for name, values in form.fields.items()}
    answer = office.browser("dedi").post(f"/petugas/persetujuan/{number}/approve", data=data)
    assert answer.status_code == 409
    assert office.claim(number).state == "awaiting_approval"


@pytest.mark.parametrize("tab", ["", "/ahli-waris", "/kelayakan", "/perhitungan"])
def test_another_branch_finds_nothing(office: Office, tab: str) -> None:
    """Fetching is the access check: a stranger learns not even that the case exists."""
    with office.stage() as stage:
        claim = story.reported(stage, SYAFRIL)
        claim.branch_code = "padang"
        number = claim.number
    office.read("dedi", f"/petugas/kasus/{number}{tab}", status=404)
    known = office.carry(story.reported, NURBAITI)
    office.read("dedi", f"/petugas/kasus/{known}{tab}")
