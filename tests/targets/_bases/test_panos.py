"""Where the objects and rules of PAN-OS are."""

import pytest

from perimeter365.targets import Style, targets
from perimeter365.targets._bases.panos import KINDS, RULE, SetTarget, is_name


@pytest.mark.parametrize(
    ("options", "objects", "rules"),
    [
        ({}, "address", RULE),
        ({"vsys": "vsys2"}, "vsys vsys2 address", f"vsys vsys2 {RULE}"),
        ({"device_group": "DMZ"}, "device-group DMZ address", f"device-group DMZ pre-{RULE}"),
        ({"objects": "shared"}, "shared address", RULE),
        ({"objects": "shared", "device_group": "DMZ"}, "shared address", f"device-group DMZ pre-{RULE}"),
    ],
)
def test_paths(options: dict[str, str], objects: str, rules: str) -> None:
    target = targets["paloalto-set"](Style(options=options))
    assert isinstance(target, SetTarget)
    assert (target.path("address"), target.path(RULE)) == (objects, rules)
    assert len({target.path(kind) for kind in KINDS}) == len(KINDS)


def test_names_have_no_syntax() -> None:
    assert is_name("")
    assert is_name("vsys2")
    assert not is_name("a b")
    assert not is_name('"')
