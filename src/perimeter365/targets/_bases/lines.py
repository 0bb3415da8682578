"""Lines of manuals that are safe to paste into a shell.

A shell goes on with the next line if one fails, so each line has what has to succeed before it changes anything.
"""


def guarded(*steps: str, help: str, undo: str = "") -> str:
    """Return a line of commands that stops at the first one that fails.

    If one fails, the line prints a sentence and fails, but does not end the shell.

    >>> print(guarded("test -f a", "cp a b", help="a is not in this folder"))
    test -f a && cp a b || { echo 'refused: a is not in this folder' >&2; false; }

    Args:
        steps: the commands; those with `||` or `;` in braces.
        help: what to look at, without quotation marks.
        undo: a command to run before the sentence.
    """
    return f"{' && '.join(steps)} || {{ {f'{undo}; ' if undo else ''}echo 'refused: {help}' >&2; false; }}"


def replaced(file: str, place: str, check: str) -> tuple[str, str]:
    """Return steps that copy a file and check the whole configuration.

    The former file is put back if the check fails.
    """
    old = f"{place}.old"
    back = f"rm {place}; test ! -f {old} || mv {old} {place}; false"
    return f"install -b -S .old -m 644 {file} {place}", f"{{ {check} || {{ {back}; }}; }}"
