"""Read what a profile says besides its selection.

Domains, roles behind a NAT, [dns], exclusions, acknowledgements, targets.

Each function receives the reader of the profile (`_read`), which records the problems with their places, and returns the
arguments of the classes of `plan.choices`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from perimeter365.errors import Perimeter365Error
from perimeter365.model.condition import DNS_KEYS
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan import _check, _toml
from perimeter365.plan._check import InvalidValueError
from perimeter365.plan._reader import MAX_ITEMS, ProfileReader
from perimeter365.plan.choices import (
    Acceptance,
    Adjustment,
    DnsSettings,
    Exclusion,
    TargetSettings,
    is_id_pattern,
)  # fmt: skip
from perimeter365.plan.plan import WARNINGS

Check = Callable[[Any], Any]

_TOKEN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_VERIFICATION = re.compile(r"MS=[A-Za-z0-9]{1,60}", re.ASCII)
_PROOF = re.compile(r"[A-Za-z0-9+/=]{20,200}", re.ASCII)
_LOSS = re.compile(r"[a-z0-9-]{1,60}/[a-z0-9-]{1,60}", re.ASCII)
_SPF = re.compile(r"(include|exists|a|mx|ip4|ip6)(?::(.+))?", re.ASCII)
_TARGET = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)
MAX_DOMAINS = 5000
"""The maximum number of mail domains, which is also that of managed domain names in a tenant.

Source: https://learn.microsoft.com/en-us/entra/identity/users/directory-service-limits-restrictions
"""
DOMAINS_HELP = f"a tenant has at most {MAX_DOMAINS} domains: write a profile for each tenant"

MAX_BITS = 64
"""The maximum size of a number of a target."""
MAX_ADJUSTED_PORTS = 32768
"""Media ports of controllers are a range of some thousands."""
MAX_SPF_LOOKUPS = 9
"""Microsoft's `include` is the tenth (RFC 7208 4.6.4: at most ten mechanisms that need a query)."""


def domains(reader: ProfileReader, value: object) -> dict[str, Any]:
    """Read [organization.domains]: mail domain -> cloud."""
    found: dict[str, Any] = {}
    path = ("organization", "domains")
    if not isinstance(value, dict):
        reader.add_problem(
            path, "wrong-type", "domains is not a table", '[organization.domains] has lines "contoso.com" = "worldwide"'
        )
        return found
    if not reader.is_short(path, value, MAX_DOMAINS, DOMAINS_HELP):
        return found
    for name, cloud in value.items():
        place = (*path, name)
        domain = reader.attempt(place, _check.email_domain, name, key=True)
        owner = reader.attempt(place, _text(_check.cloud), cloud)
        if domain in found:
            reader.add_problem(place, "duplicate", f"{name!r} is listed twice", "a mail domain belongs to one cloud")
        elif domain is not None and owner is not None:
            found[domain] = owner
    return found


def role(reader: ProfileReader, path: _toml.Path, table: Mapping[str, Any]) -> dict[str, Any]:
    """Read the long form of a role: `inside`, `public` and `names`."""
    for key in table.keys() - {"inside", "public", "names"}:
        reader.add_error(
            (*path, key), InvalidValueError("unknown-key", f"unknown key {key!r} in [roles.{path[-1]}]", "", _ROLE_KEYS),
            reader.document.key_span((*path, key)),
        )  # fmt: skip
    sides = {
        key: reader.items((*path, key), table[key], _check.role_address) if key in table else []
        for key in ("inside", "public")
    }
    names = reader.items((*path, "names"), table["names"], _check.role_name) if "names" in table else []
    public = sides["public"] or sides["inside"]
    return {
        "hosts": tuple(names),
        "prefixes": PrefixSet.of(public),
        "inside": PrefixSet.of(sides["inside"]) if sides["public"] else PrefixSet(),
        "only_side": "" if all(sides.values()) else next((side for side, found in sides.items() if found), ""),
        "addresses": tuple(p for p in public if p.size == 1),
    }


_ROLE_KEYS = ("inside", "public", "names")


def dns(reader: ProfileReader, table: Mapping[str, Any], domains: tuple[str, ...]) -> dict[str, DnsSettings]:
    """Read [dns] and its tables for single mail domains."""
    common = {key: value for key, value in table.items() if not isinstance(value, dict)}
    found = {"": _dns(reader, ("dns",), common)} if common else {}
    for key in ("mx_token", "verification", "federation_proof"):
        if key in common and len(domains) > 1:
            help = f'write it in [dns."{domains[0]}"], and so on'
            reader.add_problem(
                ("dns", key), "bad-value", f"{key} is of one mail domain, and the profile has {len(domains)}", help
            )
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        domain = reader.attempt(("dns", name), _check.email_domain, name, key=True)
        if domain is not None and domain not in domains:
            error = _check.unknown("mail domain", domain, domains)
            reader.add_error(("dns", name), error, reader.document.key_span(("dns", name)))
        elif domain is not None:
            found[domain] = _dns(reader, ("dns", name), value)
    return found


def _dns(reader: ProfileReader, path: _toml.Path, table: Mapping[str, Any]) -> DnsSettings:
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key not in DNS_KEYS:
            error = _check.unknown("key of [dns]", key, DNS_KEYS)
            reader.add_error((*path, key), InvalidValueError("unknown-key", error.message, error.help, error.allowed),
                             reader.document.key_span((*path, key)))  # fmt: skip
        elif key == "spf_senders":
            items = reader.items((*path, key), value, spf_sender)
            lookups = [i for i in items if not i.startswith("ip")]
            if len(lookups) > MAX_SPF_LOOKUPS:
                message = f"{len(lookups)} mechanisms need a query; besides Microsoft's, {MAX_SPF_LOOKUPS} may"
                reader.add_problem((*path, key), "bad-value", message, "use ip4 and ip6 for senders with fixed addresses")
            found[key] = tuple(items)
        else:
            found[key] = reader.attempt((*path, key), _text(_DNS_CHECKS[key]), value) or ""
    return DnsSettings(**found)


def spf_sender(text: str) -> str:
    """Check an SPF mechanism (RFC 7208 5): `ip4:203.0.113.20`."""
    match = _SPF.fullmatch(text)
    kind, value = (match[1], match[2]) if match else ("", "")
    try:
        if kind in ("ip4", "ip6") and value:
            prefix = Prefix.parse(value)
            if prefix.family == int(kind[2]) and prefix.length > 7:
                return f"{kind}:{prefix.address if prefix.size == 1 else prefix}"
        elif kind and (value or kind in ("a", "mx")):
            return f"{kind}:{_check.own_name(value)}" if value else kind
    except (Perimeter365Error, InvalidValueError) as error:
        raise InvalidValueError("bad-value", f"{text!r}: {error.args[0]}") from None
    raise InvalidValueError(
        "bad-value",
        f"{text!r} is not an SPF mechanism",
        "write ip4:ADDRESS, ip6:ADDRESS, include:NAME, a, mx or exists:NAME",
    )


def _matching(pattern: re.Pattern[str], what: str, help: str) -> Check:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise InvalidValueError("bad-value", f"{text!r} is not {what}", help)
        return text

    return check


def _choice(key: str) -> Check:
    return lambda text: _check.one_of(f"value of {key}", text, DNS_KEYS[key])  # type: ignore[index]


_DNS_CHECKS: Mapping[str, Check] = {
    "autodiscover": _choice("autodiscover"),
    "sip": _choice("sip"),
    "device_registration": _choice("device_registration"),
    "mx_token": _matching(_TOKEN, "the first label of an MX target", "the admin center shows it: contoso-com"),
    "verification": _matching(_VERIFICATION, "a verification record", "the admin center shows it: MS=ms12345678"),
    "federation_proof": _matching(_PROOF, "the proof of a federation trust", "Get-FederatedDomainProof shows it"),
}


def _text(check: Check) -> Check:
    """Return a check that first rejects what is not text."""

    def checked(value: object) -> Any:
        if not isinstance(value, str):
            raise InvalidValueError("wrong-type", f"{value!r} is not a string in quotes")
        return check(value)

    return checked


def _list_of(check: Check) -> Check:
    """Return a check of a list of texts."""

    def checked(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidValueError("wrong-type", f"{value!r} is not a list of strings")
        if len(value) > MAX_ITEMS:
            raise InvalidValueError("bad-value", f"the list has {len(value)} entries, more than {MAX_ITEMS}, the limit")
        if not value:
            raise InvalidValueError("bad-value", "the list is empty", "leave the key out")
        return [_text(check)(each) for each in value]

    return checked


def _pattern(text: str) -> str:
    if not is_id_pattern(text):
        help = "write an id, or the start of ids with '/*' at the end: row/23/*"
        raise InvalidValueError("bad-value", f"{text!r} is not an id", help)
    return text


def _parsed(parse: Callable[[str], Any]) -> Check:
    def checked(text: str) -> Any:
        try:
            return parse(text)
        except Perimeter365Error as error:
            raise InvalidValueError("bad-value", error.message, error.help) from None

    return checked


def _day(value: object) -> date:
    if type(value) is not date or isinstance(value, datetime):
        raise InvalidValueError("wrong-type", f"{value} is not a day", "write it without quotes: 2027-03-31")
    return value


def _reason(text: str) -> str:
    if not (len(text.strip()) > 0 and len(text) <= 200 and text.isprintable()):
        raise InvalidValueError(
            "bad-value", "the reason is empty, too long or not printable", "write one line of at most 200 characters"
        )
    return text


def _warning_code(text: str) -> str:
    return _check.one_of("code of a warning", text, tuple(WARNINGS))


def _few_ports(check: Check) -> Check:
    """Return a check that also rejects nearly all ports."""

    def checked(value: object) -> PortSet:
        ports: PortSet = check(value)
        if sum(last - first + 1 for first, last in ports) > MAX_ADJUSTED_PORTS:
            help = f"write the ports that the server listens on, at most {MAX_ADJUSTED_PORTS}"
            raise InvalidValueError("never", f"{ports} is nearly all ports", help)
        return ports

    return checked


_ID: Mapping[str, Check] = {"id": _text(_pattern), "reason": _text(_reason)}
_PORTS: Mapping[str, Check] = {"tcp": _text(_parsed(PortSet.parse)), "udp": _text(_parsed(PortSet.parse))}
TABLES: Mapping[str, tuple[Callable[..., Any], Mapping[str, Check], tuple[str, ...]]] = {
    "exclude": (
        Exclusion,
        {
            **_ID,
            "hosts": lambda value: tuple(_list_of(_parsed(HostPattern))(value)),
            "prefixes": lambda value: PrefixSet.of(_list_of(_parsed(Prefix.parse))(value)),
            **_PORTS,
        },
        ("id", "reason"),
    ),
    "adjust": (
        Adjustment,
        {
            **_ID,
            "source": _text(_check.role),
            "hosts": lambda value: tuple(sorted(set(map(HostPattern, _list_of(_check.own_name)(value))))),
            **{protocol: _few_ports(check) for protocol, check in _PORTS.items()},
        },
        ("id",),
    ),
    "accept": (
        Acceptance,
        {
            **_ID,
            "code": _text(_warning_code),
            "loss": _text(_matching(_LOSS, "a target and the reason of its loss", "write nftables/unaddressed-hosts")),
            "expires": _day,
        },
        ("id", "reason"),
    ),
}
"""Each array of tables: its class, the checks of its keys, and the keys that it needs."""


def statements(reader: ProfileReader, name: str, value: object) -> tuple[Any, ...]:
    """Read an array of tables: [[exclude]], [[adjust]] or [[accept]]."""
    make, checks, needed = TABLES[name]
    if not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
        reader.add_problem((name,), "wrong-type", f"{name} is not a list of tables", f"write [[{name}]]")
        return ()
    if not reader.is_short((name,), value):
        return ()
    found = []
    for number, item in enumerate(value):
        path = (name, number)
        before = len(reader.problems)
        given: dict[str, Any] = {}
        for key, each in item.items():
            if key not in checks:
                wrong = _check.unknown(f"key of [[{name}]]", key, checks)
                error = InvalidValueError("unknown-key", wrong.message, wrong.help, wrong.allowed)
                reader.add_error((*path, key), error, reader.document.key_span((*path, key)))
            else:
                given[key] = reader.attempt((*path, key), checks[key], each)
        for key in needed:
            if key not in item:
                reader.add_problem(path, "missing", f"[[{name}]] has no {key}", f"add {key} = …")
        if name == "accept" and ("code" in item) == ("loss" in item):
            reader.add_problem(path, "missing", "[[accept]] needs a code or a loss, not both", 'add code = "role-unset"')
        if name == "adjust" and not item.keys() & {"source", "tcp", "udp", "hosts"}:
            reader.add_problem(path, "missing", "[[adjust]] changes nothing", "add source, tcp, udp or hosts")
        if len(reader.problems) == before:
            found.append(make(**given, place=reader.problem_at((*path, "id"))))
    return tuple(found)


def targets(reader: ProfileReader, table: Mapping[str, Any]) -> dict[str, TargetSettings]:
    """Read [targets.NAME]: options, limits and own names of targets."""
    found = {}
    for name, values in table.items():
        path = ("targets", name)
        if not isinstance(values, dict) or not _TARGET.fullmatch(name):
            reader.add_problem(path, "wrong-type", f"targets.{name} is not the table of a target", "write [targets.pac]")
            continue
        if not reader.is_short(path, values):
            continue
        kept: dict[str, Any] = {}
        for key, value in values.items():
            settled = reader.attempt((*path, key), _setting, value)
            if settled is not None:
                kept[key] = settled
        places = {key: reader.problem_at((*path, key), key=True) for key in values}
        found[name] = TargetSettings(values=kept, places={"": reader.problem_at(path, key=True), **places})
    return found


def _setting(value: object) -> str | int | tuple[str, ...]:
    if isinstance(value, str) or (type(value) is int and value.bit_length() <= MAX_BITS):
        return value
    if isinstance(value, list) and len(value) > MAX_ITEMS:
        raise InvalidValueError("bad-value", f"the list has {len(value)} entries, more than {MAX_ITEMS}, the limit")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    if type(value) is int:
        raise InvalidValueError("bad-value", f"this number has more than {MAX_BITS} bits")
    raise InvalidValueError("wrong-type", f"{value!r} is not a string, a whole number or a list of strings")
