"""`rows`: the 25 rows of the page."""

import json

from perimeter365.model.cloud import Cloud
from perimeter365.model.scenario import ROW_SCENARIOS
from perimeter365.sources.embedded import embedded
from tests.cli.conftest import Cli

CATALOG = embedded()


def test_the_table_has_a_line_for_each_row(cli: Cli) -> None:
    lines = cli("rows").out.splitlines()[2:]
    assert [line.split()[0] for line in lines] == [str(n) for n in range(1, 26)]
    assert [line.split()[1] for line in lines] == list(ROW_SCENARIOS)


def test_the_json_follows_the_contract(cli: Cli) -> None:
    rows = json.loads(cli("rows", "--json").out)
    assert [row["row"] for row in rows] == list(range(1, 26))
    six = rows[5]
    assert (six["scenario"], six["kinds"], six["directions"]) == ("mailbox-migration", ["flow"], ["inbound"])
    assert all(row["defect"] for row in rows)
    # rows 5, 21 and 22 are retired, with a date
    retired = {row["row"]: row["retired"] for row in rows if row["retired"]}
    assert retired[5] == "2020-02-28"
    assert retired[21] == "2024-04-15"
    assert retired[22] == "2024-09-30"


def numbers(cli: Cli, *words: str) -> list[int]:
    return [row["row"] for row in json.loads(cli("rows", "--json", *words).out)]


def test_rows_are_chosen_by_direction_cloud_scenario_and_end(cli: Cli) -> None:
    # from the rows' own files: 11 (the agent) opens connections only, and 24 has no direction but outbound and internal
    inbound = numbers(cli, "--direction", "inbound")
    assert {6, 7, 23} <= set(inbound)
    assert not {11, 24, 1} & set(inbound)
    assert numbers(cli, "--cloud", "china") == sorted(r.number for r in CATALOG.rows.values() if Cloud.CHINA in r.clouds)
    # row 10 has inbound flows in Worldwide, and none in China
    assert 10 in numbers(cli, "--direction", "inbound", "--cloud", "worldwide")
    assert 10 not in numbers(cli, "--direction", "inbound", "--cloud", "china")
    assert numbers(cli, "--scenario", "mailbox-migration", "--scenario", "row/11") == [6, 11]
    retired = numbers(cli, "--retired")
    assert {5, 21, 22} <= set(retired)
    assert sorted([*retired, *numbers(cli, "--current")]) == list(range(1, 26))


def test_a_brief_table_has_no_defects_and_is_narrow(cli: Cli) -> None:
    lines = cli("rows", "--brief").out.splitlines()
    assert len(lines) == 27
    assert max(map(len, lines)) <= 80


def test_an_unknown_scenario_gets_the_nearest_one(cli: Cli) -> None:
    ran = cli("rows", "--scenario", "mailbox-migratoin")
    assert (ran.code, "did you mean 'mailbox-migration'?" in ran.err) == (2, True)
