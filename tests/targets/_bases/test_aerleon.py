"""Headers of filters, and which rules they are for."""

import pytest

from perimeter365.targets import Style, render
from perimeter365.targets._bases import aerleon
from tests.targets.documents import load_yaml
from tests.targets.netfilter import case


@pytest.mark.parametrize("generator", aerleon.GENERATORS)
def test_each_generator_has_filters_of_known_kinds(generator: str) -> None:
    found = aerleon.headers(generator, "m365fabrikam")
    assert found
    assert {kind for kind, _ in found} <= set(aerleon.ENDS)
    assert not any("m365 " in f"{words} " or "{}" in words for _, words in found)


@pytest.mark.parametrize("generator", sorted(aerleon.ZONED))
def test_policies_between_zones_have_the_terms_of_their_direction(generator: str) -> None:
    plan = case("awkward")
    made = {a.name: a.content for a in render(plan, "aerleon", Style(options={"generators": generator})).artifacts}
    (policy,) = load_yaml(made[f"policies/pol/m365-{generator}.yaml"])
    found = {}
    for each in policy["filters"]:
        ((words,), (term,)) = each["header"]["targets"].values(), each["terms"]
        (included,) = load_yaml(made[f"policies/{term['include']}"])
        found[tuple(words.split()[1:4:2])] = {one["comment"].split()[0] for one in included["terms"]}
    wanted = {
        aerleon.ZONES[direction]: {f.id for f in plan.flows if f.direction == direction}
        for direction in ("outbound", "inbound", "internal")
    }
    left_out = {"row/6/no-ports", "row/6/no-address", "row/6/no-family"}
    assert found == {zones: ids - left_out for zones, ids in wanted.items()}


def test_the_other_generators_have_all_terms_in_one_filter() -> None:
    assert {kind for kind, _ in aerleon.headers("cisco", "m365")} == {"both"}
    assert [kind for kind, _ in aerleon.headers("gce", "m365")] == ["egress", "ingress"]
