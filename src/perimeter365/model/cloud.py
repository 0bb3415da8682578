"""The clouds of Microsoft 365, with the names of the web service's instances."""

from datetime import date
from enum import Enum

from perimeter365.errors import UnknownNameError


class Cloud(Enum):
    """A national or commercial cloud.

    `Cloud("worldwide")` and `Cloud.parse` return the cloud of a name.
    """

    WORLDWIDE = "worldwide"
    GCCHIGH = "gcchigh"
    DOD = "dod"
    CHINA = "china"
    GERMANY = "germany"

    @classmethod
    def parse(cls, text: str) -> "Cloud":
        """Return the cloud of a name or instance name, in any case.

        Raises UnknownNameError.
        """
        for cloud in cls:
            if text.lower() in (cloud.value, cloud.instance.lower()):
                return cloud
        raise UnknownNameError("cloud", text, [c.value for c in cls])

    @property
    def instance(self) -> str:
        """The name of its instance of the web service."""
        return _INSTANCES[self.value]

    @property
    def title(self) -> str:
        """The name for display."""
        return _TITLES[self.value]

    @property
    def closed(self) -> date | None:
        """The day on which the cloud was closed; None if it is in operation."""
        return date(2021, 10, 29) if self is Cloud.GERMANY else None

    def __str__(self) -> str:
        return self.value

    def __lt__(self, other: "Cloud") -> bool:
        order = list(Cloud)
        return order.index(self) < order.index(other)


_INSTANCES = {
    "worldwide": "Worldwide",
    "gcchigh": "USGovGCCHigh",
    "dod": "USGovDoD",
    "china": "China",
    "germany": "Germany",
}
_TITLES = {
    "worldwide": "Worldwide and GCC",
    "gcchigh": "US Government GCC High",
    "dod": "US Government DoD",
    "china": "China, operated by 21Vianet",
    "germany": "Germany (closed)",
}
