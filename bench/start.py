"""Row 14: how soon the service answers, what two workers hold in memory, what a case takes on the disk."""

from bench.clocks import own_megabytes
from bench.population import bytes_a_case
from bench.result import Row
from bench.web import Browser, Server, server
from bench.world import World, staff_token

_PAGES = ("/", "/masuk", "/petugas/?antrean=semua", "/petugas/?antrean=saya", "/petugas/cari?q=SJJ-26-0001")
_STARTS = 2
_VISITS = 12


def measure(world: World) -> list[Row]:
    """Measure start, memory and disk."""
    ours, bare, memory, bare_memory = [], [], 0.0, 0.0
    token = staff_token(world.main.engine, "dedi")
    environment, log = world.environment(world.main), world.folder / "start.log"
    for _ in range(_STARTS):
        with server("caseflow.wsgi:app", environment, log, workers=2) as served:
            ours.append(served.first_answer_s)
            memory = max(memory, _memory(served, _PAGES, token))
        with server("bench.bare:app", environment, log, workers=2) as served:
            bare.append(served.first_answer_s)
            bare_memory = max(bare_memory, _memory(served, ("/",), token))
    return [
        Row(
            "14a", "first answer", "bare Flask + SQLAlchemy", min(ours), 1.5, 0.7, high=False,
            unit=" s", notes=[f"bare {min(bare):.2f} s, from the start of the process to the home page"],
        ),
        Row(
            "14b", "memory, 2 workers", "bare Flask + SQLAlchemy", memory, 180, 130, high=False, unit=" MB",
            notes=[f"bare {bare_memory:.0f} MB; proportional set size of master and workers"],
        ),
        _disk(world),
    ]  # fmt: skip


def _disk(world: World) -> Row:
    sizes = bytes_a_case(world.main.urls, world.main.size.cases)
    shares = ", ".join(f"{name} {size / 1000:.2f}" for name, size in sizes.items())
    return Row(
        "14c", "bytes a case", "tables and indexes", sum(sizes.values()) / 1000, 3.2, 2.0, high=False, unit=" kB",
        notes=[shares],
    )  # fmt: skip


def _memory(served: Server, pages: tuple[str, ...], token: str) -> float:
    """Visit every page often enough, on connections of their own, that both workers have answered."""
    for _ in range(_VISITS):
        for page in pages:
            browser = Browser(served.port, token)
            browser.get(page)
            browser.close()
    return sum(own_megabytes(pid) for pid in (served.master, *served.workers))
