"""Aerleon: its output for the policies allows the plan's packets."""

import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from ipaddress import ip_address, ip_network, summarize_address_range
from pathlib import Path
from typing import Any

import pytest

from perimeter365.audit.packets import differences
from perimeter365.audit.readers.juniper_srx import JuniperSrxReader
from perimeter365.errors import OptionError
from perimeter365.targets import Style, render, targets
from perimeter365.targets._bases.aerleon import ZONES
from tests.consumers import need
from tests.targets.devices import wanted
from tests.targets.documents import load_yaml
from tests.targets.netfilter import alone
from tests.targets.packets import Atom, atoms, canonical, end, flows, plan, ports, product

SOME = pytest.mark.parametrize(
    "case", ["small", "contoso", "all-scenarios", "china", "ipv6-off", "awkward", "nothing-selected"]
)


WHOLE = ("small", "all-scenarios")
"""The cases for which every generator has an output."""
READ = "cisco,juniper,nftables,k8s"
"""The generators whose output is read back."""


def generated(case: str) -> dict[str, str]:
    """The output of aerleon for a case, by generator (pcap: by file)."""
    need("aerleon")
    return _generated(case)


@cache
def _generated(case: str) -> dict[str, str]:
    """Run aerleon for a case, once for all tests."""
    from absl import logging
    from aerleon import api
    from aerleon.lib import naming

    generators = "all" if case in WHOLE else READ
    made = render(plan(case), "aerleon", Style(options={"generators": generators})).artifacts
    documents = {artifact.name: load_yaml(artifact.content)[0] for artifact in made}
    definitions = naming.Naming()
    for name, document in documents.items():
        if name.startswith("def/"):
            definitions.ParseDefinitionsObject(document, name)
    includes = {n.removeprefix("policies/"): document for n, document in documents.items() if "/includes/" in n}
    found: dict[str, str] = {}
    before = logging.get_verbosity()
    logging.set_verbosity(logging.FATAL)
    try:
        with warnings.catch_warnings(action="ignore"):  # about aerleon's own code
            for name, document in documents.items():
                if "/pol/" in name:
                    policy: Any = {"filename": Path(name).stem, **document}
                    found |= api.Generate([policy], definitions, includes=deepcopy(includes)) or {}
    finally:
        logging.set_verbosity(before)
    return {name.removeprefix("m365-").partition(".")[0]: text for name, text in found.items()}


def cisco(text: str) -> Iterator[Atom]:
    for line in text.splitlines():
        words = line.split()
        if words[:2] == ["permit", "58"]:
            assert words[2:] in (["any", "any", kind] for kind in ("2", "135", "136"))
        elif words[:1] == ["permit"]:
            protocol, rest = words[1], words[2:]
            ends = []
            for _ in range(2):
                word = rest.pop(0)
                if word in ("any", "any4", "any6"):
                    ends.append("any")
                elif word == "host":
                    ends.append(str(ip_network(rest.pop(0))))
                elif "/" in word:
                    ends.append(str(ip_network(word)))
                else:
                    ends.append(str(ip_network(f"{word}/{rest.pop(0)}")))
            where = (int(rest[1]), int(rest[-1]))
            assert rest[0] == ("eq" if len(rest) == 2 else "range"), line
            yield (ends[0], ends[1], protocol, *where)
        elif words[:1] == ["deny"]:
            assert words in (["deny", "ip", "any", "any"], ["deny", "ipv6", "any", "any"])
        else:
            assert words[:1] in ([], ["!"], ["no"], ["ip"], ["ipv6"], ["remark"], ["exit"]), line


def juniper(text: str) -> Iterator[Atom]:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    terms = re.findall(r"term \S+ \{\s*from \{(.*?)\}\s*then accept;", text, re.DOTALL)
    assert text.count("then ") == len(terms)
    for body in terms:
        sides = [re.search(rf"{side}-address \{{(.*?)\}}", body, re.DOTALL) for side in ("source", "destination")]
        ends = [canonical(re.findall(r"[^\s;]+", side[1])) if side else {"any"} for side in sides]
        protocol = re.search(r"(?:protocol|next-header) (\w+);", body)
        where = re.search(r"destination-port (?:\[ (.*?) \]|(\S+));", body)
        assert protocol
        assert where
        yield from product(ends, protocol[1], ports(",".join((where[1] or where[2]).split())))


def nftables(text: str) -> Iterator[Atom]:
    """The table as nft lists it, after a load."""
    for line in text.splitlines():
        if line.strip().endswith("accept") and "dport" in line:
            sides = [re.search(rf"ip6? {side}addr (?:\{{ (.*?) \}}|(\S+))", line) for side in "sd"]
            ends = [set(prefixes((s[1] or s[2]).split(", "))) if s else {"any"} for s in sides]
            match = re.search(r"(tcp|udp) dport (?:\{ (.*?) \}|(\S+))", line)
            assert match
            yield from product(ends, match[1], ports((match[2] or match[3]).replace(" ", "")))


def prefixes(words: list[str]) -> Iterator[str]:
    """Nft lists neighbors as one range."""
    for word in words:
        first, dash, last = word.partition("-")
        if dash:
            yield from map(str, summarize_address_range(ip_address(first), ip_address(last)))
        else:
            yield str(ip_network(word))


@SOME
def test_cisco_and_juniper_allow_the_packets_of_the_plan(case: str) -> None:
    made = generated(case)
    wanted = atoms(plan(case))
    assert made["cisco"].count("permit 58 any any 135\n") == 1
    assert made["cisco"].count("deny ip any any\n") == made["cisco"].count("deny ipv6 any any\n") == 1
    if not wanted:
        assert set(made) == {"cisco"}
        assert list(cisco(made["cisco"])) == []
        return
    assert split(cisco(made["cisco"])) == split(wanted)
    assert split(juniper(made["juniper"])) == split(wanted)


@pytest.mark.parametrize("case", WHOLE)
def test_srx_policies_allow_the_packets_of_the_plan_between_the_zones_of_their_direction(case: str) -> None:
    reading = JuniperSrxReader.read(generated(case)["srx"])
    assert reading.complete
    assert differences(reading.rules, wanted(plan(case))) == []
    directions = {f["direction"] for f in flows(plan(case)) if f["source"]["prefixes"] and f["destination"]["prefixes"]}
    pairs = re.findall(r"from-zone (\w+) to-zone (\w+) \{", generated(case)["srx"])
    assert set(pairs) == {ZONES[direction] for direction in directions}


def split(found: Any) -> set[tuple[str, str, str, int]]:
    """The single ports of short ranges, the ends of long ones."""
    return {(s, d, p, n) for s, d, p, a, b in found for n in (range(a, b + 1) if b - a < 200 else (a, b))}


@pytest.mark.parametrize("case", ["small", "contoso"])
def test_nft_loads_the_output_of_aerleon_which_allows_the_packets_of_the_plan(case: str, tmp_path: Path) -> None:
    need("nft")
    path = tmp_path / "rules.nft"
    path.write_text(generated(case)["nftables"])
    listed = alone("sh", "-c", f"nft -f {path} && nft -n list ruleset", text="")
    assert split(nftables(listed)) == split(atoms(plan(case)))


@pytest.mark.parametrize("case", ["small", "contoso", "all-scenarios"])
def test_k8s_policies_allow_the_external_ends_of_the_plan(case: str) -> None:
    (made,) = load_yaml(generated(case)["k8s"])
    found = set()
    for policy in made["items"]:
        (kind,) = policy["spec"]["policyTypes"]
        for rule in policy["spec"][kind.lower()]:
            for peer in rule["to" if kind == "Egress" else "from"]:
                for port in rule["ports"]:
                    where = (port["port"], port.get("endPort", port["port"]))
                    found.add((kind, peer["ipBlock"]["cidr"], port["protocol"].lower(), *where))
    wanted = {
        (kind, prefix, protocol, first, last)
        for f in flows(plan(case))
        for kind, here, there, direction in (
            ("Egress", "source", "destination", "outbound"),
            ("Ingress", "destination", "source", "inbound"),
        )
        if f["direction"] == direction and f[there]["role"] != "internet"
        for family in (4, 6)
        if end(f[here], family)
        for prefix in end(f[there], family)
        for protocol in ("tcp", "udp")
        for first, last in ports(f[protocol])
    }
    assert found == wanted
    lost = {x.id for x in render(plan(case), "aerleon", Style(options={"generators": "k8s"})).details if x.kind == "widened"}
    assert lost >= {f["id"] for f in flows(plan(case)) if f["direction"] == "outbound" and atoms_of(f)}


def atoms_of(f: dict[str, Any]) -> bool:
    both = any(end(f["source"], v) and end(f["destination"], v) for v in (4, 6))
    return both and bool(f["tcp"] or f["udp"]) and f["destination"]["role"] != "internet"


@pytest.mark.parametrize("case", WHOLE)
def test_every_generator_writes_the_plans_terms(case: str) -> None:
    made = generated(case)
    offered = targets["aerleon"].options["generators"].help.partition("or all: ")[2].split(", ")
    assert {name.removesuffix("-accept").removesuffix("-deny") for name in made} == set(offered)
    for name, text in made.items():
        if not name.endswith("-deny"):
            wanted = "2603:1063" if name == "srxlo" else "52.112."
            assert wanted in text or "52.122.0.0" in text, name


def test_the_generators_offered_are_those_of_aerleon() -> None:
    need("aerleon")
    from aerleon.lib.plugin_supervisor import BUILTIN_GENERATORS

    offered = targets["aerleon"].options["generators"].help.partition("or all: ")[2].split(", ")
    assert set(offered) == {name for name, *_ in BUILTIN_GENERATORS} - {"cloudarmor"}


def test_aclgen_finds_its_files(tmp_path: Path) -> None:
    need("aerleon")
    for artifact in render(plan("small"), "aerleon", Style(options={"generators": "cisco"})).artifacts:
        path = tmp_path / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
    (tmp_path / "out").mkdir()
    words = [str(Path(sys.executable).parent / "aclgen"), "--base_directory", "policies", "--definitions_directory", "def"]
    done = subprocess.run([*words, "--output_directory", "out"], cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert set(cisco((tmp_path / "out" / "m365-cisco.acl").read_text()))


def test_an_unknown_generator_is_rejected() -> None:
    for value in ("cloudarmor", "cisco,", "", "cisco;juniper"):
        with pytest.raises(OptionError, match="generators"):
            targets["aerleon"](Style(options={"generators": value}))
