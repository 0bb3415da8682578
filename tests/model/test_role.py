"""Roles of the ends of a flow."""

import re

import pytest

from perimeter365.errors import UnknownNameError
from perimeter365.model.role import ANYONE, MICROSOFT, OUR_ROLES, OURS, ROLES, THIRD_PARTY, role

# roles of own hosts, which profiles use
NAMED_IN_THE_HOUSE = [
    "client",
    "exchange-server",
    "mrs-proxy",
    "adfs-proxy",
    "adfs-server",
    "entra-connect",
    "sbc",
    "sfb-edge",
    "mfa-server",
    "notification-receiver",
    "proxy-connector",
    "domain-controller",
    "mobile-device",
]


def test_roles_of_own_hosts_have_fixed_names() -> None:
    assert set(NAMED_IN_THE_HOUSE) <= set(OUR_ROLES)


def test_each_role_is_on_one_side_under_its_own_name() -> None:
    for name, each in ROLES.items():
        assert each.name == name
        assert each.side in (OURS, MICROSOFT, THIRD_PARTY, ANYONE)
        assert each.title
        assert re.fullmatch(r"[a-z0-9-]+", name)
    assert [name for name, each in ROLES.items() if each.side == ANYONE] == ["internet"]
    assert list(OUR_ROLES) == [name for name, each in ROLES.items() if each.side == OURS]


def test_titles_are_unique() -> None:
    titles = [each.title for each in ROLES.values()]
    assert len(set(titles)) == len(titles)


def test_an_unknown_role_is_rejected_with_the_nearest() -> None:
    assert role("mrs-proxy").side == OURS
    with pytest.raises(UnknownNameError) as caught:
        role("mrs-prxoy")
    assert caught.value.help == "did you mean 'mrs-proxy'?"
