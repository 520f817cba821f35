"""Slips at the counter, in the nagari and at a visit: to a named person, printed once, with a day's hold after a reprint."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import family
from caseflow.claims.family import MemberFacts
from caseflow.claims.models import Claim, FamilyMember
from caseflow.errors import Invalid, NotPossible
from caseflow.people import slips
from caseflow.people.actor import SYSTEM
from caseflow.people.models import Slip
from caseflow.workflow.models import Outbox
from tests import story
from tests.people.conftest import PEPPER
from tests.story import NURBAITI, ZULBAHRI
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

SEEN = {"seen": "both", "is_them": "y"}


def path_of(number: str) -> str:
    return f"/petugas/kasus/{number}/slip-keluarga"


def slips_of(office: Office) -> list[Slip]:
    with Session(office.database.engine, expire_on_commit=False) as session:
        return list(session.scalars(select(Slip).order_by(Slip.id)))


def member(office: Office, name: str) -> FamilyMember:
    with Session(office.database.engine, expire_on_commit=False) as session:
        return session.scalars(select(FamilyMember).where(FamilyMember.full_name == name)).one()


def test_a_recorded_relative_gets_the_slip_in_their_name(office: Office) -> None:
    number = office.carry(story.decided_heirs)
    rani = member(office, "Rani")
    answer = office.fill("dedi", path_of(number), "/slip-keluarga", member=str(rani.id), **SEEN)
    assert answer.status_code == 200
    assert "Untuk R." in answer.text
    assert "Rani" not in answer.text
    (slip,) = slips_of(office)
    assert (slip.holder_name, slip.relation, slip.member_id) == ("Rani", "anak", rani.id)
    assert (slip.seen, slip.issued_where, slip.guardian_of) == ("both", "counter", None)
    listed = office.read("dedi", path_of(number))
    for told in ("KTP dan KK asli", "di loket, oleh Dedi Putra", "anak", slip.phrase):
        assert told in listed


def test_the_family_is_owed_the_word_that_a_slip_was_printed(office: Office) -> None:
    """Under one letter: the message may be read by others."""
    number = office.carry(story.reported)
    typed = {"holder_name": "Yusra", "relation": "istri", **SEEN}
    assert office.fill("dedi", path_of(number), "/slip-keluarga", **typed).status_code == 200
    (slip,) = slips_of(office)
    with Session(office.database.engine) as session:
        owed = select(Outbox.occasion, Outbox.values).where(Outbox.notice == "slip_printed")
        assert session.execute(owed).all() == [(f"slip-{slip.id}", {"initial": "Y"})]


def test_the_guardian_keeps_the_slip_of_a_minor(office: Office) -> None:
    """Whose part it is stays the child's; a minor without a guardian on record needs a name."""
    number = office.carry(story.decided_heirs)
    deni = member(office, "Deni")
    typed = {"member": str(deni.id), **SEEN}
    refused = office.fill("dedi", path_of(number), "/slip-keluarga", holder_name="", **typed)
    assert refused.status_code == 422
    assert "Tulis nama seperti di kartu" in refused.text
    answer = office.fill("dedi", path_of(number), "/slip-keluarga", holder_name="Yusra", **typed)
    assert "Untuk Y., wali D." in answer.text
    (slip,) = slips_of(office)
    assert (slip.holder_name, slip.guardian_of, slip.member_id) == ("Yusra", "Deni", deni.id)
    assert slip.relation == "wali dari anak"
    assert "wali dari Deni" in office.read("dedi", path_of(number))


def test_two_holders_of_a_case_have_their_own(office: Office) -> None:
    number = office.carry(story.decided_heirs)
    for name in ("Yusra", "Rani"):
        office.fill("dedi", path_of(number), "/slip-keluarga", member=str(member(office, name).id), **SEEN)
    assert [(one.holder_name, one.revoked_at) for one in slips_of(office)] == [
        ("Yusra", None),
        ("Rani", None),
    ]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("holder_name", "Tulis nama seperti di kartu"),
        ("relation", "Tulis hubungannya"),
        ("seen", "Pilih kartu yang dilihat"),
        ("is_them", "Cocokkan dulu orangnya"),
    ],
)
def test_nothing_is_printed_before_who_it_is_is_certain(office: Office, missing: str, said: str) -> None:
    number = office.carry(story.reported)
    typed = {"holder_name": "Yusra", "relation": "istri", **SEEN, missing: ""}
    answer = office.fill("dedi", path_of(number), "/slip-keluarga", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert slips_of(office) == []


@pytest.mark.parametrize("chosen", ["0", "99999999999999999999", "x", "-1"])
def test_a_relative_of_no_case_is_nobody(office: Office, chosen: str) -> None:
    """A key that is not on the list is as if another person had been chosen: the name must be typed."""
    number = office.carry(story.decided_heirs)
    answer = office.fill("dedi", path_of(number), "/slip-keluarga", member=chosen, holder_name="", **SEEN)
    assert answer.status_code == 422
    assert slips_of(office) == []


def test_going_back_prints_nothing_again(office: Office) -> None:
    """The same form a second time leads to the list; the first paper stays good."""
    number = office.carry(story.reported)
    form = form_of(office.read("dedi", path_of(number)), "/slip-keluarga")
    typed = {"holder_name": "Yusra", "relation": "istri", **SEEN}
    first = send(office.browser("dedi"), form, **typed)
    assert "Kode ini hanya tampil satu kali" in first.text
    again = send(office.browser("dedi"), form, **typed)
    assert (again.status_code, again.location) == (303, path_of(number))
    assert [one.revoked_at for one in slips_of(office)] == [None]


def test_the_paper_tells_what_is_missing_and_until_when(office: Office) -> None:
    number = office.carry(story.reported)
    typed = {"holder_name": "Yusra Binti Ali", "relation": "istri", **SEEN}
    paper = office.fill("dedi", path_of(number), "/slip-keluarga", **typed).text
    for printed in ("Pekerja S. · Untuk Y. B. A.", "Kartu Keluarga (KK)", "Senin, 23 November 2026", "localhost/k",
                    "GRATIS. Petugas tidak pernah minta kode, uang, atau mengirim tautan/APK."):  # fmt: skip
        assert printed in paper
    assert "Samsir" not in paper.split('<article class="slip"')[1].split("</article>")[0]


@pytest.mark.parametrize(("username", "where"), [("fitri", "nagari"), ("rina", "visit")])
def test_who_helps_on_the_spot_prints_for_the_own_area(office: Office, username: str, where: str) -> None:
    """Found by number; no name of the dead, no secret words; the branch sees who printed."""
    number = office.carry(story.reported)
    found = office.browser(username).get(f"/petugas/slip-keluarga?number={number.removeprefix('SJJ-')}")
    assert found.location == path_of(number)
    page = office.read(username, path_of(number))
    assert "Samsir" not in page
    typed = {"holder_name": "Yusra", "relation": "istri", **SEEN}
    answer = office.fill(username, path_of(number), "/slip-keluarga", **typed)
    assert answer.status_code == 200, answer.text
    (slip,) = slips_of(office)
    assert (slip.issued_where, slip.holder_name) == (where, "Yusra")
    assert slip.phrase not in office.read(username, path_of(number))
    assert "Fitri Handayani" in office.read("dedi", path_of(number)) or where == "visit"
    assert office.fill(username, path_of(number), "/cabut", why="Slip hilang di pasar.").status_code == 303
    assert slips_of(office)[0].revoked_at is not None


def test_another_nagari_does_not_exist(office: Office) -> None:
    number = office.carry(story.reported, ZULBAHRI)
    office.read("fitri", path_of(number), 404)
    answer = office.browser("fitri").get(f"/petugas/slip-keluarga?number={number}")
    assert answer.status_code == 404
    assert "tidak ditemukan di wilayah Anda" in answer.text
    token = form_of(office.read("fitri", "/petugas/slip-keluarga"), "/keluar").fields["csrf_token"]
    for action in ("", "/cabut", "/cabut-hp"):
        sent = office.browser("fitri").post(
            path_of(number) + action, data={"csrf_token": token, "why": "hilang"}
        )
        assert sent.status_code == 404
    assert office.read("rina", path_of(number))


@pytest.mark.parametrize("username", ["nina", "bupati"])
def test_others_have_no_slips(office: Office, username: str) -> None:
    number = office.carry(story.reported)
    office.read(username, path_of(number), 403)
    office.read(username, "/petugas/slip-keluarga", 403)


def test_a_new_slip_holds_the_account_for_a_day(office: Office) -> None:
    """The first slip of a person holds nothing; a reprint holds account and heirs, and the page says until when."""
    number = office.carry(story.decided_heirs)
    typed = {"holder_name": "Yusra", "relation": "istri", **SEEN}
    office.fill("dedi", path_of(number), "/slip-keluarga", member="lain", **typed)
    assert "dicetak ulang" not in office.read("dedi", f"/petugas/kasus/{number}/rekening")
    office.fill("dedi", path_of(number), "/slip-keluarga", member="lain", **typed)
    page = office.read("dedi", f"/petugas/kasus/{number}/rekening")
    assert "Rekening baru bisa diubah sesudah 21 Nov 2026 pukul 10.00 WIB" in page
    account = {
        "bank_code": "nagari",
        "account_number": "71000234417",
        "holder_name": "Yusra",
        "name_note": "",
    }
    account["bank_code"] = page.split('<option value="')[2].split('"')[0]
    answer = office.fill("dedi", f"/petugas/kasus/{number}/rekening", "/rekening", **account)
    assert answer.status_code == 409
    assert "baru saja dicetak ulang" in answer.text
    clock.set_start(clock.now() + timedelta(hours=24))
    office.sign_in(office.browser("dedi"), "dedi")
    answer = office.fill("dedi", f"/petugas/kasus/{number}/rekening", "/rekening", **account)
    assert answer.status_code == 303, answer.text


def test_the_verbs_of_level_three_wait_a_day(office: Office) -> None:
    """Account, heirs: to the minute; also for who does not come by the page."""
    number = office.carry(story.decided_heirs)
    with office.stage() as stage:
        session = stage.session
        claim = session.scalars(select(Claim).where(Claim.number == number)).one()
        heirs = family.current_heirs(session, claim.id)
        assert heirs is not None
        proof, now = slips.Proof("istri", "ktp"), clock.now()
        for _ in range(2):
            slips.issue_slip(
                session, claim.id, "Yusra", by=stage.verifier, now=now, pepper=PEPPER, proof=proof
            )
        until = now + slips.HOLD
        assert slips.held_until(session, claim.id, now=until - timedelta(seconds=1)) == until
        assert slips.held_until(session, claim.id, now=until) is None
        with pytest.raises(NotPossible, match=r"21 Nov 2026 pukul 10\.00 WIB"):
            family.decide_heirs(
                session,
                claim,
                payee_member_id=heirs.payee_member_id,
                agreement=heirs.agreement,
                note=heirs.note,
                by=stage.verifier,
                now=clock.now(),
            )


def test_the_phone_that_reported_holds_nothing(office: Office) -> None:
    """Only a reprint by somebody of the staff is what a thief would ask for."""
    number = office.carry(story.reported, NURBAITI)
    with office.stage() as stage:
        claim = stage.session.scalars(select(Claim).where(Claim.number == number)).one()
        for _ in range(2):
            slips.issue_slip(stage.session, claim.id, "Afrizal", by=SYSTEM, now=clock.now(), pepper=PEPPER)
        assert slips.held_until(stage.session, claim.id, now=clock.now()) is None


def test_staff_who_saw_no_card_print_nothing(office: Office) -> None:
    """In the verb and in the database, whatever door they use."""
    office.carry(story.reported)
    with office.stage() as stage:
        claim = stage.session.scalars(select(Claim)).one()
        with pytest.raises(Invalid, match="Lihat dulu KTP"):
            slips.issue_slip(
                stage.session, claim.id, "Yusra", by=stage.verifier, now=clock.now(), pepper=PEPPER
            )
    with office.database.engine.connect() as connection, pytest.raises(IntegrityError, match="card_seen"):
        connection.execute(
            text(
                "INSERT INTO slip (casefile_id, holder_name, phrase, issued_at, issued_where, seen, relation)"
                " SELECT id, 'Yusra', 'padi sawah', now(), 'counter', 'none', '' FROM casefile"
            )
        )


def test_a_slip_stands_for_a_relative_of_its_own_case(office: Office) -> None:
    office.carry(story.decided_heirs)
    other = office.carry(story.reported, NURBAITI)
    rani = member(office, "Rani")
    with office.stage() as stage:
        claim = stage.session.scalars(select(Claim).where(Claim.number == other)).one()
        proof = slips.Proof("anak", "ktp", member_id=rani.id)
        with (
            pytest.raises(IntegrityError, match="fk_slip_casefile_id_member_id"),
            stage.session.begin_nested(),
        ):
            slips.issue_slip(
                stage.session,
                claim.id,
                "Rani",
                by=stage.verifier,
                now=clock.now(),
                pepper=PEPPER,
                proof=proof,
            )


def test_a_relative_of_a_minor_is_offered_with_the_guardian(office: Office) -> None:
    number = office.carry(story.decided_heirs)
    with office.stage() as stage:
        claim = stage.session.scalars(select(Claim).where(Claim.number == number)).one()
        deni = next(one for one in family.members(stage.session, claim.id) if one.full_name == "Deni")
        facts = MemberFacts(
            full_name="Deni",
            relation="child",
            source="Kartu Keluarga",
            born_on=deni.born_on,
            national_id=deni.national_id,
            documented=True,
            guardian_name="Yusra",
            guardian_basis="surviving_parent",
        )
        child = family.update_member(
            stage.session, claim, deni.id, facts, by=stage.verifier, now=clock.now()
        ).id
    assert "Deni, anak, belum dewasa: walinya Yusra" in office.read("dedi", path_of(number))
    answer = office.fill("dedi", path_of(number), "/slip-keluarga", member=str(child), **SEEN)
    assert "Untuk Y., wali D." in answer.text
