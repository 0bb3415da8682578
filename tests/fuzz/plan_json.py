"""Plans read from JSON."""

import json
from functools import cache
from pathlib import Path

from perimeter365.errors import InputError
from perimeter365.model.decode import decode, parse_json
from perimeter365.plan.stored import parse_plan, plan_dict
from tests.fuzz.oracle import attempt

WORDS = (
    '"flows"',
    '"prefixes"',
    '"hosts"',
    '"path"',
    "null",
    "true",
    "[]",
    "{}",
    "\\u0000",
    "\\ud800",
    "*.com",
    "0.0.0.0/0",
    "NaN",
)


@cache
def _small() -> bytes:
    from perimeter365.plan.make import make_plan
    from perimeter365.plan.profile import load_profile
    from perimeter365.sources.embedded import embedded

    example = Path(__file__).resolve().parents[2] / "examples" / "contoso.toml"
    whole = plan_dict(make_plan(embedded(), load_profile(example)))
    small = {key: value[:3] if isinstance(value, list) else value for key, value in whole.items()}
    return json.dumps(small).encode()


def seeds() -> list[bytes]:
    return [_small()]


def check(data: bytes) -> None:
    plan = attempt(lambda: decode("plan", parse_plan, parse_json(data)), kinds=InputError)
    if plan is not None:
        written = json.dumps(plan_dict(plan))
        assert decode("plan", parse_plan, parse_json(written.encode())) == plan
