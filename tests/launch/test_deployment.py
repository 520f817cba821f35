"""The service as written down: compose file, secrets, roles and manual agree with each other."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from caseflow.launch import binaries
from caseflow.launch.cluster import test_cluster as temporary_cluster
from caseflow.launch.databases import libpq
from caseflow.launch.instance import REPOSITORY

COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_container_is_closed(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert ("ports" in service) == (name == "proxy")
    assert not re.search(r"password|secret_key\s*=", " ".join(map(str, service.get("command", []))))


def test_health_of_what_others_wait_for() -> None:
    for name in ("proxy", "web", "database", "store"):
        assert COMPOSE["services"][name]["healthcheck"]["test"]
    assert "/readyz" in " ".join(COMPOSE["services"]["web"]["healthcheck"]["test"])
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_store_is_pinned_by_digest() -> None:
    assert re.fullmatch(r"chrislusf/seaweedfs@sha256:[0-9a-f]{64}", COMPOSE["services"]["store"]["image"])


def test_only_migrations_know_the_owner() -> None:
    knowing = {
        name
        for name, service in COMPOSE["services"].items()
        if "database_owner_url" in service.get("secrets", [])
    }
    assert knowing == {"migrate"}


def test_every_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    script = tmp_path / "make-secrets"
    script.write_bytes((REPOSITORY / "deploy" / "make-secrets").read_bytes())
    subprocess.run(["bash", script], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert all(len(text) >= 32 for text in made.values())
    assert f":{made['database_app_password']}@" in made["database_url"]
    assert (
        yaml.safe_load(made["store_identities"])["identities"][0]["credentials"][0]["secretKey"]
        == made["store_secret"]
    )
    subprocess.run(["bash", script], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made


def test_roles_of_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script of the database container, run on a server that has neither roles nor database."""
    monkeypatch.delenv("CASEFLOW_TEST_DATABASE_URL", raising=False)
    script = (REPOSITORY / "deploy" / "create-roles.sh").read_text().replace("/run/secrets", str(tmp_path))
    for role in ("owner", "app"):
        (tmp_path / f"database_{role}_password").write_text(f"it's the {role}")
    with temporary_cluster() as urls:
        with psycopg.connect(libpq(urls.admin), autocommit=True) as admin:
            for what in ("database caseflow", "role caseflow_app", "role caseflow_owner"):
                admin.execute(f"drop {what}".encode())
        socket_dir = urls.admin.partition("host=")[2]
        programs = next(binaries._candidates())[0]
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PGHOST": socket_dir,
            "POSTGRES_USER": "postgres",
        }
        subprocess.run(["sh", "-c", script], check=True, env=environment, capture_output=True)
        with psycopg.connect(libpq(urls.owner), autocommit=True) as owner:
            owner.execute("create extension pg_trgm")
        with psycopg.connect(libpq(urls.app)) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("create table mine (id int)")


def test_manual_names_every_setting() -> None:
    manual = (REPOSITORY / "docs" / "operations.md").read_text()
    config = (REPOSITORY / "caseflow" / "config.py").read_text()
    read = re.findall(r'(?:env\.(?!prefixed)\w+\(|_secret\(env, |_url\(env, )"([A-Z_]+)"', config)
    assert len(read) > 10
    for name in read:
        family, _, last = name.rpartition("_")
        assert f"CASEFLOW_{name}" in manual or (f"CASEFLOW_{family}_" in manual and f"`_{last}`" in manual), (
            name
        )
