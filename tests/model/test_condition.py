"""The grammar of conditions."""

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.condition import Condition, Term


@pytest.mark.parametrize(
    "wrong",
    ["", "sbc", "role", "role:", "role:internet", "role:sbx", "scenario:all", "cloud:mars", "dns:mx", "dns:sip=maybe",
     "role:sbc=x", "dns:spf_senders=x", "role:sbc |", "x:sbc"],
)  # fmt: skip
def test_what_is_not_a_condition_is_rejected(wrong: str) -> None:
    with pytest.raises(CatalogError, match="is not a term of a condition"):
        Condition.parse(wrong)


def test_a_condition_is_written_as_it_is_read() -> None:
    text = "scenario:federation-sts | role:sbc | cloud:china | dns:sip=cloud | dns:mx_token"
    assert str(Condition.parse(text)) == text
    assert Condition.parse("dns:sip=cloud") == Condition((Term("dns", "sip", "cloud"),))
