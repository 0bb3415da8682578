"""Exception classes, each with a stable code and an exit code.

A command that ends with an exception has its exit code.

    Perimeter365Error            70  P365-BUG          a defect of perimeter365
    ├── InputError                2  P365-INPUT        invalid input
    │   ├── HostPatternError      2  P365-HOST         not a host pattern
    │   ├── PrefixError           2  P365-PREFIX       not an address or prefix
    │   ├── PortError             2  P365-PORT         not a port list
    │   ├── ProfileError          2  P365-PROFILE      one or more problems in a profile, with their positions
    │   ├── CatalogError          2  P365-CATALOG      a catalog that cannot be read or contradicts itself
    │   ├── UnknownNameError      2  P365-NAME         an id, cloud, target, scenario … that does not exist
    │   ├── OptionError           2  P365-OPTION       a target option that does not exist or has an invalid value
    │   │   └── ValueNeededError  2  P365-VALUE        a target option whose value only the organization knows
    │   ├── TargetError           2  P365-TARGET       a target of another distribution that cannot be used
    │   ├── ConfigurationError    2  P365-CONFIG       a device configuration that cannot be read
    │   ├── LimitError            2  P365-LIMIT        a device limit would be exceeded
    │   ├── EmptyArtifactError    2  P365-EMPTY        a deny-by-default artifact that would permit nothing
    │   ├── EmptyPlanError        2  P365-EMPTYPLAN    outbound flows that were planned before, and none are now
    │   ├── NeverListError        2  P365-NEVER        an allow rule that no configuration may contain
    │   ├── OutputError           2  P365-OUTPUT       an artifact could not be written; the old one is intact
    │   ├── MissingExtraError     2  P365-EXTRA        a target, store or command needs an extra that is not installed
    │   └── StoreError            2  P365-STORE        the store of versions cannot be read or written
    ├── UpstreamError             3  P365-UPSTREAM     Microsoft's service or the network failed
    │   ├── UpstreamDataError     3  P365-DATA         the data violates the service's schema or the never-list
    │   ├── TlsInterceptedError   3  P365-TLS          TLS failed or is intercepted
    │   ├── ProxyAuthError        3  P365-PROXY        the proxy requires authentication
    │   ├── RateLimitedError      3  P365-RATE         the service asks to wait
    │   ├── NotJsonError          3  P365-HTML         a page instead of data: captive portal, block page, error page
    │   ├── TruncatedError        3  P365-TRUNCATED    the response was cut off
    │   ├── UpstreamTimeoutError  3  P365-TIMEOUT      no complete response before the deadline
    │   └── UnreachableError      3  P365-UNREACHABLE  no connection: no route, refused, reset, proxy down
    │       └── UnresolvedError   3  P365-DNS          the name does not resolve
    ├── HeldError                 4  P365-HELD         held for safety until a person decides
    └── LossError                 5  P365-LOSS         --strict, and a plan or its losses need a decision

`perimeter365 explain CODE` prints `explanation`. A test compares this tree with the classes. They are one file,
although it is long, because the tree is read as a whole.
"""

from collections.abc import Iterable, Mapping


class Perimeter365Error(Exception):
    """Base class of all errors that perimeter365 raises.

    Attributes:
        exit_code: exit code of a command that ends with this error (2 input, 3 upstream, 4 held, 5 loss, 70 bug).
        code: stable identifier for `perimeter365 explain`.
        title: summary of three to six words.
        explanation: meaning and remedy, for `perimeter365 explain`.
        help: next step for this occurrence, or "".
    """

    exit_code = 70
    code = "P365-BUG"
    title = "a defect of perimeter365"
    explanation = "An internal check of perimeter365 failed. Report it with the command that you ran."

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help

    def inside(self, place: str) -> "Perimeter365Error":
        """Prefix the message with `place: ` and return the error.

        It is called while the error rises through the structure of a file.
        """
        self.message = f"{place}: {self.message}"
        self.args = (self.message,)
        return self


class InputError(Perimeter365Error):
    """Input from the user (or upstream) that is not valid."""

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
        "template such as <tenant>. At most one star, ASCII only: write international names in Punycode (xn--…). "
        "A star must not cover a whole public suffix, as *.com does."
    )


class PrefixError(InputError):
    """Not an IPv4 or IPv6 address or prefix."""

    code = "P365-PREFIX"
    title = "not an address or prefix"
    explanation = (
        "Addresses are written as 192.0.2.1 or 2001:db8::1, prefixes as 192.0.2.0/24. Prefixes with host bits set, "
        "netmasks in dotted form, zone ids (%eth0) and IPv4-mapped IPv6 addresses are rejected, since programs "
        "disagree on their meaning."
    )


class PortError(InputError):
    """Not a list of ports."""

    code = "P365-PORT"
    title = "not a port list"
    explanation = "Ports are written as 80,443 or 50000-59999, each from 1 to 65535."


class ProfileError(InputError):
    """A profile with problems, all of which are reported together.

    Attributes:
        problems: a tuple of `plan.profile.Problem`, in file order.
    """

    code = "P365-PROFILE"
    title = "a profile with mistakes"
    explanation = (
        "Each problem names file, line and column. An unknown key, role, scenario, cloud or address is rejected, "
        "not ignored: a typing error must not become a missing rule. `perimeter365 init` writes a commented profile."
    )

    def __init__(self, message: str, *, problems: tuple[object, ...] = (), help: str = "") -> None:
        super().__init__(message, help=help)
        self.problems = problems


class CatalogError(InputError):
    """A catalog that cannot be read or contradicts itself."""

    code = "P365-CATALOG"
    title = "a catalog that cannot be used"
    explanation = "The named file is damaged or not a catalog. Without --catalog, the embedded catalog is used."


class UnknownNameError(InputError):
    """A name that does not exist. The help suggests the nearest existing name."""

    code = "P365-NAME"
    title = "a name that does not exist"
    explanation = "The id, cloud, scenario, role or target does not exist in this version of perimeter365."

    def __init__(self, kind: str, value: str, allowed: Iterable[str], *, help: str = "") -> None:
        names = sorted(allowed)
        near = nearest(value, names)
        hint = f"did you mean {near!r}?" if near else "it is one of: " + ", ".join(names[:40])
        article = "an" if kind[:1] in tuple("aeiou") else "a"
        super().__init__(f"{value!r} is not {article} {kind}", help=help or hint)


class OptionError(InputError):
    """A target option that does not exist, or that does not accept the value."""

    code = "P365-OPTION"
    title = "an option that cannot be used"
    explanation = "`perimeter365 targets NAME` lists the options of a target, their values and their defaults."


class ValueNeededError(OptionError):
    """Options without a default, such as the next hop of routes, have no value.

    Attributes:
        target: the target.
        options: the names of the options.
    """

    code = "P365-VALUE"
    title = "an option that needs a value"
    explanation = (
        "The value of some options is known to your organization only, such as the next hop of routes, a resolver or a "
        "proxy. A guessed one would send traffic to the wrong place, so there is no default. Write it in the profile, "
        "under `[targets.NAME]`, or give it with -O. `render all` leaves such a target out, with a decision `value-needed`; "
        "under --strict it ends with exit code 5."
    )

    def __init__(self, target: str, options: Mapping[str, str]) -> None:
        """Compose the message.

        Args:
            target: the target.
            options: name -> what the value is, with an example.
        """
        names = list(options)
        keys = ", ".join(f"{name} = …" for name in names)
        flags = " ".join(f"-O {target}.{name}=…" for name in names)
        meanings = "; ".join(f"{name}: {meaning}" for name, meaning in options.items())
        which = "a value that only you know" if len(names) == 1 else "values that only you know"
        super().__init__(
            f"{target} needs {which}: [targets.{target}] {keys}",
            help=f"write it into the profile, or use {flags} ({meanings})",
        )
        self.target = target
        self.options = tuple(names)


class TargetError(InputError):
    """A target of another distribution that cannot be used."""

    code = "P365-TARGET"
    title = "an installed target that cannot be used"
    explanation = (
        "A distribution that is installed next to perimeter365 declares a target by an entry point, but its name is in use, "
        "it cannot be loaded, or it is not a complete subclass of Target. The target is not skipped, since the missing "
        "file could go unnoticed. Repair or uninstall the distribution that the message names."
    )


class ConfigurationError(InputError):
    """A line of a device configuration that cannot be read.

    It cannot be parsed, or is outside the grammar of its reader.

    Attributes:
        line: the line number, from 1; 0 if the error concerns the whole text.
    """

    code = "P365-CONFIG"
    title = "a configuration that cannot be read"
    explanation = (
        "A configuration reader accepts the documented grammar and guesses nothing: an unknown line, a name that does not "
        "exist or a text beyond its limits is reported with the line number. What a device permits is known for certain "
        "only if every line was read."
    )

    def __init__(self, message: str, *, line: int = 0, help: str = "") -> None:
        super().__init__(message, help=help)
        self.line = line


class LimitError(InputError):
    """An artifact would exceed a limit of its device. Nothing was written.

    Attributes:
        proposal: what to do other than raise the limit, or "".
        option: the value of --limit that raises the limit (`cisco-asa.entries=900`), or "".
    """

    code = "P365-LIMIT"
    title = "beyond a device limit"
    explanation = (
        "The device would skip or truncate entries beyond its limit, so nothing was written. Select less, aggregate "
        "with --max-prefixes, or raise the limit if your model supports more."
    )

    def __init__(self, message: str, *, help: str = "", option: str = "") -> None:
        super().__init__(message, help=self.advice(help, [option] if option else []))
        self.proposal = help
        self.option = option

    @staticmethod
    def advice(proposal: str, options: Iterable[str]) -> str:
        """Return the help of limits: the proposal, and the options that raise them.

        Each option is a value of --limit.
        """
        words = [f"--limit {option}" for option in options]
        raising = f"raise {'it' if len(words) == 1 else 'them'} with {' '.join(words)}"
        return ", or ".join(filter(None, [proposal, raising if words else ""]))


class EmptyArtifactError(InputError):
    """A deny-by-default artifact would permit nothing.

    Neither traffic at all, or none of one IP version. Nothing was written.
    """

    code = "P365-EMPTY"
    title = "an artifact that refuses everything"
    explanation = (
        "The device refuses what the files do not permit, and the plan has no entry for it, or none of one IP version. "
        "Loading the files would cut off the network. Usually a role has no addresses, or nothing is selected. "
        "--allow-empty renders the files anyway."
    )


class EmptyPlanError(InputError):
    """A plan had outbound flows before and has none any more. Nothing was written."""

    code = "P365-EMPTYPLAN"
    title = "a plan that opens nothing any more"
    explanation = (
        "The earlier plan of this profile opened the way to Microsoft, and the new one has no outbound flow in a cloud, or "
        "none of an endpoint set. Usually the list has changed, for example the service area or category of all endpoint "
        "sets, or the profile selects something else. Devices that load the new files lose the service, so nothing was "
        "written. The message says what the list has and what the profile selects. render --allow-empty, or allow_empty of "
        "the library's write, goes on deliberately."
    )


class NeverListError(InputError):
    """An allow rule that no configuration may contain.

    Examples are rules for everything, for private space as Microsoft's, and for a public suffix.
    """

    code = "P365-NEVER"
    title = "an allow rule that must never be written"
    explanation = (
        "An allow rule would open everything, a prefix wider than the bound, loopback, link-local, multicast or "
        "private space as Microsoft's, or every name under a public suffix. That is an error in the source, not a "
        "requirement."
    )


class OutputError(InputError):
    """An artifact could not be written. The previous artifact is intact."""

    code = "P365-OUTPUT"
    title = "output that could not be written"
    explanation = "Files are written under temporary names and renamed at the end, so the old artifacts are intact."


class MissingExtraError(InputError):
    """A library of an extra cannot be imported.

    Attributes:
        extra: name of the extra, as in `pip install 'perimeter365[NAME]'`.
    """

    code = "P365-EXTRA"
    title = "an extra that is not installed"
    explanation = (
        "A target, a store on PostgreSQL or notifications need libraries that a plain installation does not include. The "
        "message names the extra, and `help` the command that installs it. `render all` skips such a target and prints "
        "its name; under --strict it ends with exit code 5. `perimeter365 doctor` lists the extras."
    )

    def __init__(self, what: str, extra: str, cause: ImportError) -> None:
        """Compose the message.

        An example is `the target mmdb needs the extra 'mmdb': No module named 'netaddr'`.
        """
        reason = " ".join(str(cause).split())  # psycopg's message has several lines
        super().__init__(f"{what} needs the extra {extra!r}: {reason}", help=install_command(extra))
        self.extra = extra


class StoreError(InputError):
    """The store of versions cannot be read or written.

    It is damaged, truncated, from another program, from a newer release, full, or unreachable.
    """

    code = "P365-STORE"
    title = "a store that cannot be used"
    explanation = (
        "Versions are stored in a database: SQLite in the platform's data folder, or the database that "
        "PERIMETER365_STORE or --store names. It is missing, damaged, truncated, from another program or from a newer "
        "perimeter365, locked by a writer for too long, or its disk or server failed. Nothing was changed: changes are "
        "atomic. A damaged store can be moved aside; `perimeter365 sync` and `import history` create a new one, "
        "and `--catalog embedded` works without a store."
    )


class UpstreamError(Perimeter365Error):
    """Microsoft's service or the network failed. The last good state stays in force."""

    exit_code = 3
    code = "P365-UPSTREAM"
    title = "upstream or network failure"
    explanation = "The last good catalog stays in force. `perimeter365 doctor` finds the cause."


class UpstreamDataError(UpstreamError):
    """A response that violates the service's schema or the never-list."""

    code = "P365-DATA"
    title = "upstream data that cannot be used"
    explanation = (
        "A field of the response is missing, has the wrong type or is not valid, or an entry would open private "
        "space, everything, or every name under a public suffix. The message names the position in the response. The "
        "response was not used; the last good catalog stays in force. If the error persists, the service has changed: look "
        "for a newer perimeter365."
    )


class TlsInterceptedError(UpstreamError):
    """TLS failed or is intercepted.

    Causes are an unknown issuer (interception), an expired certificate, a wrong name, or a failed handshake.

    Attributes:
        issuer: issuer field of the server's certificate, unverified; "" if there was no certificate.
        store: description of the trust store that was used.
    """

    code = "P365-TLS"
    title = "TLS failed or is intercepted"
    explanation = (
        "This machine does not trust the server's certificate for that name. The usual cause is a proxy or firewall "
        "on the path that inspects TLS and signs with its own authority; the message names the issuer. Exempt the host "
        "from inspection, or install that authority in the operating system's trust store, which is the one that is used. "
        "An expired certificate can also mean a wrong clock. Verification is never disabled. Like most programs, "
        "perimeter365 does not check revocation."
    )

    def __init__(self, message: str, *, issuer: str = "", store: str = "", help: str = "") -> None:
        super().__init__(message, help=help)
        self.issuer = issuer
        self.store = store


class ProxyAuthError(UpstreamError):
    """The proxy answered 407."""

    code = "P365-PROXY"
    title = "the proxy requires authentication"
    explanation = (
        "The proxy answered 407. Put user and password in HTTPS_PROXY (http://USER:PASSWORD@HOST:PORT), exempt this "
        "machine from authentication on the proxy, or set NO_PROXY for the host. Credentials are never printed."
    )


class RateLimitedError(UpstreamError):
    """The service answered 429.

    Attributes:
        retry_after: seconds to wait from now, 1 to 86400.
    """

    code = "P365-RATE"
    title = "the service asks to wait"
    explanation = (
        "The service answered 429: too many requests from this address, which several machines may share. No request is "
        "sent for the time that the service asked for, or one hour if it names none. Use one installation and let others "
        "read from it."
    )

    def __init__(self, message: str, *, retry_after: float = 3600, help: str = "") -> None:
        super().__init__(message, help=help)
        self.retry_after = retry_after


class NotJsonError(UpstreamError):
    """A page or other text instead of the requested data."""

    code = "P365-HTML"
    title = "a page instead of data"
    explanation = (
        "The response is HTML or other text, not the service's JSON: a captive portal that requires a sign-in, the block "
        "page of a proxy, or an error page of the service, whatever its status code. Open the address in a browser on the "
        "same machine to see which."
    )


class TruncatedError(UpstreamError):
    """A response that ended before it was complete."""

    code = "P365-TRUNCATED"
    title = "a response that was cut off"
    explanation = (
        "The response has fewer bytes than announced, or its data stops in the middle. A proxy, a scanner or an unstable "
        "connection cut it off. The response was not used; it is safe to try again."
    )


class UpstreamTimeoutError(UpstreamError):
    """No complete response arrived in time."""

    code = "P365-TIMEOUT"
    title = "no complete response in time"
    explanation = (
        "The connection, the first byte or the complete response took longer than allowed. Dropped packets (a firewall "
        "that discards silently) have this effect, and so has a server that sends very slowly."
    )


class UnreachableError(UpstreamError):
    """No connection could be made, or it was lost immediately."""

    code = "P365-UNREACHABLE"
    title = "the service cannot be reached"
    explanation = (
        "The connection was refused or reset, or the proxy is down. Check HTTPS_PROXY and NO_PROXY, and that port 443 to "
        "endpoints.office.com is open. `perimeter365 doctor` checks each step."
    )


class UnresolvedError(UnreachableError):
    """The name of the service, or of the proxy, does not resolve."""

    code = "P365-DNS"
    title = "the name does not resolve"
    explanation = (
        "The name servers of this machine have no address for the service, or for the proxy of HTTPS_PROXY. If only the "
        "proxy can resolve internet names, set HTTPS_PROXY. `perimeter365 doctor` shows the answers of the name servers."
    )


class HeldError(Perimeter365Error):
    """A change is held until a person accepts or rejects it.

    It is not raised; the result of a sync has this code.
    """

    exit_code = 4
    code = "P365-HELD"
    title = "held for safety"
    explanation = "The change is larger or more unusual than past changes were. Review it, then accept or reject it."


class LossError(Perimeter365Error):
    """A plan or a loss needs a decision, under --strict.

    The artifacts and `losses.json` are written.
    """

    exit_code = 5
    code = "P365-LOSS"
    title = "a decision under --strict"
    explanation = (
        "A warning of the plan or a loss of a target can only be settled by a person, and no [[accept]] acknowledges it. "
        "`perimeter365 losses DIR` lists the losses, decisions first; losses.json contains them all. Losses that are "
        "known of a target do not count. Without --strict, the same artifacts end with exit code 0."
    )


def install_command(extra: str = "") -> str:
    """Return the pip command that installs an extra.

    Without an extra, the command upgrades perimeter365 with the libraries that it requires.
    """
    return f"pip install 'perimeter365[{extra}]'" if extra else "pip install --upgrade perimeter365"


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Return the allowed name that is most similar to `value`; "" if none is similar."""
    from difflib import get_close_matches  # imported here since only errors need it

    found = get_close_matches(value.lower(), list(allowed), n=1, cutoff=0.6)
    return found[0] if found else ""


def error_classes() -> tuple[type[Perimeter365Error], ...]:
    """Return every class of the tree, base class first."""
    found: list[type[Perimeter365Error]] = [Perimeter365Error]
    for cls in found:
        found.extend(cls.__subclasses__())
    return tuple(found)
