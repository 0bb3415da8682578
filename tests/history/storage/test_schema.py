"""The tables: every one has our prefix, since a server's database may hold other programs' too."""

from perimeter365.history.storage._schema import METADATA


def test_every_table_and_index_has_our_prefix() -> None:
    names = [*METADATA.tables, *(index.name for table in METADATA.tables.values() for index in table.indexes)]
    assert all(str(name).startswith("p365_") for name in names)


def test_every_table_has_a_key() -> None:
    assert all(list(table.primary_key) for table in METADATA.tables.values())
