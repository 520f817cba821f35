"""The two words on a slip."""

from caseflow.people.words import WORDS, phrase


def test_there_are_enough_easy_words() -> None:
    assert len(WORDS) >= 128
    assert len(set(WORDS)) == len(WORDS)
    assert all(word.isascii() and word.islower() and word.isalpha() and 3 <= len(word) <= 9 for word in WORDS)


def test_a_phrase_is_two_different_words() -> None:
    seen = {phrase() for _ in range(200)}
    assert len(seen) > 100
    assert all(len(set(one.split())) == 2 for one in seen)
