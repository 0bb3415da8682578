"""The base class of targets: options, limits, losses, headers, lines of text."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from perimeter365.errors import LimitError, OptionError
from perimeter365.model.cloud import Cloud
from perimeter365.model.effective import AHEAD, KEPT, EntryDate, EntryState
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets.target import (
    DROPPED,
    NARROWED,
    WIDENED,
    Artifact,
    Capabilities,
    Option,
    Style,
    Target,
    one_line,
)
from tests.model.samples import catalog, flow
from tests.plan.samples import planned, role


class Sample(Target):
    """One line per flow."""

    name = "sample"
    title = "Sample"
    kind = "firewall"
    vendor_page = "https://example.com"
    proof = "by eye"
    capabilities = Capabilities(hosts=("exact", "suffix"), directions=("outbound",))
    limits = {"entries": 2, "bytes": 1000}
    options = {
        "mode": Option(default="on", choices=("on", "off"), help="on or off"),
        "label": Option(default="m365", help="a word", check=str.isalnum),
    }
    lines: tuple[str, ...] = ("a", "b")

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        yield self.text("sample.txt", [*self.header(plan), *self.lines], len(self.lines))
        self.report_loss(plan.flows[0], DROPPED, "wildcard-form", "a reason", "")
        self.report_loss(plan.flows[0], DROPPED, "wildcard-form", "a reason", "")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(catalog(flow()), "row/1", roles={"client": role("10.0.0.0/8")})


def test_a_result_has_files_and_losses_once(plan: Plan) -> None:
    sample = Sample()
    first, second = sample.render(plan), sample.render(plan)
    assert first == second
    assert first.target == "sample"
    assert [(a.name, a.entries) for a in first.artifacts] == [("sample.txt", 2)]
    (loss,) = first.losses
    assert (loss.reason, loss.kind, loss.message) == ("wildcard-form", "dropped", "a reason")
    assert (loss.ids, loss.clouds, len(first.details)) == (("row/1/upload",), ("worldwide",), 1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"modus": "on"}, "no option 'modus'"),
        ({"mode": "maybe"}, "'maybe' is not a value"),
        ({"label": "a b"}, "'a b' is not a value"),
        ({"label": "a\n"}, "not a value"),
    ],
)
def test_an_unknown_option_is_an_error(options: dict[str, str], says: str) -> None:
    with pytest.raises(OptionError, match=says) as caught:
        Sample(Style(options=options))
    assert caught.value.help


def test_options_have_defaults() -> None:
    assert (Sample().option("mode"), Sample(Style(options={"mode": "off"})).option("mode")) == ("on", "off")


def test_an_unknown_limit_is_an_error() -> None:
    with pytest.raises(OptionError, match="no limit 'entry'") as caught:
        Sample(Style(limits={"entry": 1}))
    assert caught.value.help == "did you mean 'entries'?"


@pytest.mark.parametrize(
    ("lines", "says"), [(("a",) * 3, "3 entries, the limit is 2"), (("a" * 2000,), "bytes, the limit is 1000")]
)
def test_an_exceeded_limit_is_an_error(plan: Plan, lines: tuple[str, ...], says: str) -> None:
    sample = Sample()
    sample.lines = lines
    with pytest.raises(LimitError, match=says) as caught:
        sample.render(plan)
    assert "--limit sample." in caught.value.help
    higher = Sample(Style(limits={"entries": 10, "bytes": 10_000}))
    higher.lines = lines
    assert higher.render(plan).artifacts


# -- hosts that a device does not support ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "widen", "said", "kind"),
    [
        ("aka.ms", False, ["aka.ms"], None),
        ("*.sharepoint.com", False, ["*.sharepoint.com"], None),
        ("*cdn.onenote.net", False, [], DROPPED),
        ("*cdn.onenote.net", True, ["*.onenote.net"], WIDENED),
        ("autodiscover.*.onmicrosoft.com", True, ["*.onmicrosoft.com"], WIDENED),
    ],
)
def test_a_host_is_exact_dropped_or_widened_if_allowed(
    plan: Plan, host: str, widen: bool, said: list[str], kind: str | None
) -> None:
    sample = Sample(Style(allow_widen=widen))
    assert [h.text for h in sample.express(plan.flows[0], HostPattern(host), "a reason")] == said
    assert [(x.kind, x.host) for x in sample._losses] == ([(kind, HostPattern(host))] if kind else [])


# -- text --------------------------------------------------------------------------------------------------

BREAKS = [
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x00",
    "\x1b",
    "\x7f",
    "\x85",
    "\x9b",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200f",
]


@pytest.mark.parametrize("bad", BREAKS, ids=ascii)
def test_a_line_with_a_break_or_direction_mark_is_a_defect(plan: Plan, bad: str) -> None:
    sample = Sample()
    sample.lines = (f"a{bad}b",)
    with pytest.raises(ValueError, match=r"a line of sample\.txt contains"):
        sample.render(plan)


@pytest.mark.parametrize("text", ["a\tb", "Ünïcödé", "漢字"])
def test_other_text_is_written_as_it_is(plan: Plan, text: str) -> None:
    sample = Sample()
    sample.lines = (text,)
    assert sample.render(plan).artifacts[0].content.decode().endswith(f"\n{text}\n")


# RELIABILITY: the comments and terminators of all vendors, quotes, substitutions, and all kinds of newlines.
SYNTAX = [
    "*/",
    "-->",
    "--",
    "#>",
    "<",
    ">",
    '"',
    "'",
    "`",
    "\\",
    "$(reboot)",
    "${x}",
    "%s",
    "{{x}}",
    "]]>",
    "</script>",
    *BREAKS,
    "\t",
    "é",
    "\u202e",
]


@pytest.mark.parametrize("syntax", SYNTAX, ids=ascii)
def test_no_name_of_an_organization_ends_a_comment(plan: Plan, syntax: str) -> None:
    named = replace(plan, organization=f"Contoso {syntax} Ltd")
    header = Sample().header(named)[:-1]  # the last line gets its text when the losses are known
    assert all(line.isascii() and line.isprintable() and line.startswith("# ") for line in header)
    assert len(header) == len(Sample().header(plan)) - 1
    assert syntax not in "".join(header)


def test_one_line_keeps_plain_text_and_limits_the_length() -> None:
    assert one_line("Contoso Ltd. & Sons (EMEA), 2026-08-02") == "Contoso Ltd. & Sons (EMEA), 2026-08-02"
    assert len(one_line("x" * 1000)) == 200
    assert one_line("*" * 10 + "/" * 10).count("*/") == 0
    assert "--" not in one_line("-" * 11)


def test_a_header_never_contains_the_current_time(plan: Plan) -> None:
    assert "2026080200" in "".join(Sample().header(plan))
    assert plan.profile_hash in "".join(Sample().header(plan))


def test_a_header_states_how_the_plan_differs_from_the_catalog(plan: Plan) -> None:
    def entry(state: EntryState) -> EntryDate:
        return EntryDate(
            day=date(2030, 7, 1), cloud=Cloud.WORLDWIDE, id="ws/worldwide/1", value="a.example.com", state=state
        )

    assert not [line for line in Sample().header(plan) if "Entries" in line]
    kept = Sample().header(replace(plan, dates=(entry(KEPT),)), "more")
    assert kept[-3:-1] == ["# Entries: 1 removed by Microsoft and kept, the first until 2030-07-01", "# more"]
    assert Sample().header(replace(plan, dates=(entry(AHEAD),))) == Sample().header(plan)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a//b", "a/../b", ".", "", "a b", "a\n", "a\\b", "a:b", "é", ".hidden", "a/"]
)
def test_an_artifact_has_a_safe_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"name|path"):
        Artifact(name=name, content=b"", entries=0)


def test_a_description_is_plain_data() -> None:
    described: dict[str, Any] = Sample.describe()
    assert described["options"]["mode"] == {"default": "on", "choices": ["on", "off"], "help": "on or off", "several": False}
    assert described["limits"] == {"entries": 2, "bytes": 1000}
    assert {WIDENED, NARROWED, DROPPED} == {"widened", "narrowed", "dropped"}
