"""The clouds of Microsoft 365: names, instances of the web service, titles.

    >>> [str(cloud) for cloud in CLOUDS]
    ['worldwide', 'gcchigh', 'dod', 'china', 'france', 'germany', 'germany-2021']
    >>> Cloud("germany") is Cloud.GERMANY, Cloud.parse("USGovDoD") is Cloud.DOD
    (True, True)
    >>> Cloud("newland")
    Traceback (most recent call last):
    perimeter365.errors.UnknownNameError: 'newland' is not a cloud
    >>> Cloud.named("newland").instance         # where a store or the web service gives the name
    'newland'

`_FACTS` is the only list of clouds; every other module uses `CLOUDS` or the attributes of `Cloud`. A cloud that is newer
than this release has a value too (`Cloud.named`), so that it can be followed before it stands here. What a user writes goes
through `Cloud.parse`, which accepts such a cloud only if its caller knows it.

The web service has reused a name: until 2021-10-29 its instance Germany was another cloud, which is `germany-2021` here.
"""

import re
from datetime import date

from perimeter365.errors import CatalogError, UnknownNameError
from perimeter365.model.ids import CLOUD_NAME

TYPE_CHECKING = False  # type checkers take this name as true; importing `typing` would double the start of `lookup`
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar


class Cloud:
    """A national or commercial cloud. Equal clouds are the same object.

    `Cloud("worldwide")` returns a cloud of this release. Raises UnknownNameError for other names.
    """

    __slots__ = ("value",)

    WORLDWIDE: "ClassVar[Cloud]"
    GCCHIGH: "ClassVar[Cloud]"
    DOD: "ClassVar[Cloud]"
    CHINA: "ClassVar[Cloud]"
    FRANCE: "ClassVar[Cloud]"
    GERMANY: "ClassVar[Cloud]"
    GERMANY_2021: "ClassVar[Cloud]"

    value: str
    """The name: `worldwide`."""

    def __new__(cls, value: str) -> "Cloud":
        """Return the cloud of this release with a name."""
        if value not in _FACTS:
            raise UnknownNameError("cloud", str(value)[:80], _FACTS)
        return _MADE[value]

    @classmethod
    def named(cls, name: str) -> "Cloud":
        """Return the cloud with a name that data gives: a store, a plan or an instance.

        Raises CatalogError if the text cannot be the name of a cloud.
        """
        if (made := _MADE.get(name)) is None:
            if not re.fullmatch(CLOUD_NAME, name, re.ASCII):
                raise CatalogError(f"{name[:80]!r} is not the name of a cloud")
            made = object.__new__(cls)
            made.value = name
            made = _MADE.setdefault(name, made)
        return made

    @classmethod
    def of_instance(cls, instance: str) -> "Cloud":
        """Return the cloud of an instance of the web service, in any case.

        Raises CatalogError if the text cannot be the name of an instance.
        """
        text = instance.lower()
        found = next((c for c in CLOUDS if text == c.instance.lower()), None)
        if found is None and text in _FACTS:
            raise CatalogError(f"{instance[:80]!r} is the name of a cloud of another instance")
        return found or cls.named(text)

    @classmethod
    def parse(cls, text: str, further: "Iterable[Cloud]" = ()) -> "Cloud":
        """Return the cloud of a name or instance name, in any case.

        Args:
            text: what a user wrote.
            further: clouds newer than this release that are accepted too, such as those of a store.

        Raises:
            UnknownNameError: there is no such cloud; the error has the nearest name.
        """
        known = tuple(dict.fromkeys((*CLOUDS, *further)))
        for cloud in known:
            if text and text.lower() in (cloud.value, cloud.instance.lower()):
                return cloud
        raise UnknownNameError("cloud", text, [c.value for c in known])

    @property
    def known(self) -> bool:
        """False for a cloud that is newer than this release."""
        return self.value in _FACTS

    @property
    def instance(self) -> str:
        """The name of its instance of the web service; "" if it has none any more.

        That of a cloud newer than this release is its name: the service ignores case.
        """
        return _FACTS[self.value].instance if self.known else self.value

    @property
    def folder(self) -> str:
        """The name of its folder in an export: that of the instance, else its own."""
        return self.instance or self.value

    @property
    def title(self) -> str:
        """The name for display."""
        return _FACTS[self.value].title if self.known else f"{self.value} (newer than this release)"

    @property
    def operator(self) -> str:
        """The company that runs it instead of Microsoft.

        It is "" for Microsoft, or if it is not known.
        """
        return _FACTS[self.value].operator if self.known else ""

    @property
    def closed(self) -> date | None:
        """The day on which the cloud was closed; None if it is in operation."""
        return _FACTS[self.value].closed if self.known else None

    @property
    def abbreviation(self) -> str:
        """A short name for devices that limit the length of names."""
        return _FACTS[self.value].abbreviation if self.known else self.value

    @property
    def azure(self) -> tuple[str, ...]:
        """The clouds of Azure whose service tags apply to it; () if none is known."""
        return _FACTS[self.value].azure if self.known else ()

    @property
    def predecessor(self) -> "Cloud | None":
        """The closed cloud that had the same instance before."""
        return Cloud.GERMANY_2021 if self is Cloud.GERMANY else None

    def at(self, version: str) -> "Cloud":
        """Return the cloud of a version of its instance: itself, or its predecessor.

        >>> Cloud.GERMANY.at("2021102900"), Cloud.GERMANY.at("2025120100")
        (Cloud('germany-2021'), Cloud('germany'))
        """
        before = self.predecessor
        if before and before.closed and "0000000000" < version <= f"{before.closed:%Y%m%d}99":
            return before
        return self

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"Cloud({self.value!r})"

    def __lt__(self, other: "Cloud") -> bool:
        return self._rank < other._rank

    @property
    def _rank(self) -> tuple[int, str]:
        """The place in `CLOUDS`; other clouds follow by name."""
        return (list(_FACTS).index(self.value) if self.known else len(_FACTS)), self.value

    def __reduce__(self) -> "tuple[object, tuple[str]]":
        return Cloud.named, (self.value,)


class _CloudFacts:
    __slots__ = ("abbreviation", "azure", "closed", "instance", "operator", "title")

    def __init__(
        self,
        instance: str,
        title: str,
        short: str,
        azure: tuple[str, ...] = (),
        closed: date | None = None,
        operator: str = "",
    ) -> None:
        self.instance, self.abbreviation, self.azure, self.closed = instance, short, azure, closed
        self.title = f"{title}, operated by {operator}" if operator else title
        self.operator = operator


# Both clouds of the US government also use public addresses of Azure.
_FACTS = {
    "worldwide": _CloudFacts("Worldwide", "Worldwide and GCC", "ww", ("Public",)),
    "gcchigh": _CloudFacts("USGovGCCHigh", "US Government GCC High", "gcch", ("AzureGovernment", "Public")),
    "dod": _CloudFacts("USGovDoD", "US Government DoD", "dod", ("AzureGovernment", "Public")),
    "china": _CloudFacts("China", "China", "cn", ("China",), operator="21Vianet"),
    "france": _CloudFacts("France", "France", "fr", operator="Bleu"),
    "germany": _CloudFacts("Germany", "Germany", "de", operator="Delos"),
    "germany-2021": _CloudFacts("", "Germany (closed)", "de21", ("AzureGermany",), date(2021, 10, 29)),
}
"""Name -> facts. To add a cloud, add it here, and its list to `facts/instances`."""

_MADE: "dict[str, Cloud]" = {}

CLOUDS: tuple[Cloud, ...] = tuple(Cloud.named(name) for name in _FACTS)
"""The clouds of this release, in their order everywhere."""

OPERATED: tuple[Cloud, ...] = tuple(cloud for cloud in CLOUDS if not cloud.closed)
"""Those that are not closed."""

for _cloud in CLOUDS:
    setattr(Cloud, _cloud.value.upper().replace("-", "_"), _cloud)
