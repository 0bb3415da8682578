"""`perimeter365 publish`: the service as static files."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli.serve import max_age_option

if TYPE_CHECKING:
    from perimeter365.web.publish import PublishReport


@declare("publish", VERSIONS)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--profiles", metavar="DIR", type=click.Path(file_okay=False), help="Folder of profiles, published under /p/NAME/."
)
@max_age_option
@click.option("--wait", is_flag=True, help="Wait until the new versions may be announced, and announce them.")
@click.option("--keep", metavar="N", type=click.IntRange(1, 1000), default=3, show_default=True, help="Generations to keep.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would be done.")
@json_option
@pass_settings
def command(
    settings: Settings,
    folder: Path,
    profiles: str | None,
    max_age: int,
    wait: bool,
    keep: int,
    dry_run: bool,
    json: bool,
) -> None:
    """Write the service as static files.

    They are for nginx, a CDN or an object store.

    DIR/current is the root of the web server, and is replaced at once. A new version is announced by a later run, when
    caches cannot have the earlier list any more; a run does what is due, so run it every few minutes.

    Exit code 2: the lists or a published profile cannot be read, the folder is not a publication, another run is publishing
    there, or a list is older than the published one. The current generation is unchanged then.

    Examples:
        perimeter365 publish /srv/m365
        perimeter365 publish /srv/m365 --profiles profiles --max-age 3600
        perimeter365 publish /srv/m365 --dry-run
    """
    from perimeter365.web.publish import Publication, has_brotli, publish

    publication = Publication(profiles=profiles or "", max_age=max_age, keep=keep, dry_run=dry_run)
    shown = sys.stderr.isatty() and not settings.quiet and settings.may_escape(sys.stderr)

    def progress(number: int, total: int) -> None:
        if shown:
            print(f"\r\033[K{number} of {total} files" if number < total else "\r\033[K", file=sys.stderr, end="")

    if not has_brotli():
        settings.log("note: no .br files are written: the extra 'serve' is not installed")
    while True:
        report = publish(settings.workspace, folder, publication, progress=progress)
        if json and not (wait and report.next_run and not dry_run):
            print_json(report.to_dict())
        settings.log(*_lines(report, folder, dry_run=dry_run))
        for problem in report.problems:
            print(f"warning: {problem}", file=sys.stderr)
        if not wait or dry_run or report.next_run is None:
            return
        while (rest := (report.next_run - datetime.now(UTC)).total_seconds()) > 0:
            time.sleep(min(rest, 60.0))


def _lines(report: "PublishReport", folder: Path, *, dry_run: bool) -> list[str]:
    would = "would be " * dry_run
    size = sum(each.size for each in report.files) / 1e6
    if not report.written and not report.configurations:
        made = [f"unchanged: all {len(report.files)} files in {folder} are up to date"]
    else:
        counts = f"{len(report.changed)} changed, {len(report.removed)} removed"
        made = [f"{folder}: {len(report.files)} files, {size:.1f} MB; {counts}{' (nothing was written)' * dry_run}"]
    for cloud, version in report.pending.items():
        made.append(f"  {cloud}: {version} {would}published, {report.announced[cloud]} {would}announced")
    if report.next_run:
        made.append(f"run it again after {report.next_run:%Y-%m-%d %H:%M:%S} UTC to announce the new version")
    if report.configurations:
        names = ", ".join(str(folder / name) for name in report.configurations)
        made.append(f"{would}changed: {names}; reload nginx (nginx -t && nginx -s reload)")
    made += [f"warning: {folder / 'generations' / name}: files of somebody else are in it" for name in report.tidied.kept]
    return made
