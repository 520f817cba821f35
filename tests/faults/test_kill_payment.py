"""``kill -9`` of the web server in the middle of a payment: released once or not at all, never half."""

import re
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.documents.storage import open_store
from caseflow.payments import batches, instructions
from caseflow.payments.models import Batch, Instruction, PaymentEvent
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.plain_browser import PlainBrowser
from tests.server import service
from tests.story import SAMSIR, Stage, approved


def locked_batch(database: FreshDatabase, staff: Mapping[str, Actor], folder: Path) -> str:
    """A batch with one instruction, locked by its maker; return its number."""
    with Session(database.engine) as session:
        claim = approved(Stage(session, open_store(f"folder://{folder / 'objects'}"), staff))
        by, now = staff["nina"], clock.now()
        order = instructions.prepare_instruction(
            session,
            claim.id,
            by=by,
            now=now,
            account_number_again=SAMSIR.account[1],
            holder_name_found="Yusra",
            name_note="",
        )
        batch = batches.open_batch(session, by=by, now=now)
        batches.add_to_batch(session, batch.id, order.id, by=by, now=now)
        assert batches.lock_batch(session, batch.id, by=by, now=now) == []
        session.commit()
        return batch.number


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the form in the middle of a page."""
    main = page[page.index("<main") :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


def state_of(database: FreshDatabase) -> tuple[str, str, str]:
    """State of batch, instruction and claim; every invariant holds."""
    with Session(database.engine) as session:
        assert not any(run_checks(session.connection()).values())
        return (
            session.scalars(select(Batch.state)).one(),
            session.scalars(select(Instruction.state)).one(),
            session.scalars(select(Claim.state)).one(),
        )


def test_killed_while_releasing(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    """Whatever the moment, all three are before or all three are after; pressing again ends with one release."""
    number = locked_batch(fresh_database, staff, tmp_path)
    path = f"/keuangan/berkas/{number}/lepas"
    before, after = ("locked", "batched", "approved"), ("released", "sent", "payment_in_process")
    with service(fresh_database.app_url, tmp_path) as running:
        hadi = PlainBrowser(running.url).sign_in("hadi")
        for delay in (0.005, 0.02, 0.05, 0.1, 0.25):
            if state_of(fresh_database) == after:
                break
            fields = fields_of(hadi.get(path)[1])
            sender = threading.Thread(target=_send, args=(hadi, path, fields))
            sender.start()
            time.sleep(delay)
            running.kill_web()
            sender.join(30)
            assert state_of(fresh_database) in {before, after}
            running.start_web()
        if state_of(fresh_database) == before:
            _send(hadi, path, fields_of(hadi.get(path)[1]))
        assert state_of(fresh_database) == after
        again = hadi.post_raw(path, fields)
        assert again[0] < 500
        status, file = hadi.get(f"/keuangan/berkas/{number}/unduh")
        assert status == 200
        assert file == hadi.get(f"/keuangan/berkas/{number}/unduh")[1]
    with Session(fresh_database.engine) as session:
        sent = session.scalars(select(PaymentEvent).where(PaymentEvent.state == "sent")).all()
        assert len(sent) == 1


def _send(browser: PlainBrowser, path: str, fields: Mapping[str, str]) -> None:
    """Press the button; the line may die under it."""
    try:
        browser.post_raw(path, fields)
    except OSError:
        return
