"""A process that writes into a store until it is killed, or a number of times.

    python -m tests.history.worker PLACE CLOUD [TIMES]

It commits the small series' states over and over, each under the next free version of the cloud and with a
notification that names it, and prints a version when its commit has returned.
"""

import itertools
import sys
from dataclasses import replace

from perimeter365.history.load import read
from perimeter365.model.cloud import Cloud
from perimeter365.store.store import Store
from tests.history.oracle import SERIES

FIRST = 2031010100


def main(place: str, cloud: Cloud, times: int | None) -> None:
    states, _ = read(SERIES)
    several = sorted((s for s in states if s.cloud is Cloud.WORLDWIDE), key=lambda s: s.version)
    with Store(place) as store:
        for _ in itertools.count() if times is None else range(times):
            with store.writing():
                number = len(store.versions(cloud))
                state = several[number % len(several)]
                version = str(FIRST + number)
                sets = tuple(replace(s, cloud=cloud) for s in state.sets)
                own = replace(state, cloud=cloud, version=version, recorded=None, sets=sets)
                store.commit(own, outbox=[("committed", {"cloud": cloud.value, "version": version})])
            sys.stdout.write(f"{version}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Cloud.parse(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else None)
