"""The PAC file sends a name direct if fnmatch matches it."""

from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from tests.consumers.pac import by_pacparser
from tests.targets.netfilter import by_hand
from tests.targets.test_pac import PROXY, by_names, questions, text

LABELS = st.sampled_from(["a", "b", "ab", "a-b", "login", "0"])
DOMAINS = st.sampled_from(["x.com", "y.net", "a.x.com", "x.net"])
HOSTS = st.builds(
    lambda shape, one, two, domain: shape.format(one=one, two=two, domain=domain),
    st.sampled_from(
        [
            "{domain}",
            "{one}.{domain}",
            "{one}.{two}.{domain}",
            "*.{domain}",
            "*.{one}.{domain}",
            "*{one}.{domain}",
            "*-{one}.{domain}",
            "{one}*.{domain}",
            "{one}.*.{domain}",
            "{one}.*.{two}.{domain}",
        ]
    ),
    LABELS,
    LABELS,
    DOMAINS,
)
NAMES = st.builds(lambda labels, domain: ".".join([*labels, domain]), st.lists(LABELS, max_size=4), DOMAINS)


@given(st.lists(HOSTS, max_size=8), st.lists(NAMES, min_size=1, max_size=30))
def test_any_patterns_and_any_names_agree_with_fnmatch(patterns: list[str], tested: list[str]) -> None:
    made = by_hand(by_names(*dict.fromkeys(patterns)))
    got = by_pacparser(text(made, mode="all"), questions(tested))
    assert got == ["DIRECT" if any(fnmatchcase(n, p) for p in patterns) else PROXY for n in tested]
