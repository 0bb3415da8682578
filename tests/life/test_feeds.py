"""The life of lists that devices fetch: published by the lines of the manual on a real web server, read by a model.

The expected entries come from the plan's JSON. A list that the plan no longer needs has to close, since a device keeps the
copy of a list that it cannot fetch.
"""

import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import EmptyArtifactError, LimitError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, targets
from perimeter365.targets.since import load_kept
from perimeter365.targets.target import Target
from perimeter365.targets.write import write
from tests.consumers import need
from tests.life import tries
from tests.life.models.lists import BundleClient, DataCenterClient, Fetch, ListClient, UnreadableError
from tests.life.shell import FailedError, Shell
from tests.targets.netfilter import case
from tests.targets.packets import collapsed

FEEDS: dict[str, Any] = {
    "paloalto-edl": lambda fetch: ListClient(fetch, urls=True),
    "fortigate-feed": lambda fetch: ListClient(fetch, most=131_072),
    "checkpoint-network-feed": lambda fetch: ListClient(fetch, comments="#"),
    "checkpoint-gdc": DataCenterClient,
    "cisco-si-feed": lambda fetch: ListClient(fetch, comments="#"),
    "sonicwall-deag": ListClient,
    "srx-feed": BundleClient,
    "url-table-alias": lambda fetch: ListClient(fetch, comments="#"),
}
EACH = pytest.mark.parametrize("name", FEEDS)
SERVER = """\
daemon off; pid {0}/nginx.pid; error_log stderr;
events {{ }}
http {{ access_log off; client_body_temp_path {0}/t; proxy_temp_path {0}/t; fastcgi_temp_path {0}/t; uwsgi_temp_path {0}/t;
scgi_temp_path {0}/t; server {{ listen 127.0.0.1:80; root /srv/www; }} }}
"""


def plan(*without: str) -> Plan:
    """The example, without some scenarios."""
    whole = case("contoso")
    return replace(whole, flows=tuple(f for f in whole.flows if f.scenario not in without))


class Site:
    """A web server in a namespace, an output folder, and a device."""

    def __init__(self, shell: Shell, name: str, folder: str = "/srv/www/m365") -> None:
        self.shell, self.name, self.folder = shell, name, folder
        self.out = shell.folder / folder.replace("/", "_")
        self.device: ListClient = FEEDS[name](self.fetch)

    def fetch(self, path: str) -> bytes | None:
        """Return what the last download of all lists had."""
        file = self.shell.folder / "fetched" / path
        return file.read_bytes() if file.exists() else None

    def download(self, *more: str) -> None:
        """Get the lists of the device, and others, from the web server; what it does not have is left out."""
        start = f"http://127.0.0.1{self.folder.removeprefix('/srv/www')}/{self.name}"
        urls = " ".join(f"-O {start}/{path}" for path in (*self.device.copies, "m365.tgz", "m365.json", *more))
        self.shell.run(f"rm -rf fetched; mkdir fetched; curl -s -f --output-dir fetched {urls}; test $? = 0 -o $? = 22")

    def subscribe(self) -> None:
        """Add an object for each list of index.txt, and fetch all."""
        for each in self.lists():
            self.device.copies.setdefault(each, [])
        self.download()
        self.device.refresh()

    def render(self, which: Plan, **options: str) -> Target:
        kept = load_kept(self.out, targets[self.name])
        target = targets[self.name](Style(options={"folder": self.folder, **options}, kept=kept))
        rendered = target.render(which)
        self.codes = {loss.code for loss in rendered.losses}
        write([rendered], self.out, allow_empty=True)
        return target

    def publish(self, which: Plan, part: Any = "update", **options: str) -> Target:
        target = self.render(which, **options)
        self.carry_out(target.commands(part))
        return target

    def carry_out(self, lines: tuple[str, ...]) -> None:
        self.shell.follow(f"cd {self.out / self.name} && {line}" for line in lines if not line.startswith("#"))

    def lists(self) -> set[str]:
        """The lists that are published, as a person reads them in index.txt."""
        index = (self.out / self.name / "index.txt").read_text()
        rows = [line for line in index.splitlines() if line and not line.startswith((" ", "#", "No list"))]
        if self.name in ("srx-feed", "checkpoint-gdc"):
            return {row.split()[0].removesuffix(":") for row in rows}
        return {word for row in rows for word in re.findall(r"\S+\.txt", row)}


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    for program in ("nginx", "rsync"):
        need(program)
    (tmp_path / "t").mkdir()
    (tmp_path / "nginx.conf").write_text(SERVER.format(tmp_path))
    with Shell(tmp_path) as made:
        made.run("mount -t tmpfs -o size=2m none /srv && mkdir -p /srv/www/m365 && echo mine > /srv/www/m365/own.txt")
        made.start(f"nginx -c {tmp_path}/nginx.conf")
        made.wait("curl -s -f http://127.0.0.1/m365/own.txt")
        yield made


def wanted(name: str, which: Plan) -> set[str]:
    """What the device has to match, from the plan's JSON."""
    can, networks, names = targets[name].capabilities, [], set()
    for flow in which.to_dict()["flows"]:
        if flow["direction"] == "internal":
            continue
        end = flow["source" if flow["direction"] == "inbound" else "destination"]
        networks += end["prefixes"]
        if flow["direction"] == "outbound" and can.hosts:
            path = flow["path"] if name == "paloalto-edl" and flow["tcp"] == "80" and flow["path"] else ""
            names |= {host + path for host in end["hosts"]}
    if name == "cisco-si-feed":
        names = {host.removeprefix("*.") for host in names if "*" not in host.removeprefix("*.")}
        names = {host for host in names if not any(host.endswith(f".{other}") for other in names)}
    kinds = [("exact", r"[^*]+"), ("suffix", r"\*\.[^*]+"), ("inner", r"[^*]+\.\*\.[^*]+")]
    forms = [form for kind, form in kinds if kind in can.hosts]
    listed = {host for host in names if any(re.fullmatch(form, host) for form in forms)}
    return listed | set(collapsed(networks))


def covered(found: set[str]) -> set[str]:
    """Joined networks, since two lists may split one."""
    joined = set(collapsed(entry for entry in found if _is_network(entry)))
    return joined | {entry for entry in found if not _is_network(entry)}


def _is_network(entry: str) -> bool:
    return re.fullmatch(r"[0-9a-f.:]+/\d+", entry) is not None


def now(site: Site) -> set[str]:
    site.download()
    site.device.refresh()
    found = covered(site.device.matched())
    if site.name == "cisco-si-feed":
        return {e for e in found if "/" in e or not any(e.endswith(f".{o}") for o in found)}
    return found


@tries(FEEDS, "install", "again", "remove")
@EACH
def test_published_lists_are_what_the_plan_needs_and_tell_nothing_else(shell: Shell, name: str) -> None:
    site = Site(shell, name)
    target = site.publish(plan(), "install")
    site.subscribe()
    assert now(site) == wanted(name, plan())
    private = ("losses.json", ".perimeter365.json", "plan.json")
    site.download(*private, "index.txt")
    assert site.fetch("index.txt")
    assert not any(site.fetch(each) for each in private)
    before = shell.run("cd /srv/www && find . -type f | sort | xargs sha256sum")
    site.publish(plan())
    assert shell.run("cd /srv/www && find . -type f | sort | xargs sha256sum") == before
    site.carry_out(target.commands("remove"))
    assert shell.run("cd /srv/www && find . -type f").split() == ["./m365/own.txt"]


@tries(FEEDS, "grow", "shrink", "back")
@EACH
def test_a_list_that_is_not_needed_any_more_closes_and_comes_back(shell: Shell, name: str) -> None:
    small, large = plan("mailbox-migration", "teams-mobile-push"), plan()
    site = Site(shell, name)
    site.publish(small, "install")
    site.subscribe()
    first = site.lists()
    assert "new-list" not in site.codes

    site.publish(large)
    assert "new-list" in site.codes, "a person has to write a rule"
    site.subscribe()
    assert now(site) == wanted(name, large)

    site.publish(small)
    assert now(site) == wanted(name, small), "the copies of lists that are gone stay open"
    gone = site.lists() - first
    assert gone

    site.publish(large)
    assert now(site) == wanted(name, large)

    site.publish(small)
    for each in gone:
        site.device.forget(each)
    site.publish(small, gone="remove")
    assert now(site) == wanted(name, small)
    assert site.lists() == first
    served = {*shell.run(f"ls {site.folder}/{name}").split()} - {"index.txt", "m365.tgz", "m365.json"}
    assert served == (set() if name in ("srx-feed", "checkpoint-gdc") else first), "what left is not served any more"


@EACH
def test_only_lists_that_were_closed_are_removed(shell: Shell, name: str) -> None:
    site = Site(shell, name)
    site.publish(plan(), "install")
    site.subscribe()
    whole, less, least = site.lists(), plan("mailbox-migration"), plan("mailbox-migration", "teams-mobile-push")
    site.publish(less, gone="remove")
    assert site.lists() == whole, "what leaves the plan in this render is closed"
    assert now(site) == wanted(name, less)
    site.publish(least, gone="remove")
    assert now(site) == wanted(name, least), "what left in this one is closed"
    assert site.lists() < whole, "what was closed is removed"
    site.publish(least, gone="remove")
    assert site.lists() == {each for each, number in load_kept(site.out, targets[name]).items() if number < 3}
    site.publish(plan())
    assert now(site) == wanted(name, plan())


def test_a_closed_list_is_kept_as_closed_until_it_is_needed_again() -> None:
    numbers: dict[str, int] = {}
    for which, option in ((plan(), "close"), (plan("mailbox-migration"), "close"), (plan("mailbox-migration"), "close")):
        target = targets["paloalto-edl"](Style(options={"gone": option}, kept=numbers))
        numbers = dict(target.render(which).kept)
    closed = {name for name, number in numbers.items() if number >= 3}
    assert closed
    again = targets["paloalto-edl"](Style(kept=numbers)).render(plan())
    assert all(again.kept[name] == numbers[name] - 3 for name in closed)


def test_too_many_closed_lists_are_told_to_be_removed_first() -> None:
    kept = {f"old-{number}-ip.txt": 3 for number in range(30)}
    with pytest.raises(LimitError) as caught:
        targets["paloalto-edl"](Style(kept=kept)).render(plan())
    assert re.match(r"30 lists are closed: set gone=remove .*; use split=", caught.value.help or "")
    targets["paloalto-edl"](Style(options={"gone": "remove"}, kept=kept)).render(plan())


@tries(FEEDS, "unordered")
@EACH
def test_two_renders_before_one_is_published_close_what_both_left(shell: Shell, name: str) -> None:
    site = Site(shell, name)
    site.publish(plan(), "install")
    site.subscribe()
    site.render(plan("mailbox-migration"))
    site.publish(plan("mailbox-migration", "teams-mobile-push"))
    assert now(site) == wanted(name, plan("mailbox-migration", "teams-mobile-push"))


@tries([name for name in FEEDS if name != "cisco-si-feed"], "empty")
@pytest.mark.parametrize("name", [name for name in FEEDS if name != "cisco-si-feed"])
def test_a_plan_with_nothing_is_refused_and_the_lists_stay(shell: Shell, name: str) -> None:
    site = Site(shell, name)
    site.publish(plan(), "install")
    site.subscribe()
    nothing = replace(plan(), flows=())
    with pytest.raises(EmptyArtifactError):
        site.render(nothing)
    assert now(site) == wanted(name, plan())
    kept = load_kept(site.out, targets[name])
    closed = targets[name](Style(allow_empty=True, kept=kept)).render(nothing)
    write([closed], site.out, allow_empty=True)
    site.carry_out(targets[name](Style(options={"folder": site.folder})).commands("update"))
    assert now(site) == set()


@tries("cisco-si-feed", "empty")
def test_a_plan_with_nothing_exempts_nothing(shell: Shell) -> None:
    site = Site(shell, "cisco-si-feed")
    site.publish(plan(), "install")
    site.subscribe()
    site.publish(replace(plan(), flows=()))
    assert now(site) == set()


@tries(FEEDS, "interrupted")
@EACH
def test_a_full_disk_leaves_the_old_lists_and_the_next_run_completes(shell: Shell, name: str) -> None:
    site = Site(shell, name)
    site.publish(plan("mailbox-migration"), "install")
    site.subscribe()
    old = now(site)
    shell.run("dd if=/dev/zero of=/srv/full bs=4k 2>/dev/null; test -s /srv/full")
    target = site.render(plan())
    with pytest.raises(FailedError):
        site.carry_out(target.commands("update"))
    assert now(site) == old
    shell.run("rm /srv/full")
    site.carry_out(target.commands("update"))
    site.subscribe()
    assert now(site) == wanted(name, plan())


@tries(FEEDS, "neighbors")
@EACH
def test_two_organizations_and_other_files_stay_apart(shell: Shell, name: str) -> None:
    alpha, bravo = Site(shell, name, "/srv/www/alpha"), Site(shell, name, "/srv/www/bravo")
    alpha.publish(plan(), "install")
    bravo.publish(plan("mailbox-migration"), "install")
    for site in (alpha, bravo):
        site.subscribe()
    assert now(alpha) == wanted(name, plan())
    target = bravo.publish(plan("teams-mobile-push"))
    bravo.carry_out(target.commands("remove"))
    assert now(alpha) == wanted(name, plan())
    assert shell.run("cat /srv/www/m365/own.txt").strip() == "mine"


# -- the model -------------------------------------------------------------------------------------------------------


def test_the_model_keeps_the_copy_of_a_list_that_was_removed_as_the_earlier_version_did() -> None:
    served = {"a.txt": b"52.112.0.0/14\n", "b.txt": b"192.0.2.0/24\n"}
    device = ListClient(served.get)
    device.follow("a.txt", "b.txt")
    del served["a.txt"]
    device.refresh()
    assert device.matched() == {"52.112.0.0/14", "192.0.2.0/24"}, "a scenario that ended is still open"
    served["a.txt"] = b"192.0.2.255/32\n"
    device.refresh()
    assert device.matched() == {"192.0.2.0/24"}


@pytest.mark.parametrize("line", ["52.112.0.0/8", "not a name", "# a comment", "http://example.com/", "-"])
def test_the_model_refuses_entries_that_a_device_cannot_read(line: str) -> None:
    with pytest.raises(UnreadableError):
        ListClient(lambda _: line.encode()).follow("a.txt")


@EACH
def test_a_missing_entry_and_a_foreign_one_are_found(name: str) -> None:
    made = {a.name: a.content for a in targets[name]().render(plan()).artifacts}
    fetch: Fetch = made.get
    device: ListClient = FEEDS[name](fetch)
    if name == "srx-feed":
        with tarfile.open(fileobj=BytesIO(made["m365.tgz"])) as tar:
            device.follow(*tar.getnames())
    elif name == "checkpoint-gdc":
        device.follow(*re.findall(r'"name": "([^"]+)"', made["m365.json"].decode()))
    else:
        device.follow(*(file for file in made if file != "index.txt"))
    found = covered(device.matched())
    for copy in device.copies.values():
        if "52.112.0.0/14" in copy:
            copy[copy.index("52.112.0.0/14")] = "52.112.0.0/13"
    assert covered(device.matched()) != found
