"""The life of the files for Azure, with Terraform and with deployment stacks, on a model of Azure."""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perimeter365.audit.packets import AllowRule, cuts, differences
from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from perimeter365.targets.since import load_kept
from perimeter365.targets.write import write
from tests.life import tries
from tests.life.changes import changed
from tests.life.models.arm import Stacks
from tests.life.models.azure import NSG, POLICY, SET, TABLE, Azure, RefusedError, from_terraform
from tests.life.models.terraform import ORDERS, InvalidError, Terraform
from tests.targets.devices import wanted
from tests.targets.packets import plan

ALL = ("azure-nsg", "azure-udr", "azure-firewall")
EACH = pytest.mark.parametrize("name", ALL)
WAYS = (*(("terraform", order) for order in ORDERS), ("azure-cli", ""))
"""A tool, and the order in which it carries out operations that do not depend on each other."""
EACH_WAY = pytest.mark.parametrize(("tool", "order"), WAYS)
ENVIRONMENT = {
    "GROUP": "group",
    "LOCATION": "westeurope",
    "NSG": "nsg",
    "POLICY": "policy",
    "POLICY_ID": "/subscriptions/1/resourceGroups/group/providers/Microsoft.Network/firewallPolicies/policy",
    "TABLE": "table",
}
FOREIGN: dict[tuple[str, str], dict[str, Any]] = {
    (NSG, "nsg/allow-ssh"): {
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRanges": ["22"],
    },
    (NSG, "nsg/m365-by-hand"): {
        "priority": 101,
        "direction": "Outbound",
        "access": "Deny",
        "protocol": "Tcp",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRanges": ["25"],
    },
    (TABLE, "table/default"): {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance"},
    (SET, "admins"): {"ipAddresses": ["192.0.2.0/24"]},
    (POLICY, "policy/admins"): {
        "priority": 200,
        "ruleCollections": [
            {
                "name": "own",
                "priority": 100,
                "rules": [
                    {
                        "ruleType": "NetworkRule",
                        "name": "own",
                        "sourceIpGroups": ["admins"],
                        "ipProtocols": ["UDP"],
                        "destinationAddresses": ["192.0.2.1"],
                        "destinationPorts": ["123"],
                    }
                ],
            }
        ],
    },
}


class Cloud:
    """A resource group with objects of its administrator, a work folder, and the tool of the printed commands."""

    def __init__(
        self,
        name: str,
        folder: Path,
        tool: str,
        order: str,
        azure: Azure | None = None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.folder, self.tool, self.options = name, folder, tool, {**(options or {}), "tool": tool}
        folder.mkdir(exist_ok=True)
        self.azure = azure or Azure()
        if azure is None:
            for (kind, each), properties in FOREIGN.items():
                self.azure.put(kind, each, properties)
        self.kept: dict[str, int] = {}
        self.terraform = Terraform(folder, self._change, order=order or ORDERS[0])
        self.stacks = Stacks(self.azure, folder)

    def _change(self, action: str, kind: str, key: str, block: dict[str, Any]) -> None:
        its, name, properties = from_terraform(kind, block)
        if action == "delete":
            self.azure.delete(its, name)
        else:
            self.azure.put(its, name, properties)

    def put(self, which: Plan, **options: str) -> None:
        """Render a plan into the folder, with what the last render there kept."""
        self.options |= options
        style = Style(options=self.options, kept=self.kept, allow_empty=True)
        made = render(which, self.name, style)
        for artifact in made.artifacts:
            (self.folder / artifact.name).write_bytes(artifact.content)
        manifest = self.folder.with_name(f"{self.folder.name}-manifest")
        write([made], manifest, allow_empty=True)
        self.kept = dict(load_kept(manifest, targets[self.name]))

    def lines(self, part: Part) -> tuple[str, ...]:
        """The commands of a part of the manual."""
        return targets[self.name](Style(options=self.options)).commands(part)

    def run(self, lines: tuple[str, ...], stop_after: int | None = None) -> bool:
        """Carry out lines. Return False if they were interrupted."""
        tool = self.terraform if self.tool == "terraform" else self.stacks
        tool.stop_after = stop_after
        return all(tool.run(line, ENVIRONMENT) for line in lines)

    def follow(self, part: Part, stop_after: int | None = None) -> bool:
        """Carry out a part of the manual."""
        return self.run(self.lines(part), stop_after)

    def snapshot(self) -> Any:
        """Everything that can change."""
        return copy.deepcopy((self.azure.resources, self.terraform.state, self.stacks.managed))

    def restore(self, snapshot: Any) -> None:
        """Go back to a snapshot."""
        self.azure.resources, self.terraform.state, self.stacks.managed = copy.deepcopy(snapshot)

    def allowed(self) -> list[list[AllowRule]]:
        """What is allowed, by address, in each direction of a group."""
        ours = Azure()
        ours.resources = {key: each for key, each in self.azure.resources.items() if key not in FOREIGN}
        if self.name == "azure-nsg":
            return [ours.security("nsg", direction) for direction in ("Outbound", "Inbound")]
        return [[rule for rule in ours.firewall("policy") if not rule.hosts]]

    def mine(self) -> dict[Any, Any]:
        """Our resources, without their priorities."""
        away = {"priority"} if self.name == "azure-nsg" else set()
        return {
            key: {k: v for k, v in each.items() if k not in away}
            for key, each in self.azure.resources.items()
            if key not in FOREIGN
        }


def expected(name: str, which: Plan) -> list[list[AllowRule]]:
    """What a plan wants of a target, by address."""
    seen = which.seen_from("inside")
    if name == "azure-firewall":
        return [[rule for rule in wanted(seen) if rule.family == 4]]
    return [
        wanted(replace(seen, flows=tuple(f for f in seen.flows if f.direction in ways)))
        for ways in (("outbound", "internal"), ("inbound", "internal"))
    ]


def agrees(cloud: Cloud, which: Plan, tmp_path: Path) -> None:
    """Assert that the cloud has what the plan wants, what a first install gives, and what its administrator had."""
    if cloud.name != "azure-udr":
        for now, then in zip(cloud.allowed(), expected(cloud.name, which), strict=True):
            assert differences(now, then) == []
    assert {key: cloud.azure.resources[key] for key in FOREIGN} == FOREIGN
    fresh = Cloud(cloud.name, tmp_path / "fresh", cloud.tool, "", options=cloud.options)
    fresh.put(which)
    fresh.follow("install")
    assert cloud.mine() == fresh.mine()


@EACH
@EACH_WAY
@tries(ALL, "install", "again", "remove")
def test_the_administrators_objects_stay_and_ours_come_and_go(name: str, tool: str, order: str, tmp_path: Path) -> None:
    cloud = Cloud(name, tmp_path / "a", tool, order)
    cloud.put(plan("contoso"))
    cloud.follow("install")
    agrees(cloud, plan("contoso"), tmp_path)
    before = cloud.snapshot()
    cloud.follow("update")
    assert cloud.snapshot() == before
    other = {
        "azure-nsg": {"first_priority": "2000"},
        "azure-udr": {"next_hop": "VirtualNetworkGateway"},
        "azure-firewall": {"priority": "600"},
    }
    cloud.put(plan("contoso"), **other[name])
    cloud.follow("update")
    agrees(cloud, plan("contoso"), tmp_path)
    assert cloud.snapshot() != before
    cloud.follow("remove")
    assert cloud.azure.resources == FOREIGN


@EACH
@EACH_WAY
@tries(ALL, "grow", "shrink", "back", "unordered")
def test_updates_are_applied_in_any_order(name: str, tool: str, order: str, tmp_path: Path) -> None:
    cloud = Cloud(name, tmp_path / "a", tool, order)
    cloud.put(changed(1))
    cloud.follow("install")
    for which in (changed(0), changed(2), changed(1)):
        cloud.put(changed(3))  # rendered, but not loaded
        cloud.put(which)
        cloud.follow("update")
        agrees(cloud, which, tmp_path)


@EACH
@EACH_WAY
@tries(ALL, "empty")
def test_a_plan_with_nothing_for_the_target_leaves_nothing_and_opens_nothing(
    name: str, tool: str, order: str, tmp_path: Path
) -> None:
    if name != "azure-udr":
        with pytest.raises(EmptyArtifactError):
            render(plan("nothing-selected"), name)
    cloud = Cloud(name, tmp_path / "a", tool, order)
    cloud.put(plan("nothing-selected"))
    cloud.follow("install")
    assert cloud.azure.resources == FOREIGN
    cloud.put(plan("small"))
    cloud.follow("update")
    assert cloud.azure.resources != FOREIGN
    cloud.put(plan("nothing-selected"))
    cloud.follow("update")
    assert cloud.azure.resources == FOREIGN


@EACH
@EACH_WAY
@tries(ALL, "interrupted")
def test_after_each_operation_nothing_else_is_open_and_what_stays_is_not_closed(
    name: str, tool: str, order: str, tmp_path: Path
) -> None:
    cloud = Cloud(name, tmp_path / "a", tool, order)
    cloud.put(changed(3))
    cloud.follow("install")
    start, first = cloud.snapshot(), cloud.allowed()
    cloud.put(plan("small"))
    cloud.follow("update")
    end, last = cloud.snapshot(), cloud.allowed()
    routes = [{key for key in snapshot[0] if key[0] == TABLE} for snapshot in (start, end)]
    for stop in range(200):
        cloud.restore(start)
        done = cloud.follow("update", stop_after=stop)
        for one, other, now in zip(first, last, cloud.allowed(), strict=True):
            assert cuts(one, other, now) == []
            assert differences([*one, *other, *now], [*one, *other]) == []
        now_routes = {key for key in cloud.azure.resources if key[0] == TABLE}
        assert routes[0] & routes[1] <= now_routes <= routes[0] | routes[1]
        if done:
            break
        cloud.follow("update")
        assert cloud.mine() == _mine(cloud, end)
    assert stop > 2


def _mine(cloud: Cloud, snapshot: Any) -> dict[Any, Any]:
    cloud.restore(snapshot)
    return cloud.mine()


@EACH
@pytest.mark.parametrize("tool", ["terraform", "azure-cli"])
@tries(ALL, "neighbors")
def test_two_organizations_share_a_group_a_table_and_a_policy(name: str, tool: str, tmp_path: Path) -> None:
    option = {"azure-nsg": "first_priority", "azure-firewall": "priority"}.get(name)
    one = Cloud(name, tmp_path / "a", tool, "", options={option: "1000"} if option else {})
    second = {"prefix": "fabrikam", **({option: "2500"} if option else {})}
    other = Cloud(name, tmp_path / "b", tool, "", one.azure, second)
    one.put(plan("contoso"))
    one.follow("install")
    before = set(one.azure.resources)
    if name == "azure-udr":  # a table has one route for a prefix, whoever needs it
        other.put(plan("contoso"))
        with pytest.raises(RefusedError, match="RouteConflict"):
            other.follow("install")
        one.follow("remove")
        other.follow("update")
        assert set(one.azure.resources) > set(FOREIGN)
        other.follow("remove")
        assert one.azure.resources == FOREIGN
        return
    other.put(plan("contoso"))
    other.follow("install")
    theirs = set(one.azure.resources) - before
    assert len(theirs) == len(before) - len(FOREIGN)
    one.put(plan("small"))
    one.follow("update")
    assert theirs <= set(one.azure.resources)
    one.follow("remove")
    assert set(one.azure.resources) == theirs | set(FOREIGN)
    other.follow("remove")
    assert one.azure.resources == FOREIGN


@pytest.mark.parametrize("name", ["azure-nsg", "azure-firewall"])
def test_organizations_with_the_same_priorities_are_refused_and_the_option_says_so(name: str, tmp_path: Path) -> None:
    one = Cloud(name, tmp_path / "a", "terraform", "")
    other = Cloud(name, tmp_path / "b", "terraform", "", one.azure, {"prefix": "fabrikam"})
    for cloud in (one, other):
        cloud.put(plan("small"))
    one.follow("install")
    with pytest.raises(RefusedError, match="Conflict"):
        other.follow("install")
    assert "different ones" in str(targets[name].options["first_priority" if name == "azure-nsg" else "priority"].help)


# -- priorities ------------------------------------------------------------------------------------------------------


def priorities(which: Plan, kept: dict[str, int], **options: str) -> tuple[dict[str, int], dict[str, int]]:
    """The priorities of the rules, and the numbers that are kept."""
    made = render(which, "azure-nsg", Style(options=options, kept=kept))
    named = json.loads(made.artifacts[0].content)["resource"]["azurerm_network_security_rule"].values()
    return {rule["name"]: rule["priority"] for rule in named}, dict(made.kept)


def test_a_rule_keeps_its_priority_and_none_takes_that_of_another() -> None:
    history: dict[str, int] = {}
    kept: dict[str, int] = {}
    for which in (changed(1), changed(0), changed(2), changed(3), changed(0)):
        now, kept = priorities(which, kept)
        assert all(history.get(name, number) == number for name, number in now.items())
        history |= now
        assert len(set(history.values())) == len(history)
        assert min(now.values()) >= 1000
    assert priorities(changed(0), {}) == priorities(changed(0), {})


def test_every_second_number_is_free_as_long_as_there_are_enough() -> None:
    now, _ = priorities(changed(0), {})
    assert sorted(now.values()) == list(range(1000, 1000 + 2 * len(now), 2))
    now, _ = priorities(changed(0), {}, first_priority="4000")
    assert min(now.values()) == 4000
    assert any(number % 2 for number in now.values())


def test_reserved_numbers_are_given_up_when_few_are_left_but_not_in_the_same_render() -> None:
    gone = {f"gone-{n}": n for n in range(1000, 3500)}
    now, kept = priorities(changed(0), gone)
    assert not set(now.values()) & set(gone.values())
    assert kept == now
    now, kept = priorities(changed(0), {name: n for name, n in gone.items() if n < 1100})
    assert len(kept) == 100 + len(now)


# -- known faults, and mutations -------------------------------------------------------------------------------------

FAULTS = Path(__file__).parent / "faults"


def old_files(name: str, which: str, folder: Path) -> None:
    """Copy files of commit d74eff8, and the block without which no version of Terraform applies them."""
    folder.mkdir(exist_ok=True)
    for path in (FAULTS / name / which).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "provider.tf.json").write_text('{"provider": {"azurerm": {"features": {}}}}')


def test_an_update_of_the_earlier_nsg_met_the_priority_of_another_rule(tmp_path: Path) -> None:
    met = []
    for order in ORDERS:
        cloud = Cloud("azure-nsg", tmp_path / order, "terraform", order)
        del cloud.azure.resources[NSG, "nsg/allow-ssh"], cloud.azure.resources[NSG, "nsg/m365-by-hand"]
        old_files("azure-nsg", "before", cloud.folder)
        cloud.follow("install")
        old_files("azure-nsg", "after", cloud.folder)
        try:
            cloud.follow("update")
        except RefusedError as error:
            met.append(str(error).partition(":")[0])
    assert met
    assert set(met) == {"SecurityRuleConflict"}


def test_the_earlier_nsg_began_at_the_priority_of_the_groups_own_rules(tmp_path: Path) -> None:
    cloud = Cloud("azure-nsg", tmp_path / "a", "terraform", "")
    old_files("azure-nsg", "before", cloud.folder)
    with pytest.raises(RefusedError, match=r"SecurityRuleConflict: m365-\S+ and nsg/m365-by-hand"):
        cloud.follow("install")


@pytest.mark.parametrize("order", ORDERS)
def test_an_update_of_the_earlier_firewall_removed_ip_groups_that_were_in_use(order: str, tmp_path: Path) -> None:
    cloud = Cloud("azure-firewall", tmp_path / "a", "terraform", order)
    old_files("azure-firewall", "before", cloud.folder)
    cloud.follow("install")
    old_files("azure-firewall", "after", cloud.folder)
    with pytest.raises(RefusedError, match="IpGroupsHasFirewallPolicyReferences"):
        cloud.follow("update")


@pytest.mark.parametrize(
    ("name", "refused"), [("azure-nsg", "AnotherOperationInProgress"), ("azure-udr", "AnotherOperationInProgress")]
)
def test_children_that_are_deployed_at_the_same_time_are_refused(name: str, refused: str, tmp_path: Path) -> None:
    cloud = Cloud(name, tmp_path / "a", "azure-cli", "")
    cloud.put(changed(0))
    (path,) = cloud.folder.glob("*.arm.json")
    template = json.loads(path.read_text())
    path.write_text(json.dumps({**template, "resources": [{**each, "dependsOn": []} for each in template["resources"]]}))
    with pytest.raises(RefusedError, match=refused):
        cloud.follow("install")


def test_ip_groups_are_changed_20_at_a_time(tmp_path: Path) -> None:
    cloud = Cloud("azure-firewall", tmp_path / "a", "azure-cli", "")
    cloud.put(plan("everything-worldwide"))
    cloud.follow("install")
    (path,) = cloud.folder.glob("*.arm.json")
    template = json.loads(path.read_text())
    sets = [each for each in template["resources"] if each["type"] == SET]
    assert len(sets) > 20
    for each in sets:
        each["dependsOn"] = []
    path.write_text(json.dumps(template))
    with pytest.raises(RefusedError, match="TooManyIpGroupUpdates"):
        cloud.follow("update")


def test_a_template_with_too_many_resources_is_refused_and_ours_are_divided(tmp_path: Path) -> None:
    cloud = Cloud("azure-nsg", tmp_path / "a", "azure-cli", "")
    which = plan("everything-everywhere")
    cloud.put(which)
    cloud.follow("install")
    agrees(cloud, which, tmp_path)
    (path,) = cloud.folder.glob("*.arm.json")
    template = json.loads(path.read_text())
    nested = [each["properties"]["template"]["resources"] for each in template["resources"]]
    assert len(nested) > 1, "the plan has more than 800 rules"
    path.write_text(json.dumps({**template, "resources": [each for some in nested for each in some]}))
    with pytest.raises(RefusedError, match=r"InvalidTemplate: \d+ resources"):
        cloud.follow("update")


WIDER = {
    "azure-nsg": ("m365-nsg.tf.json", '"52.112.0.0/14"', '"52.112.0.0/13"'),
    "azure-firewall": ("m365-firewall.tf.json", '"52.112.0.0/14"', '"52.112.0.0/13"'),
    "azure-udr": ("m365-routes.tf.json", '"52.112.0.0/14"', '"52.112.0.0/13"'),
}


@EACH
def test_a_prefix_that_is_too_wide_is_noticed(name: str, tmp_path: Path) -> None:
    cloud = Cloud(name, tmp_path / "a", "terraform", "")
    cloud.put(plan("contoso"))
    file, right, wrong = WIDER[name]
    text = (cloud.folder / file).read_text()
    assert right in text
    (cloud.folder / file).write_text(text.replace(right, wrong))
    cloud.follow("install")
    with pytest.raises(AssertionError):
        agrees(cloud, plan("contoso"), tmp_path)


DAMAGE = (
    "^terraform init$",
    "^terraform plan .*$",
    "^terraform apply .*$",
    " -destroy",
    r" -var \S+",
    "^az stack .*$",
    "deleteResources",
    " -g [^ ]+",
    " -f [^ ]+",
    " -p [^ ]+",
    " --yes",
    " --deny-settings-mode none",
)


@EACH
@pytest.mark.parametrize("tool", ["terraform", "azure-cli"])
@pytest.mark.parametrize("part", ["install", "update", "remove"])
def test_a_command_that_is_damaged_is_noticed(name: str, tool: str, part: Part, tmp_path: Path) -> None:
    tried = 0
    for number, damage in enumerate(DAMAGE):
        if not any(re.search(damage, line) for line in targets[name](Style(options={"tool": tool})).commands(part)):
            continue
        cloud = Cloud(name, tmp_path / str(number), tool, "")
        cloud.put(changed(0))
        if part != "install":
            cloud.follow("install")
            cloud.put(plan("small"))
        start, lines = cloud.snapshot(), cloud.lines(part)
        cloud.follow(part)
        right = cloud.azure.resources
        cloud = _again(cloud, start, tmp_path / f"{number}b", part)
        for at in [n for n, line in enumerate(lines) if re.search(damage, line)]:
            damaged = [
                *lines[:at],
                re.sub(damage, "detachAll" if "Resources" in damage else "", lines[at]),
                *lines[at + 1 :],
            ]
            if part == "install" and damage == "deleteResources":
                continue  # shows at the next update
            if part == "update" and damage == "^terraform init$":
                continue  # the folder is ready since the install
            tried += 1
            try:
                cloud.run(tuple(line for line in damaged if line))
            except (InvalidError, RefusedError, KeyError):
                continue
            assert cloud.azure.resources != right, (damage, damaged)
            cloud = _again(cloud, start, tmp_path / f"{number}c", part)
    assert tried > 2


def _again(cloud: Cloud, start: Any, folder: Path, part: Part) -> Cloud:
    """The same cloud before the commands, with a work folder in which nothing is planned."""
    other = Cloud(cloud.name, folder, cloud.tool, "", options=cloud.options)
    for path in cloud.folder.glob("*.json"):
        (folder / path.name).write_bytes(path.read_bytes())
    other.restore(start)
    other.terraform._ready = part != "install"
    return other
