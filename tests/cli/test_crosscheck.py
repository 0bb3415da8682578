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


def test_without_a_file_the_witness_is_used(cli: Cli) -> None:
    found = json.loads(cli("--catalog", "embedded", "crosscheck", "--json").out)
    by = {(f["owner"], f["prefix"]): f for f in found}
    apple = {f["prefix"] for f in found if f["owner"].startswith("row/25/")}
    assert {f["prefix"] for f in found if not f["sources"]} == apple
    login = by["ws/worldwide/56", "20.190.128.0/18"]
    assert login["sources"] == ["MSFT_PublicIPs_20260806.csv", "ServiceTags_Public_20251117.json"]
    assert (login["tags"], login["public"]) == ([], True)
    assert by["ws/france/2", "86.232.96.0/19"]["sources"] == ["the operator of france"]
    table = cli("--catalog", "embedded", "crosscheck", "--nowhere")
    assert "17.0.0.0/8" in table.out
    assert "of them not in any file" in table.err


def test_one_set_or_row_can_be_checked(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "public.csv").write_text("Prefix, Type\n20.190.0.0/16, x\n")
    words = ("--catalog", "embedded", "crosscheck", "--public", "public.csv", "--cloud", "worldwide")
    found = json.loads(cli(*words, "--json", "--id", "ws/worldwide/11", "--id", "row/25").out)
    assert {f["owner"] for f in found} >= {"ws/worldwide/11", "row/25/sender-to-apple"}
    assert all(f["owner"] == "ws/worldwide/11" or f["owner"].startswith("row/25/") for f in found)
    assert cli(*words, "--id", "row/26").code == 2
