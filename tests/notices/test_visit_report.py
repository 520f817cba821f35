"""L7: the office reads all that was told, the family's copy holds nothing that could be read as a score."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pikepdf
import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.scan import Clamd
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.monitoring import photos, pictures, validation
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.trail import PROMISE
from caseflow.notices.visit_report import Copy, find_report, issue_report, revoke_reports
from caseflow.people.actor import Actor
from tests.documents.test_scan import silent
from tests.files import samples
from tests.monitoring.test_help import sent
from tests.monitoring.test_trail import lived
from tests.monitoring.visiting import made, photo, send
from tests.notices.letters import A4_BYTES, OFFICE, problems_of, read, stored
from tests.story import Stage
from tests.told import visitor
from tests.visit_story import visit_of

SCORES = ("Berjalan", "Rp500.000", "Rumah tangga", "Modal usaha", "Penghasilan")


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """One session, one store, the training staff."""
    return Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)


def printed(stage: Stage, visit: PlannedVisit, copy: Copy, *, by: str = "siska") -> str:
    letter = issue_report(
        stage.session, stage.store, visit, copy, OFFICE, sign="DST", by=stage.staff[by], now=clock.now()
    )
    body = stored(stage, letter)  # type: ignore[arg-type]
    assert len(body) <= A4_BYTES
    assert find_report(stage.session, visit, copy) is letter
    return read(body).words


def test_office_reads_everything_and_the_family_no_scores(stage: Stage) -> None:
    plan = lived(stage)
    sent_on(stage, plan)
    visit = visit_of(stage, plan, "m6")
    validation.validate(stage.session, visit, by=stage.staff["siska"], now=clock.now())
    office = printed(stage, visit, "office")
    for words in (
        "Berjalan",
        "Warung/dagang",
        "Rp500.000 sampai Rp1.000.000",
        "Siska Amelia",
        "Pelatihan menjahit",
    ):
        assert words in office
    family = printed(stage, visit, "family")
    assert not [words for words in SCORES if words in family]
    for words in (
        "Kunjungan 6 bulan",
        "Modal",
        "Beasiswa",
        "Pelatihan menjahit",
        "boleh berhenti dikunjungi",
        "Elmita",
    ):
        assert words in family
    for copy in (office, family):
        assert PROMISE in copy


def test_shares_of_money_stand_in_percent_never_rupiah(stage: Stage) -> None:
    office = printed(stage, visit_of(stage, lived(stage), "m3"), "office")
    assert "Modal usaha 67 %" in office
    assert "42.000.000" not in office
    assert "Rafi: tidak bersekolah" in office


def test_the_same_report_is_one_letter_and_a_visit_without_answers_none(stage: Stage) -> None:
    plan = lived(stage)
    visit, siska = visit_of(stage, plan, "m3"), stage.staff["siska"]
    first, again = (
        issue_report(
            stage.session, stage.store, visit, "family", OFFICE, sign="DST", by=siska, now=clock.now()
        )
        for _ in range(2)
    )
    assert first.id == again.id
    with pytest.raises(NotFound):
        printed(stage, visit_of(stage, plan, "m12"), "family")
    with pytest.raises(NotPermitted):
        printed(stage, visit, "office", by="rina")


def test_photos_are_printed_small_and_both_sign(stage: Stage) -> None:
    plan = lived(stage)
    visit = photographed(stage, plan, "business", "paper")
    pages = {}
    for copy in ("office", "family"):
        body = letter_of(stage, visit, copy)
        pages[copy] = read(body).words
        assert problems_of(body) == []
        with pikepdf.open(io.BytesIO(body)) as document:
            assert sum(len(page.get_images()) for page in document.pages) == (2 if copy == "office" else 1)
        for secret in (b"KAMERA-RAHASIA-77", b"<?php"):
            assert secret not in body
    assert "Foto usaha" in pages["family"]
    # a photo of the form says what the family's copy leaves out
    assert "Foto formulir kertas" in pages["office"]
    assert "Foto formulir kertas" not in pages["family"]
    for words in pages.values():
        _, signed = words.split(PROMISE)
        for name in ("Keluarga", plan.contact_name, "Petugas", visitor(stage, plan).name):
            assert name in signed


def test_a_photo_that_was_not_scanned_is_not_printed(stage: Stage) -> None:
    visit = photographed(stage, lived(stage), "business", scanner=silent())
    assert "Foto usaha" not in read(letter_of(stage, visit, "office")).words


def test_reports_are_revoked_together_once_and_with_a_reason(stage: Stage) -> None:
    visit = visit_of(stage, lived(stage), "m3")
    siska, rina = stage.staff["siska"], stage.staff["rina"]
    with pytest.raises(NotPossible, match="Tidak ada laporan"):
        revoke_reports(stage.session, visit, "Nama anak salah tulis.", by=siska, now=clock.now())
    for copy in ("office", "family"):
        letter_of(stage, visit, copy)
    with pytest.raises(Invalid):
        revoke_reports(stage.session, visit, "salah", by=siska, now=clock.now())
    with pytest.raises(NotPermitted):
        revoke_reports(stage.session, visit, "Nama anak salah tulis.", by=rina, now=clock.now())
    letters = revoke_reports(stage.session, visit, "Nama anak salah tulis.", by=siska, now=clock.now())
    stage.session.expire_all()
    assert [one.revoked_why for one in letters] == ["Nama anak salah tulis."] * 2
    assert (find_report(stage.session, visit, "office"), find_report(stage.session, visit, "family")) == (
        None,
        None,
    )
    with pytest.raises(NotPossible):
        revoke_reports(stage.session, visit, "Nama anak salah tulis.", by=siska, now=clock.now())


def photographed(stage: Stage, plan: Plan, *shows: str, scanner: Clamd | None = None) -> PlannedVisit:
    """The twelfth month, with a photo of each kind, which carried a place."""
    visit, by = visit_of(stage, plan, "m12"), visitor(stage, plan)
    bodies = [samples.jpeg_with_secrets(orientation=turned) for turned in (6, 8)]
    shown = [photo(body, at, shows=one) for at, (body, one) in enumerate(zip(bodies, shows, strict=False), 1)]
    assert send(stage.session, None, made(visit, sequence=None, photos=shown), by=by).refusal is None
    for one, body in zip(shown, bodies, strict=False):
        photos.store_whole(
            stage.session, stage.store, str(one["uuid"]), pictures.shrunk(io.BytesIO(body), scanner=None),
            by=by, now=clock.now(), scanner=scanner,
        )  # fmt: skip
    return visit


def letter_of(stage: Stage, visit: PlannedVisit, copy: str) -> bytes:
    """The report as it was issued."""
    letter = issue_report(
        stage.session, stage.store, visit, cast(Copy, copy), OFFICE,
        sign="DST", by=stage.staff["siska"], now=clock.now(),
    )  # fmt: skip
    return stored(stage, letter)  # type: ignore[arg-type]


def sent_on(stage: Stage, plan: Plan) -> None:
    """The family waits for an answer of a course."""
    clock.set_start(clock.now())
    assert (
        sent(stage, plan, until=clock.today().replace(month=6, day=7)).asked_by_user_id
        == visitor(stage, plan).user_id
    )
