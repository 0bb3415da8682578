"""`render` for several organizations: side by side, all written or none, none replaced in silence."""

import os
from pathlib import Path

import pytest

from perimeter365.targets.organizations import organization_folders
from tests.cli.conftest import Cli

TENANT = """[organization]
name = "Tenant {name}"
tenant = "{name}"
email_domains = ["{name}.example.com"]
clouds = ["worldwide"]
[select]
ipv6 = false
scenarios = ["federation-sts", "entra-connect"]
[roles]
client = ["{client}"]
"""


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    """Three tenants of one provider; two of them have the same addresses."""
    folder = tmp_path / "tenants"
    folder.mkdir()
    for name, client in {"alpha": "10.100.0.0/16", "bravo": "10.101.0.0/16", "charlie": "10.100.0.0/16"}.items():
        (folder / f"{name}.toml").write_text(TENANT.format(name=name, client=client))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_each_organization_has_the_files_that_it_has_alone(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    ran = cli("render", "nftables", "csv", "--profile", str(tenants), "-o", "all")
    assert ran.code == 0, ran.err
    for name in ("alpha", "bravo", "charlie"):
        assert cli("render", "nftables", "csv", "--profile", str(tenants / f"{name}.toml"), "-o", name).code == 0
        assert files(tmp_path / "all" / name) == files(tmp_path / name)
    assert {p.name for p in (tmp_path / "all").iterdir()} == {"alpha", "bravo", "charlie"}
    lines = [line.split() for line in ran.err.splitlines() if "Tenant " in line]
    assert [words[0] for words in lines] == ["alpha", "bravo", "charlie"], "one line an organization"


def test_repeated_profiles_are_several_and_one_keeps_its_layout(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    pair = ("--profile", str(tenants / "alpha.toml"), "--profile", str(tenants / "bravo.toml"))
    assert cli("render", "csv", *pair, "-o", "two").code == 0
    assert {p.name for p in (tmp_path / "two").iterdir()} == {"alpha", "bravo"}
    assert cli("render", "csv", "--profile", str(tenants / "alpha.toml"), "-o", "one").code == 0
    assert {p.name for p in (tmp_path / "one").iterdir()} == {"csv"}
    again = cli("render", "csv", *pair, "-o", "two")
    assert "unchanged: all" in again.err


def test_two_files_of_one_name_are_refused(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Alpha.toml").write_text((tenants / "bravo.toml").read_text())
    ran = cli("render", "csv", "--profile", str(tenants), "--profile", str(tmp_path / "other"), "-o", "out")
    assert ran.code == 2
    assert "have the same output folder 'Alpha'" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("stem", ["nftables", "CSV", "..", "---", "é", "nul", "con.x"])
def test_a_name_that_is_no_folder_of_an_organization_is_refused(stem: str, cli: Cli, tenants: Path, tmp_path: Path) -> None:
    (tenants / "alpha.toml").rename(tmp_path / f"{stem}.toml")
    ran = cli("render", "csv", "--profile", str(tmp_path / f"{stem}.toml"), "--profile", str(tenants), "-o", "out")
    assert (ran.code, (tmp_path / "out").exists()) == (2, False)
    assert "rename the file" in ran.err


def test_a_folder_name_is_safe() -> None:
    folders = organization_folders(
        [Path("x/Bravo & Co.toml"), Path("../up.toml"), Path("a/.hidden.toml"), Path("dots...toml")]
    )
    assert list(folders) == ["Bravo-Co", "up", "hidden", "dots"]


def test_the_files_of_another_organization_are_never_replaced(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    assert cli("render", "csv", "--profile", str(tenants), "-o", "out").code == 0
    before = files(tmp_path / "out")
    other = tmp_path / "other"
    other.mkdir()
    (other / "alpha.toml").write_text(TENANT.format(name="aleph", client="10.0.0.0/8"))
    ran = cli("render", "csv", "--profile", str(other), "-o", "out")
    assert ran.code == 2
    assert "out/alpha/csv has the files of 'Tenant alpha', not of 'Tenant aleph'" in ran.err
    assert files(tmp_path / "out") == before


@pytest.mark.parametrize("wrong", ["profile", "target", "value"])
def test_nothing_is_written_if_one_organization_fails(wrong: str, cli: Cli, tenants: Path, tmp_path: Path) -> None:
    bad = tenants / "bravo.toml"
    extra = {
        "profile": '[rolse]\nclient = ["10.0.0.0/8"]\n',
        "target": "[targets.nftabls]\n",
        "value": "[targets.pac]\nzscaler_bytes = 10\n",
    }
    bad.write_text(bad.read_text() + extra[wrong])
    ran = cli(
        "render", "nftables", "pac", "--profile", str(tenants), "-O", "pac.proxy=PROXY proxy.example.com:80", "-o", "out"
    )
    assert (ran.code, (tmp_path / "out").exists()) == (2, False)
    assert "bravo" in ran.err


def test_the_problems_of_all_profiles_are_reported_together(cli: Cli, tenants: Path) -> None:
    for name in ("alpha", "charlie"):
        (tenants / f"{name}.toml").write_text('[organization]\nclouds = ["wordlwide"]\n')
    ran = cli("render", "csv", "--profile", str(tenants))
    assert ran.code == 2
    assert "alpha.toml:2:11" in ran.err
    assert "charlie.toml:2:11" in ran.err


def test_an_interrupted_write_leaves_all_organizations_as_they_were(
    cli: Cli, tenants: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("render", "csv", "nftables", "--profile", str(tenants), "-o", "out").code == 0
    before = files(tmp_path / "out")
    for path in tenants.iterdir():
        path.write_text(path.read_text().replace("/16", "/17"))
    replaced: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        replaced.append(self)
        if len(replaced) == 9:  # among the files of the second organization
            raise OSError(28, os.strerror(28))
        os.replace(self, target)  # noqa: PTH105 (Path.replace is this function)
        return target

    monkeypatch.setattr(Path, "replace", replace)
    ran = cli("render", "csv", "nftables", "--profile", str(tenants), "-o", "out")
    monkeypatch.undo()
    assert ran.code == 2
    assert len(replaced) > 9
    assert files(tmp_path / "out") == before


def test_since_compares_each_organization_with_itself(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    assert cli("render", "cisco-asa", "--profile", str(tenants), "-o", "one").code == 0
    (tenants / "bravo.toml").write_text(TENANT.format(name="bravo", client="10.109.0.0/16"))
    ran = cli("render", "cisco-asa", "--profile", str(tenants), "-o", "two", "--since", "one")
    assert ran.code == 0, ran.err
    for name, added in {"alpha": False, "bravo": True, "charlie": False}.items():
        changes = (tmp_path / "two" / name / "cisco-asa" / "changes.cfg").read_text()
        assert (" network-object 10.109.0.0 255.255.0.0" in changes) == added, name


def test_tenants_with_prefixes_share_a_device(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    for name in ("alpha", "bravo", "charlie"):
        with (tenants / f"{name}.toml").open("a") as file:
            file.write(f'[targets.nftables]\nprefix = "{name}"\n')
    assert cli("render", "nftables", "--profile", str(tenants), "-o", "out").code == 0
    text = [
        (tmp_path / "out" / name / "nftables" / "perimeter365.nft").read_text() for name in ("alpha", "bravo", "charlie")
    ]
    assert ["delete table inet perimeter365alpha\n" in t for t in text] == [True, False, False]


@pytest.mark.parametrize("words", [("--stdout",), ("--profile", "-")])
def test_what_is_for_one_organization_is_refused(words: tuple[str, ...], cli: Cli, tenants: Path) -> None:
    assert cli("render", "nftables", "--profile", str(tenants), *words).code == 2


def test_a_folder_without_profiles_is_an_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = cli("render", "csv", "--profile", "empty")
    assert ran.code == 2
    assert "empty has no profile" in ran.err


def test_strict_and_dry_run(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    assert cli("render", "nftables", "--profile", str(tenants), "--strict", "-o", "out").code == 5
    ran = cli("render", "csv", "--profile", str(tenants), "--dry-run", "-o", "dry")
    assert (ran.code, (tmp_path / "dry").exists()) == (0, False)
    assert "would be written" in ran.err


def test_a_named_target_without_its_value_is_2_with_both_ways(cli: Cli, tenants: Path, tmp_path: Path) -> None:
    ran = cli("render", "frr", "--profile", str(tenants / "alpha.toml"))
    message, help = ran.err.splitlines()[-2:]
    assert ran.code == 2
    assert message == "error[P365-VALUE]: frr needs a value that only you know: [targets.frr] gateway4 = …"
    assert "or use -O frr.gateway4=… (gateway4: the IPv4 address of the next hop" in help
    assert not (tmp_path / "out").exists()


def test_config_and_targets_show_the_values_of_a_profile(cli: Cli, profile: Path) -> None:
    shown = cli("config", "show", "--profile", str(profile)).out
    assert "targets.frr.gateway4" in shown
    (line,) = [
        x for x in cli("targets", "frr", "--profile", str(profile)).out.splitlines() if "gateway4 " in x and "in the" in x
    ]
    assert line.endswith("in the profile: 192.0.2.1")
