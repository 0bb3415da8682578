"""Values of the options that only an organization knows: the examples of the targets, in documentation space."""

from perimeter365.targets import targets


def example_options(target: str) -> dict[str, str]:
    """The options of a target without default, with their examples."""
    return {key: o.example.strip("'") for key, o in targets[target].options.items() if o.default is None}
