"""The name of the cloud in a list in canonical form (`model.state`).

>>> renamed('{"cloud":"germany","sets":[]}', "germany-2021")
'{"cloud":"germany-2021","sets":[]}'

`store.heads` uses it at each start of `lookup`, so it imports nothing.
"""

_BEGIN = '{"cloud":"'


def renamed(body: str, cloud: str) -> str:
    """Return a list with the name of another cloud.

    Text that does not begin like one is returned unchanged.
    """
    _, quote, rest = body.removeprefix(_BEGIN).partition('"')
    return f"{_BEGIN}{cloud}{quote}{rest}" if body.startswith(_BEGIN) and quote else body
