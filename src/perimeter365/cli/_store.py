"""Store access, and the cloud and upstream options of commands on versions."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from perimeter365.cli._complete import complete_cloud
from perimeter365.cli._settings import Settings
from perimeter365.errors import CatalogError, InputError, UnknownNameError
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.store.reader import Reader
    from perimeter365.store.store import Store


def cloud_of(ctx: click.Context, option: click.Parameter, text: str | None) -> Cloud | None:
    """Parse the name of a cloud for an option: known, or one that the store has.

    Raises UnknownNameError.
    """
    if not text:
        return None
    try:
        return Cloud.parse(text)
    except UnknownNameError:
        with open_reader_if_present(ctx.ensure_object(Settings)) as store:
            return Cloud.parse(text, store.clouds() if store else ())


def instances_of(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> list[Cloud]:
    """Parse the names of clouds that a sync follows.

    The sync asks upstream about names that this release does not know.

    Raises UnknownNameError for text that cannot be the name of a cloud.
    """
    made = []
    for text in texts:
        try:
            made.append(Cloud.parse(text))
        except UnknownNameError as error:
            try:
                made.append(Cloud.of_instance(text))
            except CatalogError:
                raise error from None
    return made


def clouds_of(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> list[Cloud]:
    """Parse the names of clouds for a repeatable option. Raises UnknownNameError."""
    return [cloud for text in texts if (cloud := cloud_of(ctx, option, text))]


cloud_option = click.option(
    "--cloud", metavar="C", callback=cloud_of, shell_complete=complete_cloud, help="Only this cloud."
)
_SEVERAL: dict[str, Any] = {"metavar": "C", "multiple": True, "shell_complete": complete_cloud}
clouds_option = click.option("--cloud", **_SEVERAL, callback=clouds_of, help="Only this cloud; repeatable.")
cloud_names_option = click.option("--cloud", **_SEVERAL, help="Only this cloud; repeatable.")
instances_option = click.option(
    "--cloud",
    **_SEVERAL,
    callback=instances_of,
    help="Only this cloud, or an instance of upstream that is newer than this release; repeatable.",
)
upstream_option = click.option(
    "--base-url", metavar="URL", help="Mirror of the web service. Default: PERIMETER365_UPSTREAM, else Microsoft's."
)


@contextmanager
def open_store(settings: Settings, *, create: bool = False) -> Iterator["Store"]:
    """Open the configured store for writing.

    Raises StoreError if it does not exist and `create` is False.
    """
    with settings.workspace.store(create=create) as store:
        yield store


@contextmanager
def open_reader(settings: Settings) -> Iterator["Reader"]:
    """Open the configured store for reading. Raises StoreError if it does not exist."""
    with settings.workspace.reader() as store:
        yield store


@contextmanager
def open_reader_if_present(settings: Settings) -> Iterator["Reader | None"]:
    """Open the configured store for reading, or yield None if it does not exist."""
    if settings.workspace.has_store:
        with open_reader(settings) as store:
            yield store
    else:
        yield None


def one_cloud(requested: Cloud | None, possible: Iterable[Cloud], what: str) -> Cloud:
    """Return the requested cloud, else the only possible one.

    Raises InputError if that is ambiguous.
    """
    clouds = sorted(set(possible))
    if requested:
        return requested
    if len(clouds) == 1:
        return clouds[0]
    if not clouds:
        raise InputError(f"no cloud has {what}", help="`perimeter365 versions` lists the stored versions")
    names = ", ".join(str(cloud) for cloud in clouds)
    raise InputError(f"several clouds have {what}: {names}", help="choose one with --cloud")
