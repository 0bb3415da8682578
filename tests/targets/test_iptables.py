"""iptables: the kernel has the plan's rules after a load, and other rules stay."""

import ipaddress
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from perimeter365.plan.plan import Plan
from tests.consumers import need
from tests.targets.netfilter import (
    CASES,
    HOSTILE,
    STYLES,
    alone,
    by_hand,
    case,
    files,
    flow,
    need_iptables,
    party,
    restoring,
)

PROGRAMS = {"rules.v4": "iptables", "rules.v6": "ip6tables"}


@pytest.fixture(scope="module", autouse=True)
def _iptables() -> None:
    need("iptables-restore")


def _each(plan: Plan, **options: str) -> list[tuple[str, str]]:
    """(program, file) of both families."""
    made = files(plan, "iptables", **options)
    assert set(made) == set(PROGRAMS)
    return [(PROGRAMS[name], text) for name, text in made.items()]


@pytest.mark.parametrize("name", CASES)
def test_iptables_restore_accepts_the_files(name: str) -> None:
    for program, text in _each(case(name)):
        alone("sh", "-c", restoring(program), text=text)


@pytest.mark.parametrize("kind", ["nft", "legacy"])
@pytest.mark.parametrize("name", ["contoso", "everything-worldwide", "awkward"])
def test_both_kinds_of_iptables_load_the_files(kind: str, name: str) -> None:
    need_iptables(kind)
    for program, text in _each(case(name)):
        saved = alone("sh", "-c", f"{restoring(f'{program}-{kind}')} && {program}-{kind}-save -t filter", text=text)
        loaded = sum(line.startswith("-A ") for line in saved.splitlines())
        assert loaded == sum(line.startswith("-A ") for line in text.splitlines())


@pytest.mark.parametrize("options", STYLES, ids=str)
def test_iptables_restore_accepts_every_option(options: dict[str, str]) -> None:
    for program, text in _each(case("contoso"), **options):
        alone("sh", "-c", restoring(program), text=text)


@pytest.mark.parametrize("name", ["contoso", "everything-worldwide", "everything-china", "ipv6-off", "awkward"])
def test_the_kernel_has_for_each_flow_the_addresses_and_ports_of_the_plan(name: str) -> None:
    plan = case(name)
    for program, text in _each(plan):
        saved = alone("sh", "-c", f"{restoring(program)} && {program}-save -t filter", text=text)
        assert _held(saved, 6 if program == "ip6tables" else 4) == _wanted(plan, 6 if program == "ip6tables" else 4)


Need = dict[tuple[str, str, str, str], set[int]]
"""(comment, protocol, sources, destinations) to ports."""


def _wanted(plan: Plan, version: int) -> Need:
    """What the plan's JSON requires."""
    needs: Need = {}
    for item in plan.to_dict()["flows"]:
        comment = [item["id"], item["cloud"], item["scenario"], item["direction"], item["category"] or ""]
        ends = []
        for end in (item["source"], item["destination"]):
            networks = [n for n in map(ipaddress.ip_network, end["prefixes"]) if n.version == version]
            ends.append("anyone" if end["role"] == "internet" else _list(networks))
        for protocol in ("tcp", "udp"):
            if item[protocol] and "" not in ends:
                needs[" ".join(filter(None, comment))[:150], protocol, ends[0], ends[1]] = _ports(item[protocol], "-")
    return needs


def _held(saved: str, version: int) -> Need:
    """What the kernel's rules allow, following the chains below P365-FORWARD."""
    chains: dict[str, list[dict[str, str]]] = {}
    for line in saved.splitlines():
        if line.startswith("-A "):
            words = shlex.split(line)
            chains.setdefault(words[1], []).append(dict(zip(words[2::2], words[3::2], strict=False)))
    assert "FORWARD" not in chains
    needs: Need = {}
    for rule in chains["P365-FORWARD"]:
        if "--comment" not in rule:
            continue
        pairs = list(_follow(rule, chains))
        sources, destinations = ({p[i] for p in pairs} for i in (0, 1))
        assert len(pairs) == len(sources) * len(destinations), "the chains are not a full product"
        ends = ["anyone" if end == {""} else _list(map(ipaddress.ip_network, end)) for end in (sources, destinations)]
        key = (rule["--comment"].split(",")[0][:150], rule["-p"], ends[0], ends[1])
        needs.setdefault(key, set()).update(_ports(rule.get("--dports") or rule["--dport"], ":"))
    return needs


def _follow(rule: dict[str, str], chains: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    """(source, destination) of every path from a rule to ACCEPT; "" = not matched."""
    here = rule.get("-s", ""), rule.get("-d", "")
    if rule["-j"] == "ACCEPT":
        return [here]
    below = [pair for next_rule in chains[rule["-j"]] for pair in _follow(next_rule, chains)]
    assert not any(a and b for pair in below for a, b in zip(here, pair, strict=True)), "one end matched twice"
    return [(here[0] or source, here[1] or destination) for source, destination in below]


def _list(networks: Any) -> str:
    return " ".join(map(str, ipaddress.collapse_addresses(networks)))


def _ports(text: str, dash: str) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition(dash)
        found.update(range(int(first), int(last or first) + 1))
    return found


def test_lists_are_not_multiplied() -> None:
    client = party("client", *(f"10.{n}.0.0/24" for n in range(40)))
    server = party("exchange-server", "203.0.113.10", "203.0.113.20")
    theirs = party("exchange-online", *(f"40.96.{2 * n}.0/24" for n in range(50)))
    plan = by_hand(
        flow("row/6/web", client, theirs, tcp="80,443", udp="443"),
        flow("row/6/mail", client, theirs, tcp="25"),
        flow("row/6/servers", server, theirs, tcp="25"),
    )
    text = files(plan, "iptables")["rules.v4"]
    assert sum(line.startswith("-A P365-D-") for line in text.splitlines()) == 50
    assert sum(line.startswith("-A P365-S-") for line in text.splitlines()) <= 3 * 40
    assert sum(line.startswith("-A P365-FORWARD ") for line in text.splitlines()) < 10


def test_names_port_lists_and_comments_are_within_the_limits_and_names_differ() -> None:
    for _program, text in _each(case("awkward")):
        names = re.findall(r"^:(\S+) - ", text, re.MULTILINE)
        assert max(map(len, names)) == 28
        assert len(set(names)) == len(names)
        lists = re.findall(r"--dports (\S+)", text)
        assert max(len(re.split("[,:]", ports)) for ports in lists) == 15
        assert max(map(len, re.findall(r'--comment "([^"]*)"', text))) <= 255


OWN = """*filter
:INPUT DROP [0:0]
:P365-FORWARD - [0:0]
-A INPUT -i lo -j ACCEPT
-A FORWARD -s 192.0.2.0/24 -j ACCEPT
-A FORWARD -j P365-FORWARD
-A FORWARD -d 192.0.2.0/24 -j LOG
COMMIT
"""
"""A table that jumps to the plan's chain between other rules."""


@pytest.mark.parametrize("kind", ["nft", "legacy"])
def test_a_nightly_load_replaces_only_the_plans_chains(kind: str, tmp_path: Path) -> None:
    need_iptables(kind)
    first, second = tmp_path / "first.v4", tmp_path / "second.v4"
    first.write_text(files(case("contoso"), "iptables")["rules.v4"])
    second.write_text(files(case("awkward"), "iptables")["rules.v4"])
    load, save = f"iptables-{kind}-restore", f"iptables-{kind}-save -t filter"

    def nights(*rules: Path) -> list[str]:
        loads = "".join(f" && {load} --noflush {path}" for path in rules)
        saved = alone("sh", "-c", f"{load}{loads} && {save}", text=OWN)
        return [line for line in saved.splitlines() if line.startswith(("-A", ":INPUT"))]

    assert nights(first, first) == nights(first)
    after = nights(first, second)
    theirs = [line.partition(" [")[0] for line in after if "P365" not in line.split()[1]]
    assert theirs == [
        ":INPUT DROP",
        "-A INPUT -i lo -j ACCEPT",
        "-A FORWARD -s 192.0.2.0/24 -j ACCEPT",
        "-A FORWARD -j P365-FORWARD",
        "-A FORWARD -d 192.0.2.0/24 -j LOG",
    ]
    ours = [line for line in after if line.startswith("-A P365-FORWARD ")]
    assert ours == [line for line in nights(second) if line.startswith("-A P365-FORWARD ")]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_of_an_organization_becomes_a_rule(hostile: str) -> None:
    need_one = flow("row/6/mrs", party("exchange-online", "40.96.0.0/13"), party("mrs-proxy", "203.0.113.10"), tcp="443")
    for (program, good), (_, bad) in zip(
        _each(by_hand(need_one)), _each(by_hand(need_one, organization=hostile)), strict=True
    ):
        assert bad.isascii()
        assert bad.splitlines()[1:] == good.splitlines()[1:]
        assert bad.startswith("# ")
        alone("sh", "-c", restoring(program), text=bad)


def test_an_empty_plan_refuses_everything() -> None:
    for _program, text in _each(case("nothing-selected")):
        assert re.search("^# Nothing is planned for IPv[46], so all of it is refused.$", text, re.MULTILINE)
        assert len(re.findall("REJECT", text)) == 1
        assert re.findall("--dport", text) == []
