"""One tree of errors, each with the exit code it ends a command with and a stable code to look up.

    Perimeter365Error            70  P365-BUG          our own defect
    ├── InputError                2  P365-INPUT        what the user gave us is wrong
    │   ├── HostPatternError      2  P365-HOST         not a host pattern
    │   ├── PrefixError           2  P365-PREFIX       not an address or prefix
    │   ├── PortError             2  P365-PORT         not a port list
    │   ├── ProfileError          2  P365-PROFILE      one or more problems in a profile, with their places
    │   ├── CatalogError          2  P365-CATALOG      a catalog that cannot be read or contradicts itself
    │   ├── UnknownNameError      2  P365-NAME         an id, cloud, target, scenario … that does not exist
    │   ├── OptionError           2  P365-OPTION       a target's option that does not exist or holds a wrong value
    │   ├── TargetError           2  P365-TARGET       a target of another distribution that cannot be used
    │   ├── ConfigurationError    2  P365-CONFIG       a device's configuration that cannot be read
    │   ├── LimitError            2  P365-LIMIT        a device's limit would be passed
    │   ├── NeverListError        2  P365-NEVER        an allow that no configuration may hold
    │   ├── OutputError           2  P365-OUTPUT       an artifact could not be written; the old one is whole
    │   ├── MissingExtraError     2  P365-EXTRA        a target, store or command needs an extra that is not installed
    │   └── StoreError            2  P365-STORE        the store of versions cannot be read or written
    ├── UpstreamError             3  P365-UPSTREAM     Microsoft's service or the network failed
    │   ├── UpstreamDataError     3  P365-DATA         what came is not of the service's schema, or never to be opened
    │   ├── TlsInterceptedError   3  P365-TLS          TLS failed, or somebody between speaks in the server's name
    │   ├── ProxyAuthError        3  P365-PROXY        the proxy wants to know who we are
    │   ├── RateLimitedError      3  P365-RATE         the service asks us to wait
    │   ├── NotJsonError          3  P365-HTML         a page came instead of data: captive portal, block page, error page
    │   ├── TruncatedError        3  P365-TRUNCATED    the answer was cut off on its way
    │   ├── UpstreamTimeoutError  3  P365-TIMEOUT      no whole answer before the deadline
    │   └── UnreachableError      3  P365-UNREACHABLE  no connection: route, refusal, reset, proxy away
    │       └── UnresolvedError   3  P365-DNS          the name does not resolve
    ├── HeldError                 4  P365-HELD         held for safety, a person has to decide
    └── LossError                 5  P365-LOSS         --strict, and something could not be expressed

`perimeter365 explain CODE` prints `explanation`; a test walks this tree.
"""

from collections.abc import Iterable


class Perimeter365Error(Exception):
    """Base of all errors that perimeter365 raises on purpose.

    Attributes:
        exit_code: what a command ends with (2 input, 3 upstream, 4 held, 5 loss, 70 bug).
        code: stable, for `perimeter365 explain`.
        title: three to six words.
        explanation: what it means and what to do, for `explain`.
        help: the next step for this very error, or "".
    """

    exit_code = 70
    code = "P365-BUG"
    title = "a defect of perimeter365"
    explanation = "Something happened that perimeter365 rules out. Please report it with the command that you ran."

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help

    def inside(self, place: str) -> "Perimeter365Error":
        """The same error with `place: ` before its message, as it rises through a file's structure."""
        self.message = f"{place}: {self.message}"
        self.args = (self.message,)
        return self


class InputError(Perimeter365Error):
    """What the user (or upstream) gave cannot be accepted."""

    exit_code = 2
    code = "P365-INPUT"
    title = "input that cannot be used"
    explanation = "A file, an option or a value is not what the command needs. Nothing was written."


class HostPatternError(InputError):
    """Not a host pattern of the grammar in `model.host`."""

    code = "P365-HOST"
    title = "not a host name or pattern"
    explanation = (
        "A host is written as name.example, *.name.example, *text.name.example, a.*.name.example or with a "
        "template such as <tenant>. One star at most, ASCII only: write international names in Punycode (xn--…). "
        "A star may not stand for a whole public suffix such as *.com."
    )


class PrefixError(InputError):
    """Not an IPv4 or IPv6 address or prefix."""

    code = "P365-PREFIX"
    title = "not an address or prefix"
    explanation = (
        "Addresses are written as 192.0.2.1 or 2001:db8::1, prefixes as 192.0.2.0/24. Host bits behind the "
        "mask, net masks in dotted form, zone ids (%eth0) and IPv4-mapped IPv6 addresses are refused, since "
        "different programs read them differently."
    )


class PortError(InputError):
    """Not a list of ports."""

    code = "P365-PORT"
    title = "not a port list"
    explanation = "Ports are written as 80,443 or 50000-59999, each from 1 to 65535."


class ProfileError(InputError):
    """All problems of one profile at once.

    Attributes:
        problems: a tuple of `plan.profile.Problem`, in the order of the file.
    """

    code = "P365-PROFILE"
    title = "a profile with mistakes"
    explanation = (
        "Each problem names file, line and column. An unknown key, role, scenario, cloud or address is refused "
        "rather than ignored: a typing mistake must not become a missing rule. `perimeter365 init` writes a "
        "commented profile."
    )

    def __init__(self, message: str, *, problems: tuple[object, ...] = (), help: str = "") -> None:
        super().__init__(message, help=help)
        self.problems = problems


class CatalogError(InputError):
    """A catalog that cannot be read, or that contradicts itself."""

    code = "P365-CATALOG"
    title = "a catalog that cannot be used"
    explanation = "The file named is damaged or not a catalog. Without --catalog the embedded one is used."


class UnknownNameError(InputError):
    """A name that is not among those that exist; says which comes nearest."""

    code = "P365-NAME"
    title = "a name that does not exist"
    explanation = "An id, cloud, scenario, role or target was named that this version does not know."

    def __init__(self, kind: str, value: str, allowed: Iterable[str], *, help: str = "") -> None:
        names = sorted(allowed)
        near = nearest(value, names)
        hint = f"did you mean {near!r}?" if near else "it is one of: " + ", ".join(names[:40])
        super().__init__(f"{value!r} is not a {kind}", help=help or hint)


class OptionError(InputError):
    """A target's option that does not exist, or a value that it does not take."""

    code = "P365-OPTION"
    title = "an option that cannot be used"
    explanation = "`perimeter365 targets NAME` lists the options of a target, their values and their defaults."


class TargetError(InputError):
    """A target of another distribution that cannot be used."""

    code = "P365-TARGET"
    title = "an installed target that cannot be used"
    explanation = (
        "A distribution that is installed next to perimeter365 declares a target by an entry point, but its name is taken, "
        "it cannot be loaded, or it is not a whole subclass of Target. It is not left out, since nobody would notice the "
        "missing file. Repair or uninstall the distribution that the message names."
    )


class ConfigurationError(InputError):
    """A line of a device's configuration that cannot be read, or is not of the grammar that its reader knows.

    Attributes:
        line: its number, from 1; 0 if the error is about the text as a whole.
    """

    code = "P365-CONFIG"
    title = "a configuration that cannot be read"
    explanation = (
        "A reader of configurations takes what its manual names and guesses nothing: a line that it does not know, a name "
        "that does not exist or a text past its limits is reported with the number of the line. What a device lets "
        "through is known for certain only if every line was read."
    )

    def __init__(self, message: str, *, line: int = 0, help: str = "") -> None:
        super().__init__(message, help=help)
        self.line = line


class LimitError(InputError):
    """The artifact would be larger than its device takes. Nothing was written."""

    code = "P365-LIMIT"
    title = "past a device's limit"
    explanation = (
        "The device would skip or cut what is beyond its limit, so nothing was written. Select less, aggregate "
        "with --max-prefixes, or raise the limit if your model takes more."
    )


class NeverListError(InputError):
    """An allow that no configuration may hold (everything, private space as Microsoft's, a public suffix)."""

    code = "P365-NEVER"
    title = "an allow that must never be written"
    explanation = (
        "An allow rule would open everything, a prefix wider than the bound, loopback, link-local, multicast or "
        "private space as Microsoft's, or every name under a public suffix. That is an error in the source, not a need."
    )


class OutputError(InputError):
    """An artifact could not be written. What stood there before is untouched."""

    code = "P365-OUTPUT"
    title = "output that could not be written"
    explanation = "Files are written beside the old ones and renamed at the end, so the old artifacts are whole."


class MissingExtraError(InputError):
    """A library of an extra cannot be imported.

    Attributes:
        extra: its name, as in `pip install 'perimeter365[NAME]'`.
    """

    code = "P365-EXTRA"
    title = "an extra that is not installed"
    explanation = (
        "A target, a store on PostgreSQL or notifications need libraries that a plain installation leaves out. The "
        "message names the extra, and `help` the command that installs it. `render all` goes on without such a target "
        "and prints which; under --strict it ends with exit code 5. `perimeter365 doctor` lists the extras."
    )

    def __init__(self, what: str, extra: str, cause: ImportError) -> None:
        """Compose the message: `the target mmdb needs the extra 'mmdb': No module named 'netaddr'`."""
        reason = " ".join(str(cause).split())  # psycopg explains itself in several lines
        super().__init__(f"{what} needs the extra {extra!r}: {reason}", help=install_command(extra))
        self.extra = extra


class StoreError(InputError):
    """The store of versions cannot be read or written: damaged, cut, of another program, newer, full, or away."""

    code = "P365-STORE"
    title = "a store that cannot be used"
    explanation = (
        "Versions are kept in a database: SQLite in the platform's data folder, or what PERIMETER365_STORE or "
        "--store names. It is missing, damaged, cut short, of another program or of a newer perimeter365, in use "
        "by a writer for too long, or its disk or server failed. Nothing was changed: a change is there as a whole "
        "or not at all. A damaged store can be moved aside; `perimeter365 sync` and `import history` make a new one, "
        "and `--catalog embedded` works without any."
    )


class UpstreamError(Perimeter365Error):
    """Microsoft's service or the network between failed; the last good state stays in force."""

    exit_code = 3
    code = "P365-UPSTREAM"
    title = "upstream or network failure"
    explanation = "The last good catalog stays in force. `perimeter365 doctor` tells what is in the way."


class UpstreamDataError(UpstreamError):
    """What came is not of the service's schema, or holds what must never be opened."""

    code = "P365-DATA"
    title = "upstream data that cannot be used"
    explanation = (
        "An answer came, but a field is missing, of the wrong type or not of its grammar, or it would open private "
        "space, everything, or every name under a public suffix. The message names the place in the answer. Nothing of "
        "it was taken; the last good catalog stays in force. If it lasts, the service has changed: look for a newer "
        "perimeter365."
    )


class TlsInterceptedError(UpstreamError):
    """TLS failed: an unknown issuer (interception), an expired certificate, another name, or a broken handshake.

    Attributes:
        issuer: who signed the certificate that came, as it says itself; "" when none came.
        store: which trust store was asked, in words.
    """

    code = "P365-TLS"
    title = "TLS failed or is intercepted"
    explanation = (
        "The certificate that came is not one that this machine trusts for that name. Most often a proxy or firewall "
        "between inspects TLS and signs with its own authority; the message names the issuer. Exempt the host from "
        "inspection, or install that authority in the operating system's trust store, which is the one asked. An "
        "expired certificate may also mean a wrong clock. Verification is never switched off. Whether a certificate was "
        "revoked is not asked, as most programs do not."
    )

    def __init__(self, message: str, *, issuer: str = "", store: str = "", help: str = "") -> None:
        super().__init__(message, help=help)
        self.issuer = issuer
        self.store = store


class ProxyAuthError(UpstreamError):
    """The proxy answered 407."""

    code = "P365-PROXY"
    title = "the proxy wants authentication"
    explanation = (
        "The proxy answered 407. Put a user and password into HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT), let the proxy "
        "pass this machine without, or set NO_PROXY for the host. Credentials are never printed."
    )


class RateLimitedError(UpstreamError):
    """The service answered 429.

    Attributes:
        retry_after: seconds to wait from now on, 1 to 86400.
    """

    code = "P365-RATE"
    title = "the service asks to wait"
    explanation = (
        "The service answered 429: too many requests from this address, which several machines may share. The time it "
        "asked for is kept, an hour where it names none. Use one installation and let others read from it."
    )

    def __init__(self, message: str, *, retry_after: float = 3600, help: str = "") -> None:
        super().__init__(message, help=help)
        self.retry_after = retry_after


class NotJsonError(UpstreamError):
    """A page (or some other text) came where data was asked for."""

    code = "P365-HTML"
    title = "a page instead of data"
    explanation = (
        "What came is HTML or other text, not the service's JSON: a captive portal that wants a sign-in, the block page "
        "of a proxy, or an error page of the service, whatever status it carried. Open the address in a browser on the "
        "same machine to see which."
    )


class TruncatedError(UpstreamError):
    """The answer ended before it was whole."""

    code = "P365-TRUNCATED"
    title = "an answer that was cut off"
    explanation = (
        "Fewer bytes came than were announced, or the data stops in the middle. A proxy, a scanner or a shaky line cut "
        "it. Nothing of it was taken; trying again is safe."
    )


class UpstreamTimeoutError(UpstreamError):
    """No whole answer came in time."""

    code = "P365-TIMEOUT"
    title = "no whole answer in time"
    explanation = (
        "The connection, the first byte or the whole answer took longer than allowed. Dropped packets (a firewall that "
        "discards silently) look like this, and so does a server that sends a byte now and then."
    )


class UnreachableError(UpstreamError):
    """No connection could be made, or it broke at once."""

    code = "P365-UNREACHABLE"
    title = "the service cannot be reached"
    explanation = (
        "The connection was refused or reset, or the proxy is away. Check HTTPS_PROXY and NO_PROXY, and that port 443 to "
        "endpoints.office.com is open. `perimeter365 doctor` tries each step."
    )


class UnresolvedError(UnreachableError):
    """The name of the service, or of the proxy, does not resolve."""

    code = "P365-DNS"
    title = "the name does not resolve"
    explanation = (
        "The name servers of this machine have no address for the service, or for the proxy of HTTPS_PROXY. Where only the "
        "proxy may resolve names of the internet, set HTTPS_PROXY: then it does. `perimeter365 doctor` shows what came."
    )


class HeldError(Perimeter365Error):
    """A change is held until a person accepts or rejects it. Not raised: what a sync returns has this code."""

    exit_code = 4
    code = "P365-HELD"
    title = "held for safety"
    explanation = "The change is larger or stranger than honest ones are. Look at it, then accept or reject it."


class LossError(Perimeter365Error):
    """--strict, and a target could not express all of the plan. The artifacts are written, with `losses.json` beside."""

    exit_code = 5
    code = "P365-LOSS"
    title = "a loss under --strict"
    explanation = (
        "A format cannot say everything that a plan needs. Each loss names the requirement, the reason and a "
        "proposal; losses.json holds them all. Without --strict the same artifacts end with exit code 0."
    )


def install_command(extra: str = "") -> str:
    """The command that adds an extra to an installation, or without one repairs what it needs."""
    return f"pip install 'perimeter365[{extra}]'" if extra else "pip install --upgrade perimeter365"


def nearest(value: str, allowed: Iterable[str]) -> str:
    """The allowed name that `value` most likely meant, or "" when none is near."""
    from difflib import get_close_matches  # only where something went wrong

    found = get_close_matches(value.lower(), list(allowed), n=1, cutoff=0.6)
    return found[0] if found else ""


def error_classes() -> tuple[type[Perimeter365Error], ...]:
    """Every class of the tree, base first, for `explain` and its test."""
    found: list[type[Perimeter365Error]] = [Perimeter365Error]
    for cls in found:
        found.extend(cls.__subclasses__())
    return tuple(found)
