"""Differences as text, and as Markdown within a size limit."""

import re

from perimeter365.history.diff import diff
from perimeter365.history.report import LIMIT, REMOVALS, report_markdown, report_text
from perimeter365.history.words import PlanDiff
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.state import State
from perimeter365.model.version import Version
from tests.history.test_diff import between, endpoint_set

NOBODY = PlanDiff(organization="<b>*Contoso*</b>", flows=(), added_sites=(), removed_sites=(), lost=())


def test_the_text_names_each_change_and_what_a_removal_means(recorded: tuple[State, ...]) -> None:
    text = report_text([diff(recorded[0], recorded[2])])
    assert text.splitlines()[0] == (
        "worldwide 2030010600 → 2030030300: 4 changes; addresses: 2 added, 2 removed; "
        "names: 1 added, 2 removed; 7 other attributes"
    )
    for line in (
        "  change worldwide/1 (exchange, optimize)",
        "    + cdn.example.net  (moved from worldwide/56)",
        "    + 131.107.100.0/24",
        "    + 131.107.113.192/26",
        "  remove worldwide/72 (common, default)",
        "    - *.old.example.net",
        "Microsoft has stopped using 1 entry of worldwide: *.old.example.net.",
        REMOVALS,
    ):
        assert line in text.splitlines()


def test_equal_lists_are_reported(recorded: tuple[State, ...]) -> None:
    text = report_text([diff(recorded[0], recorded[1])], NOBODY)
    assert "worldwide 2030010600 → 2030020300: no difference" in text
    assert "nothing changes" in text
    assert REMOVALS not in text
    assert "No difference." in report_markdown([diff(recorded[0], recorded[1])])


def test_a_change_that_closes_nothing_has_no_advice(recorded: tuple[State, ...]) -> None:
    halves = between([endpoint_set(listed=["131.107.2.0/25"])], [endpoint_set(listed=["131.107.2.0/24"])])
    assert REMOVALS not in report_text([halves])
    assert "stopped using" not in report_text([halves])


def test_markdown_lists_what_is_not_in_use_any_more(recorded: tuple[State, ...]) -> None:
    text = report_markdown([diff(recorded[0], recorded[2])])
    assert r"Microsoft has stopped using 1 entry of worldwide: \*.old.example.net." in text
    assert "- cdn.example.net  (moved to worldwide/1)" in text


def test_markdown_has_a_section_for_each_change(recorded: tuple[State, ...]) -> None:
    found = diff(recorded[0], recorded[2])
    text = report_markdown([found])
    headings = re.findall(r"^#### (\S+)", text, re.MULTILINE)
    assert headings == [change.set.key for change in found.changes]
    assert text.count("```") == 2 * len(found.changes)


def test_markdown_stays_within_its_limit_and_counts_what_it_cut() -> None:
    # 2,000 sets of 30 names each, far more than the limit
    def sets(suffix: str) -> list[object]:
        return [
            endpoint_set(n, hosts=tuple(sorted(HostPattern(f"h{i}.{n}.{suffix}.example") for i in range(30))))
            for n in range(1, 2001)
        ]

    found = between(sets("old"), sets("new"))  # type: ignore[arg-type]
    text = report_markdown([found])
    assert len(text.encode()) <= LIMIT
    cut = re.search(r"\*(\d+) of (\d+) sections were cut", text)
    assert cut is not None
    shown = text.count("\n#### ")
    assert shown > 10
    assert int(cut[1]) + shown + 2 == int(cut[2]), "title and summary are sections too"


def test_one_huge_change_is_cut_inside() -> None:
    hosts = tuple(sorted(HostPattern(f"h{i}.example.com") for i in range(5000)))
    text = report_markdown([between([endpoint_set(hosts=hosts[:1])], [endpoint_set(hosts=hosts)])])
    assert "… and 4799 more" in text
    assert len(text.encode()) <= LIMIT


def test_an_organizations_name_is_shown_as_it_is_in_markdown(recorded: tuple[State, ...]) -> None:
    text = report_markdown([diff(recorded[0], recorded[2])], NOBODY)
    assert r"\<b\>\*Contoso\*\</b\>" in text


def test_several_clouds_are_one_report(recorded: tuple[State, ...]) -> None:
    china = State(cloud=Cloud.CHINA, version=Version("2030010100"), origin="live", sets=(endpoint_set(cloud=Cloud.CHINA),))
    text = report_text([diff(recorded[0], recorded[2]), diff(china, china)])
    assert "china 2030010100 → 2030010100: no difference" in text
