"""What this machine is set to: the proxy for an address, logins for it, and who else is told whom to trust.

    proxy_for("https://endpoints.office.com")           # HTTPS_PROXY=http://USER:PASSWORD@proxy.example.com:8080
        'http://USER:PASSWORD@proxy.example.com:8080'

    >>> redacted("http://USER:PASSWORD@proxy.example.com:8080")
    'http://proxy.example.com:8080'

    variable (in capitals or not)           means
    HTTPS_PROXY, HTTP_PROXY, ALL_PROXY      the proxy for addresses of that scheme, or of any
    NO_PROXY                                names (with those below them), addresses, networks, either with a port; `*`
    NETRC                                   the file with logins, in place of ~/.netrc
    REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE      authorities for other programs; only reported

Without these variables Windows and macOS have settings of their own, which `urllib.request` reads.
"""

import ipaddress
import os
import re
import socket
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from perimeter365.errors import InputError
from perimeter365.net.failure import ProxyAddressError

UNREAD = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables by which other programs are told whom to trust, which are not read here."""


_HOST = re.compile(r"[\w:][\w.:%~-]*", re.ASCII)
"""`endpoints.office.com`, `[fe80::1%25eth0]` without its brackets; not `two words`, not `*.example`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkVariables:
    """What the environment says of the way to an address."""

    proxy: str
    """The proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY for the address, as it was set; "" if there is none."""
    spared: bool
    """Whether a proxy is set, but NO_PROXY spares the address."""
    unread: tuple[str, ...]
    """Variables that name authorities for other programs, which are not read here, with another value than ours."""
    netrc: str
    """The file of NETRC, with logins for servers; "" for the one in the home folder."""


def network_variables(url: str, trusted: str = "") -> NetworkVariables:
    """Read the variables of proxies, authorities and logins: the one place that does.

    Args:
        url: the address to be reached.
        trusted: what is trusted here, in words; a variable whose value occurs in it is not counted as unread.
    """
    parts = urlsplit(url)
    spared = _spared(parts, os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "")
    found = {} if spared else getproxies()
    proxy = found.get(parts.scheme) or found.get("all") or ""
    named = any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"))
    unread = tuple(name for name in UNREAD if os.environ.get(name, trusted) not in trusted)
    netrc = os.environ.get("NETRC") or ""
    return NetworkVariables(proxy=proxy, spared=named and not proxy, unread=unread, netrc=netrc)


def _spared(parts: SplitResult, no_proxy: str) -> bool:
    """Whether no proxy is to be used for an address, by NO_PROXY or by the settings of Windows or macOS."""
    host = parts.hostname or ""
    if any(_holds(each.strip(), host) for each in no_proxy.split(",") if "/" in each):
        return True
    with suppress(TypeError, socket.gaierror):  # of the settings of Windows, for names that it cannot look up
        return bool(proxy_bypass(f"{host}:{parts.port}" if parts.port else host))
    return False


def _holds(network: str, host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    return False


def proxy_for(url: str) -> str:
    """The proxy for an address, as it was set; "" if there is none."""
    return network_variables(url).proxy


def split(url: str, base: str = "") -> SplitResult | None:
    """An address, which may be relative to another, in its parts; None when it cannot be read."""
    try:
        parts = urlsplit(urljoin(base, url))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        return parts if parts.port != 0 and (not host or _HOST.fullmatch(host)) else None
    except ValueError:  # a bracket that is not closed, a port that is no number, a name that is none
        return None


def split_proxy(proxy: str) -> SplitResult:
    """A proxy's address in its parts. Raises ProxyAddressError, which says nothing of what was set."""
    parts = split(proxy if "://" in proxy else f"http://{proxy}")
    if not parts or not parts.hostname:
        raise ProxyAddressError("the proxy's address cannot be read")
    return parts


def bare(way: SplitResult) -> str:
    """A proxy's address without its login and whatever follows its port."""
    return f"{way.scheme}://{way.netloc.rpartition('@')[2]}"


def proxy_login(proxy: str) -> tuple[str, str] | None:
    """User and password in a proxy's address; None when it has not both. Raises ProxyAddressError."""
    way = split_proxy(proxy)
    if not way.username or way.password is None:
        return None
    return unquote(way.username), unquote(way.password)


def netrc_login(url: str) -> tuple[str, str] | None:
    """User and password for a server from the user's netrc file; None if it has none.

    The file that NETRC names has to be readable: InputError if not, which quotes nothing of it. ~/.netrc is also kept for
    other programs, with what they alone understand, so one that cannot be read counts as missing.
    """
    from netrc import NetrcParseError, netrc

    given = network_variables(url).netrc
    for name in [given] if given else ["~/.netrc", "~/_netrc"]:
        try:
            found = netrc(Path(name).expanduser()).authenticators(urlsplit(url).hostname or "")
        except (
            OSError,
            NetrcParseError,
            UnicodeDecodeError,
            RuntimeError,
        ) as error:  # RuntimeError: no home folder
            if given:
                raise InputError(f"NETRC: {given}: {_trouble(error)}", help="correct the file, or unset NETRC") from None
            continue
        return (found[0] or found[1] or "", found[2] or "") if found and any(found) else None
    return None


def _trouble(error: Exception) -> str:
    """What is wrong with a netrc file; the words of the library's own messages can be passwords."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or type(error).__name__}"
    line = getattr(error, "lineno", None)
    return f"is not a netrc file: line {line} cannot be understood" if line else "is not a netrc file"


def basic(name: str, login: tuple[str, str] | None) -> dict[str, str]:
    """The header of a name that sends a login; {} without one. Latin-1 where it can say it, else UTF-8 (RFC 7617 2.1)."""
    if not login:
        return {}
    text = ":".join(login)
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        data = text.encode("utf-8")
    return {name: f"Basic {b64encode(data).decode('ascii')}"}


def is_address(host: str) -> bool:
    """Is it an address, not a name?"""
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host.strip("[]")))
    return False


def redacted(url: str) -> str:
    """An address as messages may show it: without user, password, query and control characters."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    text = f"{parts.scheme + '://' if parts.scheme else ''}{host}{parts.path}"
    return "".join(c for c in text if c.isprintable())[:200]
