"""What rooms may leave out."""

from types import SimpleNamespace
from typing import Any

from perimeter365.model.cloud import Cloud
from perimeter365.web.service import clouds_of
from tests.web.servers import Client


def test_an_answer_depends_on_all_clouds_unless_its_room_says_less(client: Client) -> None:
    edition = client.service.edition
    assert edition is not None
    silent: Any = SimpleNamespace()
    precise: Any = SimpleNamespace(clouds=lambda question, edition: [Cloud.CHINA])
    question: Any = "question"
    assert clouds_of(silent, question, edition) == tuple(edition.clouds)
    assert clouds_of(precise, question, edition) == (Cloud.CHINA,)
