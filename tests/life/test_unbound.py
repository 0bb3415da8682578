"""The life of the forward zones of Unbound."""

import pytest

from tests.life.names import (  # noqa: F401
    test_a_removal_that_was_interrupted_is_finished_later,
    test_after_each_line_what_both_versions_have_passes,
    test_each_version_replaces_the_last_one,
    test_the_names_of_the_example_pass_and_all_else_is_as_before,
    test_two_organizations_share_a_server,
)
from tests.life.servers import Server, Unbound


@pytest.fixture
def kind() -> type[Server]:
    return Unbound
