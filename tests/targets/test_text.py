"""Plain lists, read back with Python's ipaddress and the grammar of hosts."""

from ipaddress import IPv4Network, IPv6Network, collapse_addresses

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.targets import RenderResult, Style, targets
from perimeter365.targets._bases.list import groups
from tests.targets.cases import CASES, plan


def text(case: str, **options: str) -> RenderResult:
    return targets["text"](Style(options=options)).render(plan(case))


def entries(made: RenderResult, name: str) -> list[str]:
    """A list's lines without comments; [] if there is no list."""
    content = [a.content.decode("ascii") for a in made.artifacts if a.name == name]
    return [line for part in content for line in part.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("case", CASES)
def test_lists_have_exactly_the_external_ends_of_their_group(case: str) -> None:
    made = text(case)
    seen = {"index.txt"}
    for group in groups(plan(case)):
        ends = [flow.theirs.to_dict() for flow in group.flows if flow.theirs]
        prefixes = [p for end in ends for p in end["prefixes"]]
        four = [str(n) for n in collapse_addresses(IPv4Network(p) for p in prefixes if ":" not in p)]
        six = [str(n) for n in collapse_addresses(IPv6Network(p) for p in prefixes if ":" in p)]
        assert entries(made, f"{group.name}-ipv4.txt") == four
        assert entries(made, f"{group.name}-ipv6.txt") == six
        assert entries(made, f"{group.name}-ip.txt") == four + six
        hosts = entries(made, f"{group.name}-hosts.txt")
        assert hosts == sorted({h for end in ends for h in end["hosts"]})
        assert [HostPattern(h).text for h in hosts] == hosts
        seen |= {f"{group.name}-{kind}.txt" for kind in ("ip", "ipv4", "ipv6", "hosts")}
    assert {a.name for a in made.artifacts} <= seen


@pytest.mark.parametrize("case", CASES)
def test_no_list_is_empty_and_entries_are_counted(case: str) -> None:
    for artifact in text(case).artifacts:
        if artifact.name != "index.txt":
            assert artifact.entries == len(entries(text(case), artifact.name)) > 0


@pytest.mark.parametrize("case", CASES)
def test_header_off_leaves_only_entries(case: str) -> None:
    for artifact in text(case, header="off").artifacts:
        if artifact.name != "index.txt":
            lines = artifact.content.decode("ascii").splitlines()
            assert len(lines) == artifact.entries
            assert lines == entries(text(case), artifact.name)


def test_every_kind_of_wildcard_is_kept() -> None:
    hosts = {h for a in text("small").artifacts if a.name.endswith("hosts.txt") for h in a.content.decode().split("\n")}
    assert {"*cdn.onenote.net", "autodiscover.*.onmicrosoft.com", "*.outlook.com", "aka.ms"} <= hosts


def test_a_path_is_a_loss() -> None:
    losses = {(loss.id, loss.kind, loss.subject) for loss in text("small").details}
    assert ("row/9/wizard-short-link", "widened", "/hybridwizard") in losses
    assert not [loss for loss in losses if loss[0] == "row/6/mrs-proxy"], "the path of an internal server is in the index"


@pytest.mark.parametrize("case", CASES)
def test_what_is_in_no_list_is_a_loss_or_in_the_index(case: str) -> None:
    made = text(case)
    said = {(loss.id, loss.cloud) for loss in made.details}
    said |= {(f.id, str(f.cloud)) for f in plan(case).flows if not made.report.includes(f)}
    index = "\n".join(entries(made, "index.txt"))
    for flow in plan(case).flows:
        assert (flow.id, str(flow.cloud)) in said or f"{flow.id} {flow.direction}" in index
