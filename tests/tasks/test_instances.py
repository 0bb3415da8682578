"""The embedded endpoint sets say what the recorded answers of the web service say, and no more."""

import importlib.util
import json
import random
import re
from ipaddress import ip_network
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from perimeter365.model.cloud import Cloud

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = ROOT / "src" / "perimeter365" / "facts" / "instances"
LATEST = ROOT.parent / "shared" / "data" / "web-service" / "latest"

RECORDED = {
    "worldwide": ("2026080200", "endpoints-worldwide-2026-08-02.json"),
    "gcchigh": ("2026070100", "endpoints-USGovGCCHigh-2026033100-reconstructed.json"),
    "dod": ("2026063000", "endpoints-USGovDoD-2026033100-reconstructed.json"),
    "china": ("2026022700", "endpoints-China-2025-12-01.json"),
    "france": ("2025082100", "endpoints-France-2025-reconstructed.json"),
    "germany": ("2025120100", "endpoints-Germany-Delos-2025-reconstructed.json"),
    "germany-2021": ("2021102900", "endpoints-Germany-2021102900-reconstructed.json"),
}
AREA_LISTS = "area-lists-2026-07-01.json"
BY_AREA = {"gcchigh": "2026-07-01", "dod": "2026-06-30", "china": "2026-02-27"}
"""Clouds with later lists by service area -> the day of those lists."""
AREA_OF = {"common": "Common", "exchange": "Exchange", "sharepoint": "SharePoint", "teams": "Skype"}

clouds = pytest.mark.parametrize("cloud", RECORDED)


@pytest.fixture(scope="module")
def task() -> ModuleType:
    spec = importlib.util.spec_from_file_location("instances_task", ROOT / "tasks" / "instances.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference(name: str) -> Path:
    path = LATEST / name
    if not path.is_file():
        pytest.skip(f"the reference data folder is absent: {name} is needed")
    return path


def arguments(cloud: str, *more: str) -> list[str]:
    version, name = RECORDED[cloud]
    areas = ["--by-area", str(reference(AREA_LISTS))] if cloud in BY_AREA else []
    return ["--cloud", cloud, "--version", version, str(reference(name)), *areas, *more]


def embedded(cloud: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((EMBEDDED / f"{cloud}.json").read_text("utf-8"))
    return data


def ports(text: str) -> set[int]:
    """Port numbers one by one, straight from the upstream notation."""
    numbers: set[int] = set()
    for token in re.findall(r"\d+(?:-\d+)?", text):
        ends = [int(part) for part in token.split("-")]
        numbers.update(range(ends[0], ends[-1] + 1))
    return numbers


@clouds
def test_embedded_file_is_what_the_task_makes_of_the_recorded_answer(task: ModuleType, cloud: str) -> None:
    assert task.main(arguments(cloud, "--check")) == 0


@clouds
def test_each_set_equals_the_recorded_one(cloud: str) -> None:
    upstream = {item["id"]: item for item in json.loads(reference(RECORDED[cloud][1]).read_text("utf-8"))}
    ours = {item["id"]: item for item in embedded(cloud)["sets"] if not item.get("synthetic")}
    assert set(ours) == set(upstream)
    removed = embedded(cloud).get("removed", [])
    for number, theirs in upstream.items():
        mine = ours[number]
        gone = {item["value"] for item in removed if item["set"] == number}
        before = ({*mine["hosts"], *mine["prefixes"]} - {*mine.get("assigned", [])}) | gone
        assert before == {*theirs.get("urls", []), *(str(ip_network(p)) for p in theirs.get("ips", []))}, number
        assert ports(mine["tcp"]) == ports(theirs.get("tcpPorts", "")), number
        assert ports(mine["udp"]) == ports(theirs.get("udpPorts", "")), number
        assert AREA_OF[mine["area"]] == theirs["serviceArea"], number
        assert mine["category"] == theirs["category"].casefold(), number
        assert mine["required"] is theirs["required"], number
        assert mine["express_route"] is theirs["expressRoute"], number


@clouds
def test_header_names_cloud_version_origin_and_the_day_of_closing(cloud: str) -> None:
    data = embedded(cloud)
    assert (data["cloud"], data["version"], data["origin"]) == (cloud, RECORDED[cloud][0], "recorded")
    assert data.get("closed") == ("2021-10-29" if cloud == "germany-2021" else None)
    assert data["instance"] == ("" if cloud == "germany-2021" else Cloud(cloud).instance)


@clouds
def test_one_set_a_line_with_keys_in_a_fixed_order_and_nothing_of_upstream_prose(cloud: str) -> None:
    text = (EMBEDDED / f"{cloud}.json").read_text("ascii")
    lines = [line for line in text.splitlines() if line.startswith('  {"id"')]
    assert len(lines) == len(embedded(cloud)["sets"])
    order = ["id", "area", "category", "required", "express_route", "tcp", "udp", "hosts", "prefixes"]
    order += ["synthetic"] * ('"synthetic"' in text) + ["assigned"]
    for line in lines:
        keys = list(json.loads(line.rstrip(",")))
        assert keys == [key for key in order if key in keys]
        assert len(keys) >= 9


@pytest.mark.parametrize("cloud", BY_AREA)
def test_the_union_of_the_sets_of_an_area_is_the_list_of_the_area(cloud: str) -> None:
    lists = json.loads(reference(AREA_LISTS).read_text("utf-8"))["clouds"][cloud]
    assert lists["recorded"] == BY_AREA[cloud]
    ours: dict[str, set[str]] = {}
    for item in embedded(cloud)["sets"]:
        ours.setdefault(AREA_OF[item["area"]], set()).update(item["hosts"], item["prefixes"])
    wanted = {
        area: {*both["hosts"], *(str(ip_network(p)) for p in both["prefixes"])}
        for area, both in lists["areas"].items()
        if area != "MEM"  # Intune has lists of its own: facts/intune.toml
    }
    assert ours == wanted


LISTS = {"areas": {"Common": {"hosts": ["aka.ms"], "prefixes": ["192.0.2.0/24"]}}, "recorded": "2026-02-01"}


def test_a_new_prefix_goes_to_the_sets_with_a_prefix_inside_of_it(task: ModuleType) -> None:
    own = {"serviceArea": "Common", "category": "Allow", "required": True, "expressRoute": False, "tcpPorts": "443"}
    sets = [{**own, "id": 1, "urls": ["aka.ms", "old.example.com"]}, {**own, "id": 2, "ips": ["192.0.2.128/25"]}]
    made = json.loads(task.render("france", "2026020100", sets, LISTS))
    first, second = made["sets"]
    assert (first["hosts"], first["prefixes"], "assigned" in first) == (["aka.ms"], [], False)
    assert (second["prefixes"], second["assigned"]) == (["192.0.2.0/24"], ["192.0.2.0/24"])
    assert made["removed"] == [
        {"set": 1, "value": "old.example.com", "by": "2026-02-01"},
        {"set": 2, "value": "192.0.2.128/25", "by": "2026-02-01"},
    ]


def test_a_new_entry_without_a_neighbor_needs_a_decision(task: ModuleType) -> None:
    own = {"serviceArea": "Common", "category": "Allow", "required": True, "expressRoute": False, "id": 1}
    with pytest.raises(ValueError, match=r"192\.0\.2\.0/24 is new in the area Common"):
        task.render("france", "2026020100", [{**own, "urls": ["aka.ms"], "ips": ["198.51.100.0/24"]}], LISTS)


def test_order_of_the_upstream_lists_does_not_matter(task: ModuleType) -> None:
    sets = [
        {
            "id": number,
            "serviceArea": "Skype",
            "category": "Allow",
            "required": True,
            "expressRoute": False,
            "urls": ["b.example.com", "*.a.example.com", "a.example.com"],
            "ips": ["2001:db8::/32", "198.51.100.0/24", "192.0.2.0/24"],
            "tcpPorts": "993, 443,80",
            "notes": "must not come through",
        }
        for number in (11, 2)
    ]
    first: str = task.render("worldwide", "2026010100", sets)
    shuffler = random.Random(365)
    for item in sets:
        for key in ("urls", "ips"):
            values = item[key]
            assert isinstance(values, list)
            shuffler.shuffle(values)
    assert task.render("worldwide", "2026010100", sets[::-1]) == first
    (two, eleven) = json.loads(first)["sets"]
    assert (two["id"], eleven["id"]) == (2, 11)
    assert two["hosts"] == ["*.a.example.com", "a.example.com", "b.example.com"]
    assert two["prefixes"] == ["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"]
    assert (two["tcp"], two["udp"], two["area"]) == ("80,443,993", "", "teams")
    assert "notes" not in first
    assert "must not" not in first


def write(path: Path, **change: object) -> Path:
    item = {"id": 1, "serviceArea": "Common", "category": "Default", "required": True, "expressRoute": False}
    item |= {"urls": ["aka.ms"], "tcpPorts": "443"}
    path.write_text(json.dumps([item | change]), "utf-8")
    return path


def test_check_says_stale_and_leaves_the_file_alone(task: ModuleType, tmp_path: Path) -> None:
    source = write(tmp_path / "answer.json")
    common = ["--cloud", "dod", "--output", str(tmp_path)]
    assert task.main([*common, "--version", "2026010100", str(source)]) == 0
    target = tmp_path / "dod.json"
    before = target.read_bytes()
    assert task.main([*common, "--version", "2026010100", str(source), "--check"]) == 0
    assert task.main([*common, "--version", "2026010101", str(source), "--check"]) == 1
    write(source, urls=["aka.ms", "go.microsoft.com"])
    assert task.main([*common, "--version", "2026010100", str(source), "--check"]) == 1
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        {"urls": ['a"b.example.com']},
        {"urls": ["*.a.*.example.com"]},
        {"ips": ["192.0.2.1/24"]},
        {"tcpPorts": "70000"},
        {"serviceArea": "Poetry"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_unusable_input_is_refused_and_writes_nothing(task: ModuleType, tmp_path: Path, change: dict[str, object]) -> None:
    source = write(tmp_path / "answer.json", **change)
    options = ["--cloud", "dod", "--version", "2026010100", "--output", str(tmp_path), str(source)]
    assert task.main(options) == 2
    assert not (tmp_path / "dod.json").exists()
