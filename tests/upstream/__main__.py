"""The faulty upstream as a program.

python -m tests.upstream --cases                      list all cases with their meaning
python -m tests.upstream --port 8365 --case drip      serve, and print the base URL
python -m tests.upstream --history DIR                replay recorded states, oldest first
python -m tests.upstream --tls tls-expired --ca x.pem serve with TLS, and write the authority that clients trust
sleep inf | python -m tests.upstream --port 8365 &    run in the background; it ends with its standard input
curl -X POST 'http://127.0.0.1:8365/control?case=429' another case, while it runs
curl -X POST 'http://127.0.0.1:8365/control?next=1'   the next recorded state; 404 after the last one
curl http://127.0.0.1:8365/log                        the requests so far
"""

import argparse
import json
import sys
from pathlib import Path

from perimeter365.model.cloud import CLOUDS
from tests.upstream.bodies import honest
from tests.upstream.replay import recorded
from tests.upstream.server import ALL, VERSION, Upstream
from tests.upstream.tls import TLS, write_root


def main() -> int:
    words = argparse.ArgumentParser(
        prog="python -m tests.upstream", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--case", default="honest", choices=ALL, metavar="NAME", help="the fault to produce (see --cases)")
    words.add_argument("--tls", default="", choices=TLS, metavar="NAME", help="use TLS with this fault (see --cases)")
    words.add_argument("--ca", type=Path, metavar="FILE", help="write the authority that clients may trust")
    words.add_argument("--cases", action="store_true", help="list the cases and end")
    words.add_argument("--state", type=Path, help="a recorded response of /endpoints (default: the embedded lists)")
    words.add_argument("--history", type=Path, metavar="DIR", help="recorded states to replay in their order")
    words.add_argument("--page", type=Path, metavar="FILE", help="the page (default: generated from the catalog)")
    words.add_argument("--version", default=VERSION, help="the version that /version returns (ten digits)")
    words.add_argument("--port", type=int, default=0, help="on loopback; 0 for a free one")
    args = words.parse_args()
    if args.cases:
        meanings = {**ALL, **{name: way.meaning for name, way in TLS.items()}}
        width = max(map(len, meanings))
        sys.stdout.writelines(f"{name:<{width}}  {meaning}\n" for name, meaning in meanings.items())
        return 0
    items = json.loads(args.state.read_text("utf-8")) if args.state else None
    states = recorded(args.history) if args.history else ()
    if args.history and not states:
        words.error(f"{args.history} contains no recorded state")
    with Upstream(args.case, items=items, version=args.version, port=args.port, tls=args.tls, history=states) as server:
        if not args.state:
            server.lists = {**{cloud: honest(cloud) for cloud in CLOUDS if not cloud.closed}, **server.lists}
        if args.page:
            server.page = args.page.read_text("utf-8")
        if args.ca:
            args.ca.write_bytes(write_root(args.ca.parent).read_bytes())
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
