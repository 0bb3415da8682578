"""nftables: nft accepts every file and replaces only its own table."""

import ipaddress
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets.target import EarlierRender
from tests.consumers import need
from tests.targets.netfilter import CASES, HOSTILE, STYLES, alone, by_hand, case, files, flow, party
from tests.targets.test_since import PAIRS


@pytest.fixture(scope="module", autouse=True)
def _nft() -> None:
    need("nft")


def _text(plan: Plan, **options: str) -> str:
    (text,) = files(plan, "nftables", **options).values()
    return text


def _loaded(text: str) -> list[dict[str, Any]]:
    """The kernel state after a load."""
    answer = alone("sh", "-c", "nft -f - && nft -j list ruleset", text=text)
    found: list[dict[str, Any]] = json.loads(answer)["nftables"]
    return found


@pytest.mark.parametrize("name", CASES)
def test_nft_accepts_the_file(name: str) -> None:
    alone("nft", "-c", "-f", "-", text=_text(case(name)))


@pytest.mark.parametrize("options", STYLES, ids=str)
def test_nft_accepts_every_option(options: dict[str, str]) -> None:
    alone("nft", "-c", "-f", "-", text=_text(case("contoso"), **options))


@pytest.mark.parametrize("name", ["contoso", "everything-worldwide", "everything-china", "ipv6-off", "awkward"])
def test_the_kernel_has_for_each_rule_the_addresses_and_ports_of_the_plan(name: str) -> None:
    plan = case(name)
    found = _loaded(_text(plan))
    sets = {s["set"]["name"]: _networks(s["set"]["elem"]) for s in found if "set" in s}
    held = sorted(_rule(r["rule"], sets) for r in found if "rule" in r and "comment" in r["rule"])
    assert held == sorted(_wanted(plan))


def _wanted(plan: Plan) -> list[tuple[str, ...]]:
    """What the plan's JSON requires, as one line for each flow, family and protocol."""
    rows: list[tuple[str, ...]] = []
    for item in plan.to_dict()["flows"]:
        comment = [item["id"], item["cloud"], item["scenario"], item["direction"], item["category"] or ""]
        for version in (4, 6):
            ends = [_end(item[end], version) for end in ("source", "destination")]
            if "" not in ends:
                words = " ".join(filter(None, comment))[:100]
                rows.extend((words, kind, *ends, item[kind]) for kind in ("tcp", "udp") if item[kind])
    return rows


def _end(end: dict[str, Any], version: int) -> str:
    if end["role"] == "internet":
        return "anyone"
    return _collapsed(n for n in map(ipaddress.ip_network, end["prefixes"]) if n.version == version)


def _collapsed(networks: Iterable[Any]) -> str:
    return " ".join(map(str, ipaddress.collapse_addresses(networks)))


def _networks(elements: list[Any]) -> str:
    """The elements of a set in nft's JSON: addresses, prefixes or ranges."""
    networks: list[Any] = []
    for element in elements:
        if isinstance(element, str):
            networks.append(ipaddress.ip_network(element))
        elif "prefix" in element:
            networks.append(ipaddress.ip_network(f"{element['prefix']['addr']}/{element['prefix']['len']}"))
        else:
            ends: list[Any] = [ipaddress.ip_address(text) for text in element["range"]]
            networks.extend(ipaddress.summarize_address_range(*ends))
    return _collapsed(networks)


def _rule(rule: dict[str, Any], sets: dict[str, str]) -> tuple[str, ...]:
    ends = {"saddr": "anyone", "daddr": "anyone"}
    protocol = ports = ""
    for match in (e["match"] for e in rule["expr"] if "match" in e):
        where, right = match["left"]["payload"], match["right"]
        if where["field"] == "dport":
            protocol = where["protocol"]
            listed = right["set"] if isinstance(right, dict) and "set" in right else [right]
            ports = ",".join("-".join(map(str, p["range"])) if isinstance(p, dict) else str(p) for p in listed)
        else:
            ends[where["field"]] = sets[right.removeprefix("@")]
    assert {"accept": None} in rule["expr"]
    return (rule["comment"].split(",")[0][:100], protocol, ends["saddr"], ends["daddr"], ports)


def test_each_list_of_addresses_is_written_once() -> None:
    found = _loaded(_text(case("everything-everywhere")))
    lists = [_networks(s["set"]["elem"]) for s in found if "set" in s]
    assert len(lists) > 20
    assert len(set(lists)) == len(lists)


def test_comments_mark_an_end_that_is_anyone_and_have_at_most_128_bytes() -> None:
    comments = [r["rule"]["comment"] for r in _loaded(_text(case("awkward"))) if "comment" in r.get("rule", {})]
    assert max(map(len, comments)) == 128
    assert "row/6/from-anyone worldwide mailbox-migration inbound, from anyone" in comments
    assert "row/6/to-anyone worldwide mailbox-migration outbound, to anyone" in comments


def test_a_second_load_changes_nothing_and_other_tables_stay(tmp_path: Path) -> None:
    rules = tmp_path / "perimeter365.nft"
    rules.write_text(_text(case("contoso")))
    theirs = "table ip admin {\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy accept;\n\t}\n}\n"
    once = alone("sh", "-c", f"nft -f - && nft -f {rules} && nft -s list ruleset", text=theirs)
    twice = alone("sh", "-c", f"nft -f - && nft -f {rules} && nft -f {rules} && nft -s list ruleset", text=theirs)
    assert once == twice
    assert "table ip admin" in once
    assert "table inet perimeter365" in once


def test_a_new_plan_leaves_nothing_of_the_old_one(tmp_path: Path) -> None:
    new = tmp_path / "perimeter365.nft"
    new.write_text(_text(case("contoso")))
    after = alone("sh", "-c", f"nft -f - && nft -f {new} && nft list ruleset", text=_text(case("everything-worldwide")))
    assert after == alone("sh", "-c", "nft -f - && nft list ruleset", text=new.read_text())


def test_a_file_that_fails_leaves_the_rules_in_force(tmp_path: Path) -> None:
    good = _text(case("contoso"))
    damaged = tmp_path / "damaged.nft"
    damaged.write_text(good.replace("@mrs-proxy-v4", "@no-such-set", 1))
    before = alone("sh", "-c", "nft -f - && nft list ruleset", text=good)
    after = alone("sh", "-c", f"nft -f - && ! nft -f {damaged} 2>/dev/null && nft list ruleset", text=good)
    assert before == after


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_of_an_organization_becomes_a_rule(hostile: str) -> None:
    need_one = flow("row/6/mrs", party("exchange-online", "40.96.0.0/13"), party("mrs-proxy", "203.0.113.10"), tcp="443")
    good, bad = _text(by_hand(need_one)), _text(by_hand(need_one, organization=hostile))
    assert bad.isascii()
    assert bad.splitlines()[1:] == good.splitlines()[1:]
    assert bad.startswith("# ")
    alone("nft", "-c", "-f", "-", text=bad)


def test_an_empty_plan_refuses_everything() -> None:
    found = _loaded(_text(case("nothing-selected")))
    (chain,) = (c["chain"] for c in found if "chain" in c)
    assert (chain["hook"], chain["policy"]) == ("forward", "drop")
    assert not [s for s in found if "set" in s]
    assert any("reject" in expression for r in found if "rule" in r for expression in r["rule"]["expr"])


def _since(old: Plan, new: Plan) -> str:
    style = Style(since=EarlierRender(plan=old, style=Style()))
    return {a.name: a.content.decode() for a in render(new, "nftables", style).artifacts}["changes.nft"]


def _kernel(answer: str) -> tuple[Any, ...]:
    """The kernel state: sets by name, rules in their order, without handles."""
    found = json.loads(answer)["nftables"]
    sets = {s["set"]["name"]: (s["set"]["type"], _networks(s["set"].get("elem", []))) for s in found if "set" in s}
    rules = [{k: v for k, v in r["rule"].items() if k != "handle"} for r in found if "rule" in r]
    return sets, [json.dumps(rule, sort_keys=True) for rule in rules]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_old_file_and_the_changes_give_the_same_result_as_the_new_file(old: str, new: str, tmp_path: Path) -> None:
    changes = tmp_path / "changes.nft"
    changes.write_text(_since(case(old), case(new)))
    done = alone("sh", "-c", f"nft -f - && nft -f {changes} && nft -s -j list ruleset", text=_text(case(old)))
    assert _kernel(done) == _kernel(alone("sh", "-c", "nft -f - && nft -s -j list ruleset", text=_text(case(new))))


def test_if_only_addresses_change_the_rules_and_their_counters_stay(tmp_path: Path) -> None:
    client, mrs = party("client", "10.0.0.0/24", "10.0.2.0/24"), party("mrs-proxy", "203.0.113.10")

    def plan(*theirs: str) -> Plan:
        online = party("exchange-online", *theirs)
        return by_hand(flow("ws/worldwide/1", client, online, tcp="443"), flow("row/6/in", online, mrs, tcp="443"))

    old = plan("40.96.0.0/13", "52.96.0.0/14", "2603:1006::/40")
    text = _since(old, plan("40.96.0.0/14", "52.96.0.0/13", "52.0.0.1", "2603:1006::/40"))
    assert "chain" not in text
    assert "rule" not in text
    changes = tmp_path / "changes.nft"
    changes.write_text(text)
    done = alone("sh", "-c", f"nft -f - && nft -f {changes} && nft -s -j list ruleset", text=_text(old))
    sets, _rules = _kernel(done)
    assert sets["ws-worldwide-1-v4"] == ("ipv4_addr", "40.96.0.0/14 52.0.0.1/32 52.96.0.0/13")
    assert _since(old, old).splitlines()[-1].startswith("#")


def test_changes_that_fail_leave_the_rules_unchanged(tmp_path: Path) -> None:
    changes = tmp_path / "changes.nft"
    changes.write_text(
        _since(case("contoso"), case("awkward")) + "add rule inet perimeter365 forward ip saddr @none accept\n"
    )
    listed = "nft -s list ruleset"
    before = alone("sh", "-c", f"nft -f - && {listed}", text=_text(case("contoso")))
    assert (
        alone("sh", "-c", f"nft -f - && ! nft -f {changes} 2>/dev/null && {listed}", text=_text(case("contoso"))) == before
    )
