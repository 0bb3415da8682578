"""The cost of the witness on the recorded steps, and that its past has no future."""

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.sources.witness import embedded_witness
from tests.reliability.figures import steps
from tests.reliability.witness_figures import brought, space


def test_a_step_of_a_cloud_that_microsoft_runs_never_leaves_its_space() -> None:
    outside = {
        (step.new.cloud, step.new.version) for step in steps() for p in brought(step) if p not in space(step.new.cloud)
    }
    assert len(steps()) > 110
    assert {cloud for cloud, _ in outside} == {Cloud.CHINA}
    assert len(outside) <= 2


@pytest.mark.parametrize("cloud", [Cloud.WORLDWIDE, Cloud.CHINA])
def test_no_recorded_step_has_a_witness_of_its_day(cloud: Cloud) -> None:
    """The newest recorded step is older than the public ranges of the package: a replay with them would know the future."""
    days = [step.new.day for step in steps() if step.new.cloud is cloud]
    assert days
    assert all(embedded_witness().on(day) is None for day in days)
    then = embedded_witness().on(embedded_witness().day)
    assert then
    assert then.space(cloud) == space(cloud)
