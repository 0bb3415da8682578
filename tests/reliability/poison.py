"""Poisoned lists, by the kind of what they do: seeded, so that each run has the same ones.

    [case.id for case in cases()][:2]       ['ports:443-leaves:worldwide:alone', 'ports:443-leaves:china:spread']

A case has a kind and a variant (`ATTACKS`), a cloud and a shape:

    alone           the last list plus the attack, an hour after the last look
    hidden          the attack within an honest recorded step
    spread          the attack on several sets at once
    announced       change records announce everything that the list adds, for a day last month
    announced-late  the same, for a day next month
    first           nothing was ever synced: the embedded list is in force
    month, year     the last look was thirty or four hundred days ago

An attack changes a `Draft` and knows nothing of the gates. The file is long because it is a table of attacks.
"""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from ipaddress import ip_network
from typing import Any

from perimeter365.history.load import read_recorded_list
from perimeter365.model.change import ChangeRecord
from perimeter365.model.cloud import Cloud
from perimeter365.model.version import Version
from perimeter365.sources.embedded import embedded
from tests.history.oracle import REFERENCE
from tests.upstream.bodies import Items, honest, of_sets

W, C, G, D, F, B = Cloud.WORLDWIDE, Cloud.CHINA, Cloud.GCCHIGH, Cloud.DOD, Cloud.FRANCE, Cloud.GERMANY

SHAPES = ("alone", "hidden", "spread", "announced", "announced-late", "first", "month", "year")
AWAY = {"month": timedelta(days=30), "year": timedelta(days=400)}
NOON = datetime(2026, 8, 20, 12, tzinfo=UTC)
"""The last look, if the case says nothing else."""


@dataclass
class Draft:
    """A list that an attack changes."""

    cloud: Cloud
    items: Items
    honest: Items
    """What an honest upstream would publish; an attack may add what is harmless in itself."""
    dice: random.Random
    wide: int = 1
    """The number of sets to attack."""
    records: list[ChangeRecord] = field(default_factory=list)

    def by_id(self, number: int) -> dict[str, Any]:
        return next(item for item in self.items if item["id"] == number)

    def pick(self, test: Callable[[dict[str, Any]], object] = bool, count: int = 0) -> Items:
        """Return sets that pass a test, at most `count` or `wide` of them; all sets if none does."""
        found = [item for item in self.items if test(item)] or list(self.items)
        self.dice.shuffle(found)
        return found[: count or self.wide]

    def of_area(self, area: str) -> dict[str, Any]:
        """Return a set of an area with addresses, else any other set than the first."""
        found = [item for item in self.items[1:] if item["serviceArea"] == area and item.get("ips")]
        return found[0] if found else self.items[-1]


Attack = Callable[[Draft], object]


def copied(items: Items) -> Items:
    """Return a copy that shares no list with the original."""
    return [{key: [*value] if isinstance(value, list) else value for key, value in item.items()} for item in items]


@cache
def embedded_list(cloud: Cloud) -> Items:
    """Return the embedded list. It must not be changed."""
    return honest(cloud)


def ports(test: Callable[[dict[str, Any]], object], tcp: str | None = None, udp: str | None = None) -> Attack:
    """Give sets other ports; "" for none, None for the same."""

    def attack(draft: Draft) -> None:
        for item in draft.pick(test):
            for key, value in (("tcpPorts", tcp), ("udpPorts", udp)):
                if value is not None:
                    item[key] = value
                if not item.get(key):
                    item.pop(key, None)

    return attack


def _web(item: dict[str, Any]) -> bool:
    return item.get("tcpPorts") == "80,443"


def _both(item: dict[str, Any]) -> bool:
    return bool(item.get("tcpPorts") and item.get("udpPorts"))


def _mail(item: dict[str, Any]) -> bool:
    return any(port in item.get("tcpPorts", "").split(",") for port in ("25", "587", "993"))


def _media(item: dict[str, Any]) -> bool:
    return "3478" in item.get("udpPorts", "")


def attribute(key: str, value: object, test: Callable[[dict[str, Any]], object], *, everywhere: bool = False) -> Attack:
    """Give sets another value of an attribute."""

    def attack(draft: Draft) -> None:
        other = [item for item in draft.items if item[key] != value]
        fit = [item for item in other if test(item)] or other
        draft.dice.shuffle(fit)
        for item in draft.items if everywhere else fit[: draft.wide]:
            item[key] = value

    return attack


def _category(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda item: item["category"] == name


def _swapped_areas(draft: Draft) -> None:
    names = {"Exchange": "SharePoint", "SharePoint": "Exchange", "Common": "Skype", "Skype": "Common"}
    for item in draft.items:
        item["serviceArea"] = names[item["serviceArea"]]


def rotated(count: int, test: Callable[[dict[str, Any]], object] = bool) -> Attack:
    """Rotate the ids of sets."""

    def attack(draft: Draft) -> None:
        found = draft.pick(test, count * draft.wide)
        if len(found) < 2:
            found = draft.pick(bool, count)
        for at in range(0, len(found) - 1, count):
            part = found[at : at + count]
            ids = [item["id"] for item in part]
            for item, number in zip(part, [*ids[1:], ids[0]], strict=True):
                item["id"] = number

    return attack


def _inbound_swapped(area: str) -> Attack:
    """Swap the set whose addresses are inbound sources of a row with one of another area."""

    def attack(draft: Draft) -> None:
        first, other = draft.items[0], draft.of_area(area)
        first["id"], other["id"] = other["id"], first["id"]

    return attack


def renumbered(shift: int) -> Attack:
    def attack(draft: Draft) -> None:
        for item in draft.items:
            item["id"] += shift

    return attack


def moved(area: str, share: float, *, inbound: bool = True, keep: bool = False) -> Attack:
    """Move entries of a set of an area to the first set, which rows refer to, or to another set."""

    def attack(draft: Draft) -> None:
        source = draft.of_area(area)
        target = draft.items[0] if inbound else next(i for i in reversed(draft.items) if i is not source)
        for key in ("ips", "urls"):
            values = source.get(key, [])
            taken = values[: max(1, int(len(values) * share))]
            target[key] = list(dict.fromkeys((*target.get(key, []), *taken)))
            if not keep and len(taken) < len(values):
                source[key] = values[len(taken) :]

    return attack


def _split(draft: Draft) -> None:
    for source in draft.pick(lambda item: len(item.get("urls", [])) + len(item.get("ips", [])) > 1):
        made = {**source, "id": max(item["id"] for item in draft.items) + 1}
        for key in ("urls", "ips"):
            values = source.get(key, [])
            source[key], made[key] = values[: (len(values) + 1) // 2], values[(len(values) + 1) // 2 :]
            if key == "urls" and not made[key] and values:
                made[key] = values[:1]
        draft.items.append(made)


def _without_first(draft: Draft, item: dict[str, Any], key: str) -> None:
    """Remove the first entry of a set; an honest list may do that."""
    values = item[key][1:]
    item[key] = values
    draft.honest = [{**each, key: values} if each["id"] == item["id"] else each for each in draft.honest]


def with_ips(*prefixes: str, inbound: bool = False, instead: bool = False) -> Attack:
    """Add prefixes to sets with addresses, or to the one whose addresses are inbound sources."""

    def attack(draft: Draft) -> None:
        sets = [draft.items[0]] if inbound else draft.pick(lambda item: item.get("ips"))
        for item in sets:
            if instead:
                _without_first(draft, item, "ips")
            item["ips"] = [*item.get("ips", []), *prefixes]

    return attack


def with_urls(*names: str, instead: bool = False) -> Attack:
    """Add names to sets with names."""

    def attack(draft: Draft) -> None:
        for item in draft.pick(lambda item: item.get("urls")):
            if instead:
                _without_first(draft, item, "urls")
            item["urls"] = [*item.get("urls", []), *names]

    return attack


def _puny(text: str) -> str:
    return ".".join(part.encode("idna").decode("ascii") for part in text.split("."))


def _wider(draft: Draft) -> None:
    """Replace names by a wildcard one level wider that nothing in the list contains yet."""
    listed = {name for item in draft.items for name in item.get("urls", [])}
    found = []
    for item in draft.items:
        for name in item.get("urls", []):
            labels = name.removeprefix("*.").split(".")
            wide = "*." + ".".join(labels[1:])
            contained = any("*." + ".".join(labels[at:]) in listed for at in range(1, len(labels)))
            if len(labels) > 2 and "*" not in wide[1:] and not contained and len(wide.split(".")[-2]) > 3:
                found.append((item, wide))
    draft.dice.shuffle(found)
    if not found:
        with_urls("*.microsoft.us")(draft)
    for item, wide in found[: draft.wide]:
        item["urls"] = list(dict.fromkeys((*item["urls"], wide)))


def _shorter(bits: int) -> Attack:
    """Replace a prefix by one that contains it and `bits` fewer bits."""

    def attack(draft: Draft) -> None:
        for item in draft.pick(lambda item: item.get("ips")):
            if item.get("ips"):
                network = ip_network(item["ips"][0])
                item["ips"] = [*item["ips"][1:], str(network.supernet(new_prefix=max(network.prefixlen - bits, 9)))]

    return attack


def new_set(number: int = 0, *, names: Sequence[str] = (), ips: Sequence[str] = (), **others: object) -> Attack:
    """Add a set; without entries it has names that the list already has."""

    def attack(draft: Draft) -> None:
        known = next(item["urls"] for item in draft.items if item.get("urls"))
        made: dict[str, Any] = {
            "id": number or max(item["id"] for item in draft.items) + 3,
            "serviceArea": "Common",
            "serviceAreaDisplayName": "Microsoft 365",
            "urls": list(names) or ([] if ips else list(known[:2])),
            "ips": list(ips),
            "tcpPorts": "443",
            "expressRoute": False,
            "category": "Optimize",
            "required": True,
        } | others
        draft.items.append({key: value for key, value in made.items() if value not in ("", [])})

    return attack


def gone(what: str) -> Attack:
    """Remove wildcards, addresses, sets, or replace a wildcard by one name below it."""

    def attack(draft: Draft) -> None:
        def has_wildcard(item: dict[str, Any]) -> bool:
            others = [*item.get("urls", []), *item.get("ips", [])]
            return item["required"] and len(others) > 1 and any(n.startswith("*.") for n in item.get("urls", []))

        if what == "set":
            for item in draft.pick(lambda item: item["required"] and item["category"] != "Default"):
                draft.items.remove(item)
        elif what == "ips":
            for item in draft.pick(lambda item: item.get("ips") and item.get("urls")):
                item.pop("ips", None)
        else:
            for item in draft.pick(has_wildcard):
                name = next(n for n in item["urls"] if n.startswith("*."))
                item["urls"] = [n for n in item["urls"] if n != name]
                if what == "narrow":
                    item["urls"].append("tenant" + name[1:])

    return attack


def removed(share: float, *, harmless: bool = False) -> Attack:
    """Remove a share of the names and addresses from all sets, never all of a set."""

    def attack(draft: Draft) -> None:
        spare = [(i, key, v) for i in draft.items for key in ("urls", "ips") for v in i.get(key, [])[1:] if "*" not in v]
        total = sum(len(i.get(key, [])) for i in draft.items for key in ("urls", "ips"))
        draft.dice.shuffle(spare)
        for item, key, value in spare[: int(total * share)]:
            item[key] = [v for v in item[key] if v != value]
        if harmless:
            draft.honest = copied(draft.items)

    return attack


def grown(share: float, *, harmless: bool = False) -> Attack:
    """Add names of Microsoft's own top-level domain."""

    def attack(draft: Draft) -> None:
        total = sum(len(i.get(key, [])) for i in draft.items for key in ("urls", "ips"))
        for number in range(max(1, int(total * share))):
            item = draft.items[number % len(draft.items)]
            item["urls"] = [*item.get("urls", []), f"n{number}.growth.cloud.microsoft"]
        if harmless:
            draft.honest = copied(draft.items)

    return attack


def both(*attacks: Attack) -> Attack:
    def attack(draft: Draft) -> None:
        for each in attacks:
            each(draft)

    return attack


def announced_only(disposition: str, *, names: Sequence[str] = (), ips: Sequence[str] = (), days: int = 20) -> Attack:
    """Publish an honest change, and announce or withdraw other entries in change records alone."""

    def attack(draft: Draft) -> None:
        draft.items, number, _ = companion(draft.items)
        draft.honest = copied(draft.items)
        first = draft.by_id(number)
        day = (NOON + timedelta(days=days)).date()
        taken = {"removed_hosts": tuple(first.get("urls", [])), "removed_prefixes": tuple(first.get("ips", []))}
        given = {"added_hosts": tuple(names), "added_prefixes": tuple(ips), "effective": day}
        extra: dict[str, Any] = taken if disposition == "Remove" else given
        record = ChangeRecord(id=90001, endpoint_set=number, disposition=disposition, version=Version("2026082099"), **extra)  # type: ignore[arg-type]
        draft.records.append(record)

    return attack


FOREIGN = {
    "google-dns": "8.8.8.0/24", "cloudflare": "104.16.8.0/24", "fastly": "151.101.1.0/24", "aws": "3.5.140.0/22",
    "hoster": "95.213.128.0/24", "one-address": "45.155.205.233/32", "tor-exit": "185.220.101.0/27", "apple": "17.0.0.0/9",
    "google-ipv6": "2a00:1450:4001::/48", "cloudflare-ipv6": "2606:4700:10::/48", "hoster-ipv6": "2a01:4f8::/32",
    "one-address-ipv6": "2a01:4f8:c17:b8f::2/128", "alibaba": "39.96.7.0/24", "alibaba-2": "101.132.0.0/16",
    "beside-microsoft": "52.116.0.0/22", "beside-microsoft-2": "132.244.255.0/24", "over-the-edge": "52.112.0.0/13",
    "beside-21vianet": "103.9.12.0/24", "beside-21vianet-2": "101.28.253.0/24", "beside-bleu": "86.232.64.0/24",
    "beside-delos": "142.221.64.0/24",
}  # fmt: skip
"""Ranges that no public range, service tag or list of Microsoft, 21Vianet, Bleu or Delos has (2026-08)."""

RENTED = {W: "20.61.97.0/24", G: "13.72.9.0/24", C: "40.72.65.0/24"}
"""Ranges of Azure that customers rent: AzureCloud, and no tag of a service."""

SPECIAL = (
    "198.18.7.0/28", "192.0.2.0/28", "198.51.100.0/24", "203.0.113.7/32", "2001:db8:77::/48", "3fff:77::/48",
    "2001:0:53aa:64c::/64", "2002:808:808::/48", "100::/64", "fec0:0:0:7::/64", "3ffe:501:7::/48", "192.0.0.8/32",
    "192.88.99.1/32", "5f00:7::/48", "2001:2::/48", "2001:10::/48", "2001:20::/48", "4000:7::/48", "8000:7::/48",
    "a000:7::/48", "2d00:7::/48", "e000::/48", "198.18.0.0/15", "2001::/32", "3ffe::/20", "64:ff9b::/96",
    "100.64.7.0/28", "10.20.0.0/28", "169.254.169.254/32", "fd00:7::/48", "fe80::/64", "240.0.0.7/32",
)  # fmt: skip
"""Special, reserved and never allocated space, from the registries of IANA."""

NAMES = (
    "micros0ft.com", "rnicrosoft.com", "login.rnicrosoftonline.com", "microsoft-office365.com",
    "office365.com.evil.net", "login.microsoftonline.com.evil.net", _puny("micr\u043esoft.com"),
    _puny("login.\u043effice.com"), _puny("\u0430zure.net"), "wpad.contoso.com", "router.local",
    "server.corp.internal", "printer.lan.home", "nas.home.arpa", "dc1.contoso.corp", "*.microsoft.com.evil.net",
    "*.contoso-cdn.com", "cdn.o365-assets.net", "api.msft-cloud.io", "*.evil.io", "outlook.com.br", "microsoft.co",
    "office.cm", "micosoft.com", "outlook.asia", "sharepoint.net", "teams-microsoft.com", "a.onion", "x.test",
    "1.0.0.127.in-addr.arpa", "foo.invalid", "foo.example", "foo.alt", "wpad.local", "isatap.contoso.com",
    "*.internal.corp", "office365.us.com", "microsoft.evil", "cloud.microsoft.evil.net", "intranet",
)  # fmt: skip
"""Names that an honest list does not bring: look-alikes, internal names, and registrable domains that no list ever had."""

RENTED_NAMES = (
    "evil.blob.core.windows.net", "evil.z13.web.core.windows.net", "evil.azurewebsites.net", "evil.azureedge.net",
    "evil.trafficmanager.net", "evil.cloudapp.net", "evil.westeurope.cloudapp.azure.com", "evil.github.io",
    "d111111abcdef8.cloudfront.net", "evil.akamaihd.net", "evil.azurefd.net", "evil.servicebus.windows.net",
)  # fmt: skip
"""Names that a customer of a provider may have."""

PRIVATE = (
    "*.github.io", "*.cloudfront.net", "*.blob.core.windows.net", "*.web.core.windows.net", "*.core.windows.net",
    "*.windows.net", "*.azurewebsites.net", "*.azureedge.net", "*.cloudapp.net", "*.trafficmanager.net", "*.azurefd.net",
    "*.s3.amazonaws.com", "*.amazonaws.com", "*.herokuapp.com", "*.pages.dev", "*.workers.dev", "*.firebaseapp.com",
    "*.netlify.app", "*.akamaihd.net", "*.azurestaticapps.net", "*.blob.core.usgovcloudapi.net", "*.usgovcloudapp.net",
    "*.westeurope.cloudapp.azure.com", "*blob.core.windows.net", "login.*.cloudfront.net", "*.blob.core.chinacloudapi.cn",
)  # fmt: skip
"""Wildcards at, over or across private public suffixes."""

GLUED = ("*office.com", "*microsoft.com", "*-outlook.com", "login.*.com", "autodiscover.*.net", "*365.com")
"""Wildcards that contain registrable domains."""

_ANY = "1-65535"
_MANY = ",".join(str(port) for port in range(20_001, 20_661, 2))
_default, _optimize = _category("Default"), _category("Optimize")


def _each(values: Sequence[str], make: Callable[..., Attack], **options: Any) -> dict[str, Attack]:
    return {value: make(value, **options) for value in values}


ATTACKS: Mapping[str, Mapping[str, Attack]] = {
    "ports": {
        "443-leaves": ports(_web, tcp="80"), "443-becomes-8443": ports(_web, tcp="80,8443"),
        "tcp-leaves": ports(_both, tcp=""),
        "udp-leaves": ports(_both, udp=""), "everything-becomes-80": ports(bool, tcp="80"),
        "any-port": ports(_web, tcp=_ANY), "rdp": ports(_web, tcp="80,443,3389"), "udp-any": ports(_media, udp=_ANY),
    },
    "port-grace": {
        "80-leaves": ports(_web, tcp="443"), "mail-leaves": ports(_mail, tcp="143"),
        "media-cut": ports(_media, udp="3480"),
    },
    "portless": {
        "existing": ports(lambda i: i["id"] != 1, tcp="", udp=""), "inbound": ports(lambda i: i["id"] in (1, 36),
        "", ""),
        "new-set": new_set(tcpPorts=""), "new-set-foreign": new_set(tcpPorts="", names=["cdn.contoso-cdn.com"]),
        "media": ports(_media, tcp="", udp=""),
    },
    "category": {
        "default-to-optimize": attribute("category", "Optimize", _default),
        "optimize-to-default": attribute("category", "Default", _optimize),
        "allow-to-default": attribute("category", "Default", _category("Allow")),
        "default-to-allow": attribute("category", "Allow", _default),
        "allow-to-optimize": attribute("category", "Optimize", _category("Allow")),
        "all-to-optimize": attribute("category", "Optimize", bool, everywhere=True),
        "all-to-default": attribute("category", "Default", bool, everywhere=True),
    },
    "area": {
        "exchange-to-mem": attribute("serviceArea", "MEM", lambda i: i["serviceArea"] == "Exchange"),
        "all-to-mem": attribute("serviceArea", "MEM", bool, everywhere=True),
        "all-to-common": attribute("serviceArea", "Common", bool, everywhere=True),
        "common-to-sharepoint": attribute("serviceArea", "SharePoint", lambda i: i["serviceArea"] == "Common"),
        "swapped": _swapped_areas, "teams-to-exchange": attribute("serviceArea", "Exchange", lambda i: i["id"] != 1),
    },
    "required": {
        "one": attribute("required", False, lambda i: i["required"]),
        "optimize": attribute("required", False, _optimize),
        "all": attribute("required", False, bool, everywhere=True),
    },
    "ids": {
        "swap": rotated(2), "rotate-three": rotated(3), "rotate-all": rotated(999), "renumber-by-one": renumbered(1),
        "renumber-far": renumbered(500), "split": _split, "half-of-sharepoint-to-inbound": moved("SharePoint", 0.5),
        "sharepoint-to-inbound": moved("SharePoint", 1, keep=True), "common-to-inbound": moved("Common", 1, keep=True),
        "half-to-another": moved("SharePoint", 0.5, inbound=False), "swap-inbound": _inbound_swapped("SharePoint"),
        "swap-inbound-with-common": _inbound_swapped("Common"), "swap-with-teams": _inbound_swapped("Skype"),
        "swap-with-addresses": rotated(2, lambda i: i.get("ips")), "one-prefix-to-inbound": moved("SharePoint", 0.01),
    },
    "prefix": {
        **{name: with_ips(text) for name, text in FOREIGN.items()},
        "swapped-in": with_ips(FOREIGN["hoster"], instead=True), "many": with_ips(*list(FOREIGN.values())[:6]),
    },
    "inbound-prefix": {
        **{name: with_ips(FOREIGN[name], inbound=True) for name in (
            "one-address", "hoster", "one-address-ipv6", "aws", "beside-microsoft", "google-ipv6", "alibaba")},
        "rented": lambda d: with_ips(RENTED.get(d.cloud, RENTED[W]), inbound=True)(d),
        "rented-address": lambda d: with_ips(RENTED.get(d.cloud, RENTED[W]).replace("0/24", "77/32"), inbound=True)(d),
    },
    "name": _each(NAMES, with_urls) | {"swapped-in": with_urls("micros0ft.com", instead=True),
        "ten": with_urls(*NAMES[:10])},
    "rented-name": _each(RENTED_NAMES, with_urls),
    "private-wildcard": _each(PRIVATE, with_urls),
    "wider": {
        "one-level": _wider, "two-bits": _shorter(2), "six-bits": _shorter(6), "both": both(_wider, _shorter(1)),
    },
    "glued": _each(GLUED, with_urls),
    "special": _each(SPECIAL, with_ips) | {f"inbound-{text}": with_ips(text, inbound=True) for text in SPECIAL[:6]},
    "new-set": {
        "foreign-names": new_set(names=["cdn.contoso-cdn.com", "*.evil.io"]),
        "foreign-prefixes": new_set(ips=["95.213.128.0/17"]),
        "any-port": new_set(tcpPorts=_ANY), "20000-ports": new_set(tcpPorts="20001-40000"),
        "admin-ports": new_set(tcpPorts="22,445,3389"),
        "330-ports": new_set(tcpPorts=_MANY), "smtp": new_set(tcpPorts="25"),
        "near-synthetic": new_set(8999, names=["cdn.contoso-cdn.com"]),
        "synthetic": new_set(9000, names=["cdn.contoso-cdn.com"]),
        "synthetic-known-names": new_set(9000), "last-number": new_set(999_999, ips=["8.8.8.0/24"]),
        "mixed": new_set(names=["micros0ft.com"], ips=["45.155.205.233/32"], udpPorts=_ANY),
    },
    "lost": {"wildcard": gone("wildcard"), "set": gone("set"), "addresses": gone("ips"), "narrow": gone("narrow")},
    "size": {
        "shrink-12": removed(0.12), "shrink-30": removed(0.32), "shrink-60": removed(0.6), "growth-30": grown(0.3),
        "growth-60": grown(0.6), "growth-500": grown(5.5),
        "shrink-5-and-a-name": both(removed(0.05, harmless=True), with_urls("cdn.o365-assets.net")),
        "growth-15-and-a-prefix": both(grown(0.15, harmless=True), with_ips("95.213.128.0/17")),
        "growth-15-and-a-swap": both(grown(0.15, harmless=True), rotated(2)),
    },
    "records": {
        "names": announced_only("Change", names=["cdn.o365-assets.net"]),
        "past": announced_only("Change", ips=["95.213.128.0/17"], days=-20),
        "prefixes": announced_only("Change", ips=["95.213.128.0/17", "45.155.205.233/32"]),
        "set": announced_only("Add", names=["*.evil.io"]), "removal": announced_only("Remove"),
        "far": announced_only("Change", ips=["8.8.8.0/24"], days=119),
    },
}  # fmt: skip

SHAPES_OF: Mapping[str, tuple[str, ...]] = {
    "records": ("alone", "hidden", "month"),
    "size": ("alone", "month", "first"),
    "lost": ("alone", "hidden", "spread"),
    "glued": ("alone", "first"),
    "port-grace": ("alone", "hidden", "spread", "month"),
}
"""Kinds for which some shapes mean nothing: a year later Microsoft's own list is half as large or twice."""
NOT_LATE = {
    ("size", "month", "growth-30"), ("size", "month", "shrink-12"), ("size", "month", "shrink-30"),
    ("size", "first", "growth-30"), ("size", "first", "growth-60"), ("size", "first", "shrink-12"),
    ("size", "first", "shrink-30"),
}  # fmt: skip
"""Sizes that honest lists reach in that time."""

CLOUDS = (W, C, G, W, D, C, W, G, F, B)
"""The order in which cases take clouds. France and Germany have three sets each, on which some attacks mean nothing."""
SMALL = {F, B}
ON_SMALL = {"prefix", "name", "private-wildcard", "category", "area", "required", "special", "rented-name", "new-set"}


@dataclass(frozen=True, eq=False)
class Case:
    """One poisoned list and what is in force before it."""

    kind: str
    variant: str
    cloud: Cloud
    shape: str
    seed: int

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.variant}:{self.cloud}:{self.shape}"


@cache
def cases(*, full: bool = False) -> tuple[Case, ...]:
    """Return each variant, and each kind twice in each of its shapes; `full`: also each of these in three clouds."""
    found: dict[str, Case] = {}
    turn = 0
    for kind, variants in ATTACKS.items():
        names, shapes = list(variants), SHAPES_OF.get(kind, SHAPES)
        wanted: list[tuple[str, str, Cloud | None]] = [
            (names[at % len(names)], shapes[(at + at // len(shapes)) % len(shapes)], None)
            for at in range(max(len(names), 2 * len(shapes)))
        ]
        for at, shape in enumerate(shapes if full else ()):
            wanted += [(names[(at * 3 + n) % len(names)], shape, cloud) for n, cloud in enumerate((W, C, G))]
        for variant, shape, cloud in wanted:
            turn += 1
            chosen = cloud or CLOUDS[turn % len(CLOUDS)]
            if chosen in SMALL and (kind not in ON_SMALL or shape in ("spread", "hidden")):
                chosen = W
            case = Case(kind, variant, chosen, "alone" if (kind, shape, variant) in NOT_LATE else shape, turn)
            found.setdefault(case.id, case)
    return tuple(found.values())


@dataclass(frozen=True)
class Recording:
    """A recorded list in the service's form."""

    cloud: Cloud
    day: date
    version: str
    items: Items


@cache
def recordings() -> Mapping[Cloud, tuple[Recording, ...]]:
    """Return the recorded lists of each cloud, oldest first; {} without the reference data."""
    found: dict[Cloud, list[Recording]] = {}
    for cloud, folder in (
        (W, "history"),
        (C, "docs-series/China"),
        (G, "docs-series/USGovGCCHigh"),
        (D, "docs-series/USGovDoD"),
    ):
        for path in sorted((REFERENCE / folder).glob("*.json")):
            state = read_recorded_list(path, cloud)
            found.setdefault(cloud, []).append(Recording(cloud, state.day, state.version, of_sets(state.sets)))
    return {cloud: tuple(each) for cloud, each in found.items()}


def differences(old: Items, new: Items) -> Iterator[tuple[str, int, str]]:
    """Yield (`+urls`, id, value) for what a list adds, `-urls` for what it removes, and `~` for any other difference."""
    before, after = ({item["id"]: item for item in items} for items in (old, new))
    for number in sorted(before.keys() ^ after.keys()):
        yield "~", number, "set"
    for number in sorted(before.keys() & after.keys()):
        for key in ("urls", "ips"):
            had, has = set(before[number].get(key, [])), set(after[number].get(key, []))
            yield from ((f"+{key}", number, value) for value in sorted(has - had))
            yield from ((f"-{key}", number, value) for value in sorted(had - has))
        for key in ("serviceArea", "tcpPorts", "udpPorts", "category", "required"):
            if before[number].get(key) != after[number].get(key):
                yield "~", number, key


@cache
def small_steps(cloud: Cloud) -> tuple[tuple[Recording, Recording], ...]:
    """Return recorded steps with few and only regular changes, newest first; () without the reference data."""
    found = recordings().get(cloud, ())
    return tuple(step for step in reversed(tuple(itertools.pairwise(found))) if _is_small(*step))[:4]


def _is_small(old: Recording, new: Recording) -> bool:
    """Return True if a step changes a few names and prefixes, and no set loses all that it had of a kind."""
    changes = list(differences(old.items, new.items))
    if not 0 < len(changes) <= 12 or any(what == "~" for what, _, _ in changes):
        return False
    after = {item["id"]: item for item in new.items}
    return all(
        not item.get(key) or set(item[key]) & set(after[item["id"]].get(key, []))
        for item in old.items
        for key in ("urls", "ips")
    )


@dataclass(frozen=True)
class Played:
    """The lists of a case with their instants."""

    before: Items | None
    """The list in force; None for the embedded one in an empty store."""
    honest: Items
    poisoned: Items
    records: tuple[ChangeRecord, ...]
    version: str
    """That of the poisoned list."""
    previous: str
    """That of the list in force."""
    last_look: datetime
    now: datetime


def make(case: Case) -> Played:
    """Return the lists of a case."""
    last, now = NOON, NOON + AWAY.get(case.shape, timedelta(hours=1))
    before = honest_now = embedded_list(case.cloud)
    previous = str(embedded().versions[case.cloud].version)
    if case.shape == "hidden" and (steps := small_steps(case.cloud)):
        old, new = steps[case.seed % len(steps)]
        before, honest_now, previous = old.items, new.items, old.version
        now = datetime.combine(new.day, time(12), UTC)
        last = now - timedelta(days=1)
    draft = Draft(case.cloud, copied(honest_now), copied(honest_now), random.Random(case.seed))
    draft.wide = 4 if case.shape == "spread" else 1
    ATTACKS[case.kind][case.variant](draft)
    draft.items.sort(key=lambda item: item["id"])
    records = [*draft.records]
    version = f"{now:%Y%m%d}01"
    if case.shape.startswith("announced"):
        day = now.date() + timedelta(days=-30 if case.shape == "announced" else 30)
        records += _records(before, draft.items, version, day)
    return Played(
        before=None if case.shape == "first" else before,
        honest=draft.honest,
        poisoned=draft.items,
        records=tuple(replace(record, version=Version(version)) for record in records),
        version=version,
        previous=previous,
        last_look=last,
        now=now,
    )


def _records(old: Items, new: Items, version: str, day: date) -> Iterator[ChangeRecord]:
    """Yield change records that announce all additions."""
    before = {item["id"]: item for item in old}
    for number, item in enumerate(new):
        was = before.get(item["id"], {})
        hosts = tuple(v for v in item.get("urls", []) if v not in was.get("urls", []))
        prefixes = tuple(v for v in item.get("ips", []) if v not in was.get("ips", []))
        if hosts or prefixes or item != was:
            yield ChangeRecord(
                id=70_000 + number, endpoint_set=item["id"], disposition="Change" if was else "Add",
                version=Version(version), impact="AddedIpAndUrl", effective=day, added_hosts=hosts, added_prefixes=prefixes,
            )  # fmt: skip


def companion(items: Items) -> tuple[Items, int, str]:
    """Return a list with a harmless addition: a name under a name that it has; also the set and the name."""
    item = next(i for i in items if i.get("urls"))
    name = "news." + item["urls"][-1].removeprefix("*.")
    return [{**i, "urls": [*i["urls"], name]} if i is item else i for i in items], item["id"], name
