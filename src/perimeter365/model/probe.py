"""What probes compare with: certificates, thresholds, answers, known names.

>>> from perimeter365.sources.probe_facts import probe_facts
>>> [c.name for c in probe_facts().certificates if c.kind == "root"][1]
'DigiCert Global Root G2'
>>> [h.text for h in probe_facts().known_names("*.manage.microsoft.us", "dod")]
['portal.manage.microsoft.us']
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.evidence import Evidence
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import SetKey
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix
from perimeter365.model.role import role
from perimeter365.model.word import check_word

CertificateKind = Literal["root", "issuing", "expired"]
CERTIFICATE_KINDS: tuple[CertificateKind, ...] = get_args(CertificateKind)

Unit = Literal["ms", "s", "%", "km"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_HEX = {40: re.compile("[0-9a-f]{40}"), 64: re.compile("[0-9a-f]{64}")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A certificate authority in the chains of Microsoft's hosts."""

    name: str
    kind: CertificateKind
    """`root`, `issuing` (in the middle of a chain), or `expired`."""
    evidence: Evidence
    issuer: str = ""
    """The name of the authority that issued it; "" for a root."""
    sha1: str = ""
    """The fingerprint as 40 hexadecimal digits; "" if it is not published."""
    sha256: str = ""
    """The fingerprint as 64 hexadecimal digits; "" if it is not published."""
    not_after: date | None = None
    clouds: tuple[Cloud, ...] = ()
    """The clouds that it is documented for; () for all."""

    def __post_init__(self) -> None:
        check_word(self.kind, CERTIFICATE_KINDS, "a kind of certificate", self.name)
        for digits, length in ((self.sha1, 40), (self.sha256, 64)):
            if digits and not _HEX[length].fullmatch(digits):
                raise CatalogError(f"{self.name}: {digits!r} has not {length} hexadecimal digits")
        if not (self.sha1 or self.sha256):
            raise CatalogError(f"{self.name}: a certificate needs a fingerprint")
        if (self.kind == "issuing") != bool(self.issuer):
            raise CatalogError(f"{self.name}: an issuing authority has an issuer, and no other one has")


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidationHosts:
    """Hosts that serve what the validation of certificates fetches, on tcp 80."""

    purpose: str
    hosts: tuple[HostPattern, ...]
    evidence: Evidence
    clouds: tuple[Cloud, ...] = ()
    """The clouds that they are documented for; () for all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityThreshold:
    """A limit of a measured value. Exactly one of the bounds is set."""

    segment: str
    """What is measured: `client to Microsoft`."""
    metric: str
    unit: Unit
    evidence: Evidence
    below: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    window: str = ""
    """The time over which it is measured; "" if the document names none."""

    def __post_init__(self) -> None:
        check_word(self.unit, UNITS, "a unit", self.metric)
        if sum(bound is not None for bound in (self.below, self.at_most, self.at_least)) != 1:
            raise CatalogError(f"{self.segment}, {self.metric}: exactly one of below, at_most and at_least is needed")

    def met(self, value: float) -> bool:
        """Return True if a measured value is within the limit."""
        if self.below is not None:
            return value < self.below
        return value <= self.at_most if self.at_most is not None else value >= (self.at_least or 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Principle:
    """A principle of connectivity."""

    name: str
    text: str
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """A media relay, which answers on UDP and has its address in an endpoint set."""

    host: HostPattern
    udp: PortSet
    set: SetKey
    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusProbe:
    """A probe by which Windows decides that it is online: a web request, or a look-up."""

    windows: str
    """The versions that use it."""
    evidence: Evidence
    url: str = ""
    body: str = ""
    """The exact content of the answer."""
    name: str = ""
    address: str = ""
    """The only address that the name may have."""

    def __post_init__(self) -> None:
        if bool(self.url and self.body) == bool(self.name and self.address):
            raise CatalogError(f"{self.windows}: a probe has either url and body, or name and address")
        if self.url and not self.url.startswith("http://"):
            raise CatalogError(f"{self.url!r}: the probe is plain HTTP")
        if self.address:
            Prefix.parse(self.address)
        HostPattern(self.name or self.url.split("/")[2])


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedPaths:
    """Paths of a published host that no one outside may reach."""

    role: str
    paths: tuple[str, ...]
    evidence: Evidence

    def __post_init__(self) -> None:
        role(self.role)
        if not self.paths or any(not path.startswith("/") for path in self.paths):
            raise CatalogError(f"{self.role}: paths start with a slash")


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownNames:
    """Names under a wildcard of a list that a document gives, as targets of a probe."""

    wildcard: HostPattern
    names: tuple[HostPattern, ...]
    clouds: tuple[Cloud, ...]
    evidence: Evidence
    tcp: PortSet = PortSet()
    udp: PortSet = PortSet()

    def __post_init__(self) -> None:
        if not (self.names and self.clouds and (self.tcp or self.udp)):
            raise CatalogError(f"{self.wildcard}: names, clouds and a port are needed")
        for name in self.names:
            text = re.sub("<[^>]*>", "x", name.text)  # a template has the place of one label
            if not self.wildcard.covers(HostPattern(text)):
                raise CatalogError(f"{name} is not a name of {self.wildcard}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeFacts:
    """All facts that probes compare with."""

    certificates: tuple[Certificate, ...]
    validation_hosts: tuple[ValidationHosts, ...]
    thresholds: tuple[QualityThreshold, ...]
    principles: tuple[Principle, ...]
    relays: tuple[Relay, ...]
    status_probes: tuple[StatusProbe, ...]
    refused: tuple[RefusedPaths, ...]
    names: tuple[KnownNames, ...]

    def known_names(self, wildcard: str, cloud: Cloud | str) -> Iterator[HostPattern]:
        """Yield the documented names under a wildcard in a cloud."""
        for each in self.names:
            if each.wildcard.text == wildcard and str(cloud) in {str(c) for c in each.clouds}:
                yield from each.names
