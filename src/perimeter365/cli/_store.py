"""What the commands on versions share: opening the store, which cloud is meant, and which upstream."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from perimeter365.cli._settings import Settings
from perimeter365.errors import InputError
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.store.reader import Reader
    from perimeter365.store.store import Store


def cloud_of(ctx: click.Context, option: click.Parameter, text: str | None) -> Cloud | None:
    """A callback that reads a cloud's name. Raises UnknownNameError."""
    return Cloud.parse(text) if text else None


def clouds_of(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> list[Cloud]:
    """The same for an option that may be repeated."""
    return [cloud for text in texts if (cloud := cloud_of(ctx, option, text))]


cloud_option = click.option("--cloud", metavar="C", callback=cloud_of, help="Only this cloud.")
clouds_option = click.option(
    "--cloud", metavar="C", multiple=True, callback=clouds_of, help="Only this cloud; may be repeated."
)
upstream_option = click.option(
    "--base-url", metavar="URL", help="A mirror of the web service (default: PERIMETER365_UPSTREAM, else Microsoft's)."
)


@contextmanager
def opened(settings: Settings, *, create: bool = False) -> Iterator["Store"]:
    """The store that the settings name, to change it. Raises StoreError when there is none and none is to be made."""
    with settings.workspace.store(create=create) as store:
        yield store


@contextmanager
def asked(settings: Settings) -> Iterator["Reader"]:
    """The store that the settings name, to ask it. Raises StoreError when there is none."""
    with settings.workspace.reader() as store:
        yield store


@contextmanager
def asked_if_there(settings: Settings) -> Iterator["Reader | None"]:
    """The same; None when there is none."""
    if settings.workspace.has_store:
        with asked(settings) as store:
            yield store
    else:
        yield None


def one_cloud(asked: Cloud | None, possible: Iterable[Cloud], what: str) -> Cloud:
    """The cloud that was asked for, else the only possible one. Raises InputError when that is not clear."""
    clouds = sorted(set(possible))
    if asked:
        return asked
    if len(clouds) == 1:
        return clouds[0]
    if not clouds:
        raise InputError(f"no cloud has {what}", help="`perimeter365 versions` lists what the store holds")
    names = ", ".join(str(cloud) for cloud in clouds)
    raise InputError(f"several clouds have {what}: {names}", help="say which one with --cloud")
