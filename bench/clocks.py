"""CPU time of processes, in nanoseconds: ours, a web worker's, PostgreSQL's."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from caseflow.launch.databases import libpq

_SCHEDULER = 2  # CPUCLOCK_SCHED: time on a CPU, user and kernel together


def process_cpu_ns(pid: int) -> int:
    """CPU time of a whole process, finished threads included; 0 when it is gone."""
    try:
        return time.clock_gettime_ns((~pid << 3) | _SCHEDULER)
    except OSError:
        return 0


def reaped_cpu_ns(pid: int) -> int:
    """CPU time of the children that a process waited for, in nanoseconds; in steps of a hundredth of a second."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(words[13]) + int(words[14])) * (10**9 // os.sysconf("SC_CLK_TCK"))


def backends(admin_url: str, *databases: str) -> list[int]:
    """Process ids of PostgreSQL that serve these databases now."""
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = ANY(%s) AND pid <> pg_backend_pid()",
            [list(databases)],
        )
        pids = [int(row[0]) for row in found]
    if not pids:
        raise RuntimeError(f"nobody is connected to {', '.join(databases)}: its CPU would be missing")
    return pids


def cpu_clock(
    pids: Iterable[int], *, own: bool = False, find: Callable[[], Iterable[int]] | None = None
) -> Callable[[], int]:
    """Return a clock over some processes.

    :param own: our own process counts too; :param find: asked at every reading for processes that come and go.
    """
    watched = list(pids)

    def read() -> int:
        found = [*watched, *(find() if find else ())]
        mine = time.process_time_ns() if own else 0
        return mine + sum(process_cpu_ns(pid) for pid in found)

    return read


def children(pid: int) -> list[int]:
    """Process ids of the children of a process."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def own_megabytes(pid: int) -> float:
    """Memory of a process, pages shared with others counted by their part (PSS), in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
