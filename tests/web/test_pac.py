"""PAC files over HTTP: the bytes of the command line, the right profile, never an empty file."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perimeter365.web.service import Options
from perimeter365.workspace import Workspace
from tests.cli.conftest import Cli, cli
from tests.consumers import browser
from tests.consumers.pac import by_pacparser
from tests.web.feed_store import DAY, commit, history, pruned, sets
from tests.web.servers import Client, Reply, in_process, served

__all__ = ["cli"]

PROXY = "PROXY proxy.contoso.com:8080"
CONTOSO = (
    '[organization]\nname = "Contoso"\nemail_domains = ["contoso.com"]\nclouds = ["worldwide"]\n'
    f'[targets.pac]\nproxy = "{PROXY}"\ndirect = ["intranet.contoso.com"]\n'
)
FABRIKAM = CONTOSO.replace("Contoso", "Fabrikam").replace("contoso", "fabrikam")
TYPE = "application/x-ns-proxy-autoconfig"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "profiles"
    found.mkdir()
    (found / "contoso.toml").write_text(CONTOSO, "utf-8")
    (found / "fabrikam.toml").write_text(FABRIKAM, "utf-8")
    return found


@contextmanager
def serving(folder: Path, workspace: Workspace | None = None, **more: str) -> Iterator[Client]:
    with in_process(workspace, Options(profiles=str(folder), **more)) as client:  # type: ignore[arg-type]
        yield client


def wpad(client: Client, host: str) -> Reply:
    return client.get("/wpad.dat", {"Host": host})


def test_the_bytes_are_those_of_the_command_line(folder: Path, tmp_path: Path, cli: Cli) -> None:
    prefixed = CONTOSO + 'prefix = "emea"\n'
    (folder / "emea.toml").write_text(prefixed, "utf-8")
    with serving(folder) as client:
        for name, file in (("contoso", "proxy.pac"), ("fabrikam", "proxy.pac"), ("emea", "m365emea-proxy.pac")):
            profile = str(folder / f"{name}.toml")
            cli("--catalog", "embedded", "render", "pac", "--profile", profile, "-o", str(tmp_path / name))
            assert client.get(f"/pac/{name}.pac").body == (tmp_path / name / "pac" / file).read_bytes()


def test_pacparser_follows_the_file_that_is_served(folder: Path) -> None:
    hosts = ["outlook.office365.com", "intranet.contoso.com", "example.com", "outlook.office365.com.example.com"]
    with serving(folder) as client:
        reply = client.get("/pac/contoso.pac")
    assert reply.headers["content-type"] == TYPE
    got = by_pacparser(reply.text, [(f"https://{host}/", host) for host in hosts])
    assert got == ["DIRECT", "DIRECT", PROXY, PROXY]


def test_head_304_and_cache_headers_spare_the_server(folder: Path) -> None:
    with serving(folder) as client:
        whole = client.get("/pac/contoso.pac")
        head = client.get("/pac/contoso.pac", method="HEAD")
        again = client.get("/pac/contoso.pac", {"If-None-Match": whole.headers["etag"]})
        since = client.get("/pac/contoso.pac", {"If-Modified-Since": whole.headers["last-modified"]})
    assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
    assert [again.status, since.status] == [304, 304]
    assert again.body == since.body == b""
    assert whole.headers["cache-control"].startswith("public, max-age=300")
    assert "content-encoding" not in whole.headers


def test_a_file_of_another_case_or_with_a_parameter_against_caches_is_the_same(folder: Path) -> None:
    with serving(folder) as client:
        want = client.get("/pac/contoso.pac").body
        assert client.get("/PAC/Contoso.PAC").body == want
        assert client.get("/pac/contoso.pac?v=7").body == want


@pytest.mark.parametrize("query", ["proxy=PROXY%20evil.example:1", "Proxy=", "a=1&PROXY=x"])
def test_a_request_cannot_set_the_proxy(folder: Path, query: str) -> None:
    with serving(folder) as client:
        assert client.get(f"/pac/contoso.pac?{query}").status == 400
        assert client.get(f"/wpad.dat?{query}", {"Host": "wpad.contoso.com"}).status == 400


@pytest.mark.parametrize("path", ["/pac", "/pac/", "/pac/contoso", "/pac/worldwide.pac", "/pac/.pac", "/pac/contoso.pac/x"])
def test_what_is_not_a_profile_is_404_and_lists_no_names(folder: Path, path: str) -> None:
    with serving(folder) as client:
        reply = client.get(path)
    assert reply.status == 404
    assert "fabrikam" not in reply.text
    assert reply.headers["cache-control"] == "no-store"


def test_a_profile_without_a_proxy_has_no_file(folder: Path) -> None:
    (folder / "plain.toml").write_text('organization.clouds = ["worldwide"]\n', "utf-8")
    with serving(folder) as client:
        reply = client.get("/pac/plain.pac")
    assert reply.status == 404
    assert "proxy" in reply.text


def test_an_error_is_never_a_file(folder: Path) -> None:
    limit = "[targets.pac.limits]\nbytes = 1000\n"
    (folder / "limit.toml").write_text(CONTOSO + limit, "utf-8")
    (folder / "nothing.toml").write_text(
        '[organization]\nclouds = ["worldwide"]\n[select]\ncategories = ["default"]\n'
        f'[targets.pac]\nproxy = "{PROXY}"\nmode = "optimize"\n',
        "utf-8",
    )
    with serving(folder) as client:
        found = {name: client.get(f"/pac/{name}.pac") for name in ("limit", "nothing")}
    assert {name: each.status for name, each in found.items()} == {"limit": 503, "nothing": 404}
    assert not any(b"FindProxyForURL" in each.body for each in found.values())


def test_a_file_that_loses_all_its_names_keeps_its_last_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "contoso.toml").write_text(CONTOSO.replace("direct =", "#"), "utf-8")
    store = history(tmp_path / "store.sqlite", sets())
    options, clock = Options(profiles=str(folder)), lambda: datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
    with in_process(Workspace(store=str(store)), options, clock) as client:
        before = client.get("/pac/contoso.pac")
        assert (before.status, before.headers["perimeter365-state"]) == (200, "current")
        commit(
            store, [pruned(each, hosts=False) for each in sets() if each.prefixes], datetime(2025, 5, 1, tzinfo=UTC).date()
        )
        client.load()
        after = client.get("/pac/contoso.pac")
    assert (after.status, after.headers["perimeter365-state"]) == (200, "emptied")
    assert by_pacparser(after.text, [("https://outlook.office365.com/", "outlook.office365.com")]) == ["DIRECT"]


def test_wpad_has_the_profile_of_the_hosts_domain_and_nothing_is_guessed(folder: Path) -> None:
    with serving(folder) as client:
        contoso, fabrikam = (client.get(f"/pac/{name}.pac").body for name in ("contoso", "fabrikam"))
        assert contoso != fabrikam
        for host in ("wpad.contoso.com", "WPAD.Contoso.com", "wpad.contoso.com:80", "wpad.contoso.com."):
            assert wpad(client, host).body == contoso
        assert wpad(client, "wpad.fabrikam.com").body == fabrikam
        assert wpad(client, "wpad.fabrikam.com").headers["content-type"] == TYPE
        for host in (
            "",
            "contoso.com",
            "wpad.eu.contoso.com",
            "wpad.com",
            "wpad",
            "127.0.0.1",
            "x.wpad.contoso.com",
            "é",
            "wpad.",
        ):
            assert wpad(client, host).status == 404


def test_a_domain_of_two_profiles_is_404_until_the_operator_says_which(folder: Path) -> None:
    (folder / "branch.toml").write_text(CONTOSO.replace("Contoso", "Branch"), "utf-8")
    with serving(folder) as client:
        assert wpad(client, "wpad.contoso.com").status == 404
    with serving(folder, wpad="fabrikam") as client:
        want = client.get("/pac/fabrikam.pac").body
        assert [wpad(client, host).body for host in ("wpad.contoso.com", "10.0.0.1", "")] == [want] * 3


def test_a_cache_whose_keys_have_no_host_does_not_give_one_domain_the_file_of_another(folder: Path) -> None:
    with serving(folder) as client:
        got = wpad(client, "wpad.contoso.com").headers["vary"]
        assert {each.strip().lower() for each in got.split(",")} == {"accept-encoding", "host"}
        assert client.get("/pac/contoso.pac").headers["vary"] == "Accept-Encoding"


def test_a_wpad_profile_that_does_not_exist_is_404(folder: Path) -> None:
    with serving(folder, wpad="nobody") as client:
        assert wpad(client, "10.0.0.1").status == 404


def test_chromium_uses_the_url_of_a_real_server(folder: Path) -> None:
    proxy = PROXY.removeprefix("PROXY ")
    want = {"http://outlook.office365.com/": "DIRECT", "http://example.com/": PROXY}
    with served("--catalog", "embedded", "--profiles", str(folder)) as server:
        assert wpad_of(server.port) == server.get("/pac/contoso.pac").body
        assert browser.by_chromium("", list(want), [proxy], pac_url=f"{server.url}/pac/contoso.pac") == want


def wpad_of(port: int) -> bytes:
    """What curl gets for a name that points to the server, as WPAD does."""
    with tempfile.NamedTemporaryFile() as file:
        url, resolve = f"http://wpad.contoso.com:{port}/wpad.dat", f"wpad.contoso.com:{port}:127.0.0.1"
        subprocess.run(["curl", "-sf", "--resolve", resolve, "-o", file.name, url], check=True, timeout=20)
        return Path(file.name).read_bytes()
