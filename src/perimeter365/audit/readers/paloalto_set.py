"""Palo Alto PAN-OS: addresses, groups, services and security rules, as `set` lines or as the XML of an export.

    address NAME ip-netmask PREFIX | fqdn HOST | description TEXT
    address-group NAME static NAME
    service NAME protocol tcp port 80,443
    rulebase security rules NAME from | to | source | destination | application | service | category NAME
                                 action allow, description TEXT
    profiles custom-url-category NAME type "URL List", list HOST/
    external-list NAME type ip | url …

`any` is every address, or every port. A rule needs zones, both ends, a service and the application `any`. In XML the paths
lie below one virtual system. Rules that deny are not read, nor are those of the type intrazone, or interzone unless between
two zones, regions, negated ends, dynamic groups, external lists as ends, applications and users: each such line or rule is
reported.

https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-cli-quick-start/use-the-cli/load-configurations/load-configuration-settings-from-a-text-file

    >>> text = '''
    ... set address lan ip-netmask 10.0.0.0/8
    ... set address-group inside static lan
    ... set service web protocol tcp port 80,443
    ... set rulebase security rules out from trust
    ... set rulebase security rules out to untrust
    ... set rulebase security rules out source inside
    ... set rulebase security rules out destination any
    ... set rulebase security rules out application any
    ... set rulebase security rules out service web
    ... set rulebase security rules out action allow
    ... '''.strip()
    >>> [(rule.family, list(rule.source), str(rule.ports)) for rule in PaloaltoSet.read(text).rules]
    [(4, [Prefix('10.0.0.0/8')], '80,443')]
    >>> for line in PaloaltoSet.read("set rulebase security rules out action deny").unread:
    ...     print(line)
    line 1: rulebase security rules out action deny is not read: set rulebase security rules out action deny
"""

from collections.abc import Callable, Iterator
from functools import partial

from perimeter365.audit.packets import AllowRule, End, Protocol, allow, unite
from perimeter365.audit.reader import Policy
from perimeter365.audit.readers._setlines import Path, Tree, matches
from perimeter365.audit.readers._xml import paths
from perimeter365.audit.words import host_name
from perimeter365.errors import ConfigurationError, PrefixError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

_NAME = r"[A-Za-z0-9][A-Za-z0-9._ -]{0,62}"
_ANY = r"\S.{0,254}"
_RULE = ("rulebase", "security", "rules", _NAME)
FORMS = (
    ("address", _NAME, "ip-netmask", r"[0-9a-fA-F.:]+(?:/\d+)?"),
    ("address", _NAME, "fqdn", r"[A-Za-z0-9.-]+"),
    ("address|address-group|service", _NAME, "description", r".{0,1023}"),
    ("address-group", _NAME, "static", _ANY),
    ("service", _NAME, "protocol", "tcp|udp", "port", r"[0-9,-]+"),
    ("external-list", r"\S{1,31}", "type", "ip|url", "url", r"https://\S+\.txt"),
    ("external-list", r"\S{1,31}", "type", "ip|url", "recurring", "hourly"),
    ("profiles", "custom-url-category", r"\S{1,31}", "type", "URL List"),
    ("profiles", "custom-url-category", r"\S{1,31}", "list", r"\S+/"),
    (*_RULE, "from|to|source|destination|application|service|category", _ANY),
    (*_RULE, "action", "allow"),
    (*_RULE, "rule-type", "universal|interzone"),
    (*_RULE, "tag", _ANY),
    (*_RULE, "description", r".{1,1023}"),
    ("tag", _ANY, "comments|color", _ANY),
)
"""What is read: a regular expression for each word."""
CHOICES = (("address", _NAME, "ip-netmask", "fqdn"), ("service", _NAME, "protocol", "tcp", "udp"))
"""Where one of two words stands at the end: of both, the device keeps the last one."""
EMPTY = (("application",), ("application-group",))
"""What an export has even where there is nothing in it."""


class PaloaltoSet(Tree):
    """A PAN-OS firewall."""

    name = "paloalto-set"
    title = "Palo Alto PAN-OS configuration, as set lines or XML"
    single = frozenset(("description", "ip-netmask", "fqdn", "action", "port", "url", "recurring", "rule-type"))

    def __init__(self) -> None:
        super().__init__()
        self._system = ""

    def commands(self, text: str) -> Iterator[tuple[int, Callable[[], None]]]:
        """Lines, or the leaves of XML."""
        if not text.lstrip().startswith("<"):
            yield from super().commands(text)
        else:
            yield from ((number, partial(self._leaf, path)) for number, path in paths(text))

    def _leaf(self, path: Path) -> None:
        """Take what lies below a virtual system; there may be one."""
        if path[:2] != ("config", "devices") or path[3:4] != ("vsys",) or len(path) < 6:
            raise ConfigurationError(f"{' '.join(path)[:100]} is not read")
        if path[4] != (self._system or path[4]):
            raise ConfigurationError(f"the virtual system {path[4][:60]} is the second one, which is not read")
        self._system = path[4]
        if path[5:] not in EMPTY:
            self.take(path[5:])

    def check(self, path: Path) -> None:
        """Raise ConfigurationError for a path that is not read."""
        if not any(matches(path, form) for form in FORMS):
            raise ConfigurationError(f"{' '.join(path)[:100]} is not read")

    def take(self, path: Path) -> None:
        """Take a path; of two kinds of value for one object, the device would keep the last one."""
        self.check(path)
        for *start, one, other in CHOICES:
            parent, kind = path[: len(start)], path[len(start)]
            if (parent[0], *parent[2:]) == (start[0], *start[2:]) and kind in (one, other):
                replaced = one if kind == other else other
                if replaced in self.node(*parent).below:
                    raise ConfigurationError(f"{path[0]} {path[1]} has {replaced} already, which {kind} would replace")
        self.grow(path)

    def policies(self) -> Iterator[Policy]:
        """The rules to addresses, and those with a URL category, whose names are then the destinations."""
        ends: dict[str, End] = {}
        for name, node in self.node("rulebase", "security", "rules").below.items():
            yield node.number, partial(self._rules, ("rulebase", "security", "rules", name), ends)

    def _rules(self, rule: Path, ends: dict[str, End]) -> Iterator[AllowRule]:
        self.value(*rule, "action")
        zones = {self.value(*rule, "from"), self.value(*rule, "to")}
        if "interzone" in self.values(*rule, "rule-type") and (len(zones) == 1 or "any" in zones):
            raise ConfigurationError(f"rule {rule[-1]} is for traffic between zones, not for all from and to its own")
        if self.value(*rule, "application") != "any":
            raise ConfigurationError(f"rule {rule[-1]} is for applications, which are not read")
        source, destination = (
            unite(self._end(name, ends) for name in self._names(rule, end)) for end in ("source", "destination")
        )
        if categories := self.values(*rule, "category"):
            if destination != End.any():
                raise ConfigurationError(f"rule {rule[-1]} has a category and a destination")
            destination = unite(End.named(host) for category in categories for host in self._category(category))
        for service in self._names(rule, "service"):
            for protocol, ports in self._service(service):
                yield from allow(protocol, source, destination, ports)

    def _names(self, rule: Path, key: str) -> list[str]:
        if not (found := self.values(*rule, key)):
            raise ConfigurationError(f"rule {rule[-1]} has no {key}")
        return found

    def _category(self, name: str) -> list[str]:
        return [host_name(url.removesuffix("/")) for url in self.values("profiles", "custom-url-category", name, "list")]

    def _service(self, name: str) -> list[tuple[Protocol, PortSet]]:
        if name == "any":
            return [("tcp", PortSet.everything()), ("udp", PortSet.everything())]
        protocols: tuple[Protocol, ...] = ("tcp", "udp")
        known = self.node("service", name, "protocol").below
        found = [(p, PortSet.parse(self.value("service", name, "protocol", p, "port"))) for p in protocols if p in known]
        if not found:
            raise ConfigurationError(f"the service {name[:80]} is not defined here")
        return found

    def _end(self, name: str, ends: dict[str, End]) -> End:
        """A group, an address or a prefix."""
        if name == "any":
            return End.any()
        if name not in ends:
            members = self.values("address-group", name, "static")
            if members and self.node("address", name).below:
                raise ConfigurationError(f"{name[:80]!r} is an address and a group of addresses")
            ends[name] = unite(self._address(member) for member in members) if members else self._address(name)
        return ends[name]

    def _address(self, name: str) -> End:
        start = ("address", name)
        if prefixes := self.values(*start, "ip-netmask"):
            return End.of(*map(Prefix.parse, prefixes))
        if hosts := self.values(*start, "fqdn"):
            return unite(End.named(host_name(host)) for host in hosts)
        try:
            return End.of(Prefix.parse(name))
        except PrefixError:
            raise ConfigurationError(f"{name[:80]!r} is not an address, nor a group of addresses") from None
