"""The files of feeds: the bytes of `render`, for every target that is served."""

import json
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from perimeter365.cli import main
from perimeter365.targets import built_in
from perimeter365.web.feed_files import FEEDS, HELPERS, OWN, PLAIN
from perimeter365.web.selection import read_selection
from tests.web.feed_store import DAY, SERVED, history, over_embedded, profile_folder, serving, sets, without


def toml(query: str) -> str:
    """The profile of a selection, as an administrator would write it."""
    found = read_selection(parse_qsl(query, keep_blank_values=True))
    values = {
        "service_areas": list(found.areas),
        "categories": list(found.categories),
        "required_only": found.required,
        "ipv6": found.family != 4,
        "scenarios": list(found.scenarios),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    name = f"[organization]\nname = {json.dumps(found.title)}\nclouds = {json.dumps(list(found.clouds))}"
    return "\n".join([name, "[select]", *lines])


def rendered(folder: Path, profile: Path, targets: Iterable[str], *more: str) -> dict[str, dict[str, bytes]]:
    """The files of `perimeter365 render` by target, without those that it keeps for itself."""
    words = [
        "--catalog",
        "embedded",
        "render",
        *targets,
        "--profile",
        str(profile),
        "-o",
        str(folder),
        *more,
        "--at",
        str(DAY),
    ]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as err:
        assert main(words) == 0, err.getvalue()
    found: dict[str, dict[str, bytes]] = {target: {} for target in targets}
    for path in folder.rglob("*"):
        target, _, name = path.relative_to(folder).as_posix().partition("/")
        if path.is_file() and target in found and name not in (".perimeter365.json", "losses.json"):
            found[target][name] = path.read_bytes()
    return found


@pytest.mark.parametrize(
    "query", ["", "areas=exchange,teams&categories=allow,optimize&cloud=china,worldwide&family=4&max_prefixes=90"]
)
def test_the_files_are_those_of_render(tmp_path: Path, query: str) -> None:
    (tmp_path / "p.toml").write_text(toml(query))
    more = ["--max-prefixes", "90"] if "max_prefixes" in query else []
    for target, files in rendered(tmp_path / "out", tmp_path / "p.toml", SERVED, *more).items():
        assert files
        for name, content in files.items():
            status, body, headers = over_embedded().ask(f"/feeds/{target}/{name}?{query}")
            if target == "csv" and content.count(b"\n") == 1:
                assert status == 404, "a table without rows"
                continue
            assert (status, body) == (200, content), f"{target} {name}"
            assert headers["perimeter365-lists"].startswith(("china ", "worldwide "))
            status, body, _ = over_embedded().ask(f"/feeds/{target}/{name}.sha256?{query}")
            assert body == f"{sha256(content).hexdigest()}  {name}\n".encode()


def test_a_named_profile_has_its_options(tmp_path: Path) -> None:
    profiles = profile_folder(tmp_path)
    server = serving(profiles=profiles)
    for target, files in rendered(tmp_path / "out", profiles / "contoso.toml", (*SERVED, *OWN)).items():
        assert files
        for name, content in files.items():
            status, body, _ = server.ask(f"/p/contoso/{target}/{name}")
            assert (status, body) == (200, content), f"{target} {name}"


def test_what_has_comment_lines_names_cloud_version_and_selection() -> None:
    query = "categories=optimize"
    _, body, _ = over_embedded().ask(f"/feeds/manifest.json?{query}")
    commented = set()
    for target in json.loads(body)["targets"]:
        for file in target["files"]:
            _, body, _ = over_embedded().ask(file["url"])
            if body.startswith(b"# "):
                head = [line for line in body.decode().splitlines() if line.startswith("#")]
                assert any("categories=optimize cloud=worldwide" in line for line in head), file["url"]
                assert any("worldwide 2026080200" in line for line in head), file["url"]
                if file["name"] not in HELPERS:
                    commented.add(target["target"])
    # Those whose vendors document comment lines, and programs' own.
    assert commented == {"checkpoint-network-feed", "cisco-si-feed", "text", "tls-bypass", "url-table-alias"}


def test_the_table_has_every_target_of_the_kind_feed() -> None:
    assert {name for name in built_in if built_in[name].kind == "feed"} == set(FEEDS)
    assert {*PLAIN, *OWN} <= set(built_in)


def test_a_plan_of_another_day_is_that_of_render(tmp_path: Path) -> None:
    path = history(tmp_path / "s.sqlite", sets(), without("teams"))
    server = serving(path, day=date(2025, 4, 1))
    name = "worldwide-teams-outbound-optimize-ip.txt"
    assert server.ask(f"/feeds/text/{name}?at=2025-02-15")[0] == 200, "in its grace time"
    assert server.ask(f"/feeds/text/{name}?at=2025-03-15")[0] == 404, "another day has no past"


@pytest.fixture(scope="module")
def types() -> dict[str, str]:
    found = {}
    for target in json.loads(over_embedded().ask("/feeds/manifest.json")[1])["targets"]:
        for file in target["files"]:
            found[file["name"].rpartition(".")[2]] = file["type"]
    return found


def test_each_kind_of_file_has_its_content_type(types: dict[str, str]) -> None:
    text = "text/plain; charset=utf-8"
    assert types == {
        "txt": text,
        "class": text,
        "sh": text,
        "sql": text,
        "csv": "text/csv; charset=utf-8; header=present",
        "json": "application/json; charset=utf-8",
        "tgz": "application/gzip",
    }
