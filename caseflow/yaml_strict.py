"""A strict reader for the project's own data files: what is written is what is read.

Plain YAML lets the last of two equal keys win, reads ``on`` as true, ``NO`` as false, ``5.10`` as 5.1,
``010`` as eight and ``12:30`` as 750. In a file that decides money each of these is refused, with its line.
"""

import re
from datetime import date
from pathlib import Path

import yaml

from caseflow.errors import CaseflowError

_CORE = "tag:yaml.org,2002:"
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(_[0-9]{3})+)")
_LONGEST_NUMBER = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class YamlRefused(CaseflowError):
    """A data file cannot be used; the sentence names file, place and cure."""


def load(path: Path) -> object:
    """Read one YAML file of mappings, lists, text, whole numbers, dates, ``true``/``false`` and null.

    :raises YamlRefused: the file is missing, not UTF-8, or holds anything that could be read in two ways.
    """
    file = "/".join(path.parts[-2:])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlRefused(f"{file}: bukan teks UTF-8. Simpan ulang sebagai UTF-8.") from error
    except OSError as error:
        raise YamlRefused(f"{file}: tidak dapat dibaca ({error.strerror}).") from error
    return loads(text, file=file)


def loads(text: str, *, file: str) -> object:
    """Read YAML text as :func:`load` does; ``file`` is the name used in refusals."""
    reader = _Reader(file)
    for number, line in enumerate(text.splitlines()):
        if "\t" in line:
            raise reader.refused(number, "ada karakter tab. Ganti dengan spasi.")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = f"susunan YAML tidak terbaca ({error.problem or error.context})."
        raise reader.refused(mark.line if mark else 0, why) from error
    except yaml.YAMLError as error:
        raise YamlRefused(f"{file}: ada karakter yang tidak boleh dipakai.") from error
    except RecursionError as error:
        raise YamlRefused(f"{file}: isinya bersarang terlalu dalam.") from error
    if root is None:
        raise YamlRefused(f"{file}: berkas ini kosong.")
    try:
        return reader.value(root)
    except RecursionError as error:
        raise YamlRefused(f"{file}: isinya bersarang terlalu dalam.") from error


class _Reader:
    """Turns the node tree of one file into plain values."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._visited: set[int] = set()

    def refused(self, line: int, why: str) -> YamlRefused:
        """Return the refusal with file and line (``line`` counts from 0, as the marks of PyYAML do)."""
        return YamlRefused(f"{self.file} baris {line + 1}: {why}")

    def value(self, node: yaml.Node) -> object:
        """Return the plain value of a node."""
        if id(node) in self._visited:
            # an alias leads to a node that was met before; the row must say in its own place what it means
            why = "isi ini dipakai lagi di tempat lain lewat tanda *. Tulis dua kali."
            raise self.refused(node.start_mark.line, why)
        self._visited.add(id(node))
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_CORE}map":
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_CORE}seq":
            return [self.value(item) for item in node.value]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        raise self.refused(node.start_mark.line, f"jenis isi {node.tag!r} tidak dipakai di berkas ini.")

    def _mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        lines: dict[str, int] = {}
        content: dict[str, object] = {}
        for key_node, value_node in node.value:
            key, line = self._key(key_node), key_node.start_mark.line
            if key in lines:
                why = f"kunci {key!r} tertulis dua kali (pertama di baris {lines[key] + 1}). Hapus satu."
                raise self.refused(line, why)
            lines[key] = line
            content[key] = self.value(value_node)
        return content

    def _key(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode) and node.tag == f"{_CORE}str":
            return str(node.value)
        shown = repr(node.value) if isinstance(node, yaml.ScalarNode) else "yang berupa daftar"
        kind = "dibaca YAML sebagai ya/tidak" if node.tag == f"{_CORE}bool" else "bukan teks"
        raise self.refused(node.start_mark.line, f"kunci {shown} {kind}. Pakai nama lain.")

    def _scalar(self, node: yaml.ScalarNode) -> object:
        written, line = str(node.value), node.start_mark.line
        match node.tag.removeprefix(_CORE):
            case "str":
                return written
            case "null":
                return None
            case "int":
                return self._whole_number(written, line)
            case "bool":
                if written not in ("true", "false"):
                    why = f"{written!r} dibaca YAML sebagai ya/tidak. Tulis true/false, atau beri kutip."
                    raise self.refused(line, why)
                return written == "true"
            case "timestamp":
                return self._day(written, line)
            case "float":
                why = f"angka pecahan {written!r} tidak dipakai. Tulis bilangan bulat, atau beri kutip."
                raise self.refused(line, why)
            case _:
                raise self.refused(line, f"jenis isi {node.tag!r} tidak dipakai di berkas ini.")

    def _whole_number(self, written: str, line: int) -> int:
        if not _WHOLE_NUMBER.fullmatch(written):
            raise self.refused(
                line, f"angka {written!r} bukan bilangan bulat biasa. Beri kutip bila itu teks."
            )
        if len(written) > _LONGEST_NUMBER:
            raise self.refused(line, f"angka ini lebih panjang dari {_LONGEST_NUMBER} huruf.")
        return int(written.replace("_", ""))

    def _day(self, written: str, line: int) -> date:
        if not _DAY.fullmatch(written):
            raise self.refused(line, f"tanggal {written!r} harus tahun-bulan-hari, misalnya 2026-11-20.")
        try:
            return date.fromisoformat(written)
        except ValueError as error:
            raise self.refused(line, f"tanggal {written!r} tidak ada di kalender.") from error
