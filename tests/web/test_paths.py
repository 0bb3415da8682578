"""The requests whose answers are published."""

from perimeter365.web.app import App
from perimeter365.web.edition import load_edition
from perimeter365.web.paths import area_choices, area_suffix, published_paths
from perimeter365.web.publish import answers
from perimeter365.web.service import Options, Service
from perimeter365.workspace import Workspace

EMBEDDED = Workspace(catalog="embedded")


def test_each_choice_of_areas_has_a_name_of_its_own_and_the_usual_one_has_none() -> None:
    names = [area_suffix(words) for words in area_choices()]
    assert len(set(names)) == len(names) == 16
    assert area_suffix(("exchange", "sharepoint", "skype")) == ""
    assert area_suffix(()) == "-common"
    assert area_suffix(("exchange", "mem")) == "-exchange-mem"


def test_paths_are_unique_and_a_fallback_stands_before_the_file_that_it_replaces() -> None:
    edition = load_edition(EMBEDDED)
    found = list(published_paths(edition, ("version",), lambda *_: None))
    files = [each.file for each in found]
    assert len(set(files)) == len(files)
    assert len({each.url for each in found}) == len(found)
    for number, each in enumerate(found):
        assert not each.fallback or each.fallback in files[:number]


def test_a_cloud_without_sets_of_intune_has_no_files_for_them() -> None:
    made = answers(load_edition(EMBEDDED), App(Service(EMBEDDED, Options())))
    assert "endpoints/worldwide-mem.json" in made
    assert not [name for name in made if name.startswith("endpoints/france") and "mem" in name]
    assert all(len(each.body) < 20_000_000 for each in made.values())
