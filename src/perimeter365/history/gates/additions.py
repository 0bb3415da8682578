"""Additions: names and prefixes that Microsoft's regular changes do not add.

    widening          a wildcard or prefix contains listed entries
    shared-domain     a wildcard covers names that anyone can register
    discovery-name    browsers look for their proxy under the name
    new-domain        no list has had a name of its domain; `look-alike` if the domain resembles a listed one
    foreign-address   a part of the prefix is outside of Microsoft's public ranges
    rented-address    the whole prefix is where customers of Azure rent addresses, and no list has had it

Names that a listed wildcard covers, and prefixes within listed ones, open nothing and are not checked. Listed entries that a
held wildcard or prefix replaces stay, too: without both, they would be missing.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from perimeter365.history.gates.coverage import Coverage
from perimeter365.history.gates.verdict import EntryReasons, entry_reason
from perimeter365.history.gates.witness import Witness
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HOST, PREFIX, HeldEntry
from perimeter365.model.host import HostPattern
from perimeter365.model.host_index import HostIndex
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.model.suffixes import private_suffix, registrable_domain

_DISCOVERY = ("wpad", "isatap")


def additions(old: Coverage, new: Coverage, witness: Witness, found: EntryReasons) -> None:
    """Add the held additions of a list."""
    hosts = {host: reasons for host in old.missing(new.hosts) if (reasons := _host_reasons(host, old, witness))}
    for host, reasons in hosts.items():
        for each in new.sets_of_host[host]:
            found.add(HeldEntry(number=each.id, part=HOST, new=host.text, reasons=reasons))
    prefixes = {p: reasons for p in old.new_prefixes(new) if (reasons := _prefix_reasons(p, old, witness))}
    for prefix, reasons in prefixes.items():
        for each in new.sets_of_prefix[str(prefix)]:
            found.add(HeldEntry(number=each.id, part=PREFIX, new=str(prefix), reasons=reasons))
    _keep_replaced(old, new, hosts, PrefixSet.of(prefixes), found)


def fixed_additions(new: Coverage, found: EntryReasons) -> None:
    """Add the names that are held in any list, also without a list to compare with."""
    for host in sorted(new.hosts):
        if reasons := tuple(_fixed_reasons(host)):
            for each in new.sets_of_host[host]:
                found.add(HeldEntry(number=each.id, part=HOST, new=host.text, reasons=reasons))


def _fixed_reasons(host: HostPattern) -> Iterator[Reason]:
    if suffix := private_suffix(host):
        yield entry_reason("shared-domain", f"anyone can register a name under {suffix}")
    if host.text.partition(".")[0] in _DISCOVERY:
        yield entry_reason("discovery-name", "browsers look for their proxy under this name")


def _host_reasons(host: HostPattern, old: Coverage, witness: Witness) -> tuple[Reason, ...]:
    reasons = [*_fixed_reasons(host)]
    if inside := old.index.under(host, 3):
        reasons.append(entry_reason("widening", f"the wildcard contains listed names, such as {', '.join(inside)}"))
    if host.text.endswith(".microsoft") or private_suffix(host):
        return tuple(reasons)
    domain = registrable_domain(host.text)
    if not domain or domain not in witness.domains:  # a public suffix itself has no registrable domain
        if near := resembling(domain, witness.domains) if domain else "":
            reasons.append(entry_reason("look-alike", f"{domain} resembles {near}, and no list has had a name of it"))
        else:
            reasons.append(entry_reason("new-domain", f"no list has had a name of {domain or host.domain}"))
    return tuple(reasons)


def _prefix_reasons(prefix: Prefix, old: Coverage, witness: Witness) -> tuple[Reason, ...]:
    space = PrefixSet.of([prefix])
    reasons = []
    if inside := space & old.space:
        reasons.append(entry_reason("widening", f"the prefix contains listed addresses, such as {next(iter(inside))}"))
    if outside := space - old.space - witness.space:
        what = f"{next(iter(outside))} is outside of Microsoft's public ranges"
        reasons.append(entry_reason("foreign-address", what))
    elif prefix in witness.rented:
        reasons.append(entry_reason("rented-address", "customers of Azure rent addresses there, and no list has had it"))
    return tuple(reasons)


def _keep_replaced(
    old: Coverage, new: Coverage, hosts: Collection[HostPattern], space: PrefixSet, found: EntryReasons
) -> None:
    """Add the removals of entries that held additions replace.

    The additions are in the same set or in another one.
    """
    if not hosts and not space:
        return
    rest, left = HostIndex(new.hosts.difference(hosts)), _outside(new.prefixes, space)
    held = HostIndex(hosts)
    reason = entry_reason("widening", "an entry that is held replaces it")
    for was in old.sets:
        now = new.by_id.get(was.id)
        names = HostIndex(host for host in now.hosts if host not in hosts) if now else rest
        for host in was.hosts:
            if host in held and not (host in names and host in rest):
                found.add(HeldEntry(number=was.id, part=HOST, old=host.text, reasons=(reason,)))
        kept = _outside(now.listed, space) & left if now else left
        for text in sorted(set(was.listed) - set(now.listed if now else ())):
            if (PrefixSet.parse([text]) & space) - kept:
                found.add(HeldEntry(number=was.id, part=PREFIX, old=text, reasons=(reason,)))


def _outside(texts: Iterable[str], space: PrefixSet) -> PrefixSet:
    """Return the addresses of the prefixes that have none of a space."""
    return PrefixSet.parse(text for text in texts if not (PrefixSet.parse([text]) & space))


_CONFUSED = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("-", ""), ("_", ""))
"""Characters that look alike, as (written, read). The order matters: `rn` is replaced before single letters."""


def resembling(domain: str, known: Iterable[str]) -> str:
    """Return the known domain that a domain resembles; "" if it resembles none.

    It resembles one if both look alike, or if the names differ by one character. The same name under another top-level
    domain is not a resemblance: Microsoft has such domains for its clouds.

    >>> resembling("micros0ft.com", ["contoso.com", "microsoft.com"])
    'microsoft.com'
    >>> resembling("office-365.com", ["office365.com"]), resembling("office365.us", ["office365.com"])
    ('office365.com', '')
    """
    label = _label(domain)
    names = {_label(other): other for other in sorted(known, key=lambda text: (text.endswith(".com"), text))}
    if domain.partition(".")[0] in names:  # Microsoft has the same name under several top-level domains
        return ""
    shape = _shape(label)
    for name, other in sorted(names.items()):
        plain = _shape(name)
        if len(name) > 4 and (shape == plain or (len(name) > 6 and _one_apart(shape, plain))):
            return other
    return ""


def _label(domain: str) -> str:
    text = domain.partition(".")[0]
    if text.startswith("xn--"):
        try:
            text = text.encode("ascii").decode("idna")
        except UnicodeError:
            return text
        text = "".join(_LATIN.get(c, c) for c in text)
    return text


def _shape(label: str) -> str:
    text = label.lower()
    for written, read in _CONFUSED:
        text = text.replace(written, read)
    return re.sub(r"[^a-z0-9]", "", text)


def _one_apart(a: str, b: str) -> bool:
    """Return True if two texts differ by one edit.

    An edit is an insertion, deletion, replacement, or an exchange of neighbors.
    """
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


_LATIN = dict(zip("аеорсухіјѕԁɡһⅼոսаｍíìîïóòôöáàâäéèêëúùûüñç", "aeopcyxijsdghlnuamiiiiooooaaaaeeeeuuuunc", strict=True))
"""Letters of other scripts, and accented ones, that look like Latin letters."""
