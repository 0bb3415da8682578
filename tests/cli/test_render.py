"""`render`: files, losses, exit codes; a second run writes nothing."""

import json
import re
import sys
from pathlib import Path

import pytest

from perimeter365.targets import targets
from tests.cli.conftest import EXAMPLE, Cli, CliResult
from tests.cli.dated import sync_moved

pytestmark = pytest.mark.skipif(not EXAMPLE.exists(), reason="examples/ is missing")


@pytest.fixture
def render(cli: Cli, profile: Path) -> Cli:
    return lambda *words: cli("render", *words, "--profile", str(profile))


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_target_gets_a_folder_with_its_losses(render: Cli, tmp_path: Path) -> None:
    ran = render("nftables")
    assert (ran.code, ran.out) == (0, "")
    assert {p.name for p in (tmp_path / "out" / "nftables").iterdir()} >= {"perimeter365.nft", "losses.json"}
    losses = json.loads((tmp_path / "out" / "nftables" / "losses.json").read_text())["losses"]
    assert f"  {sum(loss['level'] == 'decide' for loss in losses)} to decide, " in ran.err
    assert re.fullmatch(r"\d+ to decide, \d+ to check, \d+ noted", ran.err.splitlines()[-1])


def test_a_second_run_writes_nothing_and_reports_it(render: Cli, tmp_path: Path) -> None:
    render("nftables", "text")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*")}
    assert "unchanged: all" in render("nftables", "text").err
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*")} == before


def test_all_is_every_target(render: Cli, tmp_path: Path) -> None:
    assert render("all").code == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == set(targets)


def test_strict_writes_and_ends_with_5(render: Cli, tmp_path: Path) -> None:
    ran = render("nftables", "--strict", "-o", "there")
    assert ran.code == 5
    assert "`perimeter365 losses there`" in ran.err
    assert (tmp_path / "there" / "nftables" / "perimeter365.nft").exists()


@pytest.fixture
def without_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("mmdb_writer", "pyarrow"):
        monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.usefixtures("without_extras")
def test_all_skips_targets_with_a_missing_extra_with_a_line_each(render: Cli, tmp_path: Path) -> None:
    ran = render("all")
    assert ran.code == 0, ran.err
    assert {p.name for p in (tmp_path / "out").iterdir()} == set(targets) - {"mmdb", "parquet"}
    lines = [line for line in ran.err.splitlines() if "left out" in line]
    assert len(lines) == 2
    for extra, line in zip(("mmdb", "parquet"), lines, strict=True):
        assert line.startswith(f"warning: left out: the target {extra} needs the extra '{extra}': ")
        assert line.endswith(f"; pip install 'perimeter365[{extra}]'")


@pytest.mark.usefixtures("without_extras")
def test_quiet_names_skipped_targets_only_if_it_fails(render: Cli) -> None:
    assert render("all", "--quiet").err == ""
    ran = render("all", "--quiet", "--strict")
    assert ran.code == 5
    lines = ran.err.splitlines()
    assert [line.startswith("warning: left out: the target") for line in lines] == [True, True, False, False]


def test_limits_of_several_targets_are_one_line_each_with_one_help(render: Cli) -> None:
    limits = ("azure-udr.routes", "globalprotect.routes", "pac.bytes")
    given = [word for limit in limits for word in ("--limit", f"{limit}=1")]
    ran = render("azure-udr", "globalprotect", "csv", "pac", *given, "--quiet")
    *errors, help = ran.err.splitlines()
    assert ran.code == 2
    assert [line.split(":")[:2] for line in errors] == [
        ["error[P365-LIMIT]", f" {target}"] for target in ("azure-udr", "globalprotect", "pac")
    ]
    values = [line.split(" needs ")[1].split()[0] for line in errors]
    assert help == "help: select less, use --max-prefixes, or raise them with " + " ".join(
        f"--limit {limit}={value}" for limit, value in zip(limits, values, strict=True)
    )


@pytest.mark.usefixtures("without_extras")
def test_strict_ends_with_5_if_a_target_was_skipped(render: Cli) -> None:
    ran = render("all", "--strict")
    assert ran.code == 5
    message, help = ran.err.splitlines()[-2:]
    assert message.startswith("error[P365-LOSS]: ")
    assert message.endswith("left out: mmdb, parquet")
    assert help.endswith("pip install 'perimeter365[mmdb,parquet]'")


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize("words", [("parquet",), ("parquet", "all"), ("csv", "parquet")], ids=" ".join)
def test_a_named_target_without_its_extra_is_2_with_what_to_install(words: tuple[str, ...], render: Cli) -> None:
    ran = render(*words)
    assert ran.code == 2
    message, help = ran.err.splitlines()[-2:]
    assert message.startswith("error[P365-EXTRA]: the target parquet needs the extra 'parquet': ")
    assert help == "help: pip install 'perimeter365[parquet]'"


def test_strict_without_a_decision_is_0(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('organization.clouds = ["dod"]\nroles.client = ["10.0.0.0/8", "2001:db8::/48"]\n')
    names = ("csv", "nftables", "squid")
    assert cli("render", *names, "fortigate", "--profile", "p.toml", "--strict").code == 0
    ran = cli("render", *names, "--profile", "p.toml", "--strict")
    assert ran.code == 5, "no target has the mail ports of hosts without addresses"
    assert "squid/web-ports" in ran.err
    assert cli("render", "nftables", "--profile", "p.toml", "--strict").code == 5


def test_a_dry_run_writes_nothing_and_lists_files_and_limits(render: Cli, tmp_path: Path) -> None:
    ran = render("windows-vpnv2", "--dry-run")
    assert ran.code == 0
    assert not (tmp_path / "out").exists()
    for name in targets["windows-vpnv2"].limits:
        assert name in ran.out
    assert "would be written" in ran.err


def test_stdout_prints_the_one_file(render: Cli, tmp_path: Path) -> None:
    ran = render("nftables", "--stdout")
    assert ran.code == 0
    render("nftables")
    assert ran.out == (tmp_path / "out" / "nftables" / "perimeter365.nft").read_text()


def test_stdout_of_several_files_is_exit_2(render: Cli, tmp_path: Path) -> None:
    ran = render("text", "--stdout")
    assert (ran.code, ran.out) == (2, "")
    assert "--stdout prints one file" in ran.err


def test_one_target_that_fails_does_not_stop_the_others(render: Cli, tmp_path: Path) -> None:
    limit = next(
        (
            f"{name}.{key}=0"
            for name in targets
            for key in targets[name].limits
            if key == "entries" and targets[name].capabilities.addresses
        ),
        "",
    )
    assert limit, "this test needs a target with a limit of entries"
    failing = limit.partition(".")[0]
    ran = render(failing, "csv", "--limit", limit)
    assert ran.code == 2
    assert "error[P365-LIMIT]" in ran.err
    assert "failed: P365-LIMIT" in ran.err
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"csv"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nftable"], "did you mean 'nftables'?"),
        (["nftables", "--option", "x"], "'x' is not TARGET.KEY=VALUE"),
        (["nftables", "--limit", "nftables.entries=many"], "'many' is not a number"),
        (["nftables", "--option", "pac.x=y"], "'pac' is not a target that is rendered"),
        (["nftables", "--option", "nftables.no_such=y"], "nftables has no option 'no_such'"),
        (["nftables", "--observed", "no-such-file"], "no-such-file: the file does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_invalid_arguments_are_exit_2_and_nothing_is_written(
    render: Cli, tmp_path: Path, words: list[str], message: str
) -> None:
    ran = render(*words)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "out").exists()


def test_options_limits_and_budget_reach_the_target(render: Cli, tmp_path: Path) -> None:
    def size(*words: str) -> int:
        assert render("linux-routes", *words).code == 0
        return len((tmp_path / "out" / "linux-routes" / "routes4.batch").read_text().splitlines())

    assert size("--max-prefixes", "12") < size()
    key, option = next(iter(targets["csv"].options.items()))
    assert render("csv", "--option", f"csv.{key}={option.choices[-1]}").code == 0
    assert (tmp_path / "out" / "csv" / "flows.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_quiet_renders_without_output(cli: Cli, profile: Path, tmp_path: Path) -> None:
    assert cli("--quiet", "render", "csv", "--profile", str(profile)) == CliResult(0, "", "")
    assert files(tmp_path / "out")


PROFILE = 'organization.clouds = ["worldwide"]\nroles.client = ["{}", "2001:db8::/48"]\n'


def test_since_writes_the_changes_to_an_earlier_render_additions_first(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "before.toml").write_text(
        '[organization]\nclouds = ["worldwide"]\n[roles]\nclient = ["10.0.0.0/8", "2001:db8::/48"]\n'
    )
    (tmp_path / "after.toml").write_text(
        '[organization]\nclouds = ["worldwide"]\n[roles]\nclient = ["10.0.0.0/9", "2001:db8::/48"]\n'
    )
    assert cli("render", "cisco-asa", "--profile", "before.toml", "-o", "one").code == 0
    assert cli("render", "cisco-asa", "--profile", "after.toml", "-o", "two", "--since", "one").code == 0
    lines = (tmp_path / "two/cisco-asa/changes.cfg").read_text().splitlines()
    groups = [(n, x) for n, x in enumerate(lines) if "object-group network" in x and "access-list" not in x]
    ((added, new), (removed, old)) = groups
    assert lines[added + 1] == " network-object 10.0.0.0 255.128.0.0"
    assert (new.startswith("object-group network m365-client-v4-"), old.startswith("no ")) == (True, True)
    assert added < min(n for n, x in enumerate(lines) if x.startswith("no ")) < removed


def test_since_needs_a_firewall_and_an_earlier_render(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[organization]\nclouds = ["worldwide"]\n')
    assert cli("render", "pac", "--profile", "p.toml", "--since", "one").code == 2
    assert "has no earlier render" in cli("render", "nftables", "--profile", "p.toml", "--since", "one").err


def test_since_refuses_the_folder_that_is_written_to(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE.format("10.0.0.0/8"))
    assert cli("render", "nftables", "--profile", "p.toml", "-o", "one").code == 0
    before = (tmp_path / "one/nftables/plan.json").read_bytes()
    ran = cli("render", "nftables", "--profile", "p.toml", "-o", "./one/../one", "--since", "one")
    assert (ran.code, "would lose changes that were not loaded" in ran.err) == (2, True)
    assert (tmp_path / "one/nftables/plan.json").read_bytes() == before


def test_lists_that_left_the_plan_are_closed_by_the_next_render(cli: Cli, tmp_path: Path) -> None:
    profile = 'organization.clouds = ["worldwide"]\nselect.service_areas = ["exchange"{}]\n'
    for areas, new in ((', "teams"', "two"), ("", "three")):
        (tmp_path / "p.toml").write_text(profile.format(areas))
        assert cli("render", "fortigate-feed", "--profile", "p.toml", "-o", "one").code == 0
        assert cli("render", "fortigate-feed", "nftables", "--allow-empty", "--profile", "p.toml", "-o", new).code == 0
    teams = "fortigate-feed/worldwide-teams-outbound-optimize-udp-3478to3481-address.txt"
    assert (tmp_path / "one" / teams).read_text() == "192.0.2.255/32\n"
    assert not (tmp_path / "three" / teams).exists()
    words = ("fortigate-feed", "nftables", "--allow-empty", "--profile", "p.toml", "-o", "four", "--since", "two")
    assert cli("render", *words).code == 0
    assert (tmp_path / "four" / teams).read_text() == "192.0.2.255/32\n", "what the folder of --since kept counts"


def test_a_joint_budget_is_for_both_families(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[organization]\nclouds = ["worldwide"]\n')
    hops = ["-O", "linux-routes.gateway4=192.0.2.1", "-O", "linux-routes.gateway6=2001:db8::1"]
    cli("render", "linux-routes", "--profile", "p.toml", "-o", "out", "--max-prefixes", "30", "--jointly", *hops)
    routes = [(tmp_path / f"out/linux-routes/routes{v}.batch").read_text().count("route replace") for v in (4, 6)]
    assert min(routes) > 0
    assert sum(routes) <= 30


def test_unreadable_lines_of_observed_names_are_reported(render: Cli, tmp_path: Path) -> None:
    seen = tmp_path / "seen.csv"
    seen.write_bytes("\ufeffhost,hits\r\ncontoso.sharepoint.com,3\r\n10.0.0.1,4\r\n".encode("utf-16-le"))
    for words in ([], ["--quiet"]):
        ran = render("csv", "--observed", str(seen), *words)
        assert ran.code == 0
        assert "seen.csv: 1 line without a host name: 3" in ran.err
    ran = render("csv", "--observed", str(seen), "--strict")
    assert (ran.code, "without a host name: 3" in ran.err) == (5, True)


def test_a_firewall_that_would_refuse_everything_is_not_written_unless_allowed(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text('organization.clouds = ["worldwide"]\n[roles]\nclient = ["pc.contoso.com"]\n')
    words = ("render", "nftables", "csv", "--profile", "names.toml", "-o", "there")
    ran = cli(*words)
    assert ran.code == 2
    assert "error[P365-EMPTY]: nftables: the plan has nothing for this target" in ran.err
    assert "decide  role-unset  client" in ran.err
    assert {path.name for path in (tmp_path / "there").iterdir()} == {"csv"}
    assert cli(*words, "--allow-empty").code == 0
    assert (tmp_path / "there" / "nftables" / "perimeter365.nft").exists()


def test_the_files_of_another_organization_are_not_replaced_silently(cli: Cli, tmp_path: Path) -> None:
    for name in ("Alpha", "Bravo"):
        text = f'organization = {{ clouds = ["worldwide"], name = "{name}" }}\nroles.client = ["10.0.0.0/8"]\n'
        (tmp_path / f"{name}.toml").write_text(text)
    first, again, other = (cli("render", "csv", "--profile", f"{name}.toml") for name in ("Alpha", "Alpha", "Bravo"))
    assert "had the files of" not in first.err + again.err
    assert "warning: out had the files of 'Alpha', replaced; give each organization a folder of its own with -o" in other.err


# -- a plan that becomes empty -----------------------------------------------------------------------------------


EMPTIED = "error[P365-EMPTYPLAN]: Contoso: the plan has no outbound flow of endpoint sets in worldwide any more; it had 62: "


def test_a_list_whose_service_areas_all_moved_does_not_replace_a_render(render: Cli, tmp_path: Path) -> None:
    sync_moved()
    words = ("text", "nftables", "--at")
    assert render(*words, "2030-06-05").code == 0, "the list of 1 June was kept in force: all entries are in grace time"
    first = files(tmp_path / "out")
    assert render(*words, "2030-07-09").code == 0
    kept = files(tmp_path / "out")
    assert {name for name in kept if name.endswith(".txt")} == {name for name in first if name.endswith(".txt")}
    for more in ((), ("--dry-run",)):
        ran = render(*words, "2030-07-10", *more)
        assert (ran.code, files(tmp_path / "out")) == (2, kept), ran.err
        assert ran.err.splitlines()[-2].startswith(EMPTIED)
        assert "(service areas intune 67; categories allow 8, default 56, optimize 3), [select] has service_areas" in ran.err
        assert "--allow-empty" in ran.err.splitlines()[-1]
    assert render(*words, "2030-07-10", "--allow-empty").code == 0
    assert files(tmp_path / "out") != kept
    assert render(*words, "2030-07-11").code == 0, "the folder has no flow that could get lost"


def test_no_organization_of_several_is_written_if_one_becomes_empty(cli: Cli, profile: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    profile.rename(tmp_path / "folder" / "a.toml")
    (tmp_path / "folder" / "b.toml").write_text('[organization]\nname = "B"\nclouds = ["china"]\n')
    sync_moved()
    words = ("render", "text", "--profile", "folder", "--at")
    assert cli(*words, "2030-07-01").code == 0
    before = files(tmp_path / "out")
    ran = cli(*words, "2030-07-10")
    assert (ran.code, files(tmp_path / "out")) == (2, before)
    assert EMPTIED in ran.err
    assert cli(*words, "2030-07-10", "--allow-empty").code == 0


def test_no_changes_are_made_that_remove_all_flows_from_a_device(render: Cli) -> None:
    sync_moved()
    assert render("nftables", "-o", "old", "--at", "2030-07-01").code == 0
    words = ("nftables", "-o", "new", "--since", "old", "--at", "2030-07-10")
    ran = render(*words)
    assert (ran.code, EMPTIED in ran.err) == (2, True)
    assert render(*words, "--allow-empty").code == 0
