"""Firewalls with named objects: a device allows exactly the plan's packets."""

import random
import re
from itertools import islice

import pytest

from perimeter365.audit.packets import ANY
from perimeter365.audit.readers import readers
from perimeter365.audit.readers.fortigate import FortigateReader
from perimeter365.audit.readers.mikrotik import MikrotikReader
from perimeter365.audit.readers.paloalto_set import PaloaltoSetReader
from perimeter365.audit.readers.windows_firewall import WindowsFirewallReader
from perimeter365.errors import ConfigurationError, LimitError
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets._bases import objects
from perimeter365.targets.target import WIDENED
from tests.targets import cases
from tests.targets.devices import REMOVES, STARS, disagreements, given, let_pass, to_categories
from tests.targets.netfilter import CASES, by_hand, case, files, flow, party

EVERY = pytest.mark.parametrize("target", readers)


def test_each_target_with_named_objects_has_a_device() -> None:
    assert {name for name in targets if issubclass(targets[name], objects.ObjectTarget)} == set(readers) == set(STARS)


@EVERY
@pytest.mark.parametrize("name", CASES)
def test_the_device_allows_the_packets_of_the_plan(target: str, name: str) -> None:
    assert disagreements(target, given(target, files(case(name), target)), case(name)) == []


@EVERY
@pytest.mark.parametrize("name", cases.CASES)
def test_the_device_allows_the_packets_of_the_shared_cases(target: str, name: str) -> None:
    assert disagreements(target, given(target, files(cases.plan(name), target)), cases.plan(name)) == []


@EVERY
def test_an_empty_plan_allows_nothing(target: str) -> None:
    device = given(target, files(case("nothing-selected"), target))
    assert [rule for some in let_pass(target, device) for rule in some] == []


@EVERY
@pytest.mark.parametrize("count", [15, 60])
def test_every_line_is_needed(target: str, count: int) -> None:
    """Without any single line, the device rejects the file or allows other packets.

    Exceptions are text for readers (remarks, descriptions, interfaces) and the ends of blocks.
    """
    spared = r"!|#|.*remark |.* description |        set (name|srcintf|dstintf|schedule|action|comments|nat) |    next|end|"
    spared += r":foreach|/.* remove |.* (from|to) |param|\$(ErrorAction|store|group|have|keep)|    '|\)|"
    spared += r":local missing|:local entry|  :|\}"
    # What a Cisco device permits besides connections, and refuses: tests/life tries it.
    spared += r"|.* permit icmp|.* established$|.* permit udp \S+( \S+)? (eq|range) .*[^0-9 ]\S*$|.* deny ip|.* resequence "
    spared += r"|ipv?6? access-list"
    made = {name: text for name, text in files(case("awkward"), target).items() if not name.startswith("remove")}
    lines = [
        (name, n)
        for name, text in made.items()
        for n, line in enumerate(text.splitlines())
        if not re.match(spared, line) and not name.startswith((*REMOVES, "jump"))
    ]
    assert len(lines) > 10
    for name, number in random.Random(365).sample(lines, min(count, len(lines))):
        kept = made[name].splitlines()
        gone = kept.pop(number)
        try:
            device = given(target, {**made, name: "\n".join(kept) + "\n"})
            assert disagreements(target, device, case("awkward")), f"not missed: {gone}"
        except ConfigurationError:
            pass


@EVERY
def test_each_limit_is_checked_before_anything_is_written(target: str) -> None:
    for name in targets[target].limits:
        if name != "lists":
            with pytest.raises(LimitError, match=f"{target}: .* {name}, the limit is 1"):
                render(case("contoso"), target, Style(limits={name: 1}))


# -- what is lost ----------------------------------------------------------------------------------------------------


def losses(target: str, plan: Plan, style: Style | None = None) -> set[tuple[str, str, str]]:
    return {(x.kind, x.id, x.subject) for x in render(plan, target, style).details}


NAMED = {
    ("dropped", "ws/worldwide/8", "autodiscover.*.onmicrosoft.com"),
    ("dropped", "ws/worldwide/51", "*cdn.onenote.net"),
    ("dropped", "ws/worldwide/51", "all"),
}
STARRED = {
    ("dropped", "ws/worldwide/8", "*.outlook.com"),
    ("dropped", "ws/worldwide/8", "all"),
    ("dropped", "row/9/wizard-to-services", "*.store.core.windows.net"),
}


@pytest.mark.parametrize(
    ("target", "lost"),
    [("fortigate", NAMED), *((name, NAMED | STARRED) for name in ("cisco-asa", "juniper-srx", "mikrotik", "paloalto-set"))],
)
def test_unsupported_names_are_reported_by_name(target: str, lost: set[tuple[str, str, str]]) -> None:
    found = losses(target, cases.plan("small"))
    assert {loss for loss in found if loss[0] == "dropped"} == lost
    assert ("widened", "row/9/wizard-short-link", "/hybridwizard") in found


@pytest.mark.parametrize("target", ["cisco-ios", "windows-firewall"])
def test_without_names_a_requirement_of_names_is_dropped_as_a_whole(target: str) -> None:
    dropped = {loss[1] for loss in losses(target, cases.plan("small")) if loss[0] == "dropped"}
    bare = {f.id for f in cases.plan("small").flows if f.direction == "outbound" and not f.destination.prefixes}
    assert dropped == bare
    assert len(bare) > 8


def test_a_wildcard_within_a_label_is_widened_only_if_allowed_or_replaced_by_observed_names() -> None:
    plan = cases.plan("small")
    wider = render(plan, "fortigate", Style(allow_widen=True))
    about = {(str(x.host), x.kind) for x in wider.details if x.id == "ws/worldwide/51"}
    assert about == {("*cdn.onenote.net", "widened")}
    assert 'set fqdn "*.onenote.net"' in content(wider)
    seen = render(plan, "fortigate", Style(observed=parse_observed("site-cdn.onenote.net\nother.example.com\n")))
    about = {(str(x.host), x.kind) for x in seen.details if x.id == "ws/worldwide/51"}
    assert about == {("*cdn.onenote.net", "narrowed")}
    assert 'set fqdn "site-cdn.onenote.net"' in content(seen)
    assert "example.com" not in content(seen)


def content(rendered: RenderResult) -> str:
    return "".join(a.content.decode() for a in rendered.artifacts if not a.name.startswith(REMOVES))


@EVERY
def test_anyone_is_named_in_comments(target: str) -> None:
    text = "".join(files(case("awkward"), target).values())
    assert "row/6/from-anyone worldwide mailbox-migration inbound, from anyone" in text
    assert "row/6/to-anyone worldwide mailbox-migration outbound, to anyone" in text


# -- options of the devices ------------------------------------------------------------------------------------------


def test_fortigate_interfaces_translation_and_position() -> None:
    options = {"inside": "lan", "outside": "sdwan", "nat": "yes", "before": "12"}
    device = FortigateReader()
    device.load(files(cases.plan("small"), "fortigate", **options)["perimeter365.conf"])
    policies = device.tables["firewall policy"]
    assert {key for key, _ in device.moves} == set(policies)
    assert {before for _, before in device.moves} == {"12"}
    for policy in policies.values():
        inbound, internal = (word in next(iter(policy["comments"])) for word in ("inbound", "internal"))
        zones = ["lan"] * 2 if internal else ["sdwan", "lan"] if inbound else ["lan", "sdwan"]
        assert [*policy["srcintf"], *policy["dstintf"]] == zones
        assert ("nat" in policy) == (not inbound and not internal and "srcaddr" in policy)


def test_fortigate_policies_keep_their_numbers() -> None:
    def numbers(name: str) -> dict[str, str]:
        device = FortigateReader()
        device.load(files(case(name), "fortigate")["perimeter365.conf"])
        return {next(iter(policy["name"])): number for number, policy in device.tables["firewall policy"].items()}

    one, other = numbers("contoso"), numbers("everything-worldwide")
    both = one.keys() & other.keys()
    assert len(both) > 40
    assert all(one[name] == other[name] for name in both)


@pytest.mark.parametrize("target", ["juniper-srx", "paloalto-set"])
def test_zones_follow_the_direction(target: str) -> None:
    text = files(cases.plan("small"), target, inside="corp", outside="wan")["perimeter365.set"]
    start = {"juniper-srx": "set security policies from-zone {} to-zone {} policy m365-{}"}.get(target)
    for name, zones in {
        "row-6-mrs-proxy-worldwide": ("wan", "corp"),
        "ws-worldwide-11": ("corp", "wan"),
        "row-24-dns-probe-worldwide": ("corp", "corp"),
    }.items():
        lines = (
            [start.format(*zones, name)] if start else [f"rules m365-{name} from {zones[0]}\n", f"{name} to {zones[1]}\n"]
        )
        assert all(line in text for line in lines)
    assert not re.search(r"trust\b", text)


def test_paloalto_wildcard_names_become_a_category_to_any_address_which_is_a_loss() -> None:
    plan = case("contoso")
    rendered = render(plan, "paloalto-set", Style(options={"names": "category"}))
    device = PaloaltoSetReader()
    device.load(content(rendered))
    assert disagreements("paloalto-set", device, plan) == []
    found = {(host, rule.ports) for rule in to_categories(device) for host in rule.hosts}
    need = [f for f in plan.flows if f.direction == "outbound" and f.tcp]
    stars = {(h.text, f.tcp) for f in need for h in f.destination.unaddressed if h.kind in ("suffix", "inner")}
    assert found == stars
    assert {r.protocol for r in to_categories(device)} == {"tcp"}
    widened = {x.subject for x in rendered.details if x.kind == WIDENED and "any address" in x.message}
    assert widened == {host for host, _ in stars}
    assert not setlines_with_any(files(plan, "paloalto-set")["perimeter365.set"], plan)


def setlines_with_any(text: str, plan: Plan) -> list[str]:
    """Rules to any destination whose requirement has a destination."""
    anyone = {f.id for f in plan.flows if f.destination.anyone}
    named = re.findall(r"rules (\S+) destination any", text)
    return [name for name in named if not any(name.startswith(f"m365-{id.replace('/', '-')}") for id in anyone)]


def test_paloalto_lists_are_those_of_paloalto_edl() -> None:
    plan = cases.plan("small")
    base = "https://lists.contoso.com/m365"
    text = files(plan, "paloalto-set", edl=base, names="category", split="requirement")["perimeter365.set"]
    fetched = dict(re.findall(rf"^set external-list (\S+) type (?:ip|url) url {base}/(\S+)$", text, re.MULTILINE))
    lists = files(plan, "paloalto-edl", split="requirement")
    assert len(fetched) == 5
    for item in plan.flows:
        rule = f"m365-{item.id.replace('/', '-')}" + ("" if item.id.startswith("ws/") else "-worldwide")
        if not item.theirs or not item.theirs.prefixes:
            continue
        end = "source" if item.direction == "inbound" else "destination"
        (name,) = re.findall(rf"rules {rule} {end} (\S+)$", text, re.MULTILINE)
        listed = {line.split()[0] for line in lists[fetched[name]].splitlines()}
        assert listed == {str(prefix) for prefix in item.theirs.prefixes}
    urls = [lists[file] for file in fetched.values() if file.endswith("-url.txt")]
    assert any("*.outlook.com/\n" in some for some in urls)
    with pytest.raises(LimitError, match="the plan needs 5 lists, the limit is 4"):
        render(
            plan,
            "paloalto-set",
            Style(options={"edl": base, "names": "category", "split": "requirement"}, limits={"lists": 4}),
        )
    assert "ip-netmask 52.112.0.0/14" not in text
    assert "ip-netmask 10.0.0.0/8" in text


@pytest.mark.parametrize(
    "bad", ["http://x.com", "https://x.com/a b", 'https://x.com/"', "https://x.com/\nset", "https://x.com?a"]
)
def test_paloalto_rejects_other_urls_for_its_lists(bad: str) -> None:
    with pytest.raises(Exception, match="is not a value of paloalto-set"):
        render(cases.plan("small"), "paloalto-set", Style(options={"edl": bad}))


def test_windows_machines_of_a_role_have_only_its_rules() -> None:
    made = files(cases.plan("small"), "windows-firewall")
    assert {name for name in made if "New-NetFirewallRule" in made[name]} == {"client.ps1", "mrs-proxy.ps1", "resolver.ps1"}
    assert "exchange-server.ps1" in made
    assert "mobile-device.ps1" not in made
    assert "Outbound" not in made["mrs-proxy.ps1"]
    assert "Inbound" not in made["client.ps1"]
    assert "-LocalPort '443' -LocalAddress '203.0.113.10/32','2001:db8:e::10/128'" in made["mrs-proxy.ps1"]


def test_windows_without_own_addresses_reports_what_it_opens() -> None:
    rendered = render(cases.plan("small"), "windows-firewall", Style(options={"local": "any"}))
    assert "-LocalAddress" not in content(rendered)
    assert ("widened", "ws/worldwide/11", "addresses of client") in {(x.kind, x.id, x.subject) for x in rendered.details}
    device = given("windows-firewall", {a.name: a.content.decode() for a in rendered.artifacts})
    (out, enter) = let_pass("windows-firewall", device)
    assert {rule.source for rule in out} == {rule.destination for rule in enter} == set(ANY.values())


@pytest.mark.parametrize("target", ["mikrotik", "windows-firewall"])
def test_a_second_run_changes_nothing_and_a_new_plan_leaves_nothing_of_the_old_one(target: str) -> None:
    device = given(target, files(case("awkward"), target))
    once = device.state()
    given(target, files(case("awkward"), target), device=device)
    assert device.state() == once
    first, second = files(case("contoso"), target), files(case("ipv6-off"), target)
    device = given(target, first)
    given(target, second, device=device)
    assert device.state() == given(target, second).state()


@pytest.mark.parametrize("stop", range(1, 60, 7))
def test_mikrotik_an_interrupted_run_is_completed_by_the_next(stop: int) -> None:
    old, new = (files(case(name), "mikrotik")["perimeter365.rsc"] for name in ("contoso", "awkward"))
    device = MikrotikReader()
    device.load(old)
    for _, take in islice(device.commands(new), stop):
        take()
    device.load(new)
    fresh = MikrotikReader()
    fresh.load(new)
    assert device.state() == fresh.state()


def test_other_entries_are_not_touched() -> None:
    device = MikrotikReader()
    device.feed('/ip firewall address-list add list="office" comment="m365 ish" address=192.0.2.1')
    device.feed('/ip firewall filter add chain=forward action=drop protocol=tcp comment="m365 teams"')
    theirs = device.state()
    device.load(files(case("contoso"), "mikrotik")["perimeter365.rsc"])
    device.load(files(case("nothing-selected"), "mikrotik")["perimeter365.rsc"])
    assert device.state() == theirs
    machine = WindowsFirewallReader()
    machine.policy_store["CoreNet"] = {"Group": ["Core Networking"], "Direction": ["Inbound"], "Action": ["Allow"]}
    for name in ("contoso", "nothing-selected"):
        given("windows-firewall", files(case(name), "windows-firewall"), device=machine)
    assert "CoreNet" in machine.policy_store


# -- names -----------------------------------------------------------------------------------------------------------


def test_object_names_describe_their_values_and_differ_with_them() -> None:
    assert objects.address_name(Prefix.parse("52.112.0.0/14")) == "m365-52.112.0.0_14"
    assert objects.address_name(Prefix.parse("2603:1006::/40")) == "m365-2603-1006--_40"
    prefixes = ["::/0", "0::/1", "2603:1006::/40", "2603:10:600::/40", "2603:1006::/41", "26.3.1.0/24", "26.31.0.0/24"]
    assert len({objects.address_name(Prefix.parse(p)) for p in prefixes}) == len(prefixes)
    assert objects.host_name(HostPattern("*.sharepoint.com"), 79) == "m365-wildcard-sharepoint.com"
    assert objects.host_name(HostPattern("wildcard.sharepoint.com"), 79) == "m365-fqdn-wildcard.sharepoint.com"
    one, other = (objects.host_name(HostPattern(f"{'a' * 60}.{x}.example.com"), 63) for x in "bc")
    assert one != other
    assert max(len(one), len(other)) == 63
    assert objects.service_name(79, tcp=PortSet.parse("80,443"), udp=PortSet.parse("1-9")) == "m365-tcp-80_443-udp-1-9"
    assert objects.service_name(63, tcp=PortSet.parse("1,3")) != objects.service_name(63, tcp=PortSet.parse("1-3"))


@EVERY
def test_long_ids_with_the_same_start_have_different_names(target: str) -> None:
    long = "row/6/" + "a-very-long-name-of-a-requirement-" * 4
    ends = party("client", "10.0.0.0/24"), party("exchange-online", "40.96.0.0/13")
    plan = by_hand(*(flow(f"{long}{n}", *ends, tcp=str(n)) for n in range(1, 8)))
    assert disagreements(target, given(target, files(plan, target)), plan) == []


@EVERY
def test_an_end_without_addresses_never_becomes_anyone(target: str) -> None:
    client = party("client", "10.0.0.0/24")
    plan = by_hand(
        flow("row/6/names", client, PlanParty(role="azure", hosts=(HostPattern("*cdn.onenote.net"),)), tcp="443"),
        flow("row/6/nobody", PlanParty(role="sbc"), party("azure", "40.96.0.0/13"), tcp="443"),
    )
    device = given(target, files(plan, target))
    assert [rule for some in let_pass(target, device) for rule in some] == []
