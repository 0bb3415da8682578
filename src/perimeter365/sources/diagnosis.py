"""Check the path from this machine to the web service, step by step.

    for finding in diagnose_network(WebService()):
        print(finding.verdict, finding.id, finding.message)

    ok network.upstream https://endpoints.office.com
    ok network.trust the operating system's trust store (/etc/ssl/certs)
    ok network.proxy none
    ok network.dns endpoints.office.com: 13.107.246.40, 2620:1ec:bdf::40
    fail network.answer P365-TLS: TLS with https://endpoints.office.com failed: unable to get local issuer …
    ok network.clock not measured

Connections go only to the configured base address, or to the proxy. /version is requested as by `sync`: within an hour after
a response, a connection is opened and closed without a request; nothing is connected before the wait time of a 429 is over.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from perimeter365.errors import Perimeter365Error, RateLimitedError, UpstreamDataError
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Finding
from perimeter365.model.quantity import quantity
from perimeter365.net.dial import Resolve, check_addresses, resolve, trust_store_name
from perimeter365.net.failure import PROXY_ADDRESS_HELP
from perimeter365.net.fetch import HOUR
from perimeter365.net.proxy import is_address, network_variables, proxy_for, redacted_url, split_proxy
from perimeter365.sources.web_service import BASE_URL, WebService

Verdict = Literal["ok", "warn", "fail"]
OK: Final = "ok"
WARN: Final = "warn"
FAIL: Final = "fail"
"""Verdicts: no problem, worth a check, does not work."""

SKEW, MAX_SKEW = 300.0, 86_400.0
"""Clock skew in seconds above which there is a warning (as in Kerberos, RFC 4120), and a failure: versions are days."""

PATIENCE = 10.0
"""The time in seconds to wait for a name server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis(Finding):
    """The result of one check.

    Its id is stable (`group.check`), its message has no credentials.
    """

    code: str = ""
    """The code of the error, for `perimeter365 explain`."""
    verdict: Verdict = OK
    """`ok`, `warn` or `fail`."""
    limit: str = ""
    """The threshold of the check, with its reason; "" if there is none."""

    keys = {"id": "id", "verdict": "verdict", "value": "message", "limit": "limit", "remedy": "remedy", "code": "code"}


def diagnose_network(
    service: WebService, *, cloud: Cloud = Cloud.WORLDWIDE, offline: bool = False, resolve: Resolve = resolve
) -> tuple[Diagnosis, ...]:
    """Check each step of the path to the service, in order.

    Args:
        service: the service to connect to.
        cloud: the cloud whose /version is requested.
        offline: check only the configuration.
        resolve: returns the addresses of a name.
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
        message = f"{store}; {' and '.join(unread)} {'are' if len(unread) > 1 else 'is'} set but not used"
        step = "add the authority to the trust store of the operating system, or on Linux set SSL_CERT_FILE to its bundle"
        return Diagnosis(id="network.trust", message=message, verdict=WARN, remedy=step)
    return Diagnosis(id="network.trust", message=store)


def _proxy(url: str) -> Diagnosis:
    proxy = proxy_for(url)
    if proxy and not _readable(proxy):
        message = "set, but its address is not valid"
        return Diagnosis(
            id="network.proxy", message=message, verdict=FAIL, remedy=PROXY_ADDRESS_HELP, code="P365-UNREACHABLE"
        )
    if proxy:
        credentials = "with" if "@" in proxy else "without"
        return Diagnosis(id="network.proxy", message=f"{redacted_url(proxy)}, {credentials} credentials")
    spared = network_variables(url).bypassed
    return Diagnosis(id="network.proxy", message="none (NO_PROXY contains this host)" if spared else "none")


def _dns(url: str, resolve: Resolve) -> Diagnosis:
    """Check that this machine resolves the name that it connects to.

    It is the proxy's name if there is a proxy, else that of the service.
    """
    proxy = proxy_for(url)
    if proxy and not _readable(proxy):
        return Diagnosis(id="network.dns", message="not tried: the address of the proxy is not valid")
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
    step = "check the name servers of this machine; if only a proxy resolves names of the internet, set HTTPS_PROXY"
    limit = f"{PATIENCE:.0f} seconds"
    if not answer:
        message = f"no name server answered for {host}"
        return Diagnosis(id="network.dns", message=message, verdict=FAIL, remedy=step, limit=limit, code="P365-DNS")
    if isinstance(answer[0], OSError):
        message = f"{host} does not resolve{behind}"
        return Diagnosis(id="network.dns", message=message, verdict=FAIL, remedy=step, code="P365-DNS")
    try:
        addresses = answer[0] if proxy else check_addresses(host, answer[0])
    except UpstreamDataError as error:
        return Diagnosis(id="network.dns", message=error.message, verdict=FAIL, remedy=error.help, code=error.code)
    return Diagnosis(id="network.dns", message=f"{host}: {', '.join(addresses)}{behind}")


def _answer(service: WebService, cloud: Cloud) -> Diagnosis:
    id = "network.answer"
    try:
        if (ago := service.seconds_since_answer(cloud)) < HOUR and not service.seconds_to_wait:
            version = service.version(cloud)  # from the stored response
            service.check_connection()
            message = (
                f"version {version} of {cloud} was read {quantity(round(ago / 60), 'minute')} ago and is not requested again"
            )
            message += "; a connection was opened"
            return Diagnosis(id=id, message=message, limit="1 hour, which the service asks for")
        version = service.version(cloud)
    except RateLimitedError as error:
        message = f"{error.code}: {error.message}"
        step = "wait; other installations behind the same address share the limit, so let one of them sync for all"
        return Diagnosis(id=id, message=message, verdict=FAIL, remedy=step, code=error.code)
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
        f"warning above {SKEW / 60:.0f} minutes, failure above a day: versions and certificates depend on the date",
    )
    if skew is None:
        return Diagnosis(id=id, message="not measured: no response had a date", limit=limit)
    behind = "behind" if skew > 0 else "ahead of"
    message = "in sync with upstream's" if abs(skew) < 2 else f"{_span(abs(skew))} {behind} upstream's"
    verdict: Verdict = OK if abs(skew) <= SKEW else WARN if abs(skew) <= MAX_SKEW else FAIL
    step = "set the clock of this machine (NTP)" if verdict != OK else ""
    return Diagnosis(id=id, message=f"the clock of this machine is {message}", verdict=verdict, remedy=step, limit=limit)


def _span(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
