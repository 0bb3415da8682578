"""`timeline`: the drawing on a terminal, as files, and as JSON."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Cli


def test_every_cloud_of_the_store_is_drawn(imported: Cli) -> None:
    ran = imported("timeline")
    assert ran.code == 0
    headings = [line for line in ran.out.splitlines() if line and not line.startswith(" ")]
    assert headings == [
        "Worldwide and GCC: 5 versions, 2030-01-06 to 2030-05-05",
        "China, operated by 21Vianet: 2 versions, 2030-02-01 to 2030-04-29",
    ]
    assert imported("timeline", "--cloud", "china").out == ran.out[ran.out.index("China") :]


def test_a_and_b_are_versions_or_days(imported: Cli) -> None:
    lines = imported("timeline", "2030-03-03", "2030040700", "--cloud", "worldwide").out.splitlines()
    assert lines[0] == "Worldwide and GCC: 2 versions, 2030-03-03 to 2030-04-07"


def test_the_json_is_a_list_of_clouds(imported: Cli) -> None:
    worldwide, china = json.loads(imported("timeline", "--json").out)
    assert (worldwide["cloud"], china["cloud"]) == ("worldwide", "china")
    (step,) = china["steps"]
    assert step == {
        "version": "2030042900",
        "day": "2030-04-29",
        "lane": "exchange/optimize",
        "added": [{"id": "ws/china/1", "value": "131.107.113.64/26"}],
        "removed": [],
        "moved": [],
        "changed": [],
    }


def test_pictures_and_pages_are_written(imported: Cli, tmp_path: Path) -> None:
    ran = imported("timeline", "--svg", "t.svg", "--html", "t.html")
    assert "wrote t.svg\nwrote t.html" in ran.err
    ElementTree.fromstring((tmp_path / "t.svg").read_text("utf-8"))
    page = (tmp_path / "t.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 2


def test_a_profile_narrows_it(imported: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = ["teams"]\n')
    (only,) = json.loads(imported("timeline", "--profile", "p.toml", "--json").out)
    assert only["organization"] == "our organization"
    assert only["lanes"] == ["teams/optimize"]


@pytest.mark.parametrize("words", [("--cloud", "dod"), ("2001-01-01", "2002-01-01")])
def test_nothing_to_show_is_a_negative_result(words: tuple[str, ...], imported: Cli) -> None:
    ran = imported("timeline", *words)
    assert (ran.code, ran.out) == (1, "")
    assert "the store has no version in this range" in ran.err


@pytest.mark.parametrize("words", [("2030",), ("2030-05-05", "2030-01-06"), ("--cloud", "mars")])
def test_an_invalid_range_is_rejected(words: tuple[str, ...], imported: Cli) -> None:
    assert imported("timeline", *words).code == 2


def test_without_a_store_the_error_explains_how_to_get_one(cli: Cli) -> None:
    ran = cli("timeline")
    assert (ran.code, "perimeter365 sync" in ran.err) == (2, True)


def test_the_drawing_and_the_page_need_different_files(imported: Cli, tmp_path: Path) -> None:
    ran = imported("timeline", "--svg", "t", "--html", "t")
    assert (ran.code, "--svg and --html both name t" in ran.err) == (2, True)
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("option", ["--svg", "--html"])
def test_a_failed_write_keeps_the_old_file(
    imported: Cli, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").write_text("old", "utf-8")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = imported("timeline", option, "t")
    assert (ran.code, "t: No space left on device" in ran.err) == (2, True)
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir() if p.is_file()] == [("t", "old")]


def test_lanes_can_be_chosen(imported: Cli) -> None:
    words = ("timeline", "--cloud", "worldwide", "--lane", "teams/optimize")
    (found,) = json.loads(imported(*words, "--json").out)
    assert found["lanes"] == ["teams/optimize"]
    assert {step["lane"] for step in found["steps"]} == {"teams/optimize"}
    assert "exchange" not in imported(*words).out
    ran = imported("timeline", "--cloud", "worldwide", "--lane", "teams/optimise")
    assert (ran.code, "did you mean 'teams/optimize'?" in ran.err) == (2, True)
