"""The command line: a thin layer over the library, one module per command.

`main` is the only place that turns exceptions into a message and an exit code:

    Perimeter365Error    error[P365-…]: message, causes, a `help:` line; the exit code of the error class
    click.UsageError     the same, exit 2
    OSError              a file or stream cannot be read or written, exit 2
    ImportError          a library is missing or too old, exit 2
    closed pipe          no output, exit 0
    Ctrl-C               one line, exit 130
    anything else        a defect: one line, exit 70; PERIMETER365_DEBUG=1 saves a traceback to a file

A `lookup` with only simple arguments runs without importing click, which is three times faster. Both paths end in
`_lookup.run`.
"""

import os
import sys
from collections.abc import Sequence

from perimeter365.cli._streams import PlainStream, print_styled

INTERRUPTED = 130

TYPE_CHECKING = False  # type checkers treat this name as true; importing typing costs start-up time
if TYPE_CHECKING:
    from click import BadParameter

    from perimeter365.errors import Perimeter365Error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code (CONTRACT: Exit codes).

    Args:
        arguments: The words after the program name; None for `sys.argv[1:]`.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    _open_closed_streams()
    streams = sys.stdout, sys.stderr
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal with a small character set
    sys.stdout, sys.stderr = PlainStream(sys.stdout), PlainStream(sys.stderr)
    try:
        return _main(arguments)
    finally:
        sys.stdout, sys.stderr = streams


def _main(arguments: list[str]) -> int:
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_stdout()
        return 0
    except KeyboardInterrupt:
        return _print_line(INTERRUPTED, "interrupted")
    except Exception as error:  # noqa: BLE001 (the only such place)
        return _report(error, plain=_plain(arguments))
    return code


def _open_closed_streams() -> None:
    """Open the null device for standard streams that are closed (`>&-`).

    Otherwise a file that is opened later could get the descriptor of a standard stream.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 (open until exit)


def _run(arguments: list[str]) -> int:
    if plain := _plain_lookup(arguments):
        from perimeter365.cli._lookup import run
        from perimeter365.workspace import Workspace

        return run(*plain, Workspace.from_environment())
    from perimeter365.cli._app import invoke

    return invoke(arguments)


def _plain_lookup(arguments: list[str]) -> tuple[list[str], list[str], bool] | None:
    """Return (values, clouds, json) of a `lookup` that does not need click, else None."""
    known = ("PERIMETER365_CATALOG", "PERIMETER365_STORE", "PERIMETER365_CONSTRAINTS", "PERIMETER365_UPSTREAM")
    if arguments[:1] != ["lookup"] or any(n.startswith("PERIMETER365_") and n not in known for n in os.environ):
        return None
    values: list[str] = []
    clouds: list[str] = []
    as_json = False
    rest = iter(arguments[1:])
    for word in rest:
        if word == "--json":
            as_json = True
        elif word == "--cloud":
            if (cloud := next(rest, "-")).startswith("-"):
                return None
            clouds.append(cloud)
        elif word == "-" or not word.startswith("-"):
            values.append(word)
        else:
            return None
    return (values, clouds, as_json) if values else None


def _plain(arguments: Sequence[str]) -> bool:
    """Return True if `--color never` is set.

    It is read from the words themselves, since errors in the command line are printed without color, too.
    """
    color = os.environ.get("PERIMETER365_COLOR")
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        color = following if word == "--color" else word.removeprefix("--color=") if word.startswith("--color=") else color
    return color == "never"


def _report(error: Exception, *, plain: bool = False) -> int:
    """Print an error on stderr and return its exit code."""
    from perimeter365.errors import InputError, OutputError, Perimeter365Error, install_command

    if isinstance(error, Perimeter365Error):
        return _print_error(error, plain=plain)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _print_error(OutputError(f"{where}{error.strerror or error}"), error, plain=plain)
    if isinstance(error, ImportError) and (library := (error.name or "").partition(".")[0]) not in ("", "perimeter365"):
        return _print_error(
            InputError(f"the library {library} cannot be loaded: {error}", help=install_command()), plain=plain
        )
    if "click" in sys.modules:
        import click

        if isinstance(error, click.ClickException):
            context = getattr(error, "ctx", None)
            path = context.command_path if context else "perimeter365"
            text = error.format_message()
            if isinstance(error, click.BadParameter) and (name := _variable(error)) and name not in text:
                text = f"{text.rstrip('.')} (from the environment variable {name})"
            return _print_error(InputError(text, help=f"see `{path} --help`"), plain=plain)
        if isinstance(error, click.Abort):
            return _print_line(INTERRUPTED, "interrupted")
    bug = Perimeter365Error(f"{type(error).__name__}: {error}".rstrip(": "), help=_debug(error))
    return _print_error(bug, plain=plain)


def _variable(error: "BadParameter") -> str:
    """Return the variable that set an invalid value; "" if the command line did."""
    from click.core import ParameterSource

    context, option = error.ctx, error.param
    if not context or not option or not option.name:
        return ""
    if context.get_parameter_source(option.name) is not ParameterSource.ENVIRONMENT:
        return ""
    names = [option.envvar] if isinstance(option.envvar, str) else list(option.envvar or ())
    if context.auto_envvar_prefix:
        names.append(f"{context.auto_envvar_prefix}_{option.name.upper()}")
    return next((name for name in names if name in os.environ), "")


def _print_error(error: "Perimeter365Error", cause: BaseException | None = None, *, plain: bool = False) -> int:
    """Print an error with its causes and help; return the exit code."""
    lines = [(f"error[{error.code}]", "1;31", error.message)]
    cause = cause.__cause__ if cause else error.__cause__
    while cause is not None:
        text = " ".join(str(cause).split())
        reason = getattr(cause, "strerror", None) or text
        if not reason or reason not in error.message:
            lines.append((f"  caused by {type(cause).__name__}", "", text))
        cause = cause.__cause__
    lines += [("help", "1", step) for step in error.help.splitlines()]
    try:
        for title, style, text in lines:
            _print_title(title, style, plain=plain)
            print(f": {text}", file=sys.stderr, flush=True)
    except OSError:
        pass  # stderr is closed; the exit code still reports the error
    return error.exit_code


def _print_title(title: str, style: str, *, plain: bool) -> None:
    """Print the beginning of a line on stderr.

    It is in color on a terminal, unless `plain` or NO_COLOR is set.
    """
    wanted = (
        style and not plain and sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    if wanted:
        print_styled(f"\033[{style}m{title}\033[0m", sys.stderr, end="")
    else:
        print(title, end="", file=sys.stderr)


def _print_line(code: int, line: str) -> int:
    """Print a line on stderr and return the exit code."""
    try:  # noqa: SIM105
        print(line, file=sys.stderr, flush=True)
    except OSError:
        pass
    return code


def _debug(error: Exception) -> str:
    """Return the help for a defect; with PERIMETER365_DEBUG, save a traceback."""
    if not os.environ.get("PERIMETER365_DEBUG"):
        return "this is a defect in perimeter365; run again with PERIMETER365_DEBUG=1 to save a traceback for a bug report"
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="perimeter365-", suffix=".txt", delete=False) as file:
        file.writelines(traceback.format_exception(error))
    return f"this is a defect in perimeter365; the traceback is in {file.name}"


def _discard_stdout() -> None:
    """Redirect stdout to the null device, so that the final flush does not fail."""
    sink = os.open(os.devnull, os.O_WRONLY)
    try:  # noqa: SIM105
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
