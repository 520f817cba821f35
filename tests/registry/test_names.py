"""Indonesian names: what counts as one writing of another, with the reason in words."""

import pytest

from caseflow.registry import names


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        ("Siti Aminah", "ST. AMINAH", "singkatan dibaca penuh"),
        ("Muhammad Yusuf", "M. Yusuf", "singkatan dibaca penuh"),
        ("Mochamad Rizal", "Mhd Rizal", "singkatan dibaca penuh"),
        ("Achmad Dahlan", "Ahmad Dahlan", "singkatan dibaca penuh"),
        ("Abdurrahman", "Abdul Rahman", "singkatan dibaca penuh"),
        ("Yulia Sari, S.Pd.", "Yulia Sari", "gelar diabaikan"),
        ("Drs. H. Bakri Dt. Rajo", "Bakri", "gelar diabaikan"),
        ("Ernawati, A.Md.Keb", "Ernawati", "gelar diabaikan"),
        ("Nurul Huda bin Amir", "Nurul Huda Amir", "bin/binti diabaikan"),
        ("Rosmaniar", "Rossmaniar", "huruf ganda dianggap satu"),
        ("Djamaluddin", "Jamaludin", "ejaan lama dibaca baru"),
        ("Soekarno", "Sukarno", "ejaan lama dibaca baru"),
        ("Tjahaja", "Cahaya", "ejaan lama dibaca baru"),
        ("Jusuf", "Yusuf", "cara menulisnya berbeda"),
    ],
)
def test_one_name_written_in_two_ways(first: str, second: str, because: str) -> None:
    for match in (names.compare(first, second), names.compare(second, first)):
        assert (match.kind, because in match.because) == ("similar", True), match


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Samsir", "Samsir"),
        ("SAMSIR", "samsir"),
        ("O'Brien", "Obrien"),
        ("Nur’aini", "Nuraini"),
        ("Suharto", "  suharto "),
        ("José", "Jose"),
    ],
)
def test_capitals_and_marks_are_nothing(first: str, second: str) -> None:  # F21
    assert names.compare(first, second).kind == "same"


@pytest.mark.parametrize(
    ("first", "second", "because"),
    [
        ("Yosrizal", "Yusrizal", "terdengar sama"),
        ("Novrizal", "Nofrizal", "terdengar sama"),
        ("Fathimah", "Fatimah", "terdengar sama"),
        ("Syamsir", "Samsir", "terdengar sama"),
        ("Yulia Sari", "Yulia", "tanpa nama kedua"),
        ("Sari Yulia", "Yulia Sari", "urutan katanya"),
    ],
)
def test_the_search_for_duplicates_looks_wider(first: str, second: str, because: str) -> None:
    """What it finds is never enough for money: there the names stay different."""
    assert names.compare(first, second).kind == "different"
    for match in (names.resembles(first, second), names.resembles(second, first)):
        assert (match.kind, because in match.because) == ("similar", True), match


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Samsir", "Zulbahri"),
        ("Ali", "Ali Akbar Mahmud"),
        ("Siti Aminah", "Siti Rohani"),
        ("H.", "Samsir"),
        ("", "Samsir"),
        ("null", "None"),
    ],
)
def test_other_people_stay_other_people(first: str, second: str) -> None:  # F25
    assert names.resembles(first, second).kind == "different"
