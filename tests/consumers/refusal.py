"""How a consumer's no is told to a test, whichever consumer it was."""


class Refused(Exception):  # noqa: N818 - what happened, not whose mistake it is
    """The program that should read the artifact does not accept it; the text is what the program said."""
