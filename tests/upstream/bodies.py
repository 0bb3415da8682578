"""Bodies of the web service: a correct list, and faulty variants of it."""

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from perimeter365.model.cloud import Cloud
from perimeter365.model.endpoint_set import EndpointSet
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.sources.embedded import embedded
from perimeter365.wire.names import AREAS

Items = list[dict[str, Any]]


def honest(cloud: Cloud = Cloud.WORLDWIDE) -> Items:
    """The embedded list in the service's form."""
    return of_sets(s for s in embedded().endpoint_sets(cloud) if s.id < SYNTHETIC_ID)


def of_sets(sets: Iterable[EndpointSet]) -> Items:
    """Return sets in the service's form: keys in its order, without empty values."""
    made = []
    for s in sets:
        item: dict[str, Any] = {
            "id": s.id,
            "serviceArea": AREAS[s.area],
            "serviceAreaDisplayName": "Microsoft 365",
            "urls": [h.text for h in s.hosts],
            "ips": list(s.listed),
            "tcpPorts": str(s.tcp),
            "udpPorts": str(s.udp),
            "expressRoute": s.express_route,
            "category": s.category.capitalize(),
            "required": s.required,
        }
        made.append({key: value for key, value in item.items() if value not in ("", [])})
    return made


def encode(items: object) -> bytes:
    """The bytes of a document as the service writes it."""
    return json.dumps(items, indent=2).encode("ascii")


def grown(items: Items, cycle: int, rate: float = 0.004) -> Items:
    """A list that has grown by `rate` in each cycle, by harmless names in its first set."""
    count = sum(len(item.get("urls", [])) + len(item.get("ips", [])) for item in items)
    more = round(count * (1 + rate) ** cycle) - count
    first = {**items[0], "urls": [*items[0].get("urls", []), *(f"n{n}.growth.msn.com" for n in range(more))]}
    return [first, *items[1:]]


def _changed(change: Callable[[Items], object]) -> Callable[[Items], bytes]:
    def apply(items: Items) -> bytes:
        mine = copy.deepcopy(items)
        change(mine)
        return encode(mine)

    return apply


def _with_ips(*ips: object) -> Callable[[Items], bytes]:
    return _changed(lambda items: items[0].update(ips=list(ips)))


def _with_urls(*urls: object) -> Callable[[Items], bytes]:
    return _changed(lambda items: items[0].update(urls=list(urls)))


def _spread(items: Items) -> None:
    """Every /8, each within the bound, spread over the sets."""
    for i in range(256):
        items[i % len(items)].setdefault("ips", []).append(f"{i}.0.0.0/8")


_LISTS: dict[str, Callable[[Items], bytes]] = {
    "truncated-json": lambda items: encode(items)[:-400],
    "truncated-in-a-text": lambda items: encode(items)[: encode(items).index(b"serviceArea") + 4],
    "depth": lambda items: b"[" * 100_000 + b"]" * 100_000,
    "million-digit-number": lambda items: encode(items).replace(b'"id": 1,', b'"id": 1' + b"0" * 1_000_000 + b",", 1),
    "fraction": lambda items: encode(items).replace(b'"id": 1,', b'"id": 1.5,', 1),
    "nan": lambda items: encode(items).replace(b'"id": 1,', b'"id": NaN,', 1),
    "lone-surrogate": lambda items: encode(items).replace(b'"Microsoft 365"', b'"\\ud800"', 1),
    "byte-order-mark": lambda items: b"\xef\xbb\xbf" + encode(items),
    "nul": lambda items: encode(items).replace(b"Microsoft 365", b"Micro\x00soft", 1),
    "not-utf-8": lambda items: encode(items).replace(b"Microsoft 365", b"Micro\xffsoft", 1),
    "duplicate-key": lambda items: encode(items).replace(b'"id": 1,', b'"id": 1, "id": 2,', 1),
    "id-reused": _changed(lambda items: items.append(dict(items[0]))),
    "empty-list": lambda items: b"[]",
    "null": lambda items: b"null",
    "object": lambda items: b"{}",
    "text": lambda items: b'"2026"',
    "empty-body": lambda items: b"",
    "html": lambda items: b"<!DOCTYPE html><html><title>Service unavailable</title></html>",
    "plain-words": lambda items: b"Valid ClientRequestId Guid is required in the query string.",
    "too-many-sets": _changed(lambda items: items.extend({**items[0], "id": 1000 + i} for i in range(600))),
    "too-many-names": _changed(lambda items: items[0].update(urls=[f"n{i}.growth.example.com" for i in range(6001)])),
    "too-many-prefixes": _changed(lambda items: items[0].update(ips=[f"52.{i // 256}.{i % 256}.0/24" for i in range(6001)])),
    "too-many-values": lambda items: b"[" + b"[[[[]]]]," * 200_000 + b"[]]",
}
_PREFIXES = {
    "dotted-wildcard-mask": "10.0.0.0/0.0.0.255",
    "dotted-mask": "52.96.0.0/255.252.0.0",
    "zone-id": "fe80::1%eth0",
    "mapped": "::ffff:52.96.0.0/110",
    "host-bits": "52.96.0.1/14",
    "unicode-digits": "५२.96.0.0/14",
    "everything": "0.0.0.0/0",
    "everything-ipv6": "::/0",
    "half-of-everything": "128.0.0.0/1",
    "wider-than-the-bound": "52.0.0.0/7",
    "wider-than-the-bound-ipv6": "2600::/19",
    "loopback": "127.0.0.0/8",
    "link-local": "169.254.169.254/32",
    "multicast": "239.0.0.0/8",
    "private": "10.0.0.0/8",
    "private-ipv6": "fd00::/8",
    "no-length": "52.96.0.1",
    "line-break": "52.96.0.0/14\r\npermit any",
    "empty": "",
    "long": "5" * 5000,
}
_NAMES = {
    "star": "*",
    "star-com": "*.com",
    "star-co-uk": "*.co.uk",
    "glued-suffix": "*co.uk",
    "homoglyph": "outl\u043e\u043ek.com",
    "254-characters": ("a" * 49 + ".") * 5 + "com1",
    "crlf": "outlook.com\r\nallow *",
    "comment": "outlook.com#",
    "quotes": 'outlook.com"',
    "two-stars": "*.*.outlook.com",
    "template": "<tenant>.sharepoint.com",
    "scheme": "https://outlook.com",
    "port": "outlook.com:443",
    "address": "52.96.0.1",
    "space": "out look.com",
    "empty": "",
    "ansi": "\x1b[31moutlook.com",
}
_LISTS |= {f"prefix-{name}": _with_ips(text) for name, text in _PREFIXES.items()}
_LISTS |= {f"host-{name}": _with_urls(text) for name, text in _NAMES.items()}
_LISTS["prefix-halves-in-one-set"] = _with_ips("0.0.0.0/1", "128.0.0.0/1")
_LISTS["prefix-parts-that-sum-to-more-than-the-bound"] = _with_ips(*(f"{i}.0.0.0/8" for i in range(52, 56)))
_LISTS["prefix-parts-over-sets"] = _changed(_spread)

_REQUIRED = ("id", "serviceArea", "category", "required", "expressRoute")
_FIELDS = (*_REQUIRED, "serviceAreaDisplayName", "urls", "ips", "tcpPorts", "udpPorts", "notes")
_WRONG: dict[str, object] = {"null": None, "a-number": 7, "an-object": {"a": 1}, "a-list-of-null": [None]}


def _drop(key: str) -> Callable[[Items], bytes]:
    return _changed(lambda items: items[0].pop(key, None))


def _put(key: str, value: object) -> Callable[[Items], bytes]:
    return _changed(lambda items: items[0].update({key: value}))


_LISTS |= {f"field-{key}-missing": _drop(key) for key in _REQUIRED}
_LISTS |= {f"field-{key}-is-{name}": _put(key, value) for key in _FIELDS for name, value in _WRONG.items()}
del _LISTS["field-id-is-a-number"]  # an id is a number
_LISTS |= {f"field-{key}-is-empty": _put(key, "") for key in _REQUIRED}
_LISTS |= {
    "field-id-is-true": _put("id", True),
    "field-id-is-zero": _put("id", 0),
    "field-id-is-a-text": _put("id", "1"),
    "field-required-is-a-text": _put("required", "true"),
    "field-required-is-one": _put("required", 1),
    "field-tcpPorts-is-zero": _put("tcpPorts", "0"),
    "field-tcpPorts-is-all": _put("tcpPorts", "*"),
    "field-tcpPorts-has-unicode-digits": _put("tcpPorts", "४४३"),
    "field-urls-and-ips-are-empty": _changed(lambda items: items[0].update(urls=[], ips=[])),
    "field-urls-is-a-text": _put("urls", "outlook.com"),
}

_LISTS["prefix-halves-of-ipv6"] = _with_ips("::/1", "8000::/1")


def _twice(key: str) -> Callable[[Items], bytes]:
    """A duplicate key in one object, of which some parsers use the first and some the last."""
    return lambda items: encode(items).replace(f'"{key}": '.encode(), f'"{key}": null, "{key}": '.encode(), 1)


_LISTS |= {f"duplicate-{key}": _twice(key) for key in _FIELDS if key not in ("udpPorts", "notes")}

FAULTY_BODIES: Mapping[str, Callable[[Items], bytes]] = _LISTS
"""Case -> function that turns a correct list into a faulty body. Every one has to be rejected."""


_KINDS = {
    "prefix": "an endpoint set with the prefix",
    "host": "an endpoint set with the name",
    "field": "the first set's",
}
_MEANING = {
    "truncated-json": "a list that stops before its end",
    "truncated-in-a-text": "a list that stops within a string",
    "depth": "100,000 nested lists",
    "million-digit-number": "a number of a million digits",
    "fraction": "an id that is not a whole number",
    "nan": "an id that is not a number",
    "lone-surrogate": "a lone surrogate",
    "byte-order-mark": "a byte order mark before the list",
    "nul": "a NUL byte in a string",
    "not-utf-8": "a byte that is not UTF-8",
    "duplicate-key": "a set with two ids",
    "id-reused": "two sets with one id",
    "empty-list": "`[]`",
    "null": "`null`",
    "object": "`{}`",
    "text": "a JSON string",
    "empty-body": "nothing",
    "html": "a page",
    "plain-words": "words, as the service writes its errors",
    "too-many-sets": "more than 620 sets",
    "too-many-names": "6,001 names in a set",
    "too-many-prefixes": "6,001 prefixes in a set",
    "too-many-values": "200,000 nested lists",
    "prefix-halves-in-one-set": "two halves of the address space",
    "prefix-halves-of-ipv6": "two halves of the IPv6 address space",
    "prefix-parts-that-sum-to-more-than-the-bound": "four /8 that are a /6 together",
    "prefix-parts-over-sets": "every /8, spread over the sets",
}


def meaning(case: str) -> str:
    """The meaning of a case in one line."""
    if case in _MEANING:
        return _MEANING[case]
    kind, _, rest = case.partition("-")
    named = {"prefix": _PREFIXES, "host": _NAMES}.get(kind)
    if kind == "duplicate":
        return f"the first set's {rest} is a duplicate key"
    return f"{_KINDS[kind]} {repr(named[rest])[:50] if named else rest.replace('-', ' ')}"
