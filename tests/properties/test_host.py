"""Host patterns: matching, against `fnmatch`; `covers`, against small names.

A star has the meaning of shell patterns and of shExpMatch in PAC files, but only well-formed names match. By the grammar,
the star of a suffix and of an inner pattern matches at least one character, unlike in fnmatch.
"""

from fnmatch import fnmatchcase
from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import HostPatternError
from perimeter365.model.host import HostPattern, is_name, minimal

ALPHABET = "ab-."
TAIL = ".ab.aa"
"""The end of all small patterns, so that none matches a public suffix."""


def made(text: str) -> HostPattern | None:
    try:
        return HostPattern(text)
    except HostPatternError:
        return None


labels = st.text(alphabet="ab0-_", min_size=1, max_size=4)
names = st.lists(labels, min_size=2, max_size=5).map(".".join)
patterns = st.one_of(
    names,
    names.map("*.{}".format),
    names.map("*{}".format),
    st.tuples(names, names).map("*".join),
    st.tuples(names, names).map(".*.".join),
).map(made)


@given(patterns, names)
def test_matching_is_fnmatch_over_well_formed_names(pattern: HostPattern | None, name: str) -> None:
    if pattern is None:
        return
    expected = is_name(name) and fnmatchcase(name, pattern.text)
    assert pattern.matches(name) == expected


@given(patterns, st.text(alphabet="ab0-_.", max_size=5))
def test_matching_is_fnmatch_for_names_made_from_the_pattern(pattern: HostPattern | None, star: str) -> None:
    if pattern is None:
        return
    name = pattern.text.replace("*", star)
    assert pattern.matches(name) == (is_name(name) and fnmatchcase(name, pattern.text))


@given(st.text(max_size=40))
def test_accepted_patterns_contain_only_harmless_characters(text: str) -> None:
    """Only letters, digits, dots, hyphens, underscores, one star, and <variables>."""
    if pattern := made(text):
        assert pattern.text.isascii()
        rest = pattern.text.replace("<", "").replace(">", "") if pattern.kind == "template" else pattern.text
        assert set(rest) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-*")
        assert pattern.text.count("*") <= 1
        assert len(pattern.text) <= 300
        assert HostPattern(pattern.text) == pattern


@cache
def small_names(size: int) -> tuple[str, ...]:
    """Return every well-formed name with up to `size` characters before the tail."""
    texts = ("".join(t) + TAIL for n in range(size + 1) for t in product(ALPHABET, repeat=n))
    return tuple(t for t in (*texts, TAIL[1:]) if is_name(t))


@cache
def small_patterns() -> tuple[HostPattern, ...]:
    """Return every pattern with up to four characters before the tail."""
    texts = {"".join(t) + TAIL for n in range(5) for t in product(f"{ALPHABET}*", repeat=n)}
    texts |= {text.removeprefix(".") for text in texts}
    texts |= {f"*{t}{TAIL[1:]}" for t in ("", "a", "b", "a.", "-")}
    return tuple(p for text in sorted(texts) if (p := made(text)) is not None)


@cache
def matched(pattern: HostPattern) -> frozenset[str]:
    return frozenset(name for name in small_names(6) if pattern.matches(name))


def test_there_are_small_patterns_of_every_kind_with_a_star() -> None:
    assert {p.kind for p in small_patterns()} == {"exact", "suffix", "glued", "inner"}
    assert len(small_patterns()) > 150


def test_covers_is_inclusion_of_all_names_for_every_pair_of_small_patterns() -> None:
    """Names with two more characters than the patterns distinguish all patterns."""
    some = small_patterns()
    wrong = [(w.text, n.text) for w in some for n in some if w.covers(n) != (matched(n) <= matched(w))]
    assert wrong == []


@given(st.lists(st.sampled_from(small_patterns()), max_size=8))
def test_minimal_matches_the_same_names_without_redundant_patterns(some: list[HostPattern]) -> None:
    kept = minimal(some)
    assert {n for p in kept for n in matched(p)} == {n for p in some for n in matched(p)}
    assert not any(a != b and a.covers(b) for a in kept for b in kept)
    assert list(kept) == sorted(set(kept))


@given(st.sampled_from(small_patterns()))
def test_the_enclosing_suffix_matches_all_names_of_the_pattern(pattern: HostPattern) -> None:
    if wider := pattern.enclosing:
        assert wider.kind == "suffix"
        assert all(wider.matches(n) for n in matched(pattern))
