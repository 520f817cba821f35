"""Row 8: a picture of five megabytes on its way in, against writing, digesting and syncing the same bytes."""

import hashlib
import io
import os
import random
import time
import tracemalloc

import psycopg
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bench.result import Pair, Row, interleaved
from bench.world import Place, World, staff
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents.intake import Place as PaperPlace
from caseflow.documents.intake import Receipt, digest_of, receive
from caseflow.documents.models import Document
from caseflow.documents.sniff import inspect
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.identifiers import random_token
from caseflow.launch.databases import libpq

MEGABYTE = 1024 * 1024
_PLACES = (
    "SELECT DISTINCT ON (casefile.id) casefile.id, requirement.id FROM requirement"
    " JOIN casefile ON casefile.id = casefile_id"
    " WHERE branch_code = 'solok' AND state = 'documents_pending' AND status = 'missing' AND need = 'required'"
    " AND closed_at IS NULL ORDER BY casefile.id LIMIT 100"
)


def measure(world: World) -> list[Row]:
    """Measure time and memory of an upload."""
    picture = _picture(5 * MEGABYTE)
    door = _Door(world, picture)
    pair = interleaved(door.upload, door.bare, time.perf_counter_ns, rounds=7, ours_calls=1, limit_calls=1)
    looked = interleaved(door.upload, door.look, time.perf_counter_ns, rounds=5, ours_calls=1, limit_calls=1)
    memory = door.memory()
    wrong = door.wrong(world.main)
    against = "write + sha256 + fdatasync of the same bytes"
    notes = [pair.say("upload", "bare"), *_parts(pair, looked), f"{len(door.receipts)} uploads read back"]
    return [
        Row("8", "5 MB through intake", against, pair.ratio, 3, 2, high=False, unit=" ×", notes=notes, wrong=wrong),
        Row(
            "8m", "memory of an upload", "nothing", memory, 2, 2, high=False, unit=" MB",
            notes=["the child that looks at the picture is apart, within the limit it sets itself"], wrong=wrong,
        ),
    ]  # fmt: skip


class _Door:
    """Where uploads go in; each into another case."""

    def __init__(self, world: World, picture: bytes) -> None:
        self.picture = picture
        self.receipts: list[Receipt] = []
        self.store: ObjectStore = open_store(world.settings(world.main).storage_url)
        self._file = world.folder / "bare"
        self._sessions = sessionmaker(world.main.engine)
        self._by = staff(world.main.engine, "dedi")
        with psycopg.connect(libpq(world.main.urls.admin)) as connection:
            self._places = iter(connection.execute(_PLACES).fetchall())

    def upload(self) -> None:
        """Take the picture in by the verb that every door uses."""
        casefile_id, requirement_id = next(self._places)
        place = PaperPlace(casefile_id, requirement_id, random_token(), "surat.jpg")
        body = io.BytesIO(self.picture)
        self.receipts.append(
            receive(self._sessions, self.store, body, place, by=self._by, open_in=OPEN_FOR_PAPERS)
        )

    def bare(self) -> None:
        """The least that a careful server does with bytes."""
        digest = hashlib.sha256()
        with self._file.open("wb") as file:
            for begin in range(0, len(self.picture), 65536):
                chunk = self.picture[begin : begin + 65536]
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fdatasync(file.fileno())

    def look(self) -> None:
        """Only the part that finds out what the file is."""
        with spool(io.BytesIO(self.picture)) as body:
            inspect(body)

    def memory(self) -> float:
        """Return how many MB of Python's memory one picture needs at most while it comes in."""
        tracemalloc.start()
        try:
            self.upload()
            return tracemalloc.get_traced_memory()[1] / MEGABYTE
        finally:
            tracemalloc.stop()

    def wrong(self, place: Place) -> list[str]:
        """Compare every stored object with what was sent."""
        sent = hashlib.sha256(self.picture).hexdigest()
        with Session(place.engine) as session:
            rows = session.execute(
                select(Document.object_key, Document.sha256, Document.status).where(
                    Document.public_id.in_([receipt.public_id for receipt in self.receipts])
                )
            ).all()
        good = [row for row in rows if (row.sha256, row.status) == (sent, "stored")]
        problems = (
            [] if len(good) == len(self.receipts) else [f"{len(good)} of {len(self.receipts)} rows stored"]
        )
        return problems + [
            f"object {row.object_key} differs"
            for row in good
            if digest_of(self.store, row.object_key) != sent
        ]


def _parts(upload: Pair, looked: Pair) -> list[str]:
    rest = looked.ours_ms - looked.limit_ms
    looking = f"receiving and looking at the picture in its child {looked.limit_ms:.0f} ms"
    keeping = (
        f"two transactions, object and reading it back {rest:.0f} ms = {rest / upload.limit_ms:.1f} × bare"
    )
    return [f"of it {looking}; {keeping}"]


def _picture(size: int) -> bytes:
    """A picture as heavy as asked for, in bytes: noise, which no codec makes small."""
    random.seed(8)
    width, height = 2000, 1500
    image = Image.frombytes("RGB", (width, height), random.randbytes(width * height * 3))
    for quality in range(60, 101, 5):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() >= size:
            break
    return out.getvalue()
