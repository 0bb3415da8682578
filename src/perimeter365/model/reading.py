"""Turn any exception of a reader of upstream's bytes into an UpstreamError.

    >>> with reading("the version of worldwide"):
    ...     int("\u00b2")
    Traceback (most recent call last):
    perimeter365.errors.UpstreamDataError: the version of worldwide cannot be read: ValueError

Readers raise errors with the position and the cause. This is the net below them: an exception that no reader foresaw, of the
standard library, of urllib3 or of perimeter365, would otherwise end a sync as a defect (exit code 70), so that what upstream
sends decides which safety state a sync leaves. The message has the class of the exception and the line of perimeter365 in
which it occurred, so a defect can be found. It has no text of the exception, which can quote a URL, a password or a header.

MemoryError, KeyboardInterrupt and SystemExit are not converted, and neither is ImportError: no bytes cause it, but an
installation without a library.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from perimeter365.errors import Perimeter365Error, UpstreamDataError, UpstreamError

HELP = "perimeter365 does not know this fault of a response; report it with this message"
_OWN = "perimeter365."


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Raise each exception of a block as an UpstreamError.

    Args:
        what: what is read, for the message.

    Raises:
        UpstreamError: unchanged if the block raised one, else an UpstreamDataError.
        MemoryError, ImportError: unchanged.
    """
    try:
        yield
    except (UpstreamError, MemoryError, ImportError):
        raise
    except Perimeter365Error as error:
        raise UpstreamDataError(f"{what}: {error.message}") from None
    except Exception as error:  # noqa: BLE001 (this is the place that knows no other class)
        kind = ascii(type(error).__name__)[1:-1][:60]
        place = _place(error.__traceback__)
        raise UpstreamDataError(f"{what} cannot be read: {kind}{place and f' in {place}'}", help=HELP) from None


def _place(trace: TracebackType | None) -> str:
    """Return module and line of the last frame of perimeter365; "" if there is none."""
    found = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(_OWN) and module != __name__:
            found = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
