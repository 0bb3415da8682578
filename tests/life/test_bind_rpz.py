"""The life of the response policy zone, in a named with a blocklist, and its serial on secondary servers."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import pytest

from perimeter365.errors import OptionError
from perimeter365.model.catalog import CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.version import Version
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, targets
from tests.consumers import need
from tests.life import tries
from tests.life.lines import pasted
from tests.life.names import (  # noqa: F401
    BASE,
    CHANGED,
    GROWN,
    asked,
    plan_with,
    test_a_removal_that_was_interrupted_is_finished_later,
    test_after_each_line_what_both_versions_have_passes,
    test_each_line_is_needed,
    test_each_version_replaces_the_last_one,
    test_lines_that_refuse_change_nothing_if_they_are_pasted,
    test_the_names_of_the_example_pass_and_all_else_is_as_before,
    test_two_organizations_share_a_server,
)
from tests.life.servers import WORLD, Named, Server, dig
from tests.life.shell import FailedError


@pytest.fixture
def kind() -> type[Server]:
    return Named


FAULTS = Path(__file__).parent / "faults" / "bind-rpz"
SECOND = "127.0.0.2"


class Pair(Named):
    """A primary, and a secondary that blocks what the transferred zone does not exempt."""

    options: ClassVar[Mapping[str, str]] = {"secondaries": SECOND}

    def configure(self) -> None:
        super().configure()
        self.shell.run(f"mkdir -p /run/second; ip addr add {SECOND}/32 dev lo")
        self.write(
            "etc/bind/second.conf",
            'options { directory "/run/second"; listen-on { 127.0.0.2; }; listen-on-v6 { none; }; recursion yes;\n'
            f' pid-file "/run/second/pid"; session-keyfile "/run/second/key"; forwarders {{ {WORLD}; }}; forward only;\n'
            " dnssec-validation no; max-cache-size 8m; empty-zones-enable no; qname-minimization off;\n"
            " transfer-source 127.0.0.2;\n"
            ' response-policy { zone "m365.rpz"; zone "block.rpz"; } min-update-interval 0 qname-wait-recurse no; };\n'
            "controls { };\n"
            'zone "m365.rpz" { type secondary; primaries { 127.0.0.1; }; file "m365.rpz"; masterfile-format text;'
            " allow-notify { 127.0.0.2; }; };\n"  # the kernel's source address of packets to it
            'zone "block.rpz" { type primary; file "/etc/bind/block.rpz"; };\n',
        )

    def restart(self) -> None:
        super().restart()
        self.end("/run/second/pid")
        self.shell.run("named -n 1 -c /etc/bind/second.conf")
        self.shell.wait(f"dig @{SECOND} +tries=1 +time=1 version.bind CH TXT")

    def serial(self, server: str = SECOND) -> int:
        """The serial of the zone, from the primary's own word or by a query to the secondary."""
        if server == SECOND:
            said = self.shell.run(f"dig @{server} +norecurse +short m365.rpz SOA").split()
            return int(said[2]) if len(said) > 2 else 0
        return int(self.shell.run("rndc zonestatus m365.rpz | sed -n 's/^serial: //p'"))

    def follows(self, plan: Plan, seconds: float = 5) -> bool:
        """Return whether the secondary passes the names of a plan, and no others, within some time."""
        names = asked(BASE, GROWN)
        wanted = {name for name in names if self.expects(plan, name)}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = {name for name, said in dig(self.shell, names, SECOND).items() if said == "198.51.100.54"}
            if found == wanted:
                return True
            time.sleep(0.1)
        return False


def catalog_of(plan: Plan, version: str) -> Plan:
    """The plan with another version of the catalog."""
    return replace(plan, versions={Cloud.WORLDWIDE: CatalogVersion(version=Version(version), origin="recorded")})


@tries("bind-rpz", "grow", "shrink", "back", "again")
def test_a_secondary_follows_every_change_and_rollback(tmp_path: Path) -> None:
    with Pair(tmp_path) as server:
        last = 0
        older = catalog_of(CHANGED, "2024032900")  # China's list is older than worldwide's
        server.load(CHANGED, "install")
        server.restart()
        for plan in (BASE, GROWN, older, BASE, catalog_of(GROWN, "2026110100"), BASE):
            server.load(plan)
            assert server.follows(plan), (last, server.serial(), server.serial("primary"))
            assert server.serial() == server.serial("primary") > last
            last = server.serial()
            server.load(plan)
            assert server.serial("primary") == last, "nothing has changed"


@tries("bind-rpz", "unordered")
def test_a_render_without_the_last_one_is_not_loaded_if_its_serial_goes_back(tmp_path: Path) -> None:
    with Pair(tmp_path) as server:
        for plan in (BASE, GROWN, BASE, CHANGED):
            server.load(plan)
        last = server.serial("primary")
        server.kept = {}
        server.render(GROWN)
        with pytest.raises(FailedError):
            server.follow("update")
        assert server.serial("primary") == last
        assert server.follows(CHANGED)
        server.kept = {}
        server.load(GROWN, serial=str(last + 10))
        assert server.follows(GROWN)
        with pytest.raises(OptionError, match="is not greater than"):
            server.render(BASE, serial=str(last))


def serials(plans: Iterable[Plan], kept: Mapping[str, int] = MappingProxyType({})) -> list[int]:
    """The serials of a zone that is rendered for several plans in turn, each into the folder of the last."""
    found = []
    for plan in plans:
        made = targets["bind-rpz"](Style(kept=kept)).render(plan)
        kept = made.kept
        zone = made.artifacts[0].content.decode()
        found.append(kept["serial"])
        assert f" {kept['serial']} 3600 " in zone
    return found


def test_two_replicas_with_the_same_history_have_the_same_serials() -> None:
    history = (BASE, GROWN, GROWN, catalog_of(BASE, "2024032900"), CHANGED)
    assert serials(history) == serials(history) == [2026080200, 2026080201, 2026080201, 2026080202, 2026080203]


def test_the_command_keeps_the_serial_in_the_output_folder(tmp_path: Path) -> None:
    """Worldwide, China, whose list is older, and back; the same twice; a serial that goes back."""

    def rendered(cloud: str, *more: str) -> int:
        place = tmp_path / "p.toml"
        place.write_text(f'[organization]\nname = "Contoso"\nclouds = ["{cloud}"]\n[select]\nservice_areas = ["exchange"]\n')
        words = ["render", "bind-rpz", "--profile", str(place), "-o", str(tmp_path / "out"), *more]
        done = subprocess.run([sys.executable, "-m", "perimeter365", *words], capture_output=True, text=True, check=False)
        assert done.returncode == (2 if more else 0), done.stderr
        text = (tmp_path / "out/bind-rpz/m365.rpz").read_text()
        return int(text.partition("hostmaster.localhost. ")[2].split()[0])

    first = rendered("worldwide")
    found = [rendered(cloud) for cloud in ("worldwide", "china", "china", "worldwide")]
    assert found == [first, first + 1, first + 1, first + 2]
    assert rendered("china", "-O", f"bind-rpz.serial={first}") == first + 2, "refused, and nothing is written"


def test_the_serial_passes_the_largest_number_as_rfc_1982_says() -> None:
    top = (1 << 32) - 1
    digest = targets["bind-rpz"]().render(BASE).kept["content"]
    plans = [catalog_of(plan, "4000000000") for plan in (BASE, GROWN, CHANGED)]
    assert serials(plans, {"serial": top, "content": digest}) == [top, 1, 2]
    assert serials([GROWN], {"serial": top, "content": digest}) == [2026080200], "greater in serial number arithmetic"
    given = targets["bind-rpz"](Style(options={"serial": "5"}, kept={"serial": top, "content": digest}))
    assert given.render(GROWN).kept["serial"] == 5


def test_faults_of_earlier_versions_show(tmp_path: Path) -> None:
    """Names below existing names were blocked, and a changed zone had the serial of the last one."""
    names = asked(BASE)
    owners = [line.split()[0] for line in (FAULTS / "m365.rpz").read_text().splitlines() if " CNAME " in line]
    exact = [HostPattern(f"*.{owner}") for owner in owners if not owner.startswith("*")]
    with Pair(tmp_path) as server:
        server.load(BASE)
        shutil.copy(FAULTS / "m365.rpz", server.out / "m365.rpz")
        with suppress(FailedError):
            server.follow("update")
        wanted = {name for name in names if server.expects(BASE, name)}
        missing = wanted - server.passes(names)
        assert {"x.www.wide.example", "b.deep.wide.example", "inner.wide.example"} <= missing
        assert server.passes(names) <= wanted
        assert any(hole.matches(name) for hole in exact for name in missing)
        shutil.copy(FAULTS / "grown.rpz", server.out / "m365.rpz")
        server.follow("update")
        assert not server.follows(GROWN, seconds=1.5)


@pytest.mark.parametrize("prefix", ["", "fabrikam"])
def test_a_name_that_is_too_long_with_the_zones_is_a_loss_and_named_loads_the_rest(prefix: str, tmp_path: Path) -> None:
    zone = f"m365{prefix}.rpz"
    label = "a" * 63
    room = 253 - len(zone) - 1
    longest, longer = (f"{label}.{label}.{label}.{'b' * (size - 3 * 64 - 8)}.example" for size in (room, room + 1))
    assert len(longest) == room
    result = targets["bind-rpz"](Style(options={"prefix": prefix})).render(plan_with(longest, longer, "d.example"))
    assert [(d.code, str(d.host)) for d in result.details] == [("name-length", longer)]
    (tmp_path / zone).write_bytes(result.artifacts[0].content)
    done = subprocess.run([need("named-checkzone"), zone, tmp_path / zone], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert longest in (tmp_path / zone).read_text()


@pytest.mark.parametrize("kept", [0, (1 << 32) - 1, 1 << 32, (1 << 32) + 5, -1, 1 << 40])
@pytest.mark.parametrize("changed", [False, True])
def test_a_serial_is_never_0_nor_too_large(kept: int, changed: bool) -> None:
    digest = targets["bind-rpz"]().render(BASE).kept["content"]
    found = serials([GROWN if changed else BASE], {"serial": kept, "content": digest})
    assert 0 < found[0] < 1 << 32


@tries("bind-rpz", "install", "unordered")
def test_pasted_lines_refuse_an_older_serial_and_a_server_without_a_policy(tmp_path: Path) -> None:
    with Pair(tmp_path) as server:
        for plan in (BASE, GROWN):
            server.load(plan)
        before, last = server.state(), server.serial("primary")
        server.kept = {}
        server.render(BASE)
        said = pasted(server.shell, server.out, server.lines("update"))
        assert said.count("refused: ") == 3
        assert (server.state(), server.serial("primary")) == (before, last)
        assert server.follows(GROWN)
    other = tmp_path / "other"
    other.mkdir()
    with Named(other) as server:
        place = server.home / "etc/bind/named.conf.options"
        text = place.read_text()
        policy = next(line for line in text.splitlines() if "response-policy" in line)
        place.write_text(text.replace(policy, "    // response-policy { a comment"))
        server.restart()
        before = server.state()
        server.render(BASE)
        assert pasted(server.shell, server.out, server.lines("install")).count("refused: ") == 3
        assert server.state() == before
        place.write_text(text)
        said = pasted(server.shell, server.out, server.lines("install"))
        assert "refused" not in said
        assert "zonestatus" not in said, "nothing is printed of a zone that is not there yet"
