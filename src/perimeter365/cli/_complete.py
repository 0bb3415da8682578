"""What the shell can complete: targets and their options, clouds, scenarios, ids.

A function of this module is the `shell_complete` of an option or argument. Everything is read from the package itself, since
a completion must not wait for a store.
"""

from collections.abc import Iterable, Iterator

import click
from click.shell_completion import CompletionItem

from perimeter365.model.cloud import CLOUDS

Items = list[CompletionItem[str]]


def items(names: Iterable[str], incomplete: str) -> Items:
    """Return the names that start with the typed text, in any case."""
    typed = incomplete.lower()
    return [CompletionItem(name) for name in dict.fromkeys(names) if name.lower().startswith(typed)]


def complete_cloud(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the names of clouds."""
    return items((cloud.value for cloud in CLOUDS), incomplete)


def complete_target(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the names of targets."""
    from perimeter365.targets import targets

    return items(targets, incomplete)


def complete_targets(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the names of targets, and `all`."""
    from perimeter365.targets import targets
    from perimeter365.targets.target import ALL

    return items([*targets, ALL], incomplete)


def complete_option(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete TARGET.KEY=VALUE for the options of targets.

    Values are completed only for options with a choice. The whole word is one item, because bash treats what follows `=`
    as a word of its own.
    """
    return items(_options(_named(ctx, incomplete)), incomplete)


def complete_limit(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete TARGET.KEY=N for the limits of targets; N is the device's own limit."""
    from perimeter365.targets import targets

    limits = (f"{name}.{key}={value}" for name in _named(ctx, incomplete) for key, value in targets[name].limits.items())
    return items(limits, incomplete)


def complete_scenario(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the names of scenarios and service areas."""
    return items(_scenarios(), incomplete)


def complete_id(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete scenarios, areas and rows; with a `/` also requirements and sets."""
    from perimeter365.model.ids import row_id

    names = [*_scenarios(), *(row_id(number) for number in range(1, 26))]
    if "/" in incomplete:
        from perimeter365.sources.load import read_catalog

        names += [requirement.id for requirement in read_catalog("embedded").requirements()]
    return items(names, incomplete)


def _scenarios() -> list[str]:
    from perimeter365.model.area import AREAS
    from perimeter365.model.scenario import FURTHER_SCENARIOS, ROW_SCENARIOS

    return [*ROW_SCENARIOS, *FURTHER_SCENARIOS, "dns", *AREAS]


def _named(ctx: click.Context, incomplete: str) -> list[str]:
    """Return the typed target, else those on the command line, else all."""
    from perimeter365.targets import targets

    typed = incomplete.partition(".")[0]
    given = [name for name in ctx.params.get("target") or () if name in targets and name.startswith(typed)]
    return [typed] if "." in incomplete and typed in targets else given or list(targets)


def _options(names: Iterable[str]) -> Iterator[str]:
    from perimeter365.targets import targets

    for name in names:
        for key, option in targets[name].options.items():
            yield from (f"{name}.{key}={value}" for value in option.choices or ("",))
