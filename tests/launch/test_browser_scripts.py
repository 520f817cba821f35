"""Scripts of others for the browser: fetched by exact version at set-up, never committed, never a condition."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from caseflow.launch.instance import REPOSITORY

LISTS = ("package.json", "package-lock.json", ".npmrc", "requirements-node.txt")
TOOLS = ("bash", "dirname", "mkdir", "cp", "touch")
NPM = """#!/bin/bash
[[ $1 == ci && $2 == --ignore-scripts ]] || exit 1
mkdir -p node_modules/tus-js-client/dist
echo licence >node_modules/tus-js-client/LICENSE
echo script >node_modules/tus-js-client/dist/tus.min.js
mkdir -p node_modules/idb/build
echo licence >node_modules/idb/LICENSE
echo module >node_modules/idb/build/index.js
"""


def set_up(folder: Path, *, npm: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script in a copy of its surroundings, with few tools and a Python that makes no environment."""
    (folder / "deploy").mkdir()
    shutil.copy(REPOSITORY / "deploy" / "browser-scripts", folder / "deploy")
    for name in LISTS:
        shutil.copy(REPOSITORY / name, folder)
    tools = folder / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    if npm is not None:
        (tools / "npm").write_text(npm)
        (tools / "npm").chmod(0o755)
    command = ["bash", str(folder / "deploy" / "browser-scripts"), shutil.which("false") or "false"]
    environment = {**os.environ, "PATH": str(tools)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_versions_are_exact_and_every_package_has_its_digest() -> None:
    wanted = json.loads((REPOSITORY / "package.json").read_text())["dependencies"]
    locked = json.loads((REPOSITORY / "package-lock.json").read_text())["packages"]
    assert locked.pop("")["dependencies"] == wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert all(one["integrity"].startswith("sha512-") for one in locked.values())
    assert not [name for name, one in locked.items() if "resolved" in one]
    assert "--hash=sha256:" in (REPOSITORY / "requirements-node.txt").read_text()


def test_what_is_fetched_is_never_committed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "caseflow/static/vendor", "node_modules"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert tracked.stdout == ""


def test_what_npm_fetched_is_served(tmp_path: Path) -> None:
    done = set_up(tmp_path, npm=NPM)
    assert (done.returncode, done.stderr) == (0, "")
    served = tmp_path / "caseflow" / "static" / "vendor"
    assert (served / "tus.min.js").read_text() == "script\n"
    assert (served / "idb.js").read_text() == "module\n"
    assert (served / "idb.LICENSE").read_text() == "licence\n"


def test_without_npm_set_up_says_so_and_goes_on(tmp_path: Path) -> None:
    done = set_up(tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("Skrip kirim tidak dapat diambil: ")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "caseflow" / "static" / "vendor" / "tus.min.js").exists()
