"""Ids and patterns of what an organization says, and their JSON for the hash of a profile."""

from datetime import date

import pytest

from perimeter365.errors import ProfileError
from perimeter365.plan.choices import Acceptance, DnsSettings, Exclusion, plain_choice


@pytest.mark.parametrize("wrong", ["*", "", "/*", "row/*/x", "row/23*", "a b", "row/23/*/"])
def test_an_id_is_no_bare_wildcard(wrong: str) -> None:
    with pytest.raises(ProfileError, match="is neither an id"):
        Exclusion(id=wrong)


@pytest.mark.parametrize(
    ("pattern", "covered", "others"),
    [
        ("row/23/*", ["row/23/newest"], ["row/2/x", "row/23", "row/230/x"]),
        ("ws/worldwide/1", ["ws/worldwide/1"], ["ws/worldwide/10"]),
        ("mrs-proxy", ["mrs-proxy"], ["mrs-proxy-2"]),
        ("_sip._tls.contoso.com", ["_sip._tls.contoso.com"], ["sip.contoso.com"]),
    ],
)
def test_a_pattern_covers_its_ids_alone(pattern: str, covered: list[str], others: list[str]) -> None:
    each = Exclusion(id=pattern)
    assert [name for name in covered + others if each.covers(name)] == covered


def test_the_last_day_counts() -> None:
    each = Acceptance(code="role-unset", id="sbc", reason="x", expires=date(2026, 12, 1))
    assert [each.expired(date(2026, 12, day)) for day in (1, 2)] == [False, True]


def test_no_senders_are_a_value_and_unknown_senders_are_none() -> None:
    assert DnsSettings(spf_senders=()).value("spf_senders") == ""
    assert DnsSettings().value("spf_senders") is None


def test_the_json_has_what_is_set() -> None:
    each = Acceptance(code="role-unset", id="sbc", reason="x", expires=date(2026, 12, 1))
    assert plain_choice((each,)) == [{"id": "sbc", "reason": "x", "code": "role-unset", "expires": "2026-12-01"}]
