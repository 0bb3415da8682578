"""All cases by what may happen, each with the tests that name it; the tables of docs/reliability.md are made of it.

    python -m tests.reliability.registry        the tables, as Markdown

Upstream's cases are those of the lying upstream's own tables: each belongs to one family here, by its name. Those of
the gates and the store are named here; `test_registry.py` looks for each of them where it says that it is tried.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from perimeter365.history import gates
from tests.upstream.answers import BORNE, CASES
from tests.upstream.bodies import LIES
from tests.upstream.pages import PAGES
from tests.upstream.tls import TLS

HERE = "tests/reliability/"
CASES_OF_UPSTREAM = HERE + "test_upstream_cases.py"


@dataclass(frozen=True)
class Family:
    """Cases of one kind."""

    what: str
    """What may happen, in a line."""
    names: tuple[str, ...]
    """Names of its cases, or patterns of them."""
    comes_of_it: str
    """What a sync does."""
    tried: tuple[str, ...] = (CASES_OF_UPSTREAM,)
    """The files that name its cases; of a case `FILE: text`, a text in it."""


REFUSED, TAKEN, WAITS = "refused, exit code 3", "taken", "held, exit code 4"

UPSTREAM = (
    Family("an honest answer, in each form that the service has", ("honest", "gzip", "unknown-keys"), TAKEN),
    Family("one byte now and then, nothing, or an answer that never begins", ("drip*", "silence", "continue-*"), REFUSED),
    Family("an endless body, thousands of headers, one of a megabyte", ("endless", "header-*"), REFUSED),
    Family("compressed without bound, in layers, damaged, or not asked for",
           ("gzip-*", "*-encodings", "encoding-*"), REFUSED),
    Family("redirects in a circle, elsewhere, into this machine, to a file", ("redirect-*",), REFUSED),
    Family("told to wait: for a day, a month, less than nothing, until a date", ("429*",), REFUSED),
    Family("out of service at each second request", ("503-flapping",), TAKEN),
    Family("statuses that are no answer", ("503", "500-*", "400", "404", "204", "206", "304-*", "401", "407"), REFUSED),
    Family("pages of portals, filters and proxies in place of data", ("html-*", "captive-portal", "block-page"), REFUSED),
    Family("cut, reset, closed, wrongly announced, not HTTP at all",
           ("cut*", "length-*", "bad-chunks", "reset", "closed", "not-http", "status-*"), REFUSED),
    Family("a version of the past, of the future, of no day, or none",
           ("version-rollback", "version-fast-*", "version-ahead", "version-not-*", "version-null", "version-empty",
            "version-list", "version-missing", "version-latest-*", "version-of-*", "version-has-*"), REFUSED),
    Family("a list that changes under its version", ("version-rewritten",), WAITS),
    Family("a version that stands still", ("version-freeze",), "nothing; it goes on when upstream does"),
    Family("nodes that disagree: on the version, or version and list", ("mix-*",), REFUSED),
    Family("change records that are none", ("changes-*",), "the list is taken, with a note"),
    Family("a list that grows by 0.4 % a cycle", ("slow-growth",), "held at 25 % in 30 days, or 126 % in a year",
           (CASES_OF_UPSTREAM, HERE + "test_honest_history.py: 0.4 % a cycle")),
    Family("JSON that is cut, deep, doubled, of other bytes, or no list",
           ("truncated-*", "depth", "million-*", "fraction", "nan", "lone-*", "byte-order-*", "nul", "not-utf-8",
            "duplicate-*", "id-reused", "empty-*", "null", "object", "text", "html", "plain-words", "too-many-*"), REFUSED),
    Family("each field missing, null, empty, of another type or value", ("field-*",), REFUSED),
    Family("prefixes that are ambiguous, special, too wide, or sum to too much", ("prefix-*",), REFUSED),
    Family("names that are wildcards of everything, homoglyphs, syntax", ("host-*",), REFUSED),
    Family("TLS as it should be, and one that says no goodbye", ("tls", "tls-without-goodbye"), TAKEN),
    Family("a certificate that was revoked, which nobody can know in time", ("tls-revoked",), "taken; see below"),
    Family("every other way in which TLS fails", ("tls-*",), REFUSED),
    Family("pages that are hostile, huge, hidden, or not there", ("page-*",),
           "the catalog stays; what can be read is reported",
           ("tests/sources/test_learn_page.py",)),
)  # fmt: skip

_GATES = HERE + "test_gate_cases.py"
GATES = {
    gates.SHRINK: Family("names or addresses go", ("shrink-names", "shrink-space"), WAITS, (_GATES,)),
    gates.WILDCARD_GONE: Family("a wildcard of a required set goes", ("wildcard-gone",), WAITS, (_GATES,)),
    gates.SET_GONE: Family(
        "all names, or all addresses, of a set go, or are left on other ports only", ("set-gone",), WAITS, (_GATES,)
    ),
    gates.DEMOTION: Family("what was required is not any more", ("demotion",), WAITS, (_GATES,)),
    gates.GROWTH: Family("entries or space come", ("growth-entries", "growth-space"), WAITS, (_GATES,)),
    gates.WIDENING: Family("a wildcard or prefix takes in listed ones; a new port",
                           ("widening-wildcard", "widening-prefix", "widening-port", "widening-port-of-a-new-set"),
                           WAITS, (_GATES,)),
    gates.FLIP_FLOP: Family("an entry comes and goes", ("flip_flop",), WAITS, (_GATES,)),
    gates.CAPACITY: Family("a device is full", ("device",), WAITS, (_GATES,)),
}  # fmt: skip

_STORE, _FAULTS, _KILLS = HERE + "test_store_cases.py", "tests/torture/test_faults.py", "tests/torture/test_kills.py"
OLD_OR_NEW = "the old state or the new one, and each notification"
STORE = (
    Family("SIGKILL, EIO once and for good, ENOSPC at each durable system call", ("KILL", "EIO", "ENOSPC"), OLD_OR_NEW,
           ("tests/torture/strace.py",)),
    Family("kill -9 at any instant", ("killed_sync",), OLD_OR_NEW, (_KILLS,)),
    Family("PostgreSQL killed in COMMIT", ("killed_in_commit",), OLD_OR_NEW, (_KILLS,)),
    Family("a disk that is full, and freed", ("full_disk",), "refused, and taken by the next sync", (_STORE,)),
    Family("a damaged, cut, foreign or newer database", ("damaged", "truncated", "foreign", "no-database", "newer"),
           "refused, and not written", (_STORE,)),
    Family("a backup that was restored", ("backup",), "brought up to date; told again", (_STORE,)),
    Family("an empty start with upstream down", ("first_start",),
           "refused; said never to have synced", (CASES_OF_UPSTREAM,)),
    Family("two syncs at once", ("two_syncs",), "one commits, once", (_STORE,)),
)  # fmt: skip


def family_of(case: str) -> Family:
    """The family of a case of upstream: the one with its name, else the first with a pattern of it. Raises LookupError."""
    for family in UPSTREAM:
        if case in family.names:
            return family
    for family in UPSTREAM:
        if any(fnmatchcase(case, name) for name in family.names):
            return family
    raise LookupError(f"{case} belongs to no family of {__name__}")


def upstream_cases() -> tuple[str, ...]:
    """All of them."""
    return (*CASES, *LIES, *TLS, *PAGES)


def borne(case: str) -> bool:
    """Does an upstream that does this still bring its list?"""
    return case in BORNE or (case in TLS and TLS[case].borne)


def tables() -> str:
    """The tables, as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    limits = gates.Limits()
    yield from ("| what upstream does | what a sync does |", "| --- | --- |")
    for family in UPSTREAM:
        yield f"| {family.what} | {family.comes_of_it} |"
    yield from ("", "| gate | what | within two weeks of a look | after a while |", "| --- | --- | --- | --- |")
    lost = f"> {limits.shrink:.0%} each two weeks, {limits.most_shrink:.0%} at most"
    shares = {
        gates.SHRINK: (f"> {limits.shrink:.0%}", lost),
        gates.GROWTH: (f"> {limits.growth:.0%}", f"> {limits.growth:.0%} each quarter, {limits.most_growth:.0%} at most"),
        gates.FLIP_FLOP: ("after two turns in 30 days", "the same"),
        gates.CAPACITY: ("that was not before", "the same"),
        gates.WIDENING: ("any", f"{lost}; over {limits.ports} ports: any"),
    }
    for code, family in GATES.items():
        soon, late = shares.get(code, ("any", lost))
        yield f"| `{code}` | {family.what} | {soon} | {late} |"
    yield from ("", "| what happens to the store | what is left |", "| --- | --- |")
    for family in STORE:
        yield f"| {family.what} | {family.comes_of_it} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(tables())
