r"""Wine: the registry, the security zones and the PAC engine of Windows.

    wine = shared_wine()                                     one prefix for the run; the first start takes about 7 s
    wine.reg_import(text)                                    a .reg file
    wine.reg_query(r"HKCU\Software\Contoso")                 {key: {name: Value("REG_DWORD", "0x2")}}
    wine.follow(target.commands("install"), files)           the lines of a manual: reg import, and scripts of cmd
    wine.zones(["https://contoso.sharepoint.com/"])          {"https://contoso.sharepoint.com/": Zone.TRUSTED}
    wine.pac(pac, [("https://a.example.com/", "a.example.com")])       ["PROXY proxy.contoso.com:8080"]

`wine reg import` skips invalid values and still reports success: always query the imported values. Wine maps zones
by `ZoneMap\Domains` only; it does not read the list that a group policy writes. Its JScript rejects features newer
than ES3, except keywords as names (`{class: 1}`), which the JScript of Windows also rejects.
"""

import atexit
import contextlib
import enum
import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.consumers import need
from tests.consumers.pac import Question
from tests.consumers.refusal import Refused

SOURCE = Path(__file__).with_name("windows") / "zones.c"
PREFIX = "perimeter365-wine"
VALUE = re.compile(r"    (?P<name>.+?)    (?P<kind>REG_[A-Z_]+)    (?P<data>.*)")


class Zone(enum.IntEnum):
    """Security zones, by the numbers of the ZoneMap."""

    LOCAL_MACHINE = 0
    INTRANET = 1
    TRUSTED = 2
    INTERNET = 3
    RESTRICTED = 4


@dataclass(frozen=True, slots=True)
class Value:
    """A registry value as `reg query` prints it."""

    kind: str
    """`REG_SZ`, `REG_DWORD` …"""
    data: str
    """Text; a number as `0x2`; bytes as `0A0B`."""


class Wine:
    """A Wine prefix in a temporary folder. `close` ends its processes and deletes it."""

    def __init__(self) -> None:
        self._program = need("wine")
        _sweep()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-"))
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "WINEARCH", "WINEPREFIX")
        self._environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self._environment |= {
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder),  # for the socket of the server
            "LC_ALL": "C.UTF-8",
            "WINEPREFIX": str(self._folder / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # Without Mono, Gecko and menu entries: no downloads, no files outside the folder.
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
        }
        try:
            self._run("wineboot", "--init", timeout=110)
            self._server("-w")
            for name in ("system.reg", "user.reg"):
                shutil.copy(self._folder / "prefix" / name, self._folder / name)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End all processes of the prefix and delete it. Safe to call twice."""
        if self._folder.exists():
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                self._server("-k")
                self._server("-w")
            shutil.rmtree(self._folder, ignore_errors=True)

    def reset(self) -> None:
        """Restore the registry of the new prefix."""
        self._server("-k")
        self._server("-w")
        for name in ("system.reg", "user.reg"):
            shutil.copy(self._folder / name, self._folder / "prefix" / name)

    def reg_import(self, content: str | bytes) -> None:
        """Import a .reg file.

        Text is written as on Windows, in UTF-16 with a byte order mark.

        Raises `Refused` if Wine rejects the file, but not if it skips a value: query the values afterwards.
        """
        data = content if isinstance(content, bytes) else content.encode("utf-16")
        self._file("import.reg", data)
        self._run("reg", "import", "import.reg")

    def reg_query(self, key: str) -> dict[str, dict[str, Value]]:
        r"""Return the values of a key and its subkeys, by full key and name.

        `(Default)` is the unnamed value; several texts are joined by a literal `\0`. For a missing key, return
        an empty mapping. Characters outside code page 437 are replaced by `?`. Raises `Refused` for an invalid
        key.
        """
        try:
            printed = self._run("reg", "query", key, "/s", encoding="cp437")
        except Refused as error:
            if "Unable to find the specified registry key" in str(error):
                return {}
            raise
        found: dict[str, dict[str, Value]] = {}
        values: dict[str, Value] = {}
        for line in printed.split("\n"):
            if match := VALUE.fullmatch(line):
                values[match["name"]] = Value(match["kind"], match["data"])
            elif line.startswith("HKEY_"):
                values = found.setdefault(line, {})
        return found

    def follow(self, lines: Iterable[str], files: Mapping[str, bytes]) -> None:
        """Carry out the lines of a manual; those for a person are skipped.

        A line is a Windows program with its arguments, or a script of the Command Prompt. Raises `Refused` if one fails.
        """
        for name, content in files.items():
            self._file(name, content)
        for line in lines:
            if not line.startswith("# "):
                words = line.split()
                self._run(*(["cmd", "/c", *words] if words[0].endswith(".cmd") else words), timeout=200)

    def zones(self, urls: Sequence[str]) -> Mapping[str, Zone]:
        """Return the zone of each URL by MapUrlToZone, with the current registry."""
        self._file("urls.txt", "\n".join(urls).encode())
        lines = self._run(self._zones_program, "zone", "urls.txt").splitlines()
        found = [line.split(" ", 1) for line in lines]
        return {url: Zone(int(zone)) for zone, url in found}

    def pac(self, pac: str | bytes, questions: Sequence[Question]) -> list[str]:
        """Return the answers of jsproxy, whose JScript is ES3.

        Raises `Refused` if the file or a call fails.
        """
        self._file("proxy.pac", pac if isinstance(pac, bytes) else pac.encode())
        self._file("questions.txt", "\n".join(f"{url} {host}" for url, host in questions).encode())
        return self._run(self._zones_program, "pac", "proxy.pac", "questions.txt").splitlines()

    @functools.cached_property
    def _zones_program(self) -> str:
        """The Windows program of this folder, compiled on first use."""
        flags = ["-O1", "-Wall", "-Wextra", "-Werror"]
        libraries = ["-lole32", "-lurlmon", "-luuid"]
        command = [str(need("mingw")), *flags, "-o", f"{self._folder}/zones.exe", str(SOURCE), *libraries]
        subprocess.run(command, check=True, timeout=60)
        return "zones.exe"

    def _file(self, name: str, content: bytes) -> None:
        (self._folder / name).write_bytes(content)

    def _run(self, *argv: str, encoding: str = "utf-8", timeout: float = 60) -> str:
        """Run a Windows program in the folder and return its output.

        The output goes to files, because the services of Wine outlive the program and would keep a pipe open.
        """
        out, err = self._folder / "stdout.txt", self._folder / "stderr.txt"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            code = subprocess.run(
                [self._program, *argv],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=self._folder,
                env=self._environment,
                timeout=timeout,
            ).returncode
        printed = out.read_bytes().decode(encoding, "replace").replace("\r\n", "\n")
        if code:
            words = err.read_text(encoding="utf-8", errors="replace").strip() or printed.strip()
            raise Refused(f"wine {' '.join(argv)} ended with {code}: {words}")
        return printed

    def _server(self, flag: str) -> None:
        """Run `wineserver`: `-k` ends all processes of the prefix, `-w` waits for them."""
        program = self._program.with_name("wineserver")
        subprocess.run([program, flag], env=self._environment, capture_output=True, timeout=30)


def _sweep() -> None:
    """Delete the prefixes of test runs that were killed; each has 700 MB."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*"):
        if (match := re.match(rf"{PREFIX}-(\d+)-", folder.name)) and not Path("/proc", match[1]).exists():
            shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def _started() -> Wine:
    wine = Wine()
    atexit.register(wine.close)
    return wine


def shared_wine(*, clean: bool = True) -> Wine:
    """Return the Wine prefix of this run with a new registry.

    Skips the test if Wine is missing.

    `clean=False` keeps the registry and saves a second, for tests that do not use it.
    """
    need("wine")
    wine = _started()
    if clean:
        wine.reset()
    return wine
