"""Read files that another person or program may have made, within bounds.

Every file that a user names, and every file of a folder that a user names, is read here:

    read_bytes(Path("constraints.toml"), most=1_000_000)      a regular file of at most a million bytes
    read_bytes(Path("names.txt"), most=…, pipes=True)         also the pipe of `--observed <(zcat dns.log.gz)`
    read_optional(Path("out/frr/plan.json"), most=…)          None if the file does not exist
    read_stdin(1_000_000), stdin_lines()                      standard input
    walk(Path("lists"), most=10_000)                          the files below a folder; links are not followed
    list_files(Path("profiles"), ".toml", most=10_000)        the files in a folder
    check_depth(value), check_toml(text)                      what parsers of such files check

what a path can be                       what happens
a folder, a socket, a device             an error; a device is not opened
a named pipe                             an error; with `pipes`, it is read until a deadline, if a program writes to it
a link                                   followed to a regular file; an error with `links=False`, and a loop always
a larger file, or one that grows         an error as soon as the limit is exceeded
bytes that are not UTF-8                 an error with the byte and its position (`decode_text`)

An error has the path, what was found and what was expected, and is of the class that the caller names, so that a file of
upstream ends with exit code 3 and one of the user with 2. Nothing waits without a limit except standard input: a person may
type it. The module imports errors only, so that every other module can use it; a test forbids other calls that read files.
"""

import errno
import os
import re
import stat
import sys

from perimeter365.errors import InputError, Perimeter365Error

TYPE_CHECKING = False  # importing `typing` would double the start-up time of `lookup`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.resources.abc import Traversable
    from io import BufferedReader
    from pathlib import Path
    from typing import Any

MAX_DEPTH = 100
"""The maximum nesting of JSON and TOML; the deepest of our own files, plan.json, has 8."""

MAX_KEY_PARTS = 16
"""The maximum number of parts of a dotted key in TOML.

The time of `tomllib` is quadratic in it: a key of 40,000 parts takes more than a minute. Profiles need three.
"""

MAX_TABLES = 50_000
"""The maximum number of keys and tables in TOML; each takes up to a kilobyte while it is parsed."""

MAX_FOLDER_DEPTH = 16
"""The maximum depth of folders below the one that a user names."""

MAX_LINE = 65_536
"""The maximum length of a line of standard input in bytes."""

PIPE_SECONDS = 60.0
"""The maximum time for reading a pipe to its end."""

_WRITER_SECONDS = 0.5
"""The time in which a program has to open the other end of a pipe."""

_BLOCK = 1 << 20
_SHOWN = 200
_MAX_BITS = 1024
_KINDS = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISLNK, "a link"))


class UnusableFileError(OSError):
    """A path that is not a regular file within the limits; `strerror` is the problem."""


def shown_path(path: object) -> str:
    """Return a path for a message: printable, with at most 200 characters."""
    text = "".join(c if c.isprintable() else "?" for c in str(path))
    return text if len(text) <= _SHOWN else f"…{text[-_SHOWN:]}"


def open_file(path: "str | Path", *, links: bool = True, pipes: bool = False) -> "BufferedReader":
    """Open a regular file for reading, without waiting and without opening a device.

    Args:
        path: the file.
        links: whether the path may be a symbolic link.
        pipes: whether the path may be a named pipe; its reads do not wait.

    Raises:
        UnusableFileError: the path is something else.
        OSError: the file cannot be opened.
        ValueError: the path contains a NUL.
    """
    _check_kind(os.stat(path, follow_symlinks=links).st_mode, pipes=pipes)  # noqa: PTH116 (opening some devices has an effect)
    flags = os.O_RDONLY | (0 if links else getattr(os, "O_NOFOLLOW", 0))
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"):  # without O_NONBLOCK, opening a named pipe waits for a writer
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags)
    try:
        _check_kind(os.fstat(handle).st_mode, pipes=pipes)  # again: the path may have been replaced
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _check_kind(mode: int, *, pipes: bool) -> None:
    if not (stat.S_ISREG(mode) or (pipes and stat.S_ISFIFO(mode))):
        what = next((name for test, name in _KINDS if test(mode)), "a device")
        raise UnusableFileError(errno.EINVAL, f"it is {what}, not a regular file")


def read_bytes(
    path: "Path",
    *,
    most: int,
    kind: type[Perimeter365Error] = InputError,
    place: str | None = None,
    links: bool = True,
    pipes: bool = False,
    help: str = "",
) -> bytes:
    """Read a file.

    Args:
        path: the file.
        most: the maximum size in bytes.
        kind: the class of errors.
        place: the name of the file in messages; None for the path, "" for none.
        links: as for `open_file`; False for the files of a folder that others fill.
        pipes: as for `open_file`; the pipe has to end within `PIPE_SECONDS`.
        help: the next step if the file does not exist or is something else.

    Raises:
        Perimeter365Error: of class `kind`: the file does not exist, cannot be read, is too large or is something else.
    """
    found = read_optional(path, most=most, kind=kind, place=place, links=links, pipes=pipes, help=help)
    if found is None:
        raise _error(kind, shown_path(path) if place is None else place, "the file does not exist", help)
    return found


def read_optional(
    path: "Path",
    *,
    most: int,
    kind: type[Perimeter365Error] = InputError,
    place: str | None = None,
    links: bool = True,
    pipes: bool = False,
    help: str = "",
) -> bytes | None:
    """Read a file as `read_bytes`, or return None if it does not exist.

    A link to a file that does not exist is an error.
    """
    place = shown_path(path) if place is None else place
    try:
        with open_file(path, links=links, pipes=pipes) as file:
            return _read(file.fileno(), most)
    except FileNotFoundError:
        if os.path.islink(path):  # noqa: PTH114 (pathlib would be imported by `lookup`)
            raise _error(kind, place, "it is a link to a file that does not exist", help) from None
        return None
    except UnusableFileError as error:
        raise _error(kind, place, str(error.strerror), help) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _error(kind, place, "it is a loop of links", help) from None
        raise _error(kind, place, f"it cannot be read: {error.strerror or error}", help) from error
    except ValueError:
        raise _error(kind, place, "it cannot be read: its name contains a NUL") from None


def read_text(
    path: "Path | Traversable", *, most: int, kind: type[Perimeter365Error] = InputError, links: bool = True
) -> str:
    """Read a file in UTF-8, with or without a byte order mark.

    The file may also be a resource of the package in a zip file. Raises as `read_bytes` and `decode_text`.
    """
    if not isinstance(path, os.PathLike):
        return path.read_text(encoding="utf-8")  # inside of a zip file: our own
    return decode_text(read_bytes(path, most=most, kind=kind, links=links), shown_path(path), kind)


def decode_text(data: bytes, place: str, kind: type[Perimeter365Error] = InputError) -> str:
    """Decode UTF-8, with or without a byte order mark.

    Raises an error of class `kind` with the first byte that is not UTF-8, or for UTF-16.
    """
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        found = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else f"0x{data[error.start]:02X} at byte {error.start}"
        raise _error(kind, place, f"it is not UTF-8: it is {found}", "save the file as UTF-8") from None


def read_stdin(most: int, kind: type[Perimeter365Error] = InputError) -> bytes:
    """Read standard input to its end.

    There is no time limit, since a person or a slow program may write it. Raises an error of class `kind` if it has more
    than `most` bytes.
    """
    data = b"" if sys.stdin is None else sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        raise _error(kind, "stdin", f"it has more than {most} bytes, the limit")
    return data


def stdin_lines() -> "Iterator[bytes]":
    """Yield the lines of standard input as they arrive.

    Of a line that is too long, its beginning is yielded, with one byte more than `MAX_LINE`.
    """
    while line := sys.stdin.buffer.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = sys.stdin.buffer.readline(MAX_LINE + 1)
        yield line


def walk(
    folder: "str | Path",
    *,
    most: int,
    kind: type[Perimeter365Error] = InputError,
    place: str | None = None,
    depth: int = MAX_FOLDER_DEPTH,
    hidden: bool = False,
) -> "Iterator[str]":
    """Yield the path below a folder of each of its entries that is not a folder.

    Links are yielded and not followed, so that a link to a parent folder does not make it endless.

    Args:
        folder: the folder.
        most: the maximum number of entries, including folders.
        kind: the class of errors.
        place: the name of the folder in messages; None for its path.
        depth: the maximum number of folders between an entry and `folder`.
        hidden: whether names at the top that begin with a dot (`.git`) are included.

    Raises:
        Perimeter365Error: of class `kind`: a folder cannot be read, or a limit is exceeded.
    """
    place = shown_path(folder) if place is None else place
    seen = 0
    queue = [""]
    while queue:
        below = queue.pop()
        where = shown_path(f"{place}/{below}" if below else place)
        entries = _entries(os.path.join(folder, below), most - seen, most, kind, where)  # noqa: PTH118
        seen += len(entries)
        for name, is_folder in entries:
            path = f"{below}{name}"
            if not below and name.startswith(".") and not hidden:
                continue
            if not is_folder:
                yield path
            elif below.count("/") >= depth:
                raise _error(kind, shown_path(f"{place}/{path}"), f"folders are nested more than {depth} deep, the limit")
            else:
                queue.append(f"{path}/")


def list_files(folder: "Path", suffix: str, *, most: int, kind: type[Perimeter365Error] = InputError) -> "list[Path]":
    """Return the entries of a folder with a suffix, sorted.

    Names that begin with a dot are left out. Raises as `walk`.
    """
    entries = _entries(folder, most, most, kind, shown_path(folder))
    return [folder / name for name, _ in entries if name.endswith(suffix) and name[0] != "."]


def _entries(
    folder: "str | Path", rest: int, most: int, kind: type[Perimeter365Error], place: str
) -> list[tuple[str, bool]]:
    """Return name and whether it is a folder of at most `rest` entries, sorted."""
    entries: list[tuple[str, bool]] = []
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if len(entries) >= rest:
                    raise _error(kind, place, f"there are more than {most} files and folders, the limit")
                entries.append((entry.name, entry.is_dir(follow_symlinks=False)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _error(kind, place, f"it cannot be read: {reason}") from error
    return sorted(entries)


def check_depth(value: "Any", most: int = MAX_DEPTH, *, numbers: bool = True) -> None:
    """Check the nesting of a value of JSON or TOML.

    With `numbers`, also check that its whole numbers can be printed.

    Raises ValueError.
    """
    level = [value]
    for _ in range(most + 1):
        if numbers and any(type(item) is int and item.bit_length() > _MAX_BITS for item in level):
            raise ValueError("it has a number of more than 300 digits")
        inner = (item.values() if type(item) is dict else item for item in level if type(item) in (dict, list))
        level = [item for items in inner for item in items]
        if not level:
            return
    raise ValueError(f"it is nested more than {most} deep")


# Matches `"a.b"`, `'a'`, `"""a"""`, `# comment`, and from a quote that is not closed to the end; not `a.b`. Each alternative
# matches wherever its first characters do, so the time is linear.
_QUOTED = re.compile(
    r'"""(?:[^"\\]+|\\.|"(?!""))*(?:"{3,5}|\\?\Z)|'
    r"'''(?:[^']+|'(?!''))*(?:'{3,5}|\Z)|"
    r'"(?:[^"\\\n]+|\\[^\n])*(?:"|.*)|'
    r"'[^'\n]*(?:'|.*)|#[^\n]*",
    re.DOTALL,
)
# Matches the 17 parts of `= a . b.c. … .q`, from a character between keys; not `a.b = 1.5, c.d`.
_LONG_KEY = re.compile(rf"(?:^|[=,\[\]{{}}\n])((?:[^=,\[\]{{}}\n.]*+\.){{{MAX_KEY_PARTS}}})")
_TABLES = re.compile(r"[.={]|^[ \t]*\[", re.MULTILINE)


def check_toml(text: str) -> tuple[str, int] | None:
    """Check that `tomllib` can parse a text in linear time and memory.

    The text need not be valid TOML.

    Returns:
        A problem and its offset, or None.
    """
    bare = _QUOTED.sub(lambda match: "q" * len(match[0]), text)
    if found := _LONG_KEY.search(bare):
        return f"a key has more than {MAX_KEY_PARTS} parts", found.start(1) + len(found[1]) - len(found[1].lstrip())
    for count, table in enumerate(_TABLES.finditer(bare)):
        if count >= MAX_TABLES:
            return f"it has more than {MAX_TABLES} keys and tables", table.start()
    return None


def _error(kind: type[Perimeter365Error], place: str, problem: str, help: str = "") -> Perimeter365Error:
    error = kind(problem, help=help)
    return error.inside(place) if place else error


def _read(handle: int, most: int) -> bytes:
    """Read to the end.

    Raises UnusableFileError for more than `most` bytes, and for a pipe that does not end.
    """
    status = os.fstat(handle)
    too_large = UnusableFileError(errno.EFBIG, f"it has more than {most} bytes, the limit")
    if status.st_size > most:
        raise too_large
    read = _pipe(handle) if stat.S_ISFIFO(status.st_mode) else os.read
    blocks: list[bytes] = []
    rest = most + 1
    while rest > 0:
        block = read(handle, min(_BLOCK, rest))
        if not block:
            return b"".join(blocks)
        blocks.append(block)
        rest -= len(block)
    raise too_large


def _pipe(handle: int) -> "Callable[[int, int], bytes]":
    """Return a function that reads the next bytes of a pipe as `os.read`.

    It raises UnusableFileError if no program opens the other end, and after `PIPE_SECONDS` in total.
    """
    import select
    from time import monotonic

    events = select.poll()
    events.register(handle, select.POLLIN)
    until = monotonic() + PIPE_SECONDS

    def read(handle: int, size: int) -> bytes:
        while (left := until - monotonic()) > 0:
            ready = events.poll(1000 * min(left, _WRITER_SECONDS))
            try:
                block = os.read(handle, size)
            except BlockingIOError:
                continue  # a program has opened the other end, but has not written yet
            if not (block or ready):
                raise UnusableFileError(errno.EPIPE, "it is a named pipe, and no program writes to it")
            return block
        raise UnusableFileError(errno.ETIMEDOUT, f"it is a named pipe that did not end within {PIPE_SECONDS:.0f} seconds")

    return read
