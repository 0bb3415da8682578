"""Conditions of requirements, as data that a plan can evaluate.

    term                          holds if
    scenario:federation-sts       the profile selects the scenario, service area or `dns`
    role:adfs-proxy               the profile gives the role an address or a name
    cloud:china                   the profile has the cloud
    dns:spf_senders               the [dns] key has a value for the record's domain
    dns:autodiscover=on-premises  the [dns] key has this value, explicitly or by default

    >>> condition = Condition.parse("scenario:federation-sts | role:adfs-proxy")
    >>> [term.name for term in condition.terms]
    ['federation-sts', 'adfs-proxy']
    >>> Condition.parse("role:adfs-prxy")
    Traceback (most recent call last):
    perimeter365.errors.CatalogError: 'role:adfs-prxy' is not a term of a condition

A condition is one term, or alternatives separated by ` | `, of which one has to hold. A requirement has `needs` (all
conditions hold) and `unless` (no condition holds). `plan._conditions` evaluates them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import CLOUDS
from perimeter365.model.role import OUR_ROLES
from perimeter365.model.scenario import ALL, SCENARIOS

DnsKey = Literal[
    "autodiscover", "sip", "device_registration", "spf_senders", "mx_token", "verification", "federation_proof"
]  # fmt: skip
DNS_KEYS: Mapping[DnsKey, tuple[str, ...]] = {
    "autodiscover": ("cloud", "on-premises"),
    "sip": ("cloud", "on-premises"),
    "device_registration": ("entra-id", "ad-fs"),
    "spf_senders": (),
    "mx_token": (),
    "verification": (),
    "federation_proof": (),
}
"""Each key of [dns] in a profile, with its values; () for free text."""

TermKind = Literal["scenario", "role", "cloud", "dns"]
TERM_KINDS: tuple[TermKind, ...] = get_args(TermKind)

_NAMES: Mapping[str, Callable[[str], bool]] = {
    "scenario": lambda name: name in SCENARIOS and name != ALL,
    "role": lambda name: name in OUR_ROLES,
    "cloud": lambda name: any(name == str(cloud) for cloud in CLOUDS),
    "dns": lambda name: name in DNS_KEYS,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A statement about a profile, which holds or does not hold."""

    kind: TermKind
    name: str
    """A scenario, role, cloud or [dns] key."""
    value: str = ""
    """The value of the [dns] key; "" if any value will do."""

    def __post_init__(self) -> None:
        if not (self.kind in TERM_KINDS and _NAMES[self.kind](self.name)):
            raise CatalogError(f"{str(self)!r} is not a term of a condition")
        if self.value and not (self.kind == "dns" and self.value in DNS_KEYS[self.name]):  # type: ignore[index]
            raise CatalogError(f"{str(self)!r} is not a term of a condition: the value is not known")

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}{'=' * bool(self.value)}{self.value}"

    def sentence(self, *, holds: bool) -> str:
        """Return the term as a sentence of a person.

        >>> Term("dns", "autodiscover", "on-premises").sentence(holds=True)
        '[dns] autodiscover is on-premises'
        >>> Term("role", "sbc").sentence(holds=False)
        '[roles] sbc is not set'
        """
        negation = "" if holds else "not "
        if self.kind == "dns":
            return f"[dns] {self.name} is {negation}{self.value or 'set'}"
        if self.kind == "role":
            return f"[roles] {self.name} is {negation}set"
        if self.kind == "cloud":
            return f"{self.name} is {negation}a cloud of the profile"
        return f"the scenario {self.name} is {negation}selected"


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, one of which has to hold."""

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> "Condition":
        """Parse the text of a condition. Raises CatalogError."""
        return cls(tuple(_term(part.strip()) for part in text.split("|")))

    def __str__(self) -> str:
        return " | ".join(map(str, self.terms))


def _term(text: str) -> Term:
    kind, colon, rest = text.partition(":")
    name, _, value = rest.partition("=")
    if not colon:
        raise CatalogError(f"{text!r} is not a term of a condition")
    return Term(kind, name, value)  # type: ignore[arg-type]  # checked by Term
