"""`perimeter365 losses`: the losses of a rendered folder."""

import json
import re
from pathlib import Path

from tests.cli.conftest import Cli


def test_the_losses_of_a_folder_are_listed_decisions_first_in_80_columns(cli: Cli, profile: Path) -> None:
    cli("render", "nftables", "squid", "text", "--profile", str(profile))
    ran = cli("losses", "out")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "Decide"
    assert max(map(len, lines)) <= 80
    assert re.fullmatch(r"[1-9]\d* to decide, [1-9]\d* noted", lines[-1])
    assert any(line.startswith("  not for: ") and "records" in line for line in lines)
    found = json.loads(cli("losses", "out", "--json").out)
    assert [each["target"] for each in found] == ["nftables", "squid", "text"]
    decide = sum(loss["level"] == "decide" for each in found for loss in each["losses"])
    assert lines[-1].startswith(f"{decide} to decide")
    assert cli("losses", "elsewhere").code == 2
