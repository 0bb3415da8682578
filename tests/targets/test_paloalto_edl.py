"""PAN-OS lists, read back according to the vendor's guidelines.

`matches` is written only from "Guidelines for URL Category Exceptions" and "Formatting Guidelines for an External Dynamic
List": an entry is a list of tokens between the separators . / ? & = ; + ; `*` matches one or more tokens, `^` one; a slash
at the end ends the last token, and any text can follow.
"""

import json
import re
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perimeter365.errors import HostPatternError, LimitError
from perimeter365.model.host import GLUED, HostPattern
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan
from perimeter365.targets import RenderResult, Style, render, targets
from perimeter365.targets._bases.list import SPLITS, groups
from perimeter365.targets.paloalto_edl import is_valid_entry
from tests.targets.cases import CASES, plan, style

FACTS = Path(__file__).parents[2] / "src/perimeter365/facts/instances/worldwide.json"
SEPARATORS = re.compile(r"([./?&=;+])")


def edl(which: Plan, *, allow_widen: bool = False, lists: int = 30, **options: str) -> RenderResult:
    """The target's output."""
    style = Style(options=options, limits={"lists": lists}, allow_widen=allow_widen)
    return targets["paloalto-edl"](style).render(which)


def collapsed(prefixes: list[str]) -> list[str]:
    """The fewest prefixes for the same addresses, IPv4 first, by Python's ipaddress."""
    four = collapse_addresses(IPv4Network(p) for p in prefixes if ":" not in p)
    six = collapse_addresses(IPv6Network(p) for p in prefixes if ":" in p)
    return [*map(str, four), *map(str, six)]


def lines(made: RenderResult, name: str) -> list[str]:
    """The lines of one list; [] if there is none."""
    return [line for a in made.artifacts if a.name == name for line in a.content.decode("ascii").splitlines()]


def matches(entry: str, url: str) -> bool:
    """Return whether an entry matches a URL without its scheme: `host/path`."""
    return compiled(entry).match(url) is not None


@cache
def compiled(entry: str) -> re.Pattern[str]:
    """An entry as a regular expression."""
    pattern = ""
    for part in SEPARATORS.split(entry.removesuffix("/")):
        if part in ("*", "^"):
            pattern += r"[^./?&=;+]+" + (r"(?:\.[^./?&=;+]+)*" if part == "*" else "")
        else:
            assert "*" not in part, f"{entry}: a wildcard is the only character of its token"
            pattern += re.escape(part)
    open_end = "" if entry.endswith("/") else r"|[.?&=;+]"
    return re.compile(rf"{pattern}(?:/{open_end}|$)")


@pytest.mark.parametrize(
    ("entry", "url", "found"),
    [  # the vendor's own examples
        ("example.com/", "example.com/", True),
        ("example.com/", "example.com/search", True),
        ("example.com/", "www.example.com/", False),
        ("example.com/", "example.com.evil.tld/", False),
        ("example.com", "example.com.evil.tld/", True),
        ("*.example.com/", "news.example.com/", True),
        ("*.example.com/", "a.b.example.com/", True),
        ("*.example.com/", "example.com/", False),
        ("^.example.com/", "a.b.example.com/", False),
        ("example.com/a/*", "example.com/a/b", True),
    ],
)
def test_the_reader_agrees_with_the_vendors_examples(entry: str, url: str, found: bool) -> None:
    assert matches(entry, url) is found


NAMES = [
    *["outlook.com", "x.outlook.com", "a.b.outlook.com", "outlook.com.evil.tld", "xoutlook.com", "outlook.office.com"],
    *["autodiscover.contoso.onmicrosoft.com", "autodiscover.a.b.onmicrosoft.com", "autodiscover.onmicrosoft.com"],
    *["cdn.onenote.net", "site-cdn.onenote.net", "onenote.net", "www.onenote.net", "aka.ms", "www.aka.ms"],
    *["contoso.sharepoint.com", "contoso-my.sharepoint.com", "sharepoint.com", "x.sharepoint.com.evil.tld"],
]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("case", CASES)
def test_url_lists_match_the_hosts_of_their_group_and_no_other(case: str, split: str) -> None:
    made = edl(plan(case), lists=999, split=split, paths="path")
    lost = {(loss.id, loss.subject) for loss in made.details}
    for group in groups(plan(case), split):
        entries = lines(made, f"{group.name}-url.txt")
        if group.direction == "inbound":
            assert entries == []
            continue
        wanted = [(f, h) for f in group.flows for h in f.destination.hosts if (f.id, h.text) not in lost]
        names = {*NAMES, *(h.text.replace("*", star) for _, h in wanted for star in ("x", "x.y"))}
        names |= {h.text.replace("*.", "") for _, h in wanted if h.text.startswith("*.")}
        for name in names:
            for path in {"/", "/other", *(p.replace("*", "x") for f, _ in wanted for p in f.path)}:
                needed = any(h.matches(name) and _on_path(path, f.path) for f, h in wanted)
                assert any(matches(entry, f"{name}{path}") for entry in entries) is needed, f"{name}{path}"


def _on_path(path: str, paths: tuple[str, ...]) -> bool:
    """Return whether a flow needs the path of a URL, or a path above it."""
    return not paths or any(path == p or path.startswith(f"{p.removesuffix('/*')}/") for p in paths)


@pytest.mark.parametrize("case", CASES)
def test_ip_lists_have_the_addresses_of_their_group_and_their_requirements(case: str) -> None:
    made = edl(plan(case), lists=999, split="scenario")
    ends = {(str(f.id), str(f.cloud)): f.theirs for f in plan(case).flows if f.theirs}
    addresses = {key: end.to_dict()["prefixes"] for key, end in ends.items()}
    for group in groups(plan(case)):
        listed = []
        for line in lines(made, f"{group.name}-ip.txt"):
            prefix, space, comment = line.partition(" ")
            network = ip_network(prefix)
            assert (space, comment[:2]) == (" ", "# ")
            for requirement in comment[2:].split():
                parts = [ip_network(p) for p in addresses[requirement, group.cloud]]
                assert any(p.version == network.version and p.overlaps(network) for p in parts)
            listed.append(prefix)
        assert listed == collapsed([p for f in group.flows for p in addresses[f.id, group.cloud]])


def test_the_lists_have_what_the_web_service_publishes() -> None:
    """Compared with the embedded copy of the service's answer."""
    sets = {s["id"]: s for s in json.loads(FACTS.read_text())["sets"]}
    made = edl(plan("small"), split="scenario")
    optimize = [line.split()[0] for line in lines(made, "worldwide-exchange-outbound-optimize-ip.txt")]
    assert optimize == collapsed(sets[1]["prefixes"])
    assert lines(made, "worldwide-exchange-outbound-optimize-url.txt") == sorted(f"{h}/" for h in sets[1]["hosts"])
    assert lines(made, "worldwide-exchange-outbound-default-url.txt") == [
        "*.outlook.com/",
        "autodiscover.*.onmicrosoft.com/",
    ]
    assert lines(made, "worldwide-teams-outbound-optimize-url.txt") == [], "Teams media has addresses only"


def test_a_path_in_tls_is_the_whole_host_unless_the_option_asks_for_it() -> None:
    made = edl(plan("small"))
    assert "aka.ms/" in lines(made, "worldwide-hybrid-configuration-wizard-outbound-other-url.txt")
    paths = {f.id for f in plan("small").flows if f.direction == "outbound" and f.path and str(f.tcp) != "80"}
    assert {x.id for x in made.details if x.kind == "widened" and x.code == "no-paths"} == paths
    assert paths


def test_hosts_with_a_path_are_never_listed_without_it_if_tls_is_decrypted() -> None:
    entries = lines(edl(plan("small"), paths="path"), "worldwide-hybrid-configuration-wizard-outbound-other-url.txt")
    assert {"aka.ms/hybridwizard", "shcwreleaseprod.blob.core.windows.net/shcw/*"} <= set(entries)
    assert not {"aka.ms/", "aka.ms", "shcwreleaseprod.blob.core.windows.net/"} & set(entries)


def test_a_wildcard_within_a_label_is_dropped_with_a_proposal() -> None:
    made = edl(plan("small"))
    (loss,) = [loss for loss in made.details if loss.subject == "*cdn.onenote.net"]
    assert (loss.id, loss.kind) == ("ws/worldwide/51", "dropped")
    assert "--allow-widen" in loss.remedy
    assert not any(b"onenote" in a.content for a in made.artifacts)


def test_with_allow_widen_it_is_widened_and_reported() -> None:
    made = edl(plan("small"), allow_widen=True)
    (loss,) = [loss for loss in made.details if str(loss.host) == "*cdn.onenote.net"]
    assert (loss.kind, loss.reason, loss.adds) == ("widened", "allow-widen", (HostPattern("*.onenote.net"),))
    assert "*.onenote.net/" in lines(made, "worldwide-m365-outbound-default-url.txt")


def test_observed_names_replace_an_unsupported_wildcard() -> None:
    style = Style(observed=parse_observed("site-cdn.onenote.net 7\nwww.contoso.com 9\n"))
    made = targets["paloalto-edl"](style).render(plan("small"))
    assert lines(made, "worldwide-m365-outbound-default-url.txt") == [
        "*.outlook.com/",
        "autodiscover.*.onmicrosoft.com/",
        "site-cdn.onenote.net/",
    ]
    assert [loss.kind for loss in made.details if str(loss.host) == "*cdn.onenote.net"] == ["narrowed"]


def test_domain_lists_are_written_on_request_with_leading_wildcards_only() -> None:
    assert not [a.name for a in edl(plan("small")).artifacts if a.name.endswith("-domain.txt")]
    made = edl(plan("small"), domain="on")
    assert lines(made, "worldwide-m365-outbound-default-domain.txt") == ["*.outlook.com"]
    losses = {(loss.kind, loss.subject) for loss in made.details}
    assert ("narrowed", "autodiscover.*.onmicrosoft.com in a domain list") in losses, "the URL list has it"
    for artifact in made.artifacts:
        if artifact.name.endswith("-domain.txt"):
            for line in artifact.content.decode().splitlines():
                assert re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+", line)
                assert len(line) <= 255


@pytest.mark.parametrize("case", CASES)
def test_what_is_in_no_list_is_a_loss_or_in_the_index(case: str) -> None:
    made = edl(plan(case), lists=999)
    said = {(loss.id, loss.cloud) for loss in made.details}
    said |= {(f.id, str(f.cloud)) for f in plan(case).flows if not made.report.includes(f)}
    index = "\n".join(lines(made, "index.txt"))
    for flow in plan(case).flows:
        assert (flow.id, str(flow.cloud)) in said or f"{flow.id} {flow.direction}" in index


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("case", CASES)
def test_the_index_has_every_list_with_a_valid_object_name(case: str, split: str) -> None:
    made = edl(plan(case), lists=999, split=split, domain="on")
    index = [line for line in lines(made, "index.txt") if line and not line.startswith((" ", "#", "No list"))]
    rows = [line.split() for line in index]
    assert [(a.name, str(a.entries)) for a in made.artifacts[:-1]] == [(name, n) for name, _, _, n in rows]
    names = [name for _, name, _, _ in rows]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,32}", name) for name in names)


def test_comments_are_only_in_formats_that_support_them() -> None:
    for artifact in edl(plan("all-scenarios"), domain="on", lists=99).artifacts:
        if artifact.name.endswith(("-url.txt", "-domain.txt")):
            assert not re.search(rb"[# ]", artifact.content), "URL and domain lists do not support comments"


@pytest.mark.parametrize(("limit", "what"), [("lists", 6), ("ip_entries", 30), ("url_entries", 16)])
def test_an_exceeded_limit_is_reported_with_numbers(limit: str, what: int) -> None:
    made = edl(plan("small"))
    kinds = {"lists": "", "ip_entries": "-ip.txt", "url_entries": "-url.txt"}
    found = [a.entries for a in made.artifacts if a.name.endswith(kinds[limit]) and a.name != "index.txt"]
    need = len(found) if limit == "lists" else sum(found)
    assert need > 3
    targets["paloalto-edl"](Style(limits={limit: need})).render(plan("small"))
    with pytest.raises(LimitError, match=f"needs {need} {limit}, the limit is {need - 1}") as caught:
        targets["paloalto-edl"](Style(limits={limit: need - 1})).render(plan("small"))
    assert f"paloalto-edl.{limit}={need}" in caught.value.help


@pytest.mark.parametrize("case", CASES)
def test_no_case_of_one_cloud_exceeds_the_limits(case: str) -> None:
    """The default split was chosen for that; all scenarios at once need the coarsest, as the error proposes."""
    split = "category"
    if case == "all-scenarios":
        with pytest.raises(LimitError, match=r"needs \d+ lists, the limit is 30") as caught:
            edl(plan(case))
        assert caught.value.help.startswith("use split=all,")
        split = "all"
    assert len(edl(plan(case), split=split).artifacts) - 1 <= 30
    assert render(plan(case), "paloalto-edl", style(case, "paloalto-edl")).artifacts


@pytest.mark.parametrize(
    ("split", "proposed"),
    [("requirement", "use split=ports or split=scenario or split=category or split=all,"), ("all", "select less,")],
)
def test_only_coarser_splits_are_proposed(split: str, proposed: str) -> None:
    with pytest.raises(LimitError) as caught:
        edl(plan("small"), lists=1, split=split)
    assert caught.value.help.startswith(proposed)


def test_a_source_without_an_address_is_a_loss() -> None:
    first, *rest = [flow for flow in plan("small").flows if flow.direction == "inbound"]
    assert not rest
    bare = replace(first, source=replace(first.source, prefixes=type(first.source.prefixes)()))
    made = edl(replace(plan("small"), flows=(bare,)))
    assert [(loss.kind, loss.subject) for loss in made.details] == [("dropped", "all")]
    assert [a.name for a in made.artifacts] == ["index.txt"]


@given(st.from_regex(r"[a-z*.-]{1,12}\.example\.com", fullmatch=True))
def test_an_entry_is_valid_without_a_wildcard_within_a_label(text: str) -> None:
    try:
        host = HostPattern(text)
    except HostPatternError:
        return
    assert is_valid_entry(f"{host}/") is (host.kind != GLUED)


@pytest.mark.parametrize(("entry", "taken"), [("a.b/c*", False), ("a.b/*", True), ("a" * 256, False), ("a.b/c?d=*", True)])
def test_an_entry_has_whole_tokens_and_a_maximum_length(entry: str, taken: bool) -> None:
    assert is_valid_entry(entry) is taken
