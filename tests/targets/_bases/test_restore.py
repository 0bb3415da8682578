"""Changes of iptables and ipset give the same kernel state as the new files."""

import re
from pathlib import Path

import pytest

from perimeter365.model.ports import PortSet
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from perimeter365.targets._bases import restore
from perimeter365.targets.target import EarlierRender
from tests.consumers import need
from tests.targets.netfilter import alone, by_hand, case, files, flow, need_iptables, party, restoring
from tests.targets.test_since import PAIRS, before_and_after

KINDS = pytest.mark.parametrize("kind", ["nft", "legacy"])
TARGETS = pytest.mark.parametrize("target", ["iptables", "ipset"])


def since(old: Plan, new: Plan, target: str, **options: str) -> dict[str, str]:
    style = Style(options=options, since=EarlierRender(plan=old, style=Style(options=options)))
    return {a.name: a.content.decode() for a in render(new, target, style).artifacts}


def put(folder: Path, made: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in made.items():
        (folder / name).write_text(text)
    return folder


def whole(folder: Path, kind: str) -> list[str]:
    """Commands that load the full files of a render."""
    sets = [f"ipset restore -file {folder}/perimeter365.ipset"] if (folder / "perimeter365.ipset").exists() else []
    return [*sets, *(restoring(f"ip{six}tables-{kind}", f"{folder}/rules.v{n}") for six, n in (("", 4), ("6", 6)))]


def changes(folder: Path, kind: str) -> list[str]:
    """Commands that load the changes, in the order of the manual page."""
    commands = []
    for path in sorted(folder.glob("changes*")):
        six = "6" if path.suffix == ".v6" else ""
        tables = f"ip{six}tables-{kind}-restore --noflush {path}"
        commands.append(f"ipset restore -file {path}" if path.suffix == ".ipset" else tables)
    return commands


def held(*commands: str, kind: str, sets: bool) -> list[str]:
    """The kernel state after commands: rules and members, in any order."""
    saves = [f"ip{six}tables-{kind}-save -t filter" for six in ("", "6")] + (["ipset save"] if sets else [])
    text = alone("sh", "-c", " && ".join(["mount -t tmpfs tmpfs /run", *commands, *saves]), text="")
    lines = [re.sub(r" (hashsize|bucketsize|initval) \S+|\[\d+:\d+\]", "", line) for line in text.splitlines()]
    return sorted(line for line in lines if not line.startswith("#"))


@KINDS
@TARGETS
@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_old_file_and_the_changes_give_the_same_result_as_the_new_file(
    target: str, kind: str, old: str, new: str, tmp_path: Path
) -> None:
    need_iptables(kind)
    need("ipset")
    before = put(tmp_path / "old", files(case(old), target))
    after = put(tmp_path / "new", since(case(old), case(new), target))
    sets = target == "ipset"
    changed = held(*whole(before, kind), *changes(after, kind), kind=kind, sets=sets)
    assert changed == held(*whole(after, kind), kind=kind, sets=sets)


@KINDS
@TARGETS
def test_next_to_other_rules_the_changes_are_the_same(target: str, kind: str, tmp_path: Path) -> None:
    need_iptables(kind)
    need("ipset")
    old, new = before_and_after()
    options = {"refuse": "pass", "log": "yes"}
    before = put(tmp_path / "old", files(old, target, **options))
    after = put(tmp_path / "new", since(old, new, target, **options))
    own = [f"iptables-{kind} -A FORWARD -s 192.0.2.0/24 -j ACCEPT", f"iptables-{kind} -A FORWARD -d 192.0.2.0/24 -j LOG"]
    sets = target == "ipset"
    changed = held(*own, *whole(before, kind), *changes(after, kind), kind=kind, sets=sets)
    assert changed == held(*own, *whole(after, kind), kind=kind, sets=sets)
    assert sum("192.0.2.0/24" in line for line in changed) == 2


@KINDS
@TARGETS
def test_added_rules_are_before_the_one_that_refuses_everything_else(target: str, kind: str, tmp_path: Path) -> None:
    need_iptables(kind)
    need("ipset")
    old, new = before_and_after()
    before, after = put(tmp_path / "old", files(old, target)), put(tmp_path / "new", since(old, new, target))
    steps = " && ".join(
        ["mount -t tmpfs tmpfs /run", *whole(before, kind), *changes(after, kind), f"iptables-{kind}-save -t filter"]
    )
    rules = [line for line in alone("sh", "-c", steps, text="").splitlines() if line.startswith("-A P365-FORWARD ")]
    assert "--ctstate RELATED,ESTABLISHED" in rules[0]
    assert "--ctstate INVALID" in rules[1]
    assert rules[-1].endswith("-j REJECT --reject-with icmp-admin-prohibited")
    assert sum("REJECT" in rule for rule in rules) == 1


@KINDS
def test_ipset_sets_in_use_are_complete_at_every_step(kind: str, tmp_path: Path) -> None:
    """After the first step, the sets have what the old and the new rules need."""
    need_iptables(kind)
    need("ipset")
    old, new = before_and_after()
    before, after = put(tmp_path / "old", files(old, "ipset")), put(tmp_path / "new", since(old, new, "ipset"))
    steps = changes(after, kind)
    assert [Path(step.split()[-1]).name for step in steps] == [
        "changes-1.ipset",
        "changes-2.v4",
        "changes-2.v6",
        "changes-3.ipset",
    ]
    start = [line for line in held(*whole(before, kind), kind=kind, sets=True) if line.startswith("add")]
    first = [line for line in held(*whole(before, kind), steps[0], kind=kind, sets=True) if line.startswith("add")]
    end = [line for line in held(*whole(before, kind), *steps, kind=kind, sets=True) if line.startswith("add")]
    assert set(start) | set(end) <= set(first)


@KINDS
def test_iptables_changes_keep_the_counters_of_unchanged_chains(kind: str, tmp_path: Path) -> None:
    need_iptables(kind)
    ends = party("client", "10.0.0.0/24", "10.2.0.0/24"), party("teams", "52.112.0.0/14", "52.122.0.0/15")
    old = by_hand(flow("row/6/a", *ends, tcp="443"))
    new = by_hand(*old.flows, flow("row/6/b", *ends, tcp="80"))
    counted = files(old, "iptables")["rules.v4"].replace("-A P365-D", "[7:420] -A P365-D")
    before, after = put(tmp_path / "old", {"rules.v4": counted}), put(tmp_path / "new", since(old, new, "iptables"))
    text = (after / "changes.v4").read_text()
    assert text.count("-A P365-D") == 0
    steps = ["mount -t tmpfs tmpfs /run", f"{restoring(f'iptables-{kind}', '--counters')} {before}/rules.v4"]
    steps += [f"iptables-{kind}-restore --noflush {after}/changes.v4", f"iptables-{kind}-save -c -t filter"]
    saved = alone("sh", "-c", " && ".join(steps), text="")
    assert saved.count("[7:420] -A P365-D") == 2
    assert saved.count("[0:0] -A P365-FORWARD -p tcp") == 2


@KINDS
@TARGETS
@pytest.mark.parametrize(("old", "new"), PAIRS[:4])
def test_changes_can_be_loaded_again_after_an_interruption(
    target: str, kind: str, old: str, new: str, tmp_path: Path
) -> None:
    need_iptables(kind)
    need("ipset")
    before = put(tmp_path / "old", files(case(old), target))
    after = put(tmp_path / "new", since(case(old), case(new), target))
    steps, sets = changes(after, kind), target == "ipset"
    wanted = held(*whole(after, kind), kind=kind, sets=sets)
    again = [step for n in range(len(steps) + 1) for step in steps[:n]]
    assert held(*whole(before, kind), *again, kind=kind, sets=sets) == wanted


@pytest.mark.parametrize(
    "text", ["443", "1-9", ",".join(map(str, range(1, 60, 2))), ",".join(f"{n}-{n + 1}" for n in range(1, 90, 4))]
)
def test_port_matches_are_the_ports_in_lists_within_the_kernels_limit(text: str) -> None:
    words = [match.split()[-1] for match in restore.port_matches(PortSet.parse(text))]
    assert PortSet.parse(",".join(words).replace(":", "-")) == PortSet.parse(text)
    assert all(len(re.split("[,:]", word)) <= 15 for word in words)
