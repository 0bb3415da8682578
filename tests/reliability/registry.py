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


REFUSED, TAKEN, WAITS = "rejected, exit code 3", "accepted", "held, exit code 4"

UPSTREAM = (
    Family("a valid response, in each form that the service uses", ("honest", "gzip", "unknown-keys"), TAKEN),
    Family("a slow response, no response, or one that never begins", ("drip*", "silence", "continue-*"), REFUSED),
    Family("an endless body, thousands of headers, a header of a megabyte", ("endless", "header-*"), REFUSED),
    Family("compression without bound, in layers, damaged, or not requested",
           ("gzip-*", "*-encodings", "encoding-*"), REFUSED),
    Family("redirects in a loop, to another host, to this machine, to a file", ("redirect-*",), REFUSED),
    Family("a request to wait: for a day, a month, a negative time, until a date", ("429*",), REFUSED),
    Family("an error for every second request", ("503-flapping",), TAKEN),
    Family("unexpected status codes", ("503", "500-*", "400", "404", "204", "206", "304-*", "401", "407"), REFUSED),
    Family("pages of portals, filters and proxies instead of data", ("html-*", "captive-portal", "block-page"), REFUSED),
    Family("truncated, reset, closed, of a wrong length, not HTTP",
           ("cut*", "length-*", "bad-chunks", "reset", "closed", "not-http", "status-*"), REFUSED),
    Family("a version from the past, from the future, without a day, or missing",
           ("version-rollback", "version-fast-*", "version-ahead", "version-not-*", "version-null", "version-empty",
            "version-list", "version-missing", "version-latest-*", "version-of-*", "version-has-*"), REFUSED),
    Family("a list that changes while its version does not", ("version-rewritten",), WAITS),
    Family("a version that does not advance", ("version-freeze",), "nothing; it continues when upstream does"),
    Family("nodes that disagree on the version, or on version and list", ("mix-*",), REFUSED),
    Family("invalid change records", ("changes-*",), "the list is accepted, with a note"),
    Family("a list that grows by 0.4 % a cycle", ("slow-growth",), "held at 25 % in 30 days, or 126 % in a year",
           (CASES_OF_UPSTREAM, HERE + "test_honest_history.py: 0.4 % a cycle")),
    Family("JSON that is truncated, too deep, with duplicates, in another encoding, or not a list",
           ("truncated-*", "depth", "million-*", "fraction", "nan", "lone-*", "byte-order-*", "nul", "not-utf-8",
            "duplicate-*", "id-reused", "empty-*", "null", "object", "text", "html", "plain-words", "too-many-*"), REFUSED),
    Family("a field that is missing, null, empty, or has another type or value", ("field-*",), REFUSED),
    Family("prefixes that are ambiguous, special, too wide, or too wide in sum", ("prefix-*",), REFUSED),
    Family("names with too wide a wildcard, homoglyphs or device syntax", ("host-*",), REFUSED),
    Family("valid TLS, also without close_notify", ("tls", "tls-without-goodbye"), TAKEN),
    Family("a revoked certificate", ("tls-revoked",), "accepted; see below"),
    Family("every other TLS failure", ("tls-*",), REFUSED),
    Family("pages that are hostile, huge, hidden or missing", ("page-*",),
           "the catalog does not change; what can be read is reported",
           ("tests/sources/page/test_reader.py",)),
)  # fmt: skip

_GATES = HERE + "test_gate_cases.py"
GATES = {
    gates.SHRINK: Family("names or addresses are removed", ("shrink-names", "shrink-space"), WAITS, (_GATES,)),
    gates.WILDCARD_GONE: Family("a wildcard of a required set is removed", ("wildcard-gone",), WAITS, (_GATES,)),
    gates.SET_GONE: Family(
        "all names, or all addresses, of a set are removed, or are left only on other ports", ("set-gone",), WAITS, (_GATES,)
    ),
    gates.DEMOTION: Family("something required is not required any more", ("demotion",), WAITS, (_GATES,)),
    gates.GROWTH: Family("entries or address space are added", ("growth-entries", "growth-space"), WAITS, (_GATES,)),
    gates.WIDENING: Family("a new wildcard or prefix contains listed ones; a new port",
                           ("widening-wildcard", "widening-prefix", "widening-port", "widening-port-of-a-new-set"),
                           WAITS, (_GATES,)),
    gates.FLIP_FLOP: Family("an entry is added and removed repeatedly", ("flip_flop",), WAITS, (_GATES,)),
    gates.CAPACITY: Family("the plan does not fit on a device", ("device",), WAITS, (_GATES,)),
}  # fmt: skip

_STORE, _FAULTS, _KILLS = HERE + "test_store_cases.py", "tests/torture/test_faults.py", "tests/torture/test_kills.py"
OLD_OR_NEW = "the old state or the new one, and each notification"
STORE = (
    Family("SIGKILL, EIO once and permanent, ENOSPC at each durable system call", ("KILL", "EIO", "ENOSPC"), OLD_OR_NEW,
           ("tests/torture/strace.py",)),
    Family("kill -9 at any time", ("killed_sync",), OLD_OR_NEW, (_KILLS,)),
    Family("PostgreSQL killed in COMMIT", ("killed_in_commit",), OLD_OR_NEW, (_KILLS,)),
    Family("a full disk that is freed later", ("full_disk",), "rejected, and accepted by the next sync", (_STORE,)),
    Family("a damaged, truncated, foreign or newer database", ("damaged", "truncated", "foreign", "no-database", "newer"),
           "rejected, and not written", (_STORE,)),
    Family("a restored backup", ("backup",), "updated; notified again", (_STORE,)),
    Family("a first start with upstream down", ("first_start",),
           "rejected; reported as never synced", (CASES_OF_UPSTREAM,)),
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
    yield from ("", "| gate | what | last look within two weeks | longer ago |", "| --- | --- | --- | --- |")
    lost = f"> {limits.shrink:.0%} each two weeks, {limits.most_shrink:.0%} at most"
    shares = {
        gates.SHRINK: (f"> {limits.shrink:.0%}", lost),
        gates.GROWTH: (f"> {limits.growth:.0%}", f"> {limits.growth:.0%} each quarter, {limits.most_growth:.0%} at most"),
        gates.FLIP_FLOP: ("after two changes in 30 days", "the same"),
        gates.CAPACITY: ("any that fitted before", "the same"),
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
