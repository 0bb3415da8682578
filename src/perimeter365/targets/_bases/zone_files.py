"""Fragments of zone files, and the lines that include them.

They are included in the zones of a name server.

A line that is refused changes nothing more, and removes the checked files, so that the lines after it do nothing.
"""

from perimeter365.targets._bases.lines import guarded

_SERIAL = r"^[^;\n]*\bSOA(([\s(]|;.*\n)+[^\s(;]+){2}(?2)+\K\d+(?=[\s();])"
"""The serial of a zone, which may have comments before it, as a regular expression of Perl."""
_BUMP = f"perl -0pi -e 's/{_SERIAL}/$&%4294967295+1/mei or $e=1; END {{ $?=$e }}' $d"
_UNLINK = r"sed -i '\|^$INCLUDE {folder}/|d' $d"
_NEW = "{folder}.new"
"""The checked files. The later lines take these, and do nothing without them."""


def _each(files: str, step: str) -> str:
    """Return a test that a step succeeds for each file.

    The file is `$f`, and its zone is in `$d`. Those for which it fails are printed.
    """
    failed = "{ echo $f; echo $f >&2; }"
    return f'[ -z "$(for f in {files}; do d=/etc/bind/db.${{f%.zone}}; {step} || {failed}; done)" ]'


_ADDED, _OLD = f"$(ls {_NEW})", "$(ls {folder} 2>/dev/null)"
_CHECK = "grep -v '^$INCLUDE {folder}/' $d | cat - $f | named-checkzone -q ${f%.zone} /dev/stdin"
_CLEAN = f"rm -rf {_NEW}"
# The serial grows first: after an interruption, and a restart of the server, everything is run again and it grows again.
INSTALL = (
    guarded(
        "mine=$(grep -ls '^; Made by perimeter365' *.zone)",
        _each("$mine", f"perl -0ne '/{_SERIAL}/mi or exit 1' $d && {_CHECK}"),
        _CLEAN,
        f"mkdir -p {{folder}} {_NEW}",
        f"install -m 644 $mine {_NEW}",
        help="no file of ours is in this folder, or the zone that is named above has an error or no serial",
        undo=_CLEAN,
    ),
    guarded(
        f"test -d {_NEW}",
        _each(_OLD, f"[ -e {_NEW}/$f ] || {{ if [ -f $d ]; then {_BUMP} && {_UNLINK}; fi && rm {{folder}}/$f; }}"),
        help="nothing was checked, or the zone that is named above has no serial",
        undo=_CLEAN,
    ),
    guarded(
        f"test -d {_NEW}",
        _each(
            _ADDED,
            f"{{ cmp -s {_NEW}/$f {{folder}}/$f && grep -q {{folder}}/ $d || {_BUMP}; }} && install -m 644 {_NEW}/$f "
            "{folder}/$f && { grep -q {folder}/ $d || printf '\\n%s\\n' '$INCLUDE {folder}/'$f >> $d; }",
        ),
        "rndc reload",
        _CLEAN,
        help="nothing was checked, or the zone that is named above has no serial",
        undo=_CLEAN,
    ),
)
REMOVE = (
    guarded(
        _each(_OLD, f"if [ -f $d ]; then {_BUMP} && {_UNLINK}; fi"),
        f"rm -rf {{folder}} {_NEW}",
        "rndc reload",
        help="the zone that is named above has no serial",
    ),
)
