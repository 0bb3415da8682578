"""`python -m tests.upstream`: the lying upstream as a program.

python -m tests.upstream --cases                      the names of all cases
python -m tests.upstream --port 8365 --case drip      serve, and print the base address
curl -X POST 'http://127.0.0.1:8365/control?case=429' another case, while it runs
curl http://127.0.0.1:8365/log                        what was asked
"""

import argparse
import json
import sys
from pathlib import Path

from tests.upstream.bodies import LIES
from tests.upstream.server import CASES, VERSION, Upstream


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.upstream", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--case", default="honest", choices=[*CASES, *LIES], metavar="NAME", help="what to do (--cases lists)"
    )
    parser.add_argument("--cases", action="store_true", help="list the cases and end")
    parser.add_argument("--state", type=Path, help="a recorded answer of /endpoints to replay (default: the embedded list)")
    parser.add_argument("--version", default=VERSION, help="what /version says (ten digits)")
    parser.add_argument("--port", type=int, default=0, help="on loopback; 0 for a free one")
    args = parser.parse_args()
    if args.cases:
        sys.stdout.write("\n".join([*CASES, *LIES, ""]))
        return 0
    items = json.loads(args.state.read_text("utf-8")) if args.state else None
    with Upstream(args.case, items=items, version=args.version, port=args.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
