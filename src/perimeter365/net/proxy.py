"""Proxy settings, logins and trust settings of this machine.

They are read from environment variables and netrc.

    proxy_for("https://endpoints.office.com")           # HTTPS_PROXY=http://USER:PASSWORD@proxy.example.com:8080
        'http://USER:PASSWORD@proxy.example.com:8080'

    >>> redacted_url("http://USER:PASSWORD@proxy.example.com:8080")
    'http://proxy.example.com:8080'

    variable (upper or lower case)          meaning
    HTTPS_PROXY, HTTP_PROXY, ALL_PROXY      the proxy for URLs of that scheme, or of any scheme
    NO_PROXY                                names (with their subdomains), addresses, networks, optionally with a port; `*`
    NETRC                                   the file with logins, instead of ~/.netrc
    REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE      authorities for other programs; not used, only reported

Without these variables, the proxy settings of Windows and macOS apply, as `urllib.request` reads them.
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

IGNORED_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that configure trust for other programs. They are reported, not used."""


_HOST = re.compile(r"[\w:][\w.:%~-]*", re.ASCII)
"""`endpoints.office.com`, `[fe80::1%25eth0]` without its brackets; not `two words`, not `*.example`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkVariables:
    """The environment's settings for requests to a URL."""

    proxy: str
    """The proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, unmodified; "" for none."""
    bypassed: bool
    """Whether a proxy is set, but NO_PROXY excludes the URL."""
    ignored: tuple[str, ...]
    """Those `IGNORED_VARIABLES` that are set to other authorities than those in use."""
    netrc: str
    """The netrc file named by NETRC; "" for the one in the home folder."""


def network_variables(url: str, trusted: str = "") -> NetworkVariables:
    """Read the variables for proxies, authorities and logins.

    No other function reads them.

    Args:
        url: the URL to be requested.
        trusted: a description of the trust store in use. A variable whose value occurs in it does not count as ignored.
    """
    parts = urlsplit(url)
    bypassed = _bypassed(parts, os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "")
    found = {} if bypassed else getproxies()
    proxy = found.get(parts.scheme) or found.get("all") or ""
    named = any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"))
    ignored = tuple(name for name in IGNORED_VARIABLES if os.environ.get(name, trusted) not in trusted)
    netrc = os.environ.get("NETRC") or ""
    return NetworkVariables(proxy=proxy, bypassed=named and not proxy, ignored=ignored, netrc=netrc)


def _bypassed(parts: SplitResult, no_proxy: str) -> bool:
    """Return True if a URL is excluded from proxying.

    NO_PROXY, or the settings of Windows or macOS, can exclude it.
    """
    host = parts.hostname or ""
    if any(_in_network(each.strip(), host) for each in no_proxy.split(",") if "/" in each):
        return True
    with suppress(TypeError, socket.gaierror):  # raised on Windows for names that do not resolve
        return bool(proxy_bypass(f"{host}:{parts.port}" if parts.port else host))
    return False


def _in_network(network: str, host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    return False


def proxy_for(url: str) -> str:
    """Return the proxy for a URL, unmodified; "" for none."""
    return network_variables(url).proxy


def split_url(url: str, base: str = "") -> SplitResult | None:
    """Split a URL into its parts; return None if it is not valid.

    The URL may be relative to a base URL.
    """
    try:
        parts = urlsplit(urljoin(base, url))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        return parts if parts.port != 0 and (not host or _HOST.fullmatch(host)) else None
    except ValueError:  # an unclosed bracket, a port that is not a number, an invalid name
        return None


def split_proxy(proxy: str) -> SplitResult:
    """Split the address of a proxy into its parts.

    Raises:
        ProxyAddressError: the address is not valid. The message does not quote it, since it may contain a password.
    """
    parts = split_url(proxy if "://" in proxy else f"http://{proxy}")
    if not parts or not parts.hostname:
        raise ProxyAddressError("the proxy's address cannot be read")
    return parts


def without_login(address: SplitResult) -> str:
    """Return scheme, host and port of a proxy's address."""
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"


def proxy_login(proxy: str) -> tuple[str, str] | None:
    """Return user and password of a proxy's address; None unless it has both.

    Raises:
        ProxyAddressError: the address is not valid.
    """
    address = split_proxy(proxy)
    if not address.username or address.password is None:
        return None
    return unquote(address.username), unquote(address.password)


def netrc_login(url: str) -> tuple[str, str] | None:
    """Return user and password for a server from netrc; None if there are none.

    The file that NETRC names must be readable; the InputError does not quote it. ~/.netrc is shared with other
    programs, which accept other syntax, so it counts as missing if it cannot be read.
    """
    from netrc import NetrcParseError, netrc

    given = network_variables(url).netrc
    for name in [given] if given else ["~/.netrc", "~/_netrc"]:
        try:
            found = netrc(Path(name).expanduser()).authenticators(urlsplit(url).hostname or "")
        except (OSError, NetrcParseError, UnicodeDecodeError, RuntimeError) as error:  # RuntimeError: no home folder
            if given:
                raise InputError(
                    f"NETRC: {given}: {_netrc_problem(error)}", help="correct the file, or unset NETRC"
                ) from None
            continue
        return (found[0] or found[1] or "", found[2] or "") if found and any(found) else None
    return None


def _netrc_problem(error: Exception) -> str:
    """Describe what is wrong with a netrc file.

    The messages of `netrc` are not used: they can quote passwords.
    """
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or type(error).__name__}"
    line = getattr(error, "lineno", None)
    return f"is not a netrc file: line {line} cannot be understood" if line else "is not a netrc file"


def basic_header(name: str, login: tuple[str, str] | None) -> dict[str, str]:
    """Return a header with Basic credentials; {} without a login.

    The login is encoded in Latin-1 if possible, otherwise in UTF-8 (RFC 7617 2.1).
    """
    if not login:
        return {}
    text = ":".join(login)
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        data = text.encode("utf-8")
    return {name: f"Basic {b64encode(data).decode('ascii')}"}


def is_address(host: str) -> bool:
    """Return True if a host is an IP address, with or without brackets."""
    with suppress(ValueError):
        return bool(ipaddress.ip_address(host.strip("[]")))
    return False


def redacted_url(url: str) -> str:
    """Return a URL for messages, without user, password, query and control characters."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    text = f"{parts.scheme + '://' if parts.scheme else ''}{host}{parts.path}"
    return "".join(c for c in text if c.isprintable())[:200]
