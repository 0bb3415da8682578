"""The task of the witness: a file replaces its kind, and operators have what only lists have."""

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from perimeter365.model.catalog import Catalog, CatalogVersion
from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.model.witness import PUBLIC, AddressSource, AddressWitness
from perimeter365.sources.embedded import embedded
from perimeter365.sources.witness import embedded_witness, read_witness

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def task() -> ModuleType:
    spec = importlib.util.spec_from_file_location("witness_task", ROOT / "tasks" / "witness.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_embedded_file_is_fresh(task: ModuleType, tmp_path: Path) -> None:
    """Without a file, only the operators are computed again, from the embedded lists."""
    copy = tmp_path / "witness.json"
    copy.write_text(task.FILE.read_text("utf-8"), "utf-8")
    assert task.main([], copy) == 0
    assert copy.read_bytes() == task.FILE.read_bytes()


def test_the_embedded_sources_are_the_files_of_microsoft(task: ModuleType, tmp_path: Path) -> None:
    data = ROOT.parent / "shared" / "data"
    tags = sorted((data / "service-tags").glob("*.json"))
    if not tags:
        pytest.skip("the reference data folder is absent")
    copy = tmp_path / "witness.json"
    copy.write_text(task.FILE.read_text("utf-8"), "utf-8")
    assert task.main([str(data / "MSFT_PublicIPs_20260806.csv"), *map(str, tags)], copy) == 0
    assert copy.read_bytes() == task.FILE.read_bytes()
    for path in tags:
        content = json.loads(path.read_text("utf-8"))
        source = embedded_witness().source(content["cloud"])
        assert source
        listed = {prefix for tag in content["values"] for prefix in tag["properties"]["addressPrefixes"]}
        assert PrefixSet.parse(listed) == source.space


def test_a_file_replaces_its_kind_alone(task: ModuleType, tmp_path: Path) -> None:
    copy, ranges = tmp_path / "witness.json", tmp_path / "MSFT_PublicIPs_20300101.csv"
    copy.write_text(task.FILE.read_text("utf-8"), "utf-8")
    public = embedded_witness().source(PUBLIC)
    assert public
    lines = [f"{prefix},MSFT Public IP Address Block" for prefix in (*public.own, "25.0.0.0/24")]
    ranges.write_text("\n".join(["Prefix,Type", *lines]), "utf-8")
    assert task.main([str(ranges)], copy) == 0
    made = read_witness(copy.read_text("utf-8"))
    assert made.day == date(2030, 1, 1)
    assert "25.0.0.0/24" in made.space(Cloud.DOD)
    assert made.sources[1:] == embedded_witness().sources[1:]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("MSFT_PublicIPs.csv", "Prefix,Type\n20.0.0.0/11,Block\n", "the name has no day"),
        ("MSFT_PublicIPs_20300101.csv", "Prefix,Type\n20.0.0.0/99,Block\n", "line 2"),
        ("MSFT_PublicIPs_20300101.csv", "Prefix,Type\n20.0.0.0/11,Block\n", "worldwide: no source has"),
    ],
)
def test_a_file_that_cannot_be_the_witness_changes_nothing(
    task: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, reason: str
) -> None:
    copy, ranges = tmp_path / "witness.json", tmp_path / name
    copy.write_text(task.FILE.read_text("utf-8"), "utf-8")
    ranges.write_text(text, "utf-8")
    assert task.main([str(ranges)], copy) == 2
    assert reason in capsys.readouterr().err
    assert copy.read_bytes() == task.FILE.read_bytes()


def china(version: str, *prefixes: str) -> State:
    return State(cloud=Cloud.CHINA, version=Version(version), origin="recorded", sets=(endpoint_set(*prefixes),))


def endpoint_set(*prefixes: str) -> EndpointSet:
    return EndpointSet(
        id=1, cloud=Cloud.CHINA, area="exchange", category="default", required=True, express_route=False,
        tcp=PortSet.parse("443"), prefixes=PrefixSet.parse(prefixes), listed=prefixes,
    )  # fmt: skip


def test_a_prefix_of_an_operator_has_the_days_of_its_lists(task: ModuleType) -> None:
    public = AddressSource(kind=PUBLIC, name="x", day=date(2030, 1, 1), own=PrefixSet.parse(["20.0.0.0/16"]))
    lists = [
        china("2020010100", "20.0.0.0/24", "23.0.0.0/24"),
        china("2021010100", "23.0.0.0/24", "24.0.0.0/24", "25.0.0.0/24"),
        china("2022010100", "20.0.0.0/24", "25.0.0.0/24"),
    ]
    newest = endpoint_set("23.0.0.0/24", "25.0.0.0/24")
    version = CatalogVersion(version=Version("2023010100"), origin="recorded")
    catalog = Catalog(
        sets={Cloud.CHINA: (newest,)}, versions={Cloud.CHINA: version}, rows=embedded().rows, dns=embedded().dns
    )
    known = AddressWitness(sources=(public,))
    found = task.operators(known, catalog, lists[::-1])
    assert [(str(each.prefix), each.first.year, each.gone and each.gone.year) for each in found] == [
        ("23.0.0.0/24", 2020, None),  # gone in 2022, and back
        ("24.0.0.0/24", 2021, 2022),
        ("25.0.0.0/24", 2021, None),
    ]
    again = task.operators(AddressWitness(sources=(public,), operators=found), catalog, [])
    assert again == found
