"""The clouds of Microsoft 365, by our name and by the name of the web service's instance."""

from datetime import date
from enum import Enum

from perimeter365.errors import UnknownNameError


class Cloud(Enum):
    """One national or commercial cloud; `Cloud("worldwide")` or `Cloud.parse` makes it from its name."""

    WORLDWIDE = "worldwide"
    GCCHIGH = "gcchigh"
    DOD = "dod"
    CHINA = "china"
    GERMANY = "germany"

    @classmethod
    def parse(cls, text: str) -> "Cloud":
        """From our name or the instance's, in any letter case. Raises UnknownNameError."""
        for cloud in cls:
            if text.lower() in (cloud.value, cloud.instance.lower()):
                return cloud
        raise UnknownNameError("cloud", text, [c.value for c in cls])

    @property
    def instance(self) -> str:
        """What the web service calls it."""
        return _INSTANCES[self.value]

    @property
    def title(self) -> str:
        """For people."""
        return _TITLES[self.value]

    @property
    def closed(self) -> date | None:
        """The day on which the cloud ended, if it has."""
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
