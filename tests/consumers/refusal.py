"""The exception for an artifact that a consumer does not accept."""


class Refused(Exception):  # noqa: N818 - an outcome, not an error of the tests
    """A consumer does not accept an artifact. The text is the output of the consumer."""
