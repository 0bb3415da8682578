"""The command line: a thin face on the library, one file a command.

`main` is the one place that turns exceptions into a message and an exit code:

    Perimeter365Error    error[P365-…]: message, its causes, a `help:` line; the error's own exit code
    click.UsageError     the same, exit 2
    an OSError           a file or a stream that cannot be read or written, exit 2
    an ImportError       a library that is missing or too old, exit 2
    closed pipe          silence, exit 0
    Ctrl-C               one line, exit 130
    anything else        our bug: one line, exit 70; with PERIMETER365_DEBUG a traceback in a file that it names

`lookup` has a door of its own: asked plainly, it runs without importing click (three times faster). Both doors lead to
`_lookup.run`.
"""

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130

TYPE_CHECKING = False  # type checkers take this name as true
if TYPE_CHECKING:
    from click import BadParameter

    from perimeter365.errors import Perimeter365Error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code (CONTRACT: Exit codes).

    Args:
        arguments: without the program's name; None for those of the process.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        _open_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # a terminal of few characters is no reason to fail
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return 0
    except KeyboardInterrupt:
        return _say(INTERRUPTED, "interrupted")
    except Exception as error:  # noqa: BLE001 (this is the one place)
        return _report(error)
    return code


def _open_closed_streams() -> None:
    """Who closes a standard stream (`>&-`) wants nothing of it; and no file that is opened later must get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 (open until the end)


def _run(arguments: list[str]) -> int:
    if plain := _plain_lookup(arguments):
        from perimeter365.cli._lookup import run
        from perimeter365.workspace import Workspace

        return run(*plain, Workspace.from_environment())
    from perimeter365.cli._app import invoke

    return invoke(arguments)


def _plain_lookup(arguments: list[str]) -> tuple[list[str], list[str], bool] | None:
    """(values, clouds, json) of a `lookup` that needs nothing of click; None for everything else."""
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


def _report(error: Exception) -> int:
    """Say what went wrong, on stderr; returns the exit code."""
    from perimeter365.errors import InputError, OutputError, Perimeter365Error, install_command

    if isinstance(error, Perimeter365Error):
        return _tell(error)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _tell(OutputError(f"{where}{error.strerror or error}"), error)
    if isinstance(error, ImportError) and (library := (error.name or "").partition(".")[0]) not in ("", "perimeter365"):
        return _tell(InputError(f"the library {library} cannot be loaded: {error}", help=install_command()))
    if "click" in sys.modules:
        import click

        if isinstance(error, click.ClickException):
            context = getattr(error, "ctx", None)
            path = context.command_path if context else "perimeter365"
            text = error.format_message()
            if isinstance(error, click.BadParameter) and (name := _variable(error)) and name not in text:
                text = f"{text.rstrip('.')} (from the environment variable {name})"
            return _tell(InputError(text, help=f"`{path} --help` says how it is used"))
        if isinstance(error, click.Abort):
            return _say(INTERRUPTED, "interrupted")
    bug = Perimeter365Error(f"{type(error).__name__}: {error}".rstrip(": "), help=_debug(error))
    return _tell(bug)


def _variable(error: "BadParameter") -> str:
    """The environment variable that a wrong value came from; "" when it was on the command line."""
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


def _tell(error: "Perimeter365Error", cause: BaseException | None = None) -> int:
    """Print a message with the causes that it does not name, and help; returns the exit code."""
    lines = [f"{_paint(f'error[{error.code}]', '1;31')}: {error.message}"]
    cause = cause.__cause__ if cause else error.__cause__
    while cause is not None:
        text = " ".join(str(cause).split())
        said = getattr(cause, "strerror", None) or text
        if not said or said not in error.message:  # nothing is said twice
            lines.append(f"  caused by {type(cause).__name__}: {text}")
        cause = cause.__cause__
    if error.help:
        lines.append(f"{_paint('help', '1')}: {error.help}")
    return _say(error.exit_code, *lines)


def _say(code: int, *lines: str) -> int:
    try:  # noqa: SIM105 (contextlib costs 2 ms of a cold start)
        print(*lines, sep="\n", file=sys.stderr, flush=True)
    except OSError:
        pass  # nobody is there to hear it; the exit code still says it
    return code


def _paint(text: str, style: str) -> str:
    """With a color, when stderr is a terminal that wants one."""
    wanted = sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\033[{style}m{text}\033[0m" if wanted else text


def _debug(error: Exception) -> str:
    """Under PERIMETER365_DEBUG, write the traceback to a file and say where; otherwise say how to get one."""
    if not os.environ.get("PERIMETER365_DEBUG"):
        return "this is a defect of perimeter365; PERIMETER365_DEBUG=1 keeps a traceback for a report"
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="perimeter365-", suffix=".txt", delete=False) as file:
        file.writelines(traceback.format_exception(error))
    return f"this is a defect of perimeter365; the traceback is in {file.name}"


def _forget_stdout() -> None:
    """Let the interpreter's last flush go nowhere: the reader has left."""
    sink = os.open(os.devnull, os.O_WRONLY)
    try:  # noqa: SIM105
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
