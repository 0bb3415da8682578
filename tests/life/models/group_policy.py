r"""A computer with a local group policy, LGPO.exe and the policy client of Windows.

    computer = Computer()
    computer.follow(target.commands("install"), files)
    computer.registry["user"][r"Software\Policies\…\ZoneMapKey"]      name of a value -> its data

`LGPO.exe /u FILE` and `/m FILE` import a Registry.pol, which Samba reads, and `/t FILE` LGPO text: four lines for each
value, the configuration, the key, the name, and `DELETE`. Settings that are not in the input stay ("LGPO.exe v2.2",
Security Compliance Toolkit); DELETE is assumed to take a value out of the policy, and to have it deleted. `/e zone`
registers the extension without which a local policy has no list of zones. `gpupdate /force` applies the policy: values that
it set before and that are not in it any more are removed (MS-GPREG 3.2.5.1,
learn.microsoft.com/previous-versions/windows/desktop/policy).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.consumers import samba_preg

Value = str | int | bytes
PARTS = {"u": "user", "m": "machine"}
WORDS = {"User": "user", "Computer": "machine"}


class PolicyError(Exception):
    """Input that LGPO.exe refuses."""


@dataclass
class Computer:
    """A computer; policy and registry by part (`user`, `machine`), and by key and name."""

    policy: dict[str, dict[tuple[str, str], Value]] = field(default_factory=lambda: {"user": {}, "machine": {}})
    registry: dict[str, dict[tuple[str, str], Value]] = field(default_factory=lambda: {"user": {}, "machine": {}})
    extensions: set[str] = field(default_factory=set)
    _deleted: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: {"user": set(), "machine": set()})
    _applied: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: {"user": set(), "machine": set()})

    def follow(self, lines: Iterable[str], files: Mapping[str, bytes]) -> None:
        """Carry out the lines of a manual. Raises PolicyError."""
        for line in lines:
            if line == "gpupdate /force":
                self._apply()
            elif line.startswith("LGPO.exe "):
                words = line.split()[1:]
                for flag, value in zip(words[::2], words[1::2], strict=True):
                    self._command(flag, value, files)
            else:
                raise PolicyError(f"unknown command: {line}")

    def zones(self, part: str = "user") -> dict[str, Value]:
        """Return the list of zones in force, by name; nothing while it is off or its extension is missing."""
        found = self.registry[part]
        on = any(name == "ListBox_Support_ZoneMapKey" and value == 1 for (_, name), value in found.items())
        listed = {name: value for (key, name), value in found.items() if key.endswith(r"\ZoneMapKey")}
        return listed if on and "zone" in self.extensions else {}

    def _command(self, flag: str, value: str, files: Mapping[str, bytes]) -> None:
        if flag == "/e":
            self.extensions.add(value)
        elif flag == "/t":
            self._text(_file(files, value).decode("ascii"))
        elif flag[1:] in PARTS:
            part = PARTS[flag[1:]]
            for entry in samba_preg.unpack(_file(files, value)):
                self.policy[part][entry.key, entry.name] = entry.data
                self._deleted[part].discard((entry.key, entry.name))
        else:
            raise PolicyError(f"unknown command: {flag}")

    def _text(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line and not line.startswith(";")]
        for part, key, name, action in zip(*(lines[n::4] for n in range(4)), strict=True):
            if part not in WORDS or action != "DELETE":
                raise PolicyError(f"not LGPO text: {part}, {action}")
            self.policy[WORDS[part]].pop((key, name), None)
            self._deleted[WORDS[part]].add((key, name))

    def _apply(self) -> None:
        for part, policy in self.policy.items():
            for place in self._applied[part] | self._deleted[part]:
                self.registry[part].pop(place, None)
            self.registry[part].update(policy)
            self._applied[part] = set(policy)


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise PolicyError(f"the file {name} does not exist")
    return files[name]
