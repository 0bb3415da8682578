"""The life of the records of mail domains: in zones of an administrator, on a primary and a secondary name server."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Evidence
from perimeter365.model.ids import RequirementId
from perimeter365.model.requirement import RecordType
from perimeter365.plan.plan import Plan, PlanRecord
from perimeter365.targets import Style, targets
from tests.life import tries
from tests.life.lines import interrupted, pasted
from tests.life.servers import Named
from tests.life.shell import FailedError
from tests.targets.netfilter import by_hand

ZONES = ("contoso.example", "fabrikam.example", "northwind.example")
SECOND = "127.0.0.2"
Answers = Mapping[tuple[str, str], list[str]]


def record(zone: str, name: str, kind: RecordType, value: str) -> PlanRecord:
    return PlanRecord(
        id=RequirementId(f"dns/{kind.lower()}"), cloud=Cloud.WORLDWIDE, scenario="dns", zone=zone,
        name=f"{name}.{zone}" if name else zone, type=kind, value=value, ttl=3600, duty="publish",
        required=True, condition="Mailboxes in Exchange Online.",
        evidence=(Evidence(document="https://example.com/", date=""),),
    )  # fmt: skip


def plan_of(*records: PlanRecord) -> Plan:
    return replace(by_hand(), records=records)


MX = record(ZONES[0], "", "MX", "0 contoso-example.mail.protection.outlook.com")
SPF = record(ZONES[0], "", "TXT", "v=spf1 include:spf.protection.outlook.com " + "ip4:192.0.2.1 " * 20 + "-all")
DISCOVER = record(ZONES[0], "autodiscover", "CNAME", "autodiscover.outlook.com")
OTHER = record(ZONES[1], "autodiscover", "CNAME", "autodiscover.outlook.com")
THIRD = record(ZONES[2], "autodiscover", "CNAME", "autodiscover.outlook.com")
MOVED = record(ZONES[0], "autodiscover", "CNAME", "mail.contoso.example")
BASE = plan_of(MX, DISCOVER)
GROWN = plan_of(MX, SPF, DISCOVER, OTHER)
CHANGED = plan_of(MX, MOVED)
NOTHING = plan_of()
QUESTIONS = [(r.name, r.type) for r in (MX, SPF, DISCOVER, OTHER, THIRD)] + [(f"www.{zone}", "A") for zone in ZONES]


class Publisher(Named):
    """A primary with zones of its own, and a secondary that gets them by transfer."""

    target = "dns-zone"

    def configure(self) -> None:
        super().configure()
        self.shell.run(f"ip addr add {SECOND}/32 dev lo; mkdir -p /run/second")
        self.write(
            "etc/bind/named.conf.options",
            'options { directory "/var/cache/bind"; listen-on { 127.0.0.1; }; listen-on-v6 { none; }; recursion no;\n'
            f" dnssec-validation no; max-cache-size 8m; notify explicit; also-notify {{ {SECOND}; }}; notify-delay 0;\n"
            " empty-zones-enable no;\n"
            " allow-transfer { any; }; };\n",
        )
        self.write("etc/bind/named.conf.local", "".join(map(self.statement, ZONES)))
        self.write(
            "etc/bind/second.conf",
            f'options {{ directory "/run/second"; listen-on {{ {SECOND}; }}; listen-on-v6 {{ none; }}; recursion no;\n'
            ' pid-file "/run/second/pid"; session-keyfile "/run/second/key"; dnssec-validation no; max-cache-size 8m;\n'
            f" transfer-source {SECOND}; allow-notify {{ any; }}; empty-zones-enable no; }};\ncontrols {{ }};\n"
            + "".join(f'zone "{z}" {{ type secondary; primaries {{ 127.0.0.1; }}; file "{z}"; }};\n' for z in ZONES),
        )
        soa = {
            ZONES[2]: "@ SOA ns1 hostmaster 1 3600 600 86400 300",
            ZONES[0]: "@ SOA ns1 hostmaster 7 3600 600 86400 300",
            ZONES[1]: "@ IN SOA ns1.fabrikam.example. h (\n 2026113001\n",
        }
        soa[ZONES[1]] += " 3600 600 86400 300 )"
        for zone in ZONES:
            self.write(f"etc/bind/db.{zone}", f"$TTL 3600\n{soa[zone]}\n@ NS ns1\nns1 A 127.0.0.7\nwww A 192.0.2.7")

    @staticmethod
    def statement(zone: str) -> str:
        return f'zone "{zone}" {{ type primary; file "/etc/bind/db.{zone}"; }};\n'

    def restart(self) -> None:
        """Restart the primary; the secondary keeps running."""
        super().restart()
        if (self.home / "second").exists():
            return
        (self.home / "second").touch()
        self.shell.run("named -n 1 -c /etc/bind/second.conf")
        self.shell.wait(f"dig @{SECOND} +tries=1 +time=1 +norecurse +short {ZONES[1]} SOA | grep -q ns1")

    def answers(self, server: str = "127.0.0.1") -> dict[tuple[str, str], list[str]]:
        """Return the data of the answer of each question."""
        found: dict[tuple[str, str], list[str]] = {question: [] for question in QUESTIONS}
        asked = " ".join(f"{name} {kind}" for name, kind in QUESTIONS)
        for line in self.shell.run(f"dig @{server} +norecurse +noall +answer {asked}").splitlines():
            name, _, _, kind, data = line.split(None, 4)
            found[name.rstrip("."), kind].append(data.replace('" "', ""))
        return found

    def serials(self, server: str = "127.0.0.1") -> list[int]:
        said = self.shell.run(f"dig @{server} +norecurse +short {' '.join(f'{z} SOA' for z in ZONES)}")
        return [int(line.split()[2]) for line in said.splitlines()]

    def check(self, plan: Plan) -> None:
        """Check the answers of both servers, and that the secondary has the primary's serials."""
        wanted = wanted_answers(plan)
        assert self.answers() == wanted
        end = time.monotonic() + 10
        while (self.answers(SECOND), self.serials(SECOND)) != (wanted, self.serials()) and time.monotonic() < end:
            time.sleep(0.05)
        assert self.answers(SECOND) == wanted
        assert self.serials(SECOND) == self.serials()


def wanted_answers(*plans: Plan) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {question: [] for question in QUESTIONS}
    for zone in ZONES:
        found[f"www.{zone}", "A"] = ["192.0.2.7"]
    for r in (r for plan in plans for r in plan.records):
        found[r.name, r.type].append(f'"{r.value}"' if r.type == "TXT" else f"{r.value}.")
    return found


@tries("dns-zone", "install", "empty", "again", "grow", "shrink", "back", "unordered", "remove")
def test_each_version_is_published_and_the_serials_never_go_back(tmp_path: Path) -> None:
    with Publisher(tmp_path) as server:
        before, last = server.state(), server.serials()
        server.render(NOTHING)
        with pytest.raises(FailedError, match="no file of ours is in this folder"):
            server.follow("install")
        server.check(NOTHING)
        assert server.serials() == last
        for plan in (BASE, GROWN, CHANGED, GROWN, BASE):
            server.load(plan)
            server.check(plan)
            assert all(new >= old for new, old in zip(server.serials(), last, strict=True))
            assert server.serials()[0] > last[0], "the content of the first zone has changed"
            last = server.serials()
            server.load(plan)
            assert server.serials() == last, "nothing has changed"
        server.render(GROWN)
        server.load(CHANGED)
        server.check(CHANGED)
        server.follow("remove")
        server.check(NOTHING)
        assert server.serials()[0] > last[0]
        assert {name: bare(text) for name, text in server.state().items()} == {n: bare(t) for n, t in before.items()}


def bare(text: str) -> list[str]:
    """A zone without its serial, which a removal increases, and without empty lines."""
    return [line for line in re.sub(r"(SOA\s+\S+\s+\S+[\s(]*)\d+", r"\1SERIAL", text).splitlines() if line]


@tries("dns-zone", "interrupted")
def test_after_each_line_the_zones_load_and_a_second_run_ends_the_same(tmp_path: Path) -> None:
    old, new = plan_of(MX, DISCOVER, OTHER), plan_of(MX, SPF, MOVED, THIRD)
    with Publisher(tmp_path) as server:
        server.load(old, "install")
        for lines in interrupted(server.lines("update")):
            count = lines[-1]
            server.load(old)
            last = server.serials()
            server.render(new)
            server.carry_out(lines)
            if "rndc" not in count:
                assert server.answers() == wanted_answers(old), count
            server.restart()
            for question, said in server.answers().items():
                assert said in (wanted_answers(old)[question], wanted_answers(new)[question]), count
            server.follow("update")
            server.check(new)
            assert all(now > then for now, then in zip(server.serials(), last, strict=True)), count


@tries("dns-zone", "neighbors", "install")
def test_a_record_of_the_administrator_for_the_same_name_stops_the_install(tmp_path: Path) -> None:
    with Publisher(tmp_path) as server:
        place = server.home / f"etc/bind/db.{ZONES[0]}"
        place.write_text(place.read_text() + "\nautodiscover A 192.0.2.8\n")
        before = server.state()
        server.render(BASE)
        with pytest.raises(FailedError):
            server.follow("install")
        assert server.state() == before


@tries("dns-zone", "install", "again")
@pytest.mark.parametrize("why", ["own-record", "no-files", "other-files", "no-serial"])
def test_lines_that_refuse_change_nothing_if_they_are_pasted(why: str, tmp_path: Path) -> None:
    place, folder = tmp_path / f"etc/bind/db.{ZONES[0]}", tmp_path / "out"
    with Publisher(tmp_path) as server:
        server.load(plan_of(DISCOVER, OTHER), "install")
        text = place.read_text()
        server.render(GROWN)
        if why == "own-record":
            place.write_text(text.replace("$INCLUDE", "\n@ CNAME www\n$INCLUDE"))
        elif why == "no-serial":
            soa = next(line for line in text.splitlines() if " SOA " in line)
            server.write("etc/bind/soa", f"{soa}\n")
            place.write_text(text.replace(soa, "$INCLUDE /etc/bind/soa"))
        else:
            folder = tmp_path / "elsewhere"
            folder.mkdir()
            if why == "other-files":
                (folder / f"{ZONES[0]}.zone").write_text("www A 192.0.2.99\n")
        before, answers = server.state(), server.answers()
        said = pasted(server.shell, folder, server.lines("update"))
        assert said.count("refused: ") == 3
        assert (ZONES[0] in said) == (why in ("own-record", "no-serial"))
        assert server.state() == before
        assert server.answers() == answers
        assert not (tmp_path / "etc/bind/m365.new").exists()
        place.write_text(text)
        said = pasted(server.shell, server.out, server.lines("update"))
        assert "refused" not in said
        server.check(GROWN)


@tries("dns-zone", "install", "grow", "remove")
@pytest.mark.parametrize(
    "soa",
    [
        "@ SOA ns1 hostmaster ( ; serial, increase it\n 7 3600 600 86400 300 )",
        "; SOA of the zone 1 2 3\n@ IN SOA ns1 hostmaster (\n ; 2026 (a year)\n\n\t7 ; serial\n 3600 600 86400 300 )",
        "@ soa (ns1 ; 5\n hostmaster ; 6\n 7) 3600 600 86400 300",
        "@ SOA ns1 hostmaster(7 3600 600 86400 300)",
    ],
)
def test_comments_before_the_serial_are_no_serial(soa: str, tmp_path: Path) -> None:
    with Publisher(tmp_path) as server:
        place = server.home / f"etc/bind/db.{ZONES[0]}"
        text = place.read_text()
        place.write_text(text.replace("@ SOA ns1 hostmaster 7 3600 600 86400 300", soa))
        server.shell.run("rndc reload")
        server.load(BASE, "install")
        server.check(BASE)
        assert server.serials()[0] == 8
        server.follow("remove")
        server.check(NOTHING)
        assert server.serials()[0] == 9


def test_the_serial_after_the_largest_is_1(tmp_path: Path) -> None:
    with Publisher(tmp_path) as server:
        place = server.home / f"etc/bind/db.{ZONES[0]}"
        place.write_text(place.read_text().replace("hostmaster 7 ", f"hostmaster {(1 << 32) - 1} "))
        server.load(BASE, "install")
        assert "hostmaster 1 3600" in place.read_text()


@tries("dns-zone", "neighbors", "remove")
def test_two_organizations_publish_on_one_server(tmp_path: Path) -> None:
    mine, theirs = plan_of(MX, DISCOVER), plan_of(OTHER)
    with Publisher(tmp_path) as server:
        server.load(mine, "install")
        server.load(theirs, "install", prefix="other")
        assert server.answers() == wanted_answers(mine, theirs)
        server.load(plan_of(MX))
        assert server.answers() == wanted_answers(plan_of(MX), theirs)
        server.follow("remove")
        assert server.answers() == wanted_answers(theirs)


@pytest.mark.parametrize(("size", "name"), [(196, "autodiscover"), (190, "a" * 63)])
def test_names_that_are_too_long_are_losses(size: int, name: str) -> None:
    zone = ".".join(["a" * 48] * 4)[: size - 1] + "z"
    long = record(zone, name, "CNAME", "autodiscover.outlook.com")
    result = targets["dns-zone"](Style()).render(plan_of(long, DISCOVER))
    assert [(d.code, d.subject) for d in result.details] == [("name-length", f"{long.name} CNAME")]
    assert long.name.encode() not in result.artifacts[0].content.replace(b"; Not in this file: ", b"")
