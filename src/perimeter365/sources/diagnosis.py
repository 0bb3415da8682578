"""What stands between this machine and the service, step by step: trust store, proxy, name, answer, clock.

    for finding in network(WebService()):
        print(finding.verdict, finding.id, finding.message)

    ok network.upstream https://endpoints.office.com
    ok network.trust the operating system's trust store (/etc/ssl/certs)
    ok network.proxy none
    ok network.dns endpoints.office.com: 13.107.246.40, 2620:1ec:bdf::40
    fail network.answer P365-TLS: TLS with https://endpoints.office.com failed: unable to get local issuer …
    ok network.clock not measured

Only the configured base address is dialed, or the proxy before it. /version is asked as `sync` asks it: when it answered
within the hour, only a connection is made and closed again; and nothing is dialed while a 429's time is not over.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from perimeter365.errors import Perimeter365Error, RateLimitedError, UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Finding
from perimeter365.net.dial import Resolve, check_addresses, resolve, trust_store_name
from perimeter365.net.failure import PROXY_ADDRESS_HELP
from perimeter365.net.fetch import HOUR
from perimeter365.net.proxy import is_address, network_variables, proxy_for, redacted_url, split_proxy
from perimeter365.sources.web_service import BASE_URL, WebService

Verdict = Literal["ok", "warn", "fail"]
OK: Final = "ok"
WARN: Final = "warn"
FAIL: Final = "fail"
"""Verdicts: nothing to do, something to look at, something that does not work."""

SKEW, MOST_SKEW = 300.0, 86_400.0
"""Seconds of clock skew from which on there is a warning (as in Kerberos, RFC 4120), and a failure: versions go by days."""

PATIENCE = 10.0
"""Seconds to wait for a name server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis(Finding):
    """One thing that was looked at: its id is stable (`room.thing`), its message has no credentials."""

    code: str = ""
    """Of the error, for `perimeter365 explain`."""
    verdict: Verdict = OK
    """`ok`, `warn` or `fail`."""
    limit: str = ""
    """The threshold that the value was held against, with its reason; "" when there is none."""

    keys = {"id": "id", "verdict": "verdict", "value": "message", "limit": "limit", "remedy": "remedy", "code": "code"}


def network(
    service: WebService, *, cloud: Cloud = Cloud.WORLDWIDE, offline: bool = False, resolve: Resolve = resolve
) -> tuple[Diagnosis, ...]:
    """Look at each step on the way to the service, in its order.

    Args:
        service: whose base address is tried.
        cloud: whose /version is asked.
        offline: look only at what is configured.
        resolve: gives the addresses of a name.
    """
    url = service.base_url
    found = [_upstream(url), _trust(url, service.ca_file), _proxy(url)]
    if offline:
        return (*found, Diagnosis(id="network.answer", message="not tried (--offline)"))
    return (*found, _dns(url, resolve), _answer(service, cloud), _clock(service.skew))


def _upstream(url: str) -> Diagnosis:
    other = "" if url == BASE_URL else ", a mirror"
    return Diagnosis(id="network.upstream", message=f"{redacted_url(url)}{other}")


def _trust(url: str, ca_file: str | None) -> Diagnosis:
    store = trust_store_name(ca_file)
    if unread := network_variables(url, store).ignored:
        told = f"{store}; {' and '.join(unread)} {'are' if len(unread) > 1 else 'is'} set, and not read"
        step = "have the operating system trust the authority, or on Linux name its bundle with SSL_CERT_FILE"
        return Diagnosis(id="network.trust", message=told, verdict=WARN, remedy=step)
    return Diagnosis(id="network.trust", message=store)


def _proxy(url: str) -> Diagnosis:
    proxy = proxy_for(url)
    if proxy and not _readable(proxy):
        told = "set, but its address cannot be read"
        return Diagnosis(id="network.proxy", message=told, verdict=FAIL, remedy=PROXY_ADDRESS_HELP, code="P365-UNREACHABLE")
    if proxy:
        credentials = "with" if "@" in proxy else "without"
        return Diagnosis(id="network.proxy", message=f"{redacted_url(proxy)}, {credentials} credentials")
    spared = network_variables(url).bypassed
    return Diagnosis(id="network.proxy", message="none (NO_PROXY spares this host)" if spared else "none")


def _dns(url: str, resolve: Resolve) -> Diagnosis:
    """Whether the name that has to be resolved here is: the proxy's if there is one, else the service's."""
    proxy = proxy_for(url)
    if proxy and not _readable(proxy):
        return Diagnosis(id="network.dns", message="not tried: the address of the proxy cannot be read")
    parts = split_proxy(proxy) if proxy else urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    behind = f"; the proxy resolves {urlsplit(url).hostname}" if proxy else ""
    if is_address(host):
        return Diagnosis(id="network.dns", message=f"{host} is an address{behind}")
    answer: list[Sequence[str] | OSError] = []

    def work() -> None:
        try:
            answer.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answer.append(error if isinstance(error, OSError) else OSError(str(error)))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(PATIENCE)
    step = "check this machine's name servers; where only a proxy resolves names of the internet, set HTTPS_PROXY"
    limit = f"{PATIENCE:.0f} seconds"
    if not answer:
        told = f"no name server answers for {host}"
        return Diagnosis(id="network.dns", message=told, verdict=FAIL, remedy=step, limit=limit, code="P365-DNS")
    if isinstance(answer[0], OSError):
        told = f"{host} does not resolve{behind}"
        return Diagnosis(id="network.dns", message=told, verdict=FAIL, remedy=step, code="P365-DNS")
    try:
        addresses = answer[0] if proxy else check_addresses(host, answer[0])
    except UpstreamDataError as error:
        return Diagnosis(id="network.dns", message=error.message, verdict=FAIL, remedy=error.help, code=error.code)
    return Diagnosis(id="network.dns", message=f"{host}: {', '.join(addresses)}{behind}")


def _answer(service: WebService, cloud: Cloud) -> Diagnosis:
    id = "network.answer"
    try:
        if (ago := service.asked(cloud)) < HOUR and not service.wait:
            version = service.version(cloud)  # from what was kept
            service.probe()
            told = f"version {version} of {cloud} came {ago / 60:.0f} minutes ago and is not asked for again"
            told += "; a connection was made"
            return Diagnosis(id=id, message=told, limit="1 hour, which the service asks for")
        version = service.version(cloud)
    except RateLimitedError as error:
        told = f"{error.code}: {error.message}"
        step = "wait; one installation can serve many readers, which share its address"
        return Diagnosis(id=id, message=told, verdict=FAIL, remedy=step, code=error.code)
    except Perimeter365Error as error:
        step = error.help or f"`perimeter365 explain {error.code}`"
        return Diagnosis(id=id, message=f"{error.code}: {error.message}", verdict=FAIL, remedy=step, code=error.code)
    return Diagnosis(id=id, message=f"version {version} of {cloud}")


def _readable(proxy: str) -> bool:
    try:
        split_proxy(proxy)
    except OSError:
        return False
    return True


def _clock(skew: float | None) -> Diagnosis:
    id, limit = (
        "network.clock",
        f"{SKEW / 60:.0f} minutes is worth a look, a day is wrong: versions and certificates go by days",
    )
    if skew is None:
        return Diagnosis(id=id, message="not measured: nothing that came said a time", limit=limit)
    behind = "behind" if skew > 0 else "ahead of"
    told = "in step with upstream's" if abs(skew) < 2 else f"{_span(abs(skew))} {behind} upstream's"
    verdict: Verdict = OK if abs(skew) <= SKEW else WARN if abs(skew) <= MOST_SKEW else FAIL
    step = "set the clock of this machine (NTP)" if verdict != OK else ""
    return Diagnosis(id=id, message=f"this machine's clock is {told}", verdict=verdict, remedy=step, limit=limit)


def _span(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
