"""Several cases in one request are locked before their batch; numbers without end are nobody's key."""

import re
import threading
import time

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.payments.models import Batch
from tests.web.finance.conftest import Desk, sent_row
from tests.web.finance.test_matching import PATH, line_of
from tests.web.forms import Form, fill, form_of, send

ENDLESS = "9" * 5000
ADDRESSES = (
    f"/keuangan/?antre={ENDLESS}&jalan={ENDLESS}&berkas={ENDLESS}",
    f"/keuangan/?siap=2026-11-20T10:00:00%2B07:00~{ENDLESS}",
    "/keuangan/?siap=0001-01-01T00:00:00%2B14:00~1",
    "/keuangan/?siap=9999-12-31T23:59:59-14:00~1",
    f"/keuangan/?siap={ENDLESS}~1",
    f"{PATH}?setelah={ENDLESS}",
    f"/keuangan/perintah/{ENDLESS}",
    f"/keuangan/perintah/{ENDLESS}/riwayat",
    f"/keuangan/rekening-koran/{ENDLESS}",
    f"/keuangan/rekening-koran/baris/{ENDLESS}",
    f"/keuangan/berkas/{ENDLESS}",
)


def wait_for_a_waiter(session: Session) -> None:
    """Return once somebody waits for a lock."""
    until = time.monotonic() + 20
    while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_batch_is_not_held_while_a_case_is_waited_for(desk: Desk) -> None:
    number, _ = desk.batched()
    references = [desk.ordered(one) for one in desk.claims(2)]
    path = f"/keuangan/berkas/{number}"
    form: Form = form_of(desk.text("nina", path), "/tambah")
    answers: list[int] = []
    with Session(desk.database.engine) as held, Session(desk.database.engine) as other:
        last = held.scalars(select(Claim).order_by(Claim.id.desc()).limit(1).with_for_update()).one()
        assert last.branch_code == "solok"
        adding = threading.Thread(
            target=lambda: answers.append(send(desk.browser("nina"), form, perintah=references).status_code)
        )
        adding.start()
        wait_for_a_waiter(other)
        free = other.scalars(select(Batch.number).with_for_update(skip_locked=True)).all()
        other.rollback()
        held.rollback()
        adding.join(timeout=30)
    assert free == [number]
    assert answers == [303]
    assert [desk.state_of(one) for one in references] == ["batched", "batched"]


def test_cases_are_locked_in_one_order_whatever_was_ticked_first(desk: Desk) -> None:
    _, (first, second) = desk.released(2)
    desk.loaded(sent_row(first), sent_row(second, number="FT2"))
    ticked = [f"{line_of(desk, f'TRF SANTUNAN {one}')}:{one}" for one in (second, first)]
    form = form_of(desk.text("lusi", PATH), "/cocokkan")
    with desk.counted() as said:
        assert send(desk.browser("lusi"), form, baris=ticked).status_code == 303
    locks = [one for one in said if "FOR UPDATE" in one and "FROM casefile" in one]
    assert re.search(r"IN \(%\(\w+\)s::BIGINT, %\(\w+\)s::BIGINT\)", locks[0]), locks[0]


def test_a_number_without_end_breaks_no_page(desk: Desk) -> None:
    lusi = desk.browser("lusi")
    answers = {path[:40]: lusi.get(path).status_code for path in ADDRESSES}
    assert set(answers.values()) <= {200, 404}, answers


def test_a_number_without_end_breaks_no_form(desk: Desk) -> None:
    number, (reference,) = desk.batched()
    path = f"/keuangan/berkas/{number}"
    nina, lusi = desk.browser("nina"), desk.browser("lusi")
    assert fill(nina, path, "/keluarkan", version=ENDLESS).status_code == 409
    assert fill(nina, path, "/keluarkan", perintah=ENDLESS).status_code == 409
    _, (sent,) = desk.released()
    desk.loaded(sent_row(sent))
    for ticked in (f"{ENDLESS}:{sent}", f"1:{ENDLESS}"):
        assert fill(lusi, PATH, "/cocokkan", baris=[ticked]).status_code in {404, 409}
    assert [desk.state_of(one) for one in (reference, sent)] == ["batched", "sent"]
