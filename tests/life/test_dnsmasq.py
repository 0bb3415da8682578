"""The life of the forwarding rules of dnsmasq, and of the sets that it fills."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from perimeter365.errors import LimitError, OptionError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, targets
from perimeter365.targets.target import Artifact
from tests.consumers import need
from tests.life import tries
from tests.life.lines import pasted
from tests.life.names import (  # noqa: F401
    BASE,
    CHANGED,
    plan_with,
    test_a_removal_that_was_interrupted_is_finished_later,
    test_after_each_line_what_both_versions_have_passes,
    test_each_line_is_needed,
    test_each_version_replaces_the_last_one,
    test_lines_that_refuse_change_nothing_if_they_are_pasted,
    test_the_names_of_the_example_pass_and_all_else_is_as_before,
    test_two_organizations_share_a_server,
)
from tests.life.servers import Dnsmasq, Server, dig
from tests.life.shell import FailedError
from tests.targets.netfilter import contoso


@pytest.fixture
def kind() -> type[Server]:
    return Dnsmasq


FAULTS = Path(__file__).parent / "faults" / "dnsmasq"
SETS = {"sets": "inet#perimeter365_dns#m365"}
ADDRESS = "198.51.100.53"
"""The answer of the servers of the plan."""


class WithSets(Dnsmasq):
    """dnsmasq that fills the sets of nftables."""

    options: ClassVar[Mapping[str, str]] = {**Dnsmasq.options, **SETS}

    def configure(self) -> None:
        need("nft")
        super().configure()
        self.write("etc/nftables.conf", "flush ruleset\ntable inet admin { set m365_4 { type ipv4_addr; }; }\n")
        self.shell.run("nft -f /etc/nftables.conf")

    def render(self, plan: Plan, **options: str) -> None:
        made = targets[self.target](Style(options=self.style | options, allow_widen=True)).render(plan)
        for path in self.out.iterdir():
            path.unlink()
        for artifact in made.artifacts:
            (self.out / artifact.name).write_bytes(artifact.content)

    def held(self, table: str = "perimeter365_dns", name: str = "m365") -> bool:
        """Return whether the set has the address of the names of the plan."""
        return ADDRESS in self.shell.run(f"nft list set inet {table} {name}_4")


@tries("dnsmasq", "install", "again", "shrink", "remove", "neighbors")
def test_the_sets_survive_the_updates_of_both_targets(tmp_path: Path) -> None:
    with WithSets(tmp_path) as server:
        before, rules = server.state(), server.shell.run("nft list ruleset")
        server.load(BASE, "install")
        assert not server.held()
        dig(server.shell, ["x.wide.example"])
        assert server.held()
        firewall = targets["nftables"](Style())
        for artifact in firewall.render(contoso()).artifacts:
            (server.home / artifact.name).write_bytes(artifact.content)
        for _ in range(2):
            server.shell.follow(firewall.commands("install"))
        assert server.held()
        server.load(CHANGED)
        assert server.held(), "an update keeps the addresses"
        server.shell.follow(firewall.commands("remove"))
        assert server.held()
        server.follow("remove")
        assert server.state() == before
        assert server.shell.run("nft list ruleset") == rules


@tries("dnsmasq", "interrupted", "again")
def test_sets_that_were_emptied_are_filled_after_a_restart(tmp_path: Path) -> None:
    with WithSets(tmp_path) as server:
        server.load(BASE, "install")
        dig(server.shell, ["x.wide.example"])
        server.shell.run("nft -f /etc/nftables.conf")  # the rules of the system, which flush all others
        assert not server.held()
        dig(server.shell, ["x.wide.example"])
        assert not server.held(), "the cache answers"
        assert "after the sets were emptied" in (server.out / "m365.conf").read_text()
        server.shell.run("kill -HUP $(cat /run/dnsmasq.pid)")
        server.shell.wait("dig @127.0.0.1 x.wide.example && nft list set inet perimeter365_dns m365_4 | grep elements")
        assert server.held()


def test_pasted_lines_that_refuse_leave_the_sets_alone(tmp_path: Path) -> None:
    with WithSets(tmp_path) as server:
        before, rules = server.state(), server.shell.run("nft list ruleset")
        server.render(BASE)
        for name, text in (("m365.conf", "no-such-option"), ("m365-sets.nft", "no such rule")):
            place = server.out / name
            good = place.read_text()
            place.write_text(f"{good}\n{text}\n")
            assert pasted(server.shell, server.out, server.lines("install")).count("refused: ") == 2
            place.write_text(good)
            assert server.state() == before
            assert server.shell.run("nft list ruleset") == rules
        assert "refused: " not in pasted(server.shell, server.out, server.lines("install"))
        dig(server.shell, ["x.wide.example"])
        assert server.held()


def test_two_organizations_have_sets_of_their_own(tmp_path: Path) -> None:
    with WithSets(tmp_path) as server:
        server.load(plan_with("only.example"), "install")
        server.load(plan_with("*.other.example"), "install", prefix="other")
        dig(server.shell, ["x.other.example"])
        assert (server.held(), server.held("perimeter365other_dns", "m365other")) == (False, True)
        server.follow("remove")
        assert server.held("perimeter365other_dns", "m365other")


@pytest.mark.parametrize("sets", ["inet#perimeter365#m365", "inet#perimeter365fabrikam#x", "inet#a#b}", "inet#a", "x#a#b"])
def test_the_table_of_the_firewall_target_is_no_place_for_sets(sets: str) -> None:
    with pytest.raises(OptionError):
        targets["dnsmasq"](Style(options={**Dnsmasq.options, "sets": sets}))


def test_without_widening_the_sets_are_a_loss() -> None:
    result = targets["dnsmasq"](Style(options={**Dnsmasq.options, **SETS})).render(BASE)
    assert {d.code for d in result.details} == {"shared-addresses"}
    without = targets["dnsmasq"](Style(options=Dnsmasq.options)).render(BASE)
    assert without.details == ()
    assert [a.name for a in without.artifacts] == ["m365.conf"]


def test_a_catalog_that_grows_makes_no_line_too_long(tmp_path: Path) -> None:
    names = [f"n{n}.wide.example" for n in range(200)]
    plan = plan_with("*.wide.example", *names, id="row/6/a-requirement-with-a-long-name")
    made: dict[str, bytes] = {}
    for options in ({}, SETS):
        style = Style(options={**Dnsmasq.options, **options}, allow_widen=True)
        made = {a.name: a.content for a in targets["dnsmasq"](style).render(plan).artifacts}
        (tmp_path / "m365.conf").write_bytes(made["m365.conf"])
        assert accepted(tmp_path / "m365.conf")
    assert max(map(len, made["m365.conf"].splitlines())) <= 1024
    assert all(f"-{n}".encode() in made["m365.conf"] for n in range(201)), "each id is in a comment"
    assert not accepted(FAULTS / "long.conf"), "the fault of earlier versions"


@pytest.mark.parametrize(("length", "fine"), [(1024, True), (1025, False)])
def test_the_limit_of_a_line_is_that_of_dnsmasq(length: int, fine: bool, tmp_path: Path) -> None:
    text = f"#{'x' * (length - 1)}\n"
    (tmp_path / "m365.conf").write_text(text)
    assert accepted(tmp_path / "m365.conf") == fine
    target = targets["dnsmasq"](Style(options=Dnsmasq.options))
    artifact = Artifact(name="m365.conf", content=text.encode(), entries=0)
    if fine:
        target.check_limits(artifact)
    else:
        with pytest.raises(LimitError):
            target.check_limits(artifact)


def accepted(path: Path) -> bool:
    return subprocess.run([need("dnsmasq"), "--test", "-C", path], capture_output=True, check=False).returncode == 0


def test_the_sets_of_earlier_versions_were_lost(tmp_path: Path) -> None:
    with WithSets(tmp_path) as server:
        text = (FAULTS / "m365.conf").read_text()
        server.write("etc/dnsmasq.d/m365.conf", text)
        server.shell.run("nft add table inet perimeter365; nft add set inet perimeter365 m365_4 '{ type ipv4_addr; }'")
        server.restart()
        dig(server.shell, ["x.wide.example"])
        assert server.held("perimeter365")
        firewall = targets["nftables"](Style())
        for artifact in firewall.render(contoso()).artifacts:
            (server.home / artifact.name).write_bytes(artifact.content)
        server.shell.follow(firewall.commands("install"))
        with pytest.raises(FailedError, match="No such file"):
            server.held("perimeter365")
