"""What the script of the page makes of an answer: only our own sentence ends the sending of a photo."""

import json
import subprocess
from pathlib import Path

import playwright
import pytest

from caseflow.launch.instance import REPOSITORY

# the browser tests bring a node of their own, whatever else the machine has
NODE = Path(playwright.__file__).parent / "driver" / "node"
SCRIPTS = REPOSITORY / "caseflow" / "static" / "js"
ASK = """
import { Refused, Sender } from "./upload-send.mjs";
globalThis.window = {};
const [status, body] = JSON.parse(process.argv[2]);
globalThis.fetch = async () => ({ ok: false, status, redirected: false, text: async () => body });
const sender = new Sender({ address: "/x", url: "/x/1", anew: true }, { save: async () => {} });
const said = await sender.understand({ originalResponse: { getStatus: () => status, getBody: () => body } });
console.log(said instanceof Refused ? (said.kept ? "kept" : "dropped") : "again");
"""


@pytest.mark.parametrize(
    ("status", "body", "becomes"),
    [
        (409, "<!doctype html><p>Kasus ini sedang dikerjakan orang lain.</p>", "again"),
        (413, "<html>Request Entity Too Large</html>", "again"),
        (410, "<html>", "again"),
        (409, "{}", "again"),
        (503, "<html>", "again"),
        (403, "<html>", "kept"),
        (415, '{"sentence": "Berkas ini halaman web.", "again": false}', "dropped"),
    ],
)
def test_only_our_sentence_drops_a_photo(
    tmp_path_factory: pytest.TempPathFactory, status: int, body: str, becomes: str
) -> None:
    folder = tmp_path_factory.mktemp("script")
    sender = (SCRIPTS / "upload-send.js").read_text().replace("#understand", "understand")
    (folder / "upload-send.mjs").write_text(sender.replace("./upload-queue.js", "./upload-queue.mjs"))
    (folder / "upload-queue.mjs").write_text("export const newKey = () => 'key';")
    (folder / "ask.mjs").write_text(ASK)
    said = subprocess.run(
        [str(NODE), str(folder / "ask.mjs"), json.dumps([status, body])],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout.strip() == becomes
