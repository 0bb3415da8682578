"""Network requirements of Microsoft 365 as device configurations.

    from perimeter365 import Workspace, write

    workspace = Workspace.from_environment()
    plan = workspace.plan("contoso.toml")                  # what `perimeter365 plan` prints
    rendered = workspace.render(plan, "nftables")          # .artifacts, .losses
    write([rendered], "out")

Public names are imported on first access, so `import perimeter365` loads nothing else.
"""

# Type checkers treat this name as true. Importing `typing` for it would take half of the start-up time of `lookup`.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from perimeter365.errors import Perimeter365Error as Perimeter365Error
    from perimeter365.history.diff import diff as diff
    from perimeter365.model.catalog import Catalog as Catalog
    from perimeter365.plan.aggregate import Budget as Budget
    from perimeter365.plan.constraints import Constraints as Constraints
    from perimeter365.plan.make import make_plan as make_plan
    from perimeter365.plan.plan import Plan as Plan
    from perimeter365.plan.profile import Profile as Profile
    from perimeter365.plan.profile import load_profile as load_profile
    from perimeter365.store.store import Store as Store
    from perimeter365.targets import Style as Style
    from perimeter365.targets import render as render
    from perimeter365.targets.write import write as write
    from perimeter365.workspace import Workspace as Workspace
    from perimeter365.workspace import load_catalog as load_catalog
    from perimeter365.workspace import lookup as lookup

__version__ = "0.1.0"

_WHERE = {
    "Budget": "plan.aggregate",
    "Catalog": "model.catalog",
    "Constraints": "plan.constraints",
    "Perimeter365Error": "errors",
    "Plan": "plan.plan",
    "Profile": "plan.profile",
    "Store": "store.store",
    "Style": "targets",
    "Workspace": "workspace",
    "diff": "history.diff",
    "load_catalog": "workspace",
    "load_profile": "plan.profile",
    "lookup": "workspace",
    "make_plan": "plan.make",
    "render": "targets",
    "write": "targets.write",
}
"""Public name -> module that defines it. The other errors are in `perimeter365.errors`."""

__all__ = [*_WHERE, "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
