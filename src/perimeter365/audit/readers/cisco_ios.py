"""Reader of Cisco IOS: object groups and named extended access lists.

The text is a running configuration. IPv4 and IPv6 are supported.

    object-group network NAME       host A | A MASK | group-object NAME
    object-group service NAME       tcp eq P | udp range P Q
    ip access-list extended NAME    [NUMBER] permit object-group SERVICE END END | permit tcp END END [eq P | range P Q]
                                    END: any, host A, A WILDCARD, object-group NAME
    ipv6 access-list NAME           [sequence NUMBER] permit tcp END END [eq P | range P Q]
                                    END: any, host A, PREFIX6
    remark TEXT, no LINE

Lines within a list or group begin with a blank. Deny entries, source ports, other protocols, `established` and time ranges
are not supported: each such line is reported.

https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec_zbf_ogacl-xe.html

    >>> reading = CiscoIosReader.read('''
    ... ip access-list extended out
    ...  permit tcp 10.0.0.0 0.255.255.255 host 192.0.2.7 eq 443
    ... ipv6 access-list out6
    ...  permit udp any 2001:db8::/32 range 3478 3481
    ... '''.strip())
    >>> [(rule.family, str(rule.ports)) for rule in reading.rules]
    [(4, '443'), (6, '3478-3481')]
    >>> for line in CiscoIosReader.read("ip access-list standard 10").unread:
    ...     print(line)
    line 1: 'standard' is not supported here; expected extended: ip access-list standard 10
"""

from collections.abc import Callable, Iterable
from functools import partial

from perimeter365.audit.packets import AllowRule, RuleEnd, allow_rules
from perimeter365.audit.readers._cisco import Cisco, Ends, Services, operator, protocol
from perimeter365.audit.words import WordStream, netmask, wildcard
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

NETWORK, SERVICE = "object-group network", "object-group service"


class CiscoIosReader(Cisco):
    """A simulated IOS router."""

    name = "cisco-ios"
    title = "Cisco IOS and IOS XE running configuration"

    def __init__(self) -> None:
        super().__init__()
        self._six: set[str] = set()

    def global_line(self, line: str) -> None:
        """Execute a line of the global configuration."""
        words, no = WordStream(line), False
        if words.next == "no":
            no = words.take("no") == "no"
        kind = words.expect("object-group", "ip", "ipv6")
        if kind == "object-group":
            kind = f"{kind} {words.expect('network', 'service')}"
            name = words.take("a name")
            words.end()
            (self.remove_group if no else self.open_group)(kind, name)
            return
        words.expect("access-list")
        if kind == "ip":
            words.expect("extended")
        name = words.take("a name")
        words.end()
        if no:
            self.remove_list(name)
            return
        if name in self._lists and (name in self._six) != (kind == "ipv6"):
            raise ConfigurationError(f"{name} is a list of the other address family")
        (self._six.add if kind == "ipv6" else self._six.discard)(name)
        self._open = partial(self._line, name)

    def _line(self, name: str, line: str) -> None:
        words = WordStream(line)
        if words.next == "no":
            words.take("no")
            self.remove_entry(name, words.rest)
            return
        if words.next == "sequence":
            words.take("sequence")
        if words.next.isdecimal():
            words.take("a number")
        if not words:
            raise ConfigurationError("an entry is missing at the end")
        self.add_entry(name, words.rest)

    def network_member(self, kind: str, words: WordStream) -> Ends:
        """Parse `host A`, `A MASK` or `group-object NAME`."""
        word = words.take("an address")
        if word == "group-object":
            made = self.network(NETWORK, words.take("a name"))
            words.end()
            return made
        end = RuleEnd.of(Prefix.parse(words.take("an address")) if word == "host" else netmask(word, words.take("a mask")))
        words.end()
        return lambda: end

    def service_member(self, kind: str, words: WordStream) -> Services:
        """Parse `tcp eq 443`."""
        return ((protocol(words), operator(words)),)

    def entry(self, name: str, words: WordStream) -> Callable[[], Iterable[AllowRule]]:
        """Parse `permit …` in the address family of the list."""
        words.expect("permit")
        six = name in self._six
        if not six and words.next == "object-group":
            words.take("object-group")
            services = self.service(SERVICE, words.take("a name"))
            source, destination = self._end(words, six=False), self._end(words, six=False)
            words.end()
            return lambda: (r for kind, ports in services() for r in allow_rules(kind, source(), destination(), ports, (4,)))
        which = protocol(words)
        source, destination = self._end(words, six=six), self._end(words, six=six)
        ports = operator(words) if words else PortSet.everything()
        return lambda: allow_rules(which, source(), destination(), ports, (6,) if six else (4,))

    def _end(self, words: WordStream, *, six: bool) -> Ends:
        word = words.take("an address")
        if word == "any":
            end = RuleEnd.any(6 if six else 4)
        elif word == "host":
            end = _of_family(Prefix.parse(words.take("an address")), six)
        elif word == "object-group" and not six:
            return self.network(NETWORK, words.take("a name"))
        else:
            end = _of_family(Prefix.parse(word) if six else wildcard(word, words.take("a wildcard mask")), six)
        return lambda: end


def _of_family(prefix: Prefix, six: bool) -> RuleEnd:
    """Return a prefix as an end, after checking its family."""
    if (prefix.family == 6) != six:
        raise ConfigurationError(f"{prefix} has another address family than its list")
    return RuleEnd.of(prefix)
