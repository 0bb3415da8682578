"""The life of the table of nftables, on a router with rules of its own."""

from pathlib import Path

from perimeter365.targets import targets
from perimeter365.targets.target import Style
from tests.consumers import need
from tests.life import tries
from tests.life.shell import Shell
from tests.targets.netfilter import case

OWN = "table inet admin { chain input { type filter hook input priority 0; policy drop; tcp dport 22 accept; }; }"


@tries("nftables", "install", "again", "remove")
def test_a_load_leaves_the_routers_own_rules_alone(tmp_path: Path) -> None:
    need("nft")
    target = targets["nftables"](Style())
    for artifact in target.render(case("contoso")).artifacts:
        (tmp_path / artifact.name).write_bytes(artifact.content)
    with Shell(tmp_path) as shell:
        shell.run(f"echo '{OWN}' | nft -f -")
        before = shell.run("nft list ruleset")
        shell.follow(target.commands("install"))
        once = shell.run("nft list ruleset")
        shell.follow(target.commands("update"))
        assert shell.run("nft list ruleset") == once
        assert once.startswith(before)
        shell.follow(target.commands("remove"))
        assert shell.run("nft list ruleset") == before
