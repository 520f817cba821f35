"""Row 25: up to five hundred visits with photos that twenty phones send at once over lines that drop answers.

Every phone signs in through the door, writes itself down and empties its queue as the field app does: one visit after the
other, each photo in pieces, again whatever was not answered. Afterwards every row and every object is counted; a visit
that is missing, doubled or changed, and a clash that nobody caused, fail the row.
"""

import hashlib
import io
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import psycopg
from psycopg import sql

from bench import sync_sql as statements
from bench.clocks import backends, cpu_clock, reaped_cpu_ns
from bench.result import Row
from bench.sync_phone import DROPPED, PIECE, FieldPhone, Queued, queued_visit
from bench.web import Server, server
from bench.world import START, World, staff
from caseflow import clock
from caseflow.claims import workflows
from caseflow.documents.intake import digest_of
from caseflow.documents.spool import spool
from caseflow.documents.storage import open_store
from caseflow.launch.databases import libpq
from caseflow.monitoring import consents, pictures

VISITS, PHONES = 500, 20
TWICE = 10  # families that a second phone visited too, with other words: the only clashes there may be
_VISITORS = ("rina", "yoga")
_PATIENCE_S = 240  # then no phone begins another visit: a busy machine sends fewer, and the row says how many
_LONGEST_S = 900
_DRAWN = 20  # photos that are drawn bare


def measure(world: World) -> list[Row]:
    """Send everything, count everything, then write the same rows bare."""
    queues = _queues(_follow(world))
    environment = {**world.environment(world.main), "CASEFLOW_WEB_PROCESSES": "2"}
    with server("caseflow.wsgi:app", environment, world.folder / "sync.log", workers=2) as served:
        phones = [
            FieldPhone(served.port, _VISITORS[place % len(_VISITORS)], queue)
            for place, queue in enumerate(queues)
        ]
        for phone in phones:  # in turns: ten tries at one account at once are slowed down as guessing
            phone.prepare()
        read = _cpu(world, served)
        began, cpu = time.monotonic(), read()
        _at_once([partial(phone.send_all, began + _PATIENCE_S) for phone in phones])
        took, ours = time.monotonic() - began, read() - cpu
    sent = [one for phone in phones for one in phone.sent]
    wrong = _wrong(world, sent)
    rows, photo = _bare(world), _drawing([one.photo for one in sent[:_DRAWN]])
    bare = rows + photo * len(sent)
    told = sum((phone.told for phone in phones), Counter[str]())
    clashes = len(sent) - len({one.visit for one in sent})
    notes = [
        f"{len(sent)} visits with a photo of {len(sent[0].photo) // 1000} kB sent in {took:.0f} s",
        f"CPU {ours / len(sent) / 1e6:.0f} ms a visit with its photo; bare {bare / len(sent) / 1e6:.0f} ms, of which its rows {rows / len(sent) / 1e6:.1f} ms",
        f"every {DROPPED}th answer dropped: {told['dropped']} of {told['asked']}; pieces of {PIECE // 1024} kB",
        f"{told['again']} visits came again, {told['offset']} pieces were not waited for, {told['anew']} photos began anew, {told['busy']} answers said to wait, {told['late']} were too late; {clashes} clashes caused",
    ]
    return [
        Row(
            "25", f"{len(sent)} visits, {PHONES} phones at once", "its rows and photo, bare", ours / bare, 3, 1.5, high=False,
            unit=" ×", notes=notes, wrong=wrong,
        )
    ]  # fmt: skip


def _follow(world: World) -> list[str]:
    """Invent families that are visited in their third month; return what the visits are called in addresses."""
    flow = workflows.book().latest("monitoring")
    values = {
        "families": VISITS - TWICE,
        "version": flow.version,
        "state": flow.initial,
        "opened": START.replace(month=8),
        "visitors": [staff(world.main.engine, name).user_id for name in _VISITORS],
    }
    with psycopg.connect(libpq(world.main.urls.admin)) as connection:
        for statement in statements.FAMILIES:
            connection.execute(statement, values)
        rows = connection.execute(statements.DUE).fetchall()
        connection.execute(statements.NEXT_ID)
    if len(rows) != VISITS - TWICE:
        raise LookupError("there are too few open cases to follow")
    return [str(row[0]) for row in rows]


def _queues(visits: Sequence[str]) -> list[list[Queued]]:
    """Deal the visits out, each to a phone of its visitor; some go to two phones."""
    text = consents.text_on(clock.today()).version
    queues: list[list[Queued]] = [[] for _ in range(PHONES)]
    both = len(_VISITORS)
    for serial, visit in enumerate(visits):
        queues[serial % PHONES].append(queued_visit(visit, serial, text))
    for serial, visit in enumerate(visits[:TWICE]):
        queues[(serial + both) % PHONES].append(queued_visit(visit, len(visits) + serial, text))
    return queues


def _at_once(works: Sequence[Callable[[], object]]) -> None:
    """Let every phone begin at the same moment, and wait for all."""
    barrier, failures = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(_LONGEST_S)
            work()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_LONGEST_S)
    if failures:
        raise failures[0]
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError("a phone did not get through")


def _cpu(world: World, served: Server) -> Callable[[], int]:
    """A clock over the web server, the children that looked at its photos, and PostgreSQL."""
    running = cpu_clock(served.workers, find=partial(backends, world.main.urls.admin, world.main.name))
    return lambda: running() + sum(reaped_cpu_ns(pid) for pid in served.workers)


def _wrong(world: World, sent: Sequence[Queued]) -> list[str]:
    """Compare what is there with what was sent, by statements and digests of the check's own."""
    with psycopg.connect(libpq(world.main.urls.admin)) as connection:
        visits = connection.execute(statements.ARRIVED).fetchall()
        photos = connection.execute(statements.PHOTOS).fetchall()
        clashes = connection.execute(statements.CLASHES).fetchall()
        left = connection.execute(statements.LEFT_OVER).fetchall()
    there, meant = Counter(visits), Counter((one.number, one.digest) for one in sent)
    wrong = [f"visit {number} is missing, or changed" for number, _ in meant - there]
    wrong += [f"visit {number} is doubled, changed, or was never sent" for number, _ in there - meant]
    taken = Counter((one.photo_number, one.photo_digest) for one in sent)
    if Counter(photo[:2] for photo in photos) != taken:
        wrong.append("other photos are announced than were taken")
    store = open_store(world.settings(world.main).storage_url)
    pixels = _pixels(sent[0].photo)  # of every photo: they differ by the words in them
    wrong += [
        f"photo {number} is not stored, or not as it was drawn from the one that was taken"
        for number, _, key, digest in photos
        if digest != pixels or digest_of(store, key) != digest
    ]
    visited = Counter(one.visit for one in sent)
    caused = sorted(("note", visit) for visit, times in visited.items() if times > 1)
    if sorted(clashes) != caused:
        wrong.append(f"{len(clashes)} clashes, {len(caused)} were caused")
    return wrong + [f"{count} {what}" for what, count in left if count]


def _pixels(photo: bytes) -> str:
    """Return the digest of a photo as it is kept."""
    with spool(io.BytesIO(photo)) as body:
        return hashlib.sha256(pictures.redrawn(body)[0]).hexdigest()


def _drawing(photos: Sequence[bytes]) -> int:
    """CPU of looking at one photo and drawing it anew, in the process of its own that strangers' files need."""
    began = _children_ns()
    for one in photos:
        _pixels(one)
    return (_children_ns() - began) // len(photos)


def _children_ns() -> int:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int((ended.ru_utime + ended.ru_stime) * 1e9)


def _bare(world: World) -> int:
    """CPU of writing the same rows once more, a transaction a family, into tables with the same keys and checks."""
    copies = {
        table: sql.SQL("INSERT INTO bare.{0} OVERRIDING SYSTEM VALUE SELECT * FROM public.{0} WHERE ").format(
            sql.Identifier(table)
        )
        + sql.SQL(of_plan)
        for table, of_plan in statements.WRITTEN.items()
    }
    with psycopg.connect(libpq(world.main.urls.admin), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA bare")
        for table in copies:
            connection.execute(
                sql.SQL("CREATE TABLE bare.{0} (LIKE public.{0} INCLUDING ALL)").format(sql.Identifier(table))
            )
        plans = connection.execute(statements.PLANS).fetchall()
        read = cpu_clock([connection.info.backend_pid], own=True)
        began = read()
        for plan in plans:
            with connection.transaction():
                for copy in copies.values():
                    connection.execute(copy, plan)
        return read() - began
