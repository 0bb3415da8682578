"""The life of the list of TLS inspection, read by squid."""

import pytest

from perimeter365.targets import Style, targets
from tests.life.names import (  # noqa: F401
    BASE,
    test_a_removal_that_was_interrupted_is_finished_later,
    test_after_each_line_what_both_versions_have_passes,
    test_each_line_is_needed,
    test_each_version_replaces_the_last_one,
    test_lines_that_refuse_change_nothing_if_they_are_pasted,
    test_the_names_of_the_example_pass_and_all_else_is_as_before,
    test_two_organizations_share_a_server,
)
from tests.life.servers import Bypass, Server


@pytest.fixture
def kind() -> type[Server]:
    return Bypass


@pytest.mark.parametrize("syntax", ["plain", "squid", "paloalto", "fortigate", "zscaler"])
def test_only_lists_of_programs_that_read_comments_have_them(syntax: str) -> None:
    target = targets["tls-bypass"](Style(options={"syntax": syntax, "categories": "all"}))
    lines = target.render(BASE).artifacts[0].content.decode().splitlines()
    commented = [line for line in lines if line.startswith("#")]
    assert bool(commented) == (syntax in ("plain", "squid"))
    steps = [*target.commands("install"), *target.commands("remove")]
    assert all(step.startswith("# ") for step in steps) == (syntax != "squid")
    assert not any("squid" in line for line in commented) or syntax == "squid"


def test_two_organizations_have_lists_of_their_own() -> None:
    names = {targets["tls-bypass"](Style(options={"prefix": p})).render(BASE).artifacts[0].name for p in ("", "a", "b")}
    assert names == {"bypass.txt", "m365a-bypass.txt", "m365b-bypass.txt"}
