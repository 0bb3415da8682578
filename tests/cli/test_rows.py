"""`rows`: the 25 rows of the page."""

import json

from perimeter365.model.scenario import ROW_SCENARIOS
from tests.cli.conftest import Cli


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
