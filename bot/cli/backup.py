"""`steward backup`: a verified copy of the database, while the bot runs or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.clock import SystemClock
from bot.settings import Settings
from storage.backup import BackupError, copy, require
from storage.database import give_to_owner

FOLDER = "backups"
"""Where copies go when nobody says where: beside the database."""
_ABANDONED_SECONDS = 86_400.0
"""No copy takes a day: one that was begun before that was killed."""
_STAMP = re.compile(r"-\d{8}-\d{6}\.db")
"""What follows the database's name in the name of a copy; in text order they are in the order of time."""


@click.command("backup")
@config_option
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="文件夹里只留最近几份，更早的删掉 / keep so many in the folder and delete older ones",
)
@click.argument("target", required=False, type=click.Path(path_type=Path))
def backup(config: Path | None, keep: int | None, target: Path | None) -> None:
    """备份数据库，机器人运行中也可以 / back up the database, while the bot runs, too.

    TARGET 是文件或文件夹；不写则放在数据库旁边的 backups 文件夹，文件名带日期时间。已有的文件不会被覆盖。
    --keep 只删同一文件夹里这样命名的备份。配置文件和密钥不在备份里。/ TARGET is a file or a folder; without it the copy goes
    to the folder `backups` beside the database, named by date and time. Nothing is overwritten. --keep deletes only copies
    that are named so. Configuration and secrets are not part of it.

    Exit status 0: the copy is complete, was opened and verified; 2: there is no new copy.
    """
    settings = load_or_exit(config)
    source, file = settings.database_path, _file(settings, target)
    if keep is not None and file == target:
        end_with("--keep 要和文件夹一起用，不能指定文件名 / --keep goes with a folder, not with a file")
    try:
        require(source)
        _make_private_folder(file.parent)
        contents = copy(source, file)
    except BackupError as error:
        end_with(str(error))
    except OSError as error:
        end_with(f"{file.parent}：建不了文件夹（{error.strerror}）/ the folder cannot be made")
    told = contents.told(settings.scheduler.timezone)
    click.echo(f"已备份并检查过 / backed up and verified: {file}（{file.stat().st_size / 1e6:.1f} MB；{told}）")
    if keep is not None:
        for old in [*_older(source, file)][keep - 1 :]:
            old.unlink(missing_ok=True)
            click.echo(f"已删除旧备份 / deleted an old one: {old.name}", err=True)
        for half in _abandoned(source, file):
            half.unlink(missing_ok=True)


def _file(settings: Settings, target: Path | None) -> Path:
    """Where the copy goes."""
    database = settings.database_path
    folder = database.parent / FOLDER if target is None else target
    if target is not None and not target.is_dir() and not _names_a_folder(target):
        return target
    now = SystemClock().now().astimezone(settings.scheduler.timezone)
    return folder / f"{database.stem}-{now:%Y%m%d-%H%M%S}.db"


def _names_a_folder(target: Path) -> bool:
    """There is nothing yet by this name, and it does not look like a file's."""
    return not target.exists() and not target.suffix


def _make_private_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
        with suppress(OSError):  # a file system of another machine gives no files away
            give_to_owner(folder, folder.parent)


def _older(source: Path, newest: Path) -> Iterator[Path]:
    """Earlier copies of this database in the same folder, newest first; the names hold the time."""
    names = sorted((path.name for path in newest.parent.iterdir() if path.name < newest.name), reverse=True)
    for name in names:
        if name.startswith(source.stem) and _STAMP.fullmatch(name.removeprefix(source.stem)):
            yield newest.parent / name


def _abandoned(source: Path, newest: Path) -> Iterator[Path]:
    """Unfinished copies of this database, and what SQLite had beside them."""
    made_at = newest.stat().st_mtime
    for path in newest.parent.glob(f"{source.stem}-*.db.part*"):
        if made_at - path.stat().st_mtime > _ABANDONED_SECONDS:
            yield path
