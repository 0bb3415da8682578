"""Clouds and the names of the web service's instances."""

import ast
import copy
import pickle
import re
from datetime import date
from pathlib import Path

import pytest

from perimeter365.errors import CatalogError, UnknownNameError
from perimeter365.model.cloud import CLOUDS, OPERATED, Cloud

ROOT = Path(__file__).resolve().parents[2]

# https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service: "instance" of the API; France and
# Germany by the documents that facts/instances names
INSTANCES = {
    "worldwide": "Worldwide",
    "gcchigh": "USGovGCCHigh",
    "dod": "USGovDoD",
    "china": "China",
    "france": "France",
    "germany": "Germany",
    "germany-2021": "",
}


@pytest.mark.parametrize(("name", "instance"), INSTANCES.items())
def test_a_cloud_has_a_name_and_an_instance(name: str, instance: str) -> None:
    cloud = Cloud(name)
    assert (str(cloud), cloud.value, cloud.known) == (name, name, True)
    assert cloud.instance == instance
    assert cloud.folder == instance or name
    assert cloud.title
    for text in filter(None, (name, instance, name.upper(), instance.upper())):
        assert Cloud.parse(text) is cloud
    if instance:
        assert Cloud.of_instance(instance.upper()) is cloud


def test_there_is_no_other_cloud() -> None:
    assert [c.value for c in CLOUDS] == list(INSTANCES)
    for wrong in ("gcc-high", "", "Worldwide "):
        with pytest.raises(UnknownNameError):
            Cloud.parse(wrong)
    for make in (Cloud, Cloud.parse):
        with pytest.raises(UnknownNameError) as caught:
            make("gcc-high")
        assert caught.value.help == "did you mean 'gcchigh'?"


def test_only_the_old_german_cloud_is_closed() -> None:
    assert {c: c.closed for c in CLOUDS if c.closed} == {Cloud.GERMANY_2021: date(2021, 10, 29)}
    assert {*CLOUDS} - {*OPERATED} == {Cloud.GERMANY_2021}


def test_companies_that_run_a_cloud_are_in_its_title() -> None:
    run = {c: c.operator for c in CLOUDS if c.operator}
    assert run == {Cloud.CHINA: "21Vianet", Cloud.FRANCE: "Bleu", Cloud.GERMANY: "Delos"}
    assert [c for c in CLOUDS if c.title.endswith(f", operated by {c.operator}")] == list(run)
    assert Cloud.named("newland").operator == ""


def test_clouds_sort_in_a_fixed_order_and_newer_ones_follow_by_name() -> None:
    newer = [Cloud.named("newland"), Cloud.named("atlantis")]
    assert [c.value for c in sorted([*newer, *reversed(CLOUDS)])] == [*INSTANCES, "atlantis", "newland"]


def test_equal_clouds_are_the_same_object() -> None:
    for cloud in (Cloud.WORLDWIDE, Cloud.named("newland")):
        assert Cloud.named(cloud.value) is cloud
        assert copy.deepcopy(cloud) is cloud
        assert pickle.loads(pickle.dumps(cloud)) is cloud


def test_a_newer_cloud_is_accepted_only_where_data_gives_it() -> None:
    newland = Cloud.of_instance("NewLand")
    assert (newland.value, newland.instance, newland.known, newland.closed) == ("newland", "newland", False, None)
    for make in (Cloud, Cloud.parse):
        with pytest.raises(UnknownNameError):
            make("newland")
    assert Cloud.parse("NEWLAND", [newland]) is newland
    with pytest.raises(UnknownNameError, match="'newlamd' is not a cloud") as caught:
        Cloud.parse("newlamd", [newland])
    assert caught.value.help == "did you mean 'newland'?"


@pytest.mark.parametrize(
    "text", ["", "9land", "New Land", "new_land", "a" * 32, "land\n", "ländle", "row", "ws", "dns", "../etc", "New"]
)
def test_a_name_outside_of_the_grammar_is_no_cloud(text: str) -> None:
    with pytest.raises(CatalogError):
        Cloud.named(text)


def test_an_instance_cannot_take_the_name_of_another_cloud() -> None:
    for text in ("gcchigh", "germany-2021", "DoD"):
        with pytest.raises(CatalogError, match="another instance"):
            Cloud.of_instance(text)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2018082900", "germany-2021"),
        ("2021102900", "germany-2021"),
        ("2021102999", "germany-2021"),
        ("2021103000", "germany"),
        ("2025120100", "germany"),
        ("0000000000", "germany"),
    ],
)
def test_the_version_tells_the_two_german_clouds_apart(version: str, name: str) -> None:
    assert Cloud.GERMANY.at(version).value == name
    assert Cloud.WORLDWIDE.at(version) is Cloud.WORLDWIDE
    assert Cloud.GERMANY_2021.at(version) is Cloud.GERMANY_2021


# -- one place -------------------------------------------------------------------------------------------------------

WORDS = re.compile(rf"(?<![a-z0-9-])(?:{'|'.join(sorted(INSTANCES, key=len, reverse=True))})(?![a-z0-9-])")
PLACES = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tasks").glob("*.py"), *(ROOT / "bench").glob("*.py")]
PLACES = [path for path in PLACES if path.name != "cloud.py"]


def clouds_in(node: ast.AST) -> set[str]:
    """Return the clouds that one literal spells: in a string, or as items or keys."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            found.update(WORDS.findall(each.value))
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "Cloud":
            found.add(each.attr.lower().replace("_", "-"))
    return found & INSTANCES.keys()


def literals(tree: ast.AST) -> list[ast.AST]:
    """Return the literals of a module, without docstrings."""
    texts = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    kinds = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr, ast.Constant)
    return [n for n in ast.walk(tree) if isinstance(n, kinds) and id(n) not in texts]


def test_no_other_module_spells_a_list_of_clouds() -> None:
    assert len(PLACES) > 200
    spelled = {
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}": found
        for path in PLACES
        for node in literals(ast.parse(path.read_text("utf-8")))
        if len(found := clouds_in(node)) > 2
    }
    assert spelled == {}


@pytest.mark.parametrize(
    "code",
    [
        'X = ["worldwide", "dod", "china"]',
        'X = "worldwide|gcchigh|dod"',
        'X = {"worldwide": 1, "germany": 2, "germany-2021": 3}',
        "X = (Cloud.DOD, Cloud.CHINA, Cloud.FRANCE)",
        'f"one of worldwide, dod, {x} or china"',
    ],
)
def test_a_spelled_list_is_found(code: str) -> None:
    assert any(len(clouds_in(node)) > 2 for node in literals(ast.parse(code)))


def test_texts_for_users_name_every_cloud() -> None:
    """The glossary and the profile reference; `init` is tested in tests/cli/test_init.py."""
    for page in ("docs/glossary.md", "docs/reference/profile.md"):
        text = (ROOT / page).read_text("utf-8")
        assert {cloud.value for cloud in CLOUDS if f"`{cloud}`" not in text} == set(), page
