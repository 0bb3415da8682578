"""What the witness of Microsoft's address space says about the recorded steps.

    python -m tests.reliability.witness_figures         the table, as Markdown, with the steps

A prefix is brought by a step if the older list does not have all of its addresses.
"""

import sys
from collections.abc import Callable, Mapping
from functools import cache

from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.sources.witness import embedded_witness
from tests.history.recorded import recorded
from tests.reliability.figures import Step, steps

SHOWN = 3


@cache
def space(cloud: Cloud) -> PrefixSet:
    """Return the witness of a cloud, with all that is known today."""
    return embedded_witness().space(cloud)


@cache
def files(cloud: Cloud) -> PrefixSet:
    """Return the witness of a cloud without the prefixes of its operator, which only lists have."""
    sources = embedded_witness().sources
    return PrefixSet.of(p for each in sources if each.kind in ("PublicIPs", *cloud.azure) for p in each.space)


@cache
def rented(cloud: Cloud) -> PrefixSet:
    """Return what customers of Azure rent."""
    return embedded_witness().rented(cloud)


def listed_before(step: Step) -> PrefixSet:
    """Return the addresses of all recorded lists of all clouds of earlier days."""
    states = (state for group in recorded() for state in group if state.day < step.new.day)
    return PrefixSet.of(p for state in states for each in state.sets for p in each.prefixes)


@cache
def brought(step: Step) -> tuple[Prefix, ...]:
    """Return the prefixes that a step brings."""
    old = PrefixSet.of(p for each in step.old.sets for p in each.prefixes)
    return tuple(sorted({p for each in step.new.sets for p in map(Prefix.parse, each.listed) if p not in old}))


KINDS: Mapping[str, Callable[[Step], list[Prefix]]] = {
    "any prefix": lambda step: list(brought(step)),
    "outside of the witness of today": lambda step: [p for p in brought(step) if p not in space(step.new.cloud)],
    "outside of today's public ranges and tags": lambda step: [p for p in brought(step) if p not in files(step.new.cloud)],
    "outside of what lists of all clouds had before": lambda step: [
        p for p in brought(step) if p not in listed_before(step)
    ],
    "outside of both": lambda step: [
        p for p in brought(step) if p not in space(step.new.cloud) and p not in listed_before(step)
    ],
    "entirely rented": lambda step: [p for p in brought(step) if p in rented(step.new.cloud)],
    "partly rented": lambda step: [p for p in brought(step) if rented(step.new.cloud).overlaps(p)],
    "entirely rented, and outside of what lists had before": lambda step: [
        p for p in brought(step) if p in rented(step.new.cloud) and p not in listed_before(step)
    ],
}


@cache
def found(kind: str) -> Mapping[Step, list[Prefix]]:
    """Return the steps that bring such a prefix."""
    return {step: prefixes for step in steps() if (prefixes := KINDS[kind](step))}


def tables() -> str:
    """Return the table of counts, and the named steps."""
    clouds = [cloud for cloud in CLOUDS if any(step.new.cloud is cloud for step in steps())]
    lines = [f"| of {len(steps())} recorded steps, those that bring a prefix | all | {' | '.join(map(str, clouds))} |"]
    lines.append("| --- |" + " --- |" * (len(clouds) + 1))
    for kind in KINDS:
        by = [sum(step.new.cloud is cloud for step in found(kind)) for cloud in clouds]
        lines.append(f"| {kind} | {sum(by)} | {' | '.join(map(str, by))} |")
    for kind in KINDS:
        lines.append(f"\n{kind}:\n")
        for step, prefixes in found(kind).items():
            more = f" and {len(prefixes) - SHOWN} more" if len(prefixes) > SHOWN else ""
            lines.append(f"- {step.new.cloud} {step.new.version}: {', '.join(map(str, prefixes[:SHOWN]))}{more}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(tables())
