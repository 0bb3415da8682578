"""The index of host patterns, against a search through all of them."""

from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import HostPatternError
from perimeter365.model.host import HostPattern
from perimeter365.model.host_index import HostIndex

LABEL = st.sampled_from(["a", "b", "ab", "cdn", "*", "*a", "a*", "*-cdn"])


def _pattern(labels: list[str]) -> HostPattern | None:
    try:
        return HostPattern(".".join([*labels, "example", "com"]))
    except HostPatternError:  # two stars
        return None


PATTERNS = st.lists(LABEL, min_size=1, max_size=3).map(_pattern).filter(bool)


@given(st.lists(PATTERNS, max_size=12), PATTERNS)
def test_it_finds_what_a_search_through_all_patterns_finds(patterns: list[HostPattern], asked: HostPattern) -> None:
    index = HostIndex(patterns)
    covering = [p for p in patterns if p != asked and p.covers(asked)]
    found = index.cover(asked)
    assert (found is not None) == bool(covering)
    assert found is None or found in covering
    assert (asked in index) == (bool(covering) or asked in patterns)
    under = sorted({p.text for p in patterns if p != asked and asked.covers(p)})
    assert index.under(asked) == under
    assert index.under(asked, 1) == under[:0] or len(index.under(asked, 1)) == 1


def test_the_narrowest_pattern_covers() -> None:
    index = HostIndex(map(HostPattern, ["*.example.com", "*.b.example.com", "a.*.example.com"]))
    found = index.cover(HostPattern("x.b.example.com"))
    assert found == HostPattern("*.b.example.com")
