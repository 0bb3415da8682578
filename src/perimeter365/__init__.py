"""perimeter365: what Microsoft 365 needs from a network, as something that a network can act on.

    from perimeter365 import load_catalog, load_profile, make_plan, render

    plan = make_plan(load_catalog(), load_profile("contoso.toml"))
    result = render(plan, "nftables")          # .artifacts, .losses

Everything public is imported when it is first asked for, so that `import perimeter365` costs nothing.
"""

# Type checkers take this name as true; importing `typing` for it would be half of the start of `lookup`.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from perimeter365.model.catalog import Catalog as Catalog
    from perimeter365.plan.make import make_plan as make_plan
    from perimeter365.plan.plan import Plan as Plan
    from perimeter365.plan.profile import Profile as Profile
    from perimeter365.plan.profile import load_profile as load_profile
    from perimeter365.sources.load import load_catalog as load_catalog
    from perimeter365.targets import render as render

__version__ = "0.1.0"

_WHERE = {
    "Catalog": "model.catalog",
    "Plan": "plan.plan",
    "Profile": "plan.profile",
    "load_catalog": "sources.load",
    "load_profile": "plan.profile",
    "make_plan": "plan.make",
    "render": "targets",
}

__all__ = [*_WHERE, "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
