"""Inputs that once violated a guarantee: (fuzzer, input, description)."""

from tests.fuzz.heads import seeds as stores

_STORE = stores()[0]
_DAMAGED = _STORE.replace(b"(version_num TEXT)", b"(\x02ersion_num TEXT)")

FINDINGS: list[tuple[str, bytes, str]] = [
    ("heads", _DAMAGED, "control bytes of a damaged schema in a message"),
    (
        "heads",
        _DAMAGED.replace(b"tablep365_schema", b"tablep365_sm\xb5ema"),
        "a damaged schema whose name is not UTF-8",
    ),
    ("host", b"x" * 5000, "a message as long as the name"),
    ("prefix", b"1" * 5000, "a message as long as the address"),
    ("ports", b"1" * 5000, "a message as long as the port"),
    ("lookup", b"https://" + b"/" * 4500 + b"aka.ms", "a message as long as the value"),
    ("lookup", b"a.example:" + b"1" * 4500, "a message as long as the port of the value"),
    ("page_text", b"5 *.um.outlook.com\n24 www.msftconnecttest.com *.co.nz *.pvt.k12.ma.us", "a public suffix on the page"),
]
