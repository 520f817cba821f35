"""The folder of an installation: what is kept, who may read it, where PostgreSQL can live."""

import os
from pathlib import Path

import pytest

from caseflow.launch import instance
from caseflow.launch.cluster import Cluster
from caseflow.launch.instance import Instance, Options, open_instance
from caseflow.launch.problems import LaunchError


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        opened = open_instance(tmp_path / "instance")
        first = opened.secret("pepper").read_text()
    finally:
        os.umask(before)
    assert len(first) >= 64
    assert mode(opened.secret("pepper")) == 0o600
    assert opened.secret("pepper").read_text() == first
    assert opened.secret("secret_key").read_text() != first
    for private in ("secrets", "logs", "objects"):
        assert mode(tmp_path / "instance" / private) == 0o700


def test_empty_secret_is_never_replaced_silently(tmp_path: Path) -> None:
    opened = open_instance(tmp_path)
    opened.secret("pepper").write_text("")
    with pytest.raises(LaunchError, match="kosong: pulihkan dari cadangan"):
        opened.secret("pepper")


def test_instance_of_another_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(LaunchError, match=r"dibuat oleh .*: jalankan lagi sebagai"):
        open_instance(tmp_path)


def test_database_below_the_instance(open_folder: Path) -> None:
    opened = open_instance(open_folder / "instance")
    assert opened.database_folder() == open_folder / "instance" / "postgres" / "data"


def test_repository_under_a_closed_folder(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, as_root: bool
) -> None:
    """Root's PostgreSQL goes where it can be reached; nothing above the repository is opened."""
    system, closed = open_folder / "system", open_folder / "closed"
    system.mkdir(mode=0o755)
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(instance, "SYSTEM_DATA", system)
    for _ in range(2):  # the second run finds what the first one made
        opened = open_instance(closed / "caseflow" / "instance")
        data = opened.database_folder()
        with Cluster(data, durable=True):
            assert (opened.home / "postgres" / "data" / "PG_VERSION").exists()
    assert data.is_relative_to(system if as_root else closed)
    assert len(list(system.iterdir())) == (1 if as_root else 0)
    assert mode(closed) == 0o700


def test_folder_that_became_closed_is_named(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, as_root: bool
) -> None:
    opened = open_instance(open_folder / "instance")
    opened.database_folder()
    open_folder.chmod(0o700)
    if as_root:
        with pytest.raises(LaunchError, match="berjalan sebagai nobody dan tidak dapat mencapai"):
            opened.database_folder()
    else:
        assert opened.database_folder().parent.is_dir()


def test_settings_from_the_environment(tmp_path: Path) -> None:
    options = Options.from_environment({"CASEFLOW_PORT": "8123", "CASEFLOW_DATABASE_URL": ""})
    assert options.base_url == "http://127.0.0.1:8123"
    assert options.database_url is None
    assert options.mode == "training"
    assert options.instance == instance.REPOSITORY / "instance"
    named = Options.from_environment({"CASEFLOW_INSTANCE": str(tmp_path)})
    assert Instance(named.instance).logs == tmp_path / "logs"
