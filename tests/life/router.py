"""A Linux router in the namespace laboratory, on which the lines of a manual are carried out.

    with Router(lab, folder, "ipset-legacy") as router:
        router.render(plan)
        router.follow("install")
        assert router.disagreements(oracle, packets) == []

What a plan needs of the laboratory is placed by `place`: the organization's prefixes are inside, all others outside.
"""

import ipaddress
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import targets
from perimeter365.targets.life import Part
from perimeter365.targets.target import EarlierRender, Style, Target
from tests.consumers import need
from tests.lab import Lab, LabError, Outcome, Probe
from tests.life.boundaries import Oracle, Packet, disagreements, usable
from tests.targets.netfilter import need_iptables

CONSUMERS = ("nftables", "iptables-nft", "iptables-legacy", "ipset-nft", "ipset-legacy")
"""Targets, each with the two kinds of iptables."""

END = "@end-of-output@"
_shells: "WeakKeyDictionary[Lab, subprocess.Popen[str]]" = WeakKeyDictionary()


_need_iptables = cache(need_iptables)


class Router:
    """The router of a laboratory, with one kind of iptables as `iptables`, in a work folder."""

    def __init__(self, lab: Lab, folder: Path, consumer: str, **options: str) -> None:
        self.lab, self.folder = lab, folder
        name, _, kind = consumer.partition("-")
        self.kind = kind or "nft"
        self.target = targets[name](Style(options=options))
        need({"nftables": "nft", "iptables": "iptables-restore"}.get(name, name))
        _need_iptables(self.kind)
        self._programs(folder / "bin")
        words = self.target.words()
        table, chains, sets = words.get("table", ""), words.get("chains", ""), words.get("sets", "")
        own = [f"^table inet {table}:"] if table else []
        own += [rf" filter -[NA] {chains}-(FORWARD|[SD]-)", rf" -j {chains}-FORWARD$"] if chains else []
        own += [rf"^(create|add) {sets}-(new-v[46]-\d+|\S+-v[46]-[a-z2-7]{{5}}) "] if sets else []
        self._own = re.compile("|".join(own))
        self.work = folder / "work"
        self.work.mkdir(exist_ok=True)

    def _programs(self, folder: Path) -> None:
        """Make the programs without a kind those of the router's kind."""
        folder.mkdir(exist_ok=True)
        for program in ("iptables", "ip6tables"):
            for end in ("", "-save", "-restore"):
                path = folder / f"{program}{end}"
                if not path.exists():
                    found = shutil.which(f"{program}-{self.kind}{end}", path=f"/usr/sbin:/sbin:{os.environ.get('PATH', '')}")
                    assert found
                    path.symlink_to(Path(found).resolve())
        self._path = f"{folder}:/usr/sbin:/sbin:/usr/bin:/bin"

    def run(self, line: str) -> str:
        """Run a line of a shell in the work folder, and return its output. Raises LabError."""
        if self.lab not in _shells:
            _shells[self.lab] = self.lab.start("router", "bash")
        shell, errors = _shells[self.lab], self.folder / "errors"
        assert shell.stdin is not None
        assert shell.stdout is not None
        # One shell for all lines: to enter the namespaces for each would take longer than the lines.
        inner = f"set -o pipefail; export PATH={self._path}; cd {self.work}\n{line}\n"
        shell.stdin.write(f"(\n{inner}) </dev/null 2>{errors}; printf '\\n%s %s\\n' {END} $?\n")
        shell.stdin.flush()
        found: list[str] = []
        for text in shell.stdout:
            if text.startswith(END):
                code = int(text.split()[-1])
                break
            found.append(text)
        else:
            raise LabError("the shell has ended")
        output = "".join(found).removesuffix("\n")
        if code:
            raise LabError(f"`{line}` ended with {code}: {errors.read_text()}{output}")
        return output

    @staticmethod
    def target_of(name: str, style: Style) -> Target:
        """Return a target with a style."""
        return targets[name](style)

    def with_options(self, **options: str) -> "Router":
        """Return the same router with other options of the target."""
        consumer = self.target.name if self.target.name == "nftables" else f"{self.target.name}-{self.kind}"
        return Router(self.lab, self.folder, consumer, **options)

    def render(self, plan: Plan, since: Plan | None = None) -> None:
        """Replace the files of the work folder by those of a plan, with the changes since an earlier one."""
        style = self.target.style
        if since is not None:
            style = replace(style, since=EarlierRender(plan=since, style=style))
        shutil.rmtree(self.work)
        self.work.mkdir()
        for artifact in type(self.target)(style).render(plan).artifacts:
            (self.work / artifact.name).write_bytes(artifact.content)

    def follow_with(self, plan: Plan, part: Part, *, allow_empty: bool, **options: str) -> None:
        """Render a plan with other options, also if it has nothing for the router, and carry out a part of the manual."""
        other = self.with_options(**options)
        other.target.style = replace(other.target.style, allow_empty=allow_empty)
        other.render(plan)
        other.follow(part)

    def commands(self, part: Part) -> list[str]:
        """Return the commands of a part of the manual."""
        return [line for line in self.target.commands(part) if not line.startswith("# ")]

    def follow(self, part: Part, stop_after: int | None = None) -> None:
        """Carry out the lines of a part of the manual. Raises LabError."""
        for line in self.commands(part)[:stop_after]:
            self.run(line)

    def clear(self) -> None:
        """Remove all rules, sets and tracked connections."""
        steps = ["nft flush ruleset"]
        for family in ("ip", "ip6"):
            run = f"{family}tables-legacy -w"
            steps += [f"for t in $(cat /proc/net/{family}_tables_names); do {run} -t $t -F && {run} -t $t -X; done"]
            steps += [f"for c in INPUT FORWARD OUTPUT; do {run} -P $c ACCEPT; done"]
        # The kernel may refer to sets of rules of nft for a moment after they were deleted.
        steps.append("for n in 1 2 3 4 5 6 7 8 9; do ipset destroy && break || sleep 0.1; done")
        self.run("; ".join(steps))
        self.lab.forget_connections()

    def state(self) -> list[str]:
        """Return all rules and sets of the router, without counters and sizes, sorted."""
        text = self.run("iptables-save && ip6tables-save && ipset save && nft -s list ruleset")
        text = re.sub(r" (hashsize|bucketsize|initval) \S+|\[\d+:\d+\]", "", text)
        # Looking at a table of iptables-legacy creates it, so one without rules is the same as none.
        text = re.sub(r"^\*(?!filter$)\w+\n(?:[:#].*\n)*COMMIT\n", "", text, flags=re.MULTILINE)
        return sorted(line for line in text.splitlines() if line.strip() and not line.startswith("#"))

    def foreign(self) -> list[str]:
        """Return those rules, sets and tables that are not of this target, in their order."""
        found = self.run("ipset save").splitlines()
        lists = [
            f"{program} -t {table} -S | sed 's/^/{program} {table} /'"
            for program in ("iptables", "ip6tables")
            for table in ("filter", "nat")
        ]
        found += self.run(" && ".join(lists)).splitlines()
        table = ""
        for line in self.run("nft -s list ruleset").splitlines():
            table = line.removesuffix(" {") if line.startswith("table ") else table
            if line.strip() and not re.fullmatch(r"table ip6? (filter|nat|mangle|raw|security)", table):
                found.append(f"{table}: {line}")
        return [re.sub(r" (hashsize|bucketsize|initval) \S+", "", line) for line in found if not self._own.search(line)]

    # Packets

    def passing(self, packets: Sequence[Packet]) -> dict[Packet, bool]:
        """Open a connection for each packet, and return which of them passed.

        Silence is tried again: on a slow machine, an answer may be late.
        """
        self.lab.forget_connections()
        found: dict[Packet, bool] = {}
        for _attempt in range(1 if self.target.option("refuse") == "drop" else 3):
            silent = [p for p in packets if p not in found]
            verdicts = self.lab.probe_all(Probe(p.protocol, p.source, p.destination, p.port) for p in silent)
            found |= {p: v.passed for p, v in zip(silent, verdicts, strict=True) if v.outcome is not Outcome.TIMED_OUT}
        return {packet: found.get(packet, False) for packet in packets}

    def disagreements(self, oracle: Oracle, packets: Sequence[Packet], *, sides: bool = False) -> list[str]:
        """Return the packets on which the router and the plan disagree."""
        return disagreements(oracle, packets, self.passing(packets).__getitem__, sides=sides)


def place(lab: Lab, *oracles: Oracle) -> None:
    """Place the organization's prefixes, and the private addresses next to each, inside."""
    for oracle in oracles:
        for network in oracle.ours():
            beyond = [str(type(network[0])(value)) for value in (int(network[0]) - 1, int(network[-1]) + 1)]
            lab.inside(str(network), *(b for b in beyond if ipaddress.ip_address(b).is_private or ":" not in b))


def crossing(lab: Lab, packets: Iterable[Packet], *, internal: bool = False) -> list[Packet]:
    """Return the packets that pass the laboratory's router, with the interfaces that they pass.

    Args:
        lab: the laboratory.
        packets: the packets.
        internal: whether neither of its interfaces is the one to the internet.
    """
    return list(dict.fromkeys(_crossing(lab, packets, internal)))


def _crossing(lab: Lab, packets: Iterable[Packet], internal: bool) -> Iterator[Packet]:
    for packet in packets:
        if all(usable(ipaddress.ip_address(a)) for a in (packet.source, packet.destination)):
            try:
                source, destination = lab.side_of(packet.source), lab.side_of(packet.destination)
            except ValueError:  # neither side has it
                continue
            if source != destination:
                way = "outbound" if source == "inside" else "inbound"
                yield replace(packet, crossing="internal" if internal else way)  # type: ignore[arg-type]


def fails(router: Router, line: str) -> str:
    """Run a line that has to fail, and return its message."""
    try:
        router.run(line)
    except LabError as error:
        return str(error)
    pytest.fail(f"`{line}` did not fail")
