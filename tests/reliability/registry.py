"""All cases by family, each with the tests that name it. The tables of docs/reliability.md are generated from it.

    python -m tests.reliability.registry        the tables, as Markdown

The cases of upstream are those of tests.upstream; each belongs to one family by its name. The cases of
the gates and the store are named here, and `test_registry.py` checks that the named tests contain them.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from perimeter365.history import gates
from tests.upstream.answers import CASES, TOLERATED
from tests.upstream.bodies import FAULTY_BODIES
from tests.upstream.pages import PAGES
from tests.upstream.tls import TLS

HERE = "tests/reliability/"
CASES_OF_UPSTREAM = HERE + "test_upstream_cases.py"


@dataclass(frozen=True)
class Family:
    """A family of cases."""

    what: str
    """Description of the fault in one line."""
    names: tuple[str, ...]
    """Names or name patterns of its cases."""
    outcome: str
    """Outcome of a sync."""
    tried: tuple[str, ...] = (CASES_OF_UPSTREAM,)
    """Test files that name its cases; `FILE: text` for a text in a file."""


REJECTED, ACCEPTED, HELD = "rejected, exit code 3", "accepted", "held, exit code 4"
ALONE = "the entry is held, exit code 4"

UPSTREAM = (
    Family("a valid response, in each form that the service uses", ("honest", "gzip", "unknown-keys"), ACCEPTED),
    Family("odd and harmless: bytes from 0x80 on, folded lines, chunk extensions, trailers, HTTP/0.9", ("odd-*",), ACCEPTED),
    Family("a set with an unknown service area or category", ("unknown-area", "unknown-category", "unknown-area-hostile"),
           "accepted without that set, which is reported"),
    Family("no set with a known service area and category, or one that is empty",
           ("unknown-area-everywhere", "unknown-area-empty"), REJECTED),
    Family("a slow response, no response, or one that never begins", ("drip*", "silence", "continue-*"), REJECTED),
    Family("an endless body, thousands of headers, a header of a megabyte", ("endless", "header-*"), REJECTED),
    Family("compression without bound, in layers, damaged, or not requested",
           ("gzip-*", "*-encodings", "encoding-*"), REJECTED),
    Family("redirects in a loop, to another host, to this machine, to a file, to an address that is not valid",
           ("redirect-*",), REJECTED),
    Family("a request to wait: for a day, a month, a negative time, until a date", ("429*",), REJECTED),
    Family("an error for every second request", ("503-flapping",), ACCEPTED),
    Family("unexpected status codes", ("503", "500-*", "400", "404", "204", "206", "304-*", "401", "407"), REJECTED),
    Family("pages of portals, filters and proxies instead of data", ("html-*", "captive-portal", "block-page"), REJECTED),
    Family("truncated, reset, closed, of a wrong length, not HTTP",
           ("cut*", "length-*", "bad-chunks", "reset", "closed", "not-http", "http-*", "status-*"), REJECTED),
    Family("negative, huge or tiny chunks, trailers without an end", ("chunk*", "trailers-*"), REJECTED),
    Family("a version from the past, from the future, without a day, or missing",
           ("version-rollback", "version-fast-*", "version-ahead", "version-not-*", "version-null", "version-empty",
            "version-list", "version-missing", "version-latest-*", "version-of-*", "version-has-*"), REJECTED),
    Family("a list that changes while its version does not", ("version-rewritten",), HELD),
    Family("a version that does not advance", ("version-freeze",), "nothing; it continues when upstream does"),
    Family("nodes that disagree on the version, or on version and list", ("mix-*",), REJECTED),
    Family("invalid change records", ("changes-*",), "the list is accepted, with a note"),
    Family("a list that grows by 0.4 % a cycle", ("slow-growth",), "held at 25 % in 30 days, or 126 % in a year",
           (CASES_OF_UPSTREAM, HERE + "test_honest_history.py: 0.4 % a cycle")),
    Family("JSON that is truncated, too deep, with duplicates, in another encoding, or not a list",
           ("truncated-*", "depth", "million-*", "fraction", "nan", "lone-*", "byte-order-*", "nul", "not-utf-8",
            "duplicate-*", "id-reused", "empty-*", "null", "object", "text", "html", "plain-words"), REJECTED),
    Family("more than 620 sets, 6,000 names and prefixes, or 50,000 values", ("too-many-*",), REJECTED),
    Family("a field that is missing, null, empty, or has another type or value", ("field-*",), REJECTED),
    Family("prefixes that are ambiguous, special, too wide, or too wide in sum", ("prefix-*",), REJECTED),
    Family("names with too wide a wildcard, homoglyphs or device syntax", ("host-*",), REJECTED),
    Family("valid TLS, also without close_notify", ("tls", "tls-without-goodbye"), ACCEPTED),
    Family("a revoked certificate", ("tls-revoked",), "accepted; see below"),
    Family("every other TLS failure", ("tls-*",), REJECTED),
    Family("pages that are hostile, huge, hidden or missing", ("page-*",),
           "the catalog does not change; what can be read is reported",
           ("tests/sources/page/test_reader.py",)),
)  # fmt: skip

_GATES = HERE + "test_gate_cases.py"
_SYNC = "tests/history/test_sync.py"
GATES = {
    "shrink": Family("names or addresses are removed", ("shrink-names", "shrink-space"), HELD, (_GATES,)),
    "growth": Family("entries or address space are added", ("growth-entries", "growth-space"), HELD, (_GATES,)),
    "identity": Family("a set gets mostly the entries of another one", ("identity-swap",), HELD, (_GATES,)),
    "capacity": Family("the plan does not fit on a device", ("device",), HELD, (_GATES,)),
    "empty-plan": Family("the plan is left without outbound flows", ("empty",), HELD, ("tests/follow/test_capacity.py",)),
    "version": Family(
        "a version in the future, an older one, or one that changes alone",
        ("a_version_of_the_next_week", "a_version_that_changes_alone", "an_older_version_that_lasts"),
        HELD, (_SYNC,),
    ),
    "rewritten": Family("a version whose content changes", ("rewritten",), HELD, (_SYNC,)),
    "wildcard-gone": Family("a wildcard of a required set is removed", ("wildcard-gone",), ALONE, (_GATES,)),
    "set-gone": Family("all names or addresses of a required set are removed", ("set-gone",), ALONE, (_GATES,)),
    "demotion": Family("something required is not required any more", ("demotion",), ALONE, (_GATES,)),
    "widening": Family("a new wildcard or prefix contains listed ones",
                       ("widening-wildcard", "widening-prefix"), ALONE, (_GATES,)),
    "new-ports": Family("other ports than before", ("new-ports", "new-ports-of-a-new-set"), ALONE, (_GATES,)),
    "ports-gone": Family("a lost port", ("ports-gone",), ALONE, (_GATES,)),
    "no-ports": Family("a new set without ports", ("no-ports",), ALONE, (_GATES,)),
    "reused-id": Family("a new set with the number of an earlier one", ("reused-number",), ALONE,
                        (HERE + "test_slow_boils.py",)),
    "category": Family("another category", ("category",), ALONE, (_GATES,)),
    "area": Family("another service area", ("area",), ALONE, (_GATES,)),
    "moved": Family("a move to a set of another category or area", ("moved",), ALONE, (_GATES,)),
    "new-domain": Family("a name under a domain that no list has had", ("new-domain",), ALONE, (_GATES,)),
    "look-alike": Family("the same, and the domain resembles a listed one", ("look-alike",), ALONE, (_GATES,)),
    "discovery-name": Family("a name by which browsers find a proxy", ("discovery-name",), ALONE, (_GATES,)),
    "shared-domain": Family("a wildcard over names that anyone can register", ("shared-domain",), ALONE, (_GATES,)),
    "foreign-address": Family("a prefix outside of Microsoft's public ranges", ("foreign-address",), ALONE, (_GATES,)),
    "rented-address": Family("a prefix that customers of Azure rent", ("rented-address",), ALONE, (_GATES,)),
    "inbound": Family("a prefix that becomes a source of inbound traffic", ("inbound",), ALONE, (_GATES,)),
    "flip-flop": Family("an entry that is added and removed repeatedly", ("flip_flop",), ALONE, (_GATES,)),
    "unknown-word": Family("an unknown service area or category", ("a_set_with_an_unknown_word",), ALONE, (_SYNC,)),
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
    Family("two syncs at once", ("concurrent_syncs",), "one commits, once", (_STORE,)),
)  # fmt: skip


def family_of(case: str) -> Family:
    """Return the family of a case: the one that names it, else the first with a matching pattern. Raises LookupError."""
    for family in UPSTREAM:
        if case in family.names:
            return family
    for family in UPSTREAM:
        if any(fnmatchcase(case, name) for name in family.names):
            return family
    raise LookupError(f"{case} belongs to no family of {__name__}")


def upstream_cases() -> tuple[str, ...]:
    """Return the cases of upstream."""
    return (*CASES, *FAULTY_BODIES, *TLS, *PAGES)


def tolerated(case: str) -> bool:
    """Return True if a client gets the list in spite of the case."""
    return case in TOLERATED or (case in TLS and TLS[case].tolerated)


def tables() -> str:
    """Return the tables as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    limits = gates.GateLimits()
    yield from ("| what upstream does | what a sync does |", "| --- | --- |")
    for family in UPSTREAM:
        yield f"| {family.what} | {family.outcome} |"
    yield from ("", "| gate | what a list does | one hour after the last look | later |", "| --- | --- | --- | --- |")
    limit = {
        "shrink": (f"> {limits.shrink:.0%}", f"> {limits.shrink:.0%} each two weeks, {limits.most_shrink:.0%} at most"),
        "growth": (f"> {limits.growth:.0%}", f"> {limits.growth:.0%} each quarter, {limits.most_growth:.0%} at most"),
    }
    for code in gates.STEP_CODES:
        soon, late = limit.get(code, ("any", "any"))
        yield f"| `{code}` | {GATES[code].what} | {soon} | {late} |"
    yield from ("", "| gate | what an entry does |", "| --- | --- |")
    yield from (f"| `{alone}` | {GATES[alone].what} |" for alone in gates.ENTRY_CODES)
    yield from ("", "| what happens to the store | what is left |", "| --- | --- |")
    for family in STORE:
        yield f"| {family.what} | {family.outcome} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(tables())
