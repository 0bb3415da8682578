"""Effective dates end to end: a synced store, the planning commands, and nft."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.dated import GONE, NEW, PROFILE
from tests.consumers import nft


def planned(cli: Cli, *words: str) -> list[tuple[str, str, str, str]]:
    ran = cli("plan", "p.toml", "--format", "json", *words)
    assert ran.code == 0, ran.err
    found = json.loads(ran.out).get("dates", [])
    return [(d["id"], d["value"], d["state"], d["day"]) for d in found]


KEPT = [
    ("ws/worldwide/11", GONE, "kept", "2030-07-10"),
    ("ws/worldwide/47", "*.office.net", "kept", "2030-07-10"),
]
AHEAD = [("ws/worldwide/1", NEW, "ahead", "2030-07-01")]
WAITING = [("ws/worldwide/1", NEW, "waiting", "2030-07-01")]


def test_a_plan_marks_kept_and_announced_entries(dated: Cli) -> None:
    assert planned(dated, "--at", "2030-06-20") == [*AHEAD, *KEPT]
    assert planned(dated, "--at", "2030-06-20", "--no-ahead") == [*WAITING, *KEPT]
    assert planned(dated, "--at", "2030-07-01") == KEPT
    assert planned(dated, "--at", "2030-07-10") == []
    assert planned(dated, "--at", "2030-06-20", "--grace", "0", "--no-ahead") == WAITING


def test_grace_is_given_for_all_or_by_category(dated: Cli) -> None:
    """Set 11 is Optimize, set 47 is Default."""
    assert [d[0] for d in planned(dated, "--at", "2030-07-20", "--grace", "optimize=60")] == ["ws/worldwide/11"]
    mixed = planned(dated, "--at", "2030-06-20", "--grace", "optimize=60", "--grace", "0")
    assert mixed == [*AHEAD, ("ws/worldwide/11", GONE, "kept", "2030-08-09")]


def test_a_flag_overrides_its_variable_and_that_the_profile(
    dated: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.toml").write_text(f"{PROFILE}[effective]\nahead = false\ngrace = 0\n")
    assert planned(dated, "--at", "2030-06-20") == WAITING
    monkeypatch.setenv("PERIMETER365_PLAN_GRACE", "0 optimize=60")
    monkeypatch.setenv("PERIMETER365_PLAN_AT", "2030-06-20")
    monkeypatch.setenv("PERIMETER365_PLAN_AHEAD", "true")
    assert planned(dated) == [*AHEAD, ("ws/worldwide/11", GONE, "kept", "2030-08-09")]
    assert planned(dated, "--no-ahead", "--grace", "optimize=25") == [
        *WAITING,
        ("ws/worldwide/11", GONE, "kept", "2030-07-05"),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--grace", "thirty"), "'thirty' is neither DAYS nor CATEGORY=DAYS"),
        (("--grace", "-1"), "'-1' is neither"),
        (("--grace", "optimise=1"), "did you mean 'optimize'?"),
        (("--grace", "3651"), "0 to 3650 days"),
        (("--at", "tomorrow"), "'tomorrow' is not a day (YYYY-MM-DD)"),
        (("--at", "2030-02-30"), "is not a day"),
        (("--at", "20300615"), "is not a day"),
    ],
)
@pytest.mark.parametrize("command", [("plan", "p.toml"), ("budget", "p.toml"), ("calendar",)])
def test_an_invalid_option_is_exit_2(dated: Cli, command: tuple[str, ...], words: tuple[str, ...], message: str) -> None:
    ran = dated(*command, *words)
    assert ran.code == 2
    assert message in ran.err


def test_the_first_and_the_last_possible_date_are_accepted(dated: Cli) -> None:
    assert planned(dated, "--at", "9999-12-31") == []
    assert planned(dated, "--at", "0001-01-01", "--grace", "3650") != []


def test_tables_and_markdown_list_the_dates(dated: Cli) -> None:
    short = " ".join(dated("plan", "p.toml", "--at", "2030-06-20").out.split())
    assert re.search(r"ws/worldwide/11 udp 3478-3481 [^;]*; optimize, 1 kept", short)
    assert "entries: " in short
    out = dated("plan", "p.toml", "--at", "2030-06-20", "--full").out
    assert f"Effective dates ({len(AHEAD + KEPT)})" in out
    assert f"  ws/worldwide/11  {GONE}  kept until 2030-07-10" in out.splitlines()
    assert f"  dates      {GONE} kept until 2030-07-10" in out.splitlines()
    assert f"| {NEW} | in use from 2030-07-01, opened already |" in dated(
        "plan", "p.toml", "--at", "2030-06-20", "--format", "markdown"
    ).out.replace("\\", "")


def test_budget_counts_what_is_kept(dated: Cli) -> None:
    needed = {}
    for day in ("2030-07-09", "2030-07-10"):
        needed[day] = json.loads(dated("budget", "p.toml", "--json", "--at", day).out)["needed"]
    assert needed["2030-07-09"] - needed["2030-07-10"] == 2**14, "a /18"


def test_nothing_changes_without_a_synced_list(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    plain = cli("plan", "p.toml", "--format", "json").out
    for words in (("--at", "2030-06-20"), ("--no-ahead",), ("--grace", "3650"), ("--catalog", "embedded")):
        assert cli("plan", "p.toml", "--format", "json", *words).out == plain


def test_the_embedded_list_can_be_selected_with_a_store(dated: Cli) -> None:
    assert planned(dated, "--at", "2030-06-20", "--catalog", "embedded") == []


# -- files -------------------------------------------------------------------------------------------------


def rendered(cli: Cli, tmp_path: Path, name: str, *words: str) -> dict[str, bytes]:
    ran = cli("render", "nftables", "report", "paloalto-edl", "--profile", "p.toml", "-o", name, *words)
    assert ran.code == 0, ran.err
    return {str(p.relative_to(tmp_path / name)): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}


def test_files_of_two_dates_are_the_same_unless_an_entrys_date_is_between_them(dated: Cli, tmp_path: Path) -> None:
    first = rendered(dated, tmp_path, "a", "--at", "2030-06-12")
    assert rendered(dated, tmp_path, "b", "--at", "2030-06-30") == first
    after_first_july = rendered(dated, tmp_path, "c", "--at", "2030-07-02")
    changed = {name.partition("/")[0] for name, content in after_first_july.items() if first[name] != content}
    assert changed == {"report"}, "announced entries are already open: no device file changes on their date"
    after_grace = rendered(dated, tmp_path, "d", "--at", "2030-07-10")
    assert rendered(dated, tmp_path, "e", "--at", "2031-01-01") == after_grace


def test_a_header_lists_how_the_file_differs_from_the_list(dated: Cli, tmp_path: Path) -> None:
    header = f"# Entries: {len(KEPT)} removed by Microsoft and kept, the first until 2030-07-10"
    assert header in rendered(dated, tmp_path, "a", "--at", "2030-06-20")["nftables/perimeter365.nft"].decode()
    without = rendered(dated, tmp_path, "b", "--at", "2030-06-20", "--grace", "0")["nftables/perimeter365.nft"].decode()
    assert "# Entries:" not in without
    ran = dated("render", "nftables", "--profile", "p.toml", "-o", "c", "--at", "2030-06-20")
    assert f"entries: {len(KEPT)} removed by Microsoft and kept, the first until 2030-07-10" in ran.err


def test_the_report_marks_and_lists_them(dated: Cli, tmp_path: Path) -> None:
    page = rendered(dated, tmp_path, "a", "--at", "2030-06-20")["report/index.html"].decode()
    assert '<h2 id="dates">Effective dates</h2>' in page
    row = page.partition('<tr id="f-ws-worldwide-11"')[2].partition("</tr>")[0]
    assert f"<code>{GONE}</code> kept until 2030-07-10" in row
    listed = page.partition('<h2 id="dates">')[2].partition('<h2 id="warnings">')[0]
    assert f"<code>{NEW}</code>" in listed
    assert "in use from 2030-07-01, opened already" in listed
    later = rendered(dated, tmp_path, "b", "--at", "2030-07-10")["report/index.html"].decode()
    assert 'id="dates"' not in later


def test_nft_contains_a_kept_entry_until_its_date(dated: Cli) -> None:
    def loaded(*words: str) -> str:
        ran = dated("render", "nftables", "--profile", "p.toml", "--stdout", *words)
        assert ran.code == 0, ran.err
        return nft.listing(ran.out)

    assert GONE in loaded("--at", "2030-07-09")
    assert GONE not in loaded("--at", "2030-07-10")
    assert GONE not in loaded("--at", "2030-07-09", "--grace", "0")


def test_the_changes_between_two_dates_remove_expired_entries(dated: Cli, tmp_path: Path) -> None:
    rendered(dated, tmp_path, "a", "--at", "2030-07-09")
    ran = dated("render", "nftables", "--profile", "p.toml", "-o", "b", "--since", "a", "--at", "2030-07-10")
    assert ran.code == 0, ran.err
    changes = (tmp_path / "b" / "nftables" / "changes.nft").read_text()
    taken = [line for line in changes.splitlines() if line.startswith("delete element")]
    assert any(GONE in line for line in taken)
    assert not [line for line in changes.splitlines() if line.startswith("add element")]
