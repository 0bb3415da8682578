"""Reader of Palo Alto PAN-OS: addresses, groups, services and security rules.

The text consists of `set` lines or is exported XML.

    address NAME ip-netmask PREFIX | fqdn HOST | description TEXT
    address-group NAME static NAME
    service NAME protocol tcp port 80,443
    rulebase security rules NAME from | to | source | destination | application | service | category NAME
                                 action allow, description TEXT
    profiles custom-url-category NAME type "URL List", list HOST/
    external-list NAME type ip | url …

Paths can start with `vsys NAME`, `device-group NAME` (with `pre-rulebase`) or `shared`. `move` changes the order of rules,
which does not matter for rules that allow.

`any` is every address, or every port. A rule needs zones, both ends, a service and the application `any`. In XML, the paths
are below one virtual system. Deny rules, rules of the type intrazone, interzone rules unless between two named zones,
regions, negated ends, dynamic groups, external lists as ends, applications and users are not supported: each such line or
rule is reported.

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
    >>> [(rule.family, list(rule.source), str(rule.ports)) for rule in PaloaltoSetReader.read(text).rules]
    [(4, [Prefix('10.0.0.0/8')], '80,443')]
    >>> for line in PaloaltoSetReader.read("set rulebase security rules out action deny").unread:
    ...     print(line)
    line 1: rulebase security rules out action deny is not supported: set rulebase security rules out action deny
"""

from collections.abc import Callable, Iterator
from functools import partial

from perimeter365.audit.packets import AllowRule, Protocol, RuleEnd, allow_rules, unite_ends
from perimeter365.audit.reader import NumberedRule
from perimeter365.audit.readers._setlines import Path, Tree, matches
from perimeter365.audit.readers._xml import paths
from perimeter365.audit.words import host_name, quoted_words
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
    (*_RULE, "tag|log-setting", _ANY),
    (*_RULE, "profile-setting", "group", _ANY),
    (*_RULE, "description", r".{1,1023}"),
    ("tag", _ANY, "comments|color", _ANY),
)
"""Supported paths: one regular expression per word."""
CHOICES = (("address", _NAME, "ip-netmask", "fqdn"), ("service", _NAME, "protocol", "tcp", "udp"))
"""Paths that end with one of two words. If both are set, the device keeps the last one."""
EMPTY = (("application",), ("application-group",))
"""Elements that an export contains even if they are empty."""


class PaloaltoSetReader(Tree):
    """A simulated PAN-OS firewall."""

    name = "paloalto-set"
    title = "Palo Alto PAN-OS configuration, as set lines or XML"
    single = frozenset(
        ("description", "ip-netmask", "fqdn", "action", "port", "url", "recurring", "rule-type", "log-setting")
    )

    def __init__(self) -> None:
        super().__init__()
        self._system = ""

    def commands(self, text: str) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield lines, or the leaf elements of XML."""
        if not text.lstrip().startswith("<"):
            yield from super().commands(text)
        else:
            yield from ((number, partial(self._leaf, path)) for number, path in paths(text))

    def _leaf(self, path: Path) -> None:
        """Execute a leaf below the virtual system. Only one virtual system is supported."""
        if path[:2] != ("config", "devices") or path[3:4] != ("vsys",) or len(path) < 6:
            raise ConfigurationError(f"{' '.join(path)[:100]} is not supported")
        if path[4] != (self._system or path[4]):
            raise ConfigurationError(f"{path[4][:60]} is a second virtual system, which is not supported")
        self._system = path[4]
        if path[5:] not in EMPTY:
            self.set_path(path[5:])

    def feed(self, line: str) -> None:
        """Execute one line; `move` has no effect, but needs a rule that exists."""
        if not line.startswith("move "):
            super().feed(line)
            return
        _, *words = quoted_words(line)
        path, where = self._local(tuple(words)), words[-2:]
        rule = path[:-2] if where[0] in ("before", "after") else path[:-1]
        known = where[1] in ("top", "bottom") or where[0] in ("before", "after")
        if not known or not matches(rule, _RULE) or not self.contains(rule):
            raise ConfigurationError(f"{' '.join(path)[:100]} is not a rule that can be moved")

    def set_path(self, path: Path) -> None:
        """Execute `set` with a path; all paths share one virtual system or device group."""
        self._set_local(self._local(path))

    def _delete(self, path: Path) -> None:
        super()._delete(self._local(path))

    def _local(self, path: Path) -> Path:
        """Return a path below the virtual system or device group."""
        if path[0] == "shared":
            return path[1:]
        if path[0] in ("vsys", "device-group") and len(path) > 2:
            if path[1] != (self._system or path[1]):
                raise ConfigurationError(f"{path[1][:60]} is a second {path[0]}, which is not supported")
            self._system = path[1]
            path = path[2:]
        return ("rulebase", *path[1:]) if path[0] == "pre-rulebase" else path

    def check(self, path: Path) -> None:
        """Raise ConfigurationError for an unsupported path."""
        if not any(matches(path, form) for form in FORMS):
            raise ConfigurationError(f"{' '.join(path)[:100]} is not supported")

    def _set_local(self, path: Path) -> None:
        """Execute `set` with a path.

        An object with two kinds of value is an error: the device keeps the last one.
        """
        self.check(path)
        for *start, one, other in CHOICES:
            parent, kind = path[: len(start)], path[len(start)]
            if (parent[0], *parent[2:]) == (start[0], *start[2:]) and kind in (one, other):
                replaced = one if kind == other else other
                if replaced in self.node(*parent).below:
                    raise ConfigurationError(f"{path[0]} {path[1]} already has {replaced}, which {kind} would replace")
        self.grow(path)

    def policies(self) -> Iterator[NumberedRule]:
        """Yield all rules.

        A rule with a URL category has the names of the category as destinations.
        """
        ends: dict[str, RuleEnd] = {}
        for name, node in self.node("rulebase", "security", "rules").below.items():
            yield node.number, partial(self._rules, ("rulebase", "security", "rules", name), ends)

    def _rules(self, rule: Path, ends: dict[str, RuleEnd]) -> Iterator[AllowRule]:
        self.value(*rule, "action")
        zones = {self.value(*rule, "from"), self.value(*rule, "to")}
        if "interzone" in self.values(*rule, "rule-type") and (len(zones) == 1 or "any" in zones):
            raise ConfigurationError(f"rule {rule[-1]} is of the type interzone, but not between two zones")
        if self.value(*rule, "application") != "any":
            raise ConfigurationError(f"rule {rule[-1]} is for applications, which are not supported")
        source, destination = (
            unite_ends(self._end(name, ends) for name in self._names(rule, end)) for end in ("source", "destination")
        )
        if categories := self.values(*rule, "category"):
            if destination != RuleEnd.any():
                raise ConfigurationError(f"rule {rule[-1]} has both a category and a destination")
            destination = unite_ends(RuleEnd.named(host) for category in categories for host in self._category(category))
        for service in self._names(rule, "service"):
            for protocol, ports in self._service(service):
                yield from allow_rules(protocol, source, destination, ports)

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
            raise ConfigurationError(f"the service {name[:80]} is not defined in the text")
        return found

    def _end(self, name: str, ends: dict[str, RuleEnd]) -> RuleEnd:
        """Return the addresses of a group, an address object or a prefix."""
        if name == "any":
            return RuleEnd.any()
        if name not in ends:
            members = self.values("address-group", name, "static")
            if members and self.node("address", name).below:
                raise ConfigurationError(f"{name[:80]!r} is both an address and an address group")
            ends[name] = unite_ends(self._address(member) for member in members) if members else self._address(name)
        return ends[name]

    def _address(self, name: str) -> RuleEnd:
        start = ("address", name)
        if prefixes := self.values(*start, "ip-netmask"):
            return RuleEnd.of(*map(Prefix.parse, prefixes))
        if hosts := self.values(*start, "fqdn"):
            return unite_ends(RuleEnd.named(host_name(host)) for host in hosts)
        try:
            return RuleEnd.of(Prefix.parse(name))
        except PrefixError:
            raise ConfigurationError(f"{name[:80]!r} is not an address or an address group") from None
