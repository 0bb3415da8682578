"""The long form of a plan: every value, condition and warning, at the width of a terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.plan.listing import listing
from perimeter365.plan.profile import Profile
from perimeter365.show.terminal import columns
from tests.plan.samples import profile
from tests.plan.test_summary import HOSPITAL, PLANS, plan_of


@pytest.mark.parametrize("where", PLANS.values(), ids=PLANS)
def test_the_long_form_has_every_value_condition_and_warning(where: Path | Profile) -> None:
    plan = plan_of(where)
    text = " ".join(" ".join(listing(plan)).split())
    for flow in plan.flows:
        for end in (flow.source, flow.destination):
            values = [*(h.text for h in end.hosts), *map(str, end.prefixes)]
            assert ", ".join(values) in text
        assert " ".join(flow.condition.split()) in text
    for record in plan.records:
        assert " ".join(record.value.split()) in text
    for warning in plan.warnings:
        assert " ".join(warning.message.split()) in text


def test_the_long_form_fits_the_width_too() -> None:
    assert [x for x in listing(plan_of(HOSPITAL)) if columns(x) > 80 and len(x.split()) > 2] == []


def test_control_characters_do_not_reach_the_terminal() -> None:
    plan = replace(plan_of(profile("ncsi")), organization="Con\x1b[2Jtoso")
    assert "\x1b" not in "".join(listing(plan))
