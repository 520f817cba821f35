"""Passphrases: long, not a pattern, no composition rules (A15)."""

import subprocess
import sys

import pytest
from argon2 import Type, extract_parameters

from caseflow.people import hashing
from caseflow.people.passphrases import normal, problem


@pytest.mark.parametrize(
    "passphrase",
    [
        "latihan gonjong padi",
        "lesung kabut sendok tua",
        "JembatanKayuDuaPerahu",
        "   spasi di depan boleh   ",
        "🐃 kerbau lewat pagi-pagi",
        "ﬁsika kelas sebelah kiri",
        "k" + "uda lari jauh" * 9,
    ],
)
def test_good_ones_are_taken(passphrase: str) -> None:
    assert problem(passphrase, about=("dedi", "Dedi Putra")) is None


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("tujuhhr", "15 huruf"),
        ("empatbelashuru", "15 huruf"),
        ("panjang sekali " * 12, "128 huruf"),
        ("aaaaaaaaaaaaaaaa", "mudah ditebak"),
        ("abcabcabcabcabcabc", "mudah ditebak"),
        ("1234567890123456", "mudah ditebak"),
        ("abcdefghijklmnop", "mudah ditebak"),
        ("qwertyuiopasdfgh", "mudah ditebak"),
        ("passwordpassword", "mudah ditebak"),
        ("katasandi rahasia", "mudah ditebak"),
        ("Bismillah12345678", "mudah ditebak"),
        ("petugas bpjs yang baik", "bpjs"),
        ("kantor solok di pagi hari", "solok"),
        ("N A G A R I kita yang elok", "nagari"),
        ("akun dedi putra punya saya", "dedi"),
    ],
)
def test_weak_ones_are_refused_with_the_reason(passphrase: str, said: str) -> None:
    assert said in (problem(passphrase, about=("dedi", "Dedi Putra")) or "")


def test_two_keyboards_make_the_same_passphrase() -> None:
    composed, decomposed = "caf\u00e9 di tepi sungai", "cafe\u0301 di tepi sungai"
    assert hashing.passphrase_matches(hashing.hash_passphrase(normal(composed)), normal(decomposed))


def test_a_passphrase_is_hashed_slowly() -> None:
    """As the installed service does it: argon2id with at least what OWASP asks for. Other tests use a cheaper hash."""
    words = "lesung kabut sendok tua"
    program = f"from caseflow.people import hashing; print(hashing.hash_passphrase({words!r}))"
    stored = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()
    found = extract_parameters(stored)
    assert found.type is Type.ID
    assert (found.memory_cost >= 19_456, found.time_cost >= 2, found.hash_len >= 32) == (True, True, True)
    assert hashing.passphrase_matches(stored, words)


def test_nobody_matches_nothing() -> None:
    assert not hashing.passphrase_matches(None, "nobody has this passphrase")
    assert not hashing.code_matches(None, "no slip has this code", 0, pepper="p")
    assert not hashing.passphrase_matches("not a hash", "lesung kabut sendok tua")


def test_a_code_fits_only_its_case_and_its_pepper() -> None:
    stored = hashing.hash_code("123456789012", 7, pepper="a" * 40)
    assert hashing.code_matches(stored, "123456789012", 7, pepper="a" * 40)
    assert not hashing.code_matches(stored, "123456789012", 8, pepper="a" * 40)
    assert not hashing.code_matches(stored, "123456789012", 7, pepper="b" * 40)
