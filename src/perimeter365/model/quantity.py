"""A number with its noun, for messages.

>>> quantity(1, "prefix"), quantity(2, "prefix"), quantity(0, "entry"), quantity(3, "DNS record")
('1 prefix', '2 prefixes', '0 entries', '3 DNS records')
"""


def quantity(number: int, noun: str) -> str:
    """Return a number and a regular noun; the noun is plural unless the number is 1."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of a regular noun; of several words, the last one is the noun."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}s"
