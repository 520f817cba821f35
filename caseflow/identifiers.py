"""Numbers and names that leave the server: case numbers, slip codes, random keys.

Case number ``SJJ-26-0042-7``: regency, year, serial, check digit. It is a locator, never a secret.
The check digit is Damm's: it catches every single wrong digit and every swap of neighbours.
"""

import hashlib
import re
import secrets
import unicodedata

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
# no vowels, so no words; no 0, 1, I, O. Twenty-nine, a prime: the check letter sees every swap
_CODE_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXYZ"
_PUBLIC = "23456789bcdfghjkmnpqrstvwxz"
_CODE_LENGTH = 16
_NUMBER = re.compile(r"([A-Z]{3})([0-9]{2})([0-9]{4,9})([0-9])")


def check_digit(digits: str) -> str:
    """Return Damm's check digit of ASCII digits."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def case_number(regency: str, year: int, serial: int) -> str:
    """Return a case number, e.g. ``case_number("SJJ", 2026, 42)`` → ``SJJ-26-0042-7``."""
    body = f"{year % 100:02d}{serial:04d}"
    return f"{regency}-{body[:2]}-{body[2:]}-{check_digit(body)}"


def read_case_number(text: str) -> str | None:
    """Return the number a person meant, or ``None`` when its check digit does not fit.

    Spaces, dots, dashes and small letters are forgiven; the regency may be left out (then ``SJJ``).
    """
    plain = re.sub(r"[\s.\-–/]", "", unicodedata.normalize("NFKC", text)).upper()
    if plain.isascii() and plain.isdigit():
        plain = f"SJJ{plain}"
    match = _NUMBER.fullmatch(plain)
    if match is None:
        return None
    regency, year, serial, check = match.groups()
    if check_digit(year + serial) != check:
        return None
    return f"{regency}-{year}-{serial}-{check}"


def ascii_digits(text: str) -> str:
    """Return the text with its digits in ASCII and without spaces, dots and dashes."""
    return re.sub(r"[\s.\-–]", "", unicodedata.normalize("NFKC", text))


def random_token() -> str:
    """Return 256 random bits for a cookie or session."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what the database keeps of a 256-bit random token (hex SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()


def public_id() -> str:
    """Return twelve random letters and digits for an address: no vowels, nothing to guess from."""
    return "".join(secrets.choice(_PUBLIC) for _ in range(12))


def object_key() -> str:
    """Return a random name for a stored object: no person, number or file name in it."""
    return secrets.token_hex(16)


def slip_code() -> str:
    """Return twelve digits: eleven random, one check digit."""
    body = f"{secrets.randbelow(10**11):011d}"
    return body + check_digit(body)


def read_slip_code(text: str) -> str | None:
    """Return the twelve digits a person typed, or ``None`` when it is a slip of the finger."""
    digits = ascii_digits(text)
    if not re.fullmatch(r"[0-9]{12}", digits) or check_digit(digits[:11]) != digits[11]:
        return None
    return digits


def check_code() -> str:
    """Return sixteen letters by which anybody can check a letter: fifteen random (72 bits), one check letter."""
    body = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH - 1))
    return body + _code_check(body)


def read_check_code(text: str) -> str | None:
    """Return the code a person meant, or ``None`` when it is a slip of the finger.

    Spaces, dots, dashes and small letters are forgiven.
    """
    plain = re.sub(r"[\s.\-–—/]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(plain) != _CODE_LENGTH or any(letter not in _CODE_LETTERS for letter in plain):
        return None
    return plain if _code_check(plain[:-1]) == plain[-1] else None


def grouped_code(code: str) -> str:
    """Return a check code in groups of four, as it stands on paper: ``K7MQ-2F9T-XW4H-3BDP``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _code_check(body: str) -> str:
    """A weighted sum modulo a prime: every single wrong letter and every swap of two is seen."""
    weighted = sum(place * _CODE_LETTERS.index(letter) for place, letter in enumerate(body, start=1))
    return _CODE_LETTERS[weighted % len(_CODE_LETTERS)]
