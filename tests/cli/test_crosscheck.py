"""`crosscheck`: findings, counts and usage errors."""

import json
from pathlib import Path

from tests.cli.conftest import Cli


def test_findings_are_printed_and_counted(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "public.csv").write_text("Prefix, Type\n20.190.0.0/16, x\n")
    ran = cli("--catalog", "embedded", "crosscheck", "--public", "public.csv", "--json", "--cloud", "worldwide")
    assert ran.code == 0
    found = json.loads(ran.out)
    assert {f["prefix"] for f in found if f["public"]} == {"20.190.128.0/18"}
    table = cli("--catalog", "embedded", "crosscheck", "--public", "public.csv", "--nowhere")
    assert "17.0.0.0/8" in table.out
    assert "20.190.128.0/18" not in table.out


def test_without_a_file_the_error_names_the_options(cli: Cli) -> None:
    ran = cli("crosscheck")
    assert ran.code == 2
    assert "--tags" in ran.err
