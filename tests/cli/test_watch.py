"""`watch`: wrong usage. Its rounds are tested with `sync`, whose earlier option it is."""

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
        ["--healthy", "--health", "x", "--from", "y"],
    ],
)
def test_2_for_wrong_usage(words: list[str], cli: Cli) -> None:
    assert cli("watch", *words).code == 2
