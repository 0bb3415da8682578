"""The life of the forward zones of Unbound."""

import subprocess
from pathlib import Path

import pytest

from perimeter365.targets import Style, targets
from tests.consumers import need
from tests.life import tries
from tests.life.names import (  # noqa: F401
    plan_with,
    test_a_removal_that_was_interrupted_is_finished_later,
    test_after_each_line_what_both_versions_have_passes,
    test_each_line_is_needed,
    test_each_version_replaces_the_last_one,
    test_lines_that_refuse_change_nothing_if_they_are_pasted,
    test_the_names_of_the_example_pass_and_all_else_is_as_before,
    test_two_organizations_share_a_server,
)
from tests.life.servers import OWN, Server, Unbound, dig


@pytest.fixture
def kind() -> type[Server]:
    return Unbound


@tries("unbound", "neighbors")
def test_a_name_of_two_organizations_is_forwarded_for_one_and_then_for_the_other(tmp_path: Path) -> None:
    plan = plan_with("*.both.example")
    with Unbound(tmp_path) as server:
        server.load(plan, "install")
        server.load(plan, "install", prefix="other", servers=OWN)
        assert dig(server.shell, ["x.both.example"])["x.both.example"] in ("198.51.100.53", "198.51.100.55")
        server.follow("remove")
        assert dig(server.shell, ["x.both.example"]) == {"x.both.example": "198.51.100.55"}
        server.follow("remove", prefix="other")
        assert dig(server.shell, ["x.both.example"]) == {"x.both.example": "198.51.100.54"}


def test_long_names_and_many_flows_are_accepted(tmp_path: Path) -> None:
    longest = ".".join(["a" * 63] * 3 + ["b" * 53, "example"])
    assert len(longest) == 253
    names = [f"n{n}.wide.example" for n in range(200)]
    plan = plan_with(longest, "*.wide.example", *names, id="row/6/a-requirement-with-a-long-name")
    text = targets["unbound"](Style(options=Unbound.options)).render(plan).artifacts[0].content
    (tmp_path / "m365.conf").write_bytes(text)
    command: list[str | Path] = [need("unbound-checkconf"), tmp_path / "m365.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in text.splitlines() if b"refused" not in line) < 300, "without those of the manual"
    assert longest.encode() in text


def test_what_a_forward_zone_adds_is_a_loss_unless_the_plan_has_it() -> None:
    """A domain and the names below it, in two lines of the plan, are what a forward zone has."""
    losses = targets["unbound"](Style(options=Unbound.options)).render(plan_with("a.example", "*.a.example", "b.example"))
    assert [subject for loss in losses.losses for subject in loss.subjects] == ["b.example"]
