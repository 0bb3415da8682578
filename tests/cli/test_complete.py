"""Completions: every name that an option accepts, and only such names."""

import click
import pytest

from perimeter365.cli._complete import (
    complete_cloud,
    complete_id,
    complete_limit,
    complete_option,
    complete_scenario,
    complete_target,
    complete_targets,
)
from perimeter365.cli._declared import Declared
from perimeter365.cli.render import _pairs
from perimeter365.model.cloud import CLOUDS
from perimeter365.sources.load import read_catalog
from perimeter365.targets import Style, targets
from tests.cli.test_declared import HELPS

CONTEXT = click.Context(Declared("render"))
PARAMETER = click.Option(["--x"])


def words(complete: object, typed: str, **given: object) -> list[str]:
    assert callable(complete)
    context = click.Context(Declared("render"))
    context.params = given
    return [item.value for item in complete(context, PARAMETER, typed)]


def test_every_option_for_a_cloud_is_completed() -> None:
    found = [(path, o) for path, command in HELPS.items() for o in command.params if "--cloud" in o.opts]
    assert len(found) > 10
    for path, option in found:
        names = [item.value for item in option.shell_complete(CONTEXT, "")]
        assert names == [cloud.value for cloud in CLOUDS], path


def test_every_option_of_a_target_is_completed_with_a_valid_value() -> None:
    found = words(complete_option, "")
    assert {word.partition("=")[0] for word in found} == {f"{n}.{k}" for n in targets for k in targets[n].options}
    for target, options in ((t, o) for word in found for t, o in _pairs("-O", [word]).items()):
        if all(options.values()):
            targets[target](Style(options=options))


def test_every_limit_is_completed_with_the_value_in_force() -> None:
    found = words(complete_limit, "")
    assert {tuple(word.split("=")) for word in found} == {
        (f"{name}.{key}", str(value)) for name in targets for key, value in targets[name].limits.items()
    }


def test_options_of_the_targets_on_the_command_line_come_first() -> None:
    assert {word.partition(".")[0] for word in words(complete_option, "", target=("pac", "csv"))} == {"pac", "csv"}
    assert words(complete_option, "pac.mode=opt", target=("csv",)) == ["pac.mode=optimize", "pac.mode=optimize-allow"]


def test_every_requirement_and_set_is_an_id() -> None:
    catalog = read_catalog("embedded")
    requirements = {r.id for row in (*catalog.rows.values(), catalog.dns) for r in row.requirements}
    found = {word for start in ("row/", "ws/", "dns/") for word in words(complete_id, start)}
    assert requirements <= found
    assert {word for word in words(complete_id, "") if "/" not in word} == set(words(complete_scenario, ""))
    for word in words(complete_id, "row/6"):
        assert catalog.find(word), word


@pytest.mark.parametrize("typed", ["NFT", "nft", "Nft"])
def test_case_is_ignored(typed: str) -> None:
    assert words(complete_target, typed) == words(complete_targets, typed) == ["nftables"]
    assert words(complete_cloud, "GCCH") == ["gcchigh"]


def test_all_is_a_target_of_render_only() -> None:
    assert "all" in words(complete_targets, "a")
    assert "all" not in words(complete_target, "a")
