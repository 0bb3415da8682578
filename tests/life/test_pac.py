"""The life of a PAC file: published on nginx by the lines of the manual, and followed by JavaScript engines and Chromium."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.errors import OptionError
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.targets import Style, targets
from perimeter365.targets.life import Part
from tests.consumers import need
from tests.consumers.browser import by_chromium
from tests.consumers.pac import by_node, by_pacparser
from tests.life import tries
from tests.life.shell import Shell
from tests.targets.netfilter import by_hand, flow, party

PROXY, OTHER = "PROXY proxy.contoso.com:8080", "PROXY backup.contoso.com:3128"
SERVER = """\
daemon off; pid {0}/nginx.pid; error_log stderr;
events {{ }}
http {{ access_log off; client_body_temp_path {0}/t; proxy_temp_path {0}/t; fastcgi_temp_path {0}/t; uwsgi_temp_path {0}/t;
scgi_temp_path {0}/t; types {{ application/x-ns-proxy-autoconfig pac; }}
server {{ listen 127.0.0.1:80; root /srv/www; }} }}
"""
OWN = 'function FindProxyForURL(url, host) { return "DIRECT"; }\n'
ASKED = ("outlook.office.com", "x.sharepoint.com", "teams.microsoft.com", "www.example.com", "intranet", "10.1.2.3")
INSIDE = ASKED[4:]


def plan(*names: str) -> Plan:
    """A plan whose clients need these names."""
    one = flow("row/6/one", party("client", "10.0.0.0/8"), PlanParty(role="exchange-online"), tcp="443")
    end = PlanParty(role="exchange-online", hosts=tuple(sorted(map(HostPattern, names))))
    return by_hand(*(replace(one, category="optimize", destination=end) for _ in names[:1]))


SMALL = plan("outlook.office.com", "*.sharepoint.com")
LARGE = plan("outlook.office.com", "*.sharepoint.com", "teams.microsoft.com")
OTHERS = plan("teams.microsoft.com")


class Site:
    """A web server with a PAC file of its own, and browsers that fetch."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def render(self, made: Plan, **options: str) -> None:
        self.target = targets["pac"](Style(options={"proxy": PROXY, **options}))
        for artifact in self.target.render(made).artifacts:
            (self.shell.folder / artifact.name).write_bytes(artifact.content)

    def follow(self, part: Part, stop: int | None = None) -> None:
        self.shell.follow(self.target.commands(part), stop)

    def fetch(self, name: str = "proxy.pac") -> str:
        return self.shell.run(f"curl -s -f http://127.0.0.1/{name}")

    def answers(self, name: str = "proxy.pac") -> dict[str, str]:
        """The way of each name, on which both engines agree."""
        text, questions = self.fetch(name), [(f"https://{host}/", host) for host in ASKED]
        found = by_pacparser(text, questions)
        assert by_node(text, questions) == found
        return dict(zip(ASKED, found, strict=True))


def ways(*direct: str, proxy: str = PROXY) -> dict[str, str]:
    return dict.fromkeys(ASKED, proxy) | dict.fromkeys((*direct, *INSIDE), "DIRECT")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    need("nginx")
    (tmp_path / "t").mkdir()
    (tmp_path / "nginx.conf").write_text(SERVER.format(tmp_path))
    with contextlib.ExitStack() as stack:
        started: list[subprocess.Popen[bytes]] = []
        stack.callback(lambda: [each.wait() for each in started])
        shell = stack.enter_context(Shell(tmp_path))
        shell.run("mount -t tmpfs -o size=2m none /srv && mkdir /srv/www")
        shell.run(f"echo '{OWN.strip()}' > /srv/www/wpad.pac")
        started.append(shell.start(f"nginx -c {tmp_path}/nginx.conf"))
        shell.wait("curl -s -f http://127.0.0.1/wpad.pac")
        yield Site(shell)


@tries("pac", "install", "again", "neighbors", "remove")
def test_listed_names_go_direct_and_all_others_to_the_proxy(site: Site) -> None:
    site.render(SMALL)
    site.follow("install")
    assert site.answers() == ways(*ASKED[:2])
    assert "application/x-ns-proxy-autoconfig" in site.shell.run("curl -s -i http://127.0.0.1/proxy.pac")
    site.follow("install")
    assert site.answers() == ways(*ASKED[:2])
    site.render(SMALL, proxy=OTHER, direct="www.example.com")
    site.follow("update")
    assert site.answers() == ways(*ASKED[:2], ASKED[3], proxy=OTHER)
    one = site.target
    site.render(OTHERS, prefix="fabrikam", proxy=f"{PROXY}; DIRECT")
    site.follow("install")
    assert site.answers("m365fabrikam-proxy.pac") == ways(ASKED[2], proxy=f"{PROXY}; DIRECT")
    assert site.answers() == ways(*ASKED[:2], ASKED[3], proxy=OTHER)
    assert site.fetch("wpad.pac") == OWN
    site.follow("remove")
    site.shell.follow(one.commands("remove"))
    assert site.shell.run("ls -A /srv/www") == "wpad.pac\n"


@tries("pac", "empty")
def test_with_nothing_to_say_everything_uses_the_proxy_as_before(site: Site) -> None:
    site.render(plan())
    site.follow("install")
    assert site.answers() == ways()
    site.render(plan(), direct="intranet.contoso.com")
    site.follow("update")
    assert site.answers() == ways()


@tries("pac", "grow", "shrink", "back", "unordered")
def test_after_an_update_exactly_the_new_names_are_direct(site: Site) -> None:
    site.render(SMALL)
    site.follow("install")
    for made, direct in ((LARGE, ASKED[:3]), (OTHERS, ASKED[2:3]), (plan(), ()), (LARGE, ASKED[:3]), (SMALL, ASKED[:2])):
        site.render(plan("www.example.com"))  # never loaded
        site.render(made)
        site.follow("update")
        assert site.answers() == ways(*direct)


@tries("pac", "interrupted")
def test_a_browser_never_gets_a_part_of_a_file(site: Site) -> None:
    site.render(SMALL)
    site.follow("install")
    old = site.fetch()
    site.render(LARGE)
    lines = [line for line in site.target.commands("update") if not line.startswith("#")]
    for stop in range(len(lines)):
        site.follow("update", stop)
        assert site.fetch() == old
    # Interrupted while the first line writes: half a file lies there, and is not served.
    site.shell.run("head -c 500 proxy.pac > /srv/www/.proxy.pac.new")
    assert site.fetch() == old
    site.follow("update")
    assert site.answers() == ways(*ASKED[:3])
    assert site.shell.run("ls -A /srv/www").split() == ["proxy.pac", "wpad.pac"]


@tries("pac", "install", "shrink")
def test_chromium_follows_what_the_server_has(site: Site) -> None:
    urls = [f"https://{host}/" for host in ASKED[:4]]
    for made, direct in ((LARGE, 3), (SMALL, 2)):
        site.render(made)
        site.follow("install")
        found = by_chromium(site.fetch(), urls, [PROXY.removeprefix("PROXY ")])
        assert list(found.values()) == ["DIRECT"] * direct + [PROXY] * (4 - direct)


@pytest.mark.parametrize("value", ["", "/", "srv", "/srv/$(reboot)", "/srv/a b", "/srv/"])
def test_a_folder_that_a_shell_would_read_otherwise_is_rejected(value: str) -> None:
    with pytest.raises(OptionError):
        targets["pac"](Style(options={"folder": value}))
