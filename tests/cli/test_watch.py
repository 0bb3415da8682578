"""`watch`: invalid usage.

Its rounds are tested with `sync --watch`, its earlier name.
"""

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize(
    "words",
    [
        ["--healthy"],
        ["--interval", "5"],
        ["--cloud", "mars"],
        ["--from", "x", "--base-url", "https://example.com"],
        ["--held"],
    ],
)
def test_2_for_invalid_usage(words: list[str], cli: Cli) -> None:
    assert cli("watch", *words).code == 2
