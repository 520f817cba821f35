"""The child process that sets a letter. Run by ``press.print_letter``; imports nothing of ours.

``typeset.py MEMORY SECONDS ROOT TEMPLATE``  reads the letter as JSON, writes the PDF

No file outside ROOT is read, none is written. Whatever goes wrong ends the process; the parent says so.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from typst import PDFStandard

# archive with real text, and readable by a screen reader: tags, language, title, embedded fonts
STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]


def set_limits(memory_bytes: int, seconds: int) -> None:
    """Give up what is not needed before the first word of the letter is read."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def typeset(words: str, root: str, template: str) -> bytes:
    """Return the PDF of a letter; the same words and day give the same bytes."""
    year, month, day = json.loads(words)["day"]
    return typst.compile(
        f"{root}/{template}.typ",
        root=root,
        format="pdf",
        ignore_system_fonts=True,
        font_paths=[],
        sys_inputs={"letter": words},
        pdf_standards=STANDARDS,
        timestamp=datetime(year, month, day, tzinfo=UTC),
    )


def main(arguments: list[str]) -> None:
    """Set one letter."""
    memory, seconds, root, template = arguments
    set_limits(int(memory), int(seconds))
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read().decode(), root, template))


if __name__ == "__main__":
    main(sys.argv[1:])
