"""Microsoft's public address space."""

from pathlib import Path

import pytest

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.sources.public_ips import parse_public_ips, read_public_ips

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "MSFT_PublicIPs_20260806.csv"


def test_the_recorded_file_is_read_whole() -> None:
    if not FILE.exists():
        pytest.skip("the reference data folder is not here")
    space = read_public_ips(FILE)
    lines = [line.split(",")[0] for line in FILE.read_text("utf-8-sig").splitlines() if "," in line][1:]
    assert len(lines) > 100
    assert all(prefix in space for prefix in lines)
    assert "8.8.8.8" not in space


def test_spaces_and_blank_lines_do_not_matter() -> None:
    assert "192.0.2.7" in parse_public_ips("Prefix, Type\n\n192.0.2.0/24, MSFT\n\n")


@pytest.mark.parametrize("text", ["", "Prefix,Type\n", "a,b\n192.0.2.0/24,x", "Prefix,Type\nfoo,x", "<html>", "x" * 200_000])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(UpstreamDataError):
        parse_public_ips(text)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_public_ips(tmp_path / "none.csv")
