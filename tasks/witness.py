"""Write `facts/witness.json`, the embedded witness of Microsoft's address space.

Its sources are files of the Download Center.

    python tasks/witness.py MSFT_PublicIPs_20260806.csv ServiceTags_Public_20251117.json
    python tasks/witness.py --lists FOLDER                      recorded lists, as `perimeter365 import history` reads them

A file replaces the source of its kind; the others are kept. Its name has the day, as Microsoft writes it.

The prefixes of the operators are computed each time: those of the embedded lists (and of `--lists`) of a cloud that a
company runs, which no source has. Each new one is printed, since nothing else than the list supports it. A prefix of another
cloud that no source has is an error: the list is wrong, or the files are too old.

Exit codes: 0 done, 2 bad input; nothing is written then.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from perimeter365.errors import InputError, Perimeter365Error
from perimeter365.history.load import read_recorded_lists
from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.prefix import Prefix
from perimeter365.model.state import State
from perimeter365.model.witness import AddressSource, AddressWitness, OperatorPrefix
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.sources.web_service import BASE_URL
from perimeter365.sources.witness import file_day, parse_source, read_witness, to_json

FILE = Path(str(FACTS), "witness.json")


def main(arguments: Sequence[str] | None = None, file: Path = FILE) -> int:
    """Run the task and return the exit code."""
    parser = argparse.ArgumentParser(description="Write the embedded witness of Microsoft's address space.")
    parser.add_argument("files", nargs="*", type=Path, help="public ranges (CSV) and service tags (JSON) of Microsoft")
    parser.add_argument("--lists", type=Path, action="append", default=[], help="folder of recorded lists; repeatable")
    given = parser.parse_args(arguments)
    try:
        read = [read_file(path) for path in given.files]
        states = [state for folder in given.lists for state in read_recorded_lists(folder)[0]]
        known = with_sources(read_witness(file.read_text("utf-8")) if file.is_file() else None, read)
        made = replace(known, operators=operators(known, embedded(), states))
    except Perimeter365Error as error:
        print(f"witness: {error}", file=sys.stderr)
        return 2
    for each in made.operators:
        if each not in known.operators:
            print(
                f"witness: {each.cloud}: {each.prefix}: only lists have it, since {each.first}; review it", file=sys.stderr
            )
    file.write_text(to_json(made), "utf-8", newline="\n")
    print(f"witness: wrote {file}, of {made.day}", file=sys.stderr)
    return 0


def read_file(path: Path) -> AddressSource:
    """Read a file. Raises Perimeter365Error."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if (day := file_day(path.name)) is None:
        raise InputError(f"{path}: the name has no day, such as MSFT_PublicIPs_20260806.csv")
    return parse_source(data, path.name, day)


def with_sources(known: AddressWitness | None, sources: Iterable[AddressSource]) -> AddressWitness:
    """Return a witness in which these sources replace those of their kind."""
    found = known
    for source in sources:
        found = found.with_source(source) if found else AddressWitness(sources=(source,))
    if found is None:
        raise InputError("there is no witness yet: name the files")
    return found


def operators(known: AddressWitness, catalog: Catalog, states: Sequence[State]) -> tuple[OperatorPrefix, ...]:
    """Return the prefixes of operators, those that are known and those of the lists.

    Args:
        known: the sources, and the prefixes that are known.
        catalog: the catalog with the newest list of each cloud.
        states: older lists.

    Raises:
        InputError: Microsoft's own cloud has a prefix that no source has.
    """
    found = {(each.cloud, each.prefix): each for each in known.operators}
    sources = replace(known, operators=())
    for cloud in CLOUDS:
        space = sources.space(cloud)
        lists = [(s.day, {p for each in s.sets for p in each.listed}) for s in states if s.cloud is cloud]
        if cloud in catalog.versions:
            newest = {p for each in catalog.endpoint_sets(cloud) for p in each.listed}
            lists.append((catalog.versions[cloud].version.day or date.min, newest))
        for day, texts in sorted(lists, key=lambda item: item[0]):
            outside = {prefix for prefix in map(Prefix.parse, texts) if prefix not in space}
            if outside and not cloud.operator:
                raise InputError(f"{cloud}: no source has {min(outside)}, in the list of {day}")
            for key, each in found.items():
                if each.cloud is cloud and each.prefix not in outside and each.first < day and each.gone is None:
                    found[key] = replace(each, gone=day)
            for prefix in outside:
                old = found.get((cloud, prefix))
                if old is None:
                    old = OperatorPrefix(cloud=cloud, prefix=prefix, first=day, document=_document(catalog, cloud))
                since = replace(old, first=min(day, old.first))
                found[cloud, prefix] = replace(since, gone=None if not old.gone or old.gone <= day else old.gone)
    return tuple(sorted(found.values(), key=lambda each: (each.cloud, each.prefix)))


def _document(catalog: Catalog, cloud: Cloud) -> str:
    known = catalog.provenance.get(cloud)
    return known.evidence[0].document if known and known.evidence else f"{BASE_URL}/endpoints/{cloud.instance}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
