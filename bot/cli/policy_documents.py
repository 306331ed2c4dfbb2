"""`steward policy show|export|set|repeal|restore`: one document, by its number or title."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.options import config_option, end_with, load_or_exit
from bot.cli.policy_store import day_or_exit, document_or_exit, now_and_today, open_store
from handlers.policy.documents.choosing import restore as put_in_force
from handlers.policy.documents.corpus import Regulation
from handlers.policy.documents.export import to_markdown
from handlers.policy.documents.ranks import RANKS, rank_in, rank_name
from handlers.policy.documents.texts import state
from handlers.policy.documents.tree import tree
from storage.audit import AuditEntry
from storage.policies import Document

_NONE = "none"
_document = click.argument("document", metavar="DOCUMENT")


def _named(document: Document) -> str:
    return f"《{document.title}》第 {document.version} 版（{document.id} 号）"


@click.command("show")
@config_option
@_document
def show(config: Path | None, document: str) -> None:
    """看一份文件：起止日期、负责人、级别、全部条款 / a document with its dates, owner, rank and articles.

    DOCUMENT 是编号或名称 / its number or title.
    """
    settings = load_or_exit(config)
    with open_store(settings) as store:
        today = now_and_today(settings)[1]
        one = document_or_exit(document, store, today)
        articles = tuple(store.policies.articles(one.id))
    click.echo(f"{_named(one)}：{state(one, today)}")
    click.echo(f"负责人 / owner：{one.owner or '—'}　级别 / rank：{rank_name(one.rank)}")
    for line in tree(Regulation(one.title, articles)):
        click.echo(line)
    sys.stdout.flush()


@click.command("export")
@config_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写到文件，已有的会被替换 / write to this file")
@_document
def export(config: Path | None, output: Path | None, document: str) -> None:
    """把一份文件导出成 Markdown，改了可以再导入 / a document as Markdown, which imports again.

    DOCUMENT 是编号或名称 / its number or title.
    """
    settings = load_or_exit(config)
    with open_store(settings) as store:
        one = document_or_exit(document, store, now_and_today(settings)[1])
        text = to_markdown(one.title, store.policies.articles(one.id))
    if output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        end_with(f"{output}：写不进去（{error.strerror}）/ cannot be written")
    click.echo(f"已导出{_named(one)} / exported", err=True)


@click.command("set")
@config_option
@click.option("--owner", metavar="STAFF_ID", help="负责人的工号，none 为没有 / who answers for it; none: nobody")
@click.option("--rank", metavar="RANK", help=f"级别：{'、'.join(RANKS)}，高的排前面 / the higher one is shown first")
@click.option("--effective", metavar="DATE", help="施行日期，none 为不限 / in force from; none: always")
@_document
def set_(config: Path | None, owner: str | None, rank: str | None, effective: str | None, document: str) -> None:
    """改一份文件的负责人、级别、施行日期 / change owner, rank or effective date of a document.

    DOCUMENT 是编号或名称 / its number or title.
    """
    settings = load_or_exit(config)
    if owner is None and rank is None and effective is None:
        end_with("请写要改什么：--owner、--rank 或 --effective / say what to change")
    level = None if rank is None else rank_in(rank)
    if rank is not None and level is None:
        end_with(f"--rank {rank}：可写 {'、'.join(RANKS)} / is none of these")
    now, today = now_and_today(settings)
    day = None if effective in (None, _NONE) else day_or_exit("--effective", effective or "")
    changes: list[str] = []
    with open_store(settings) as store, store.database.transaction():
        one = document_or_exit(document, store, today)
        if owner is not None:
            store.policies.set_owner(one.id, None if owner == _NONE else owner)
            changes.append(f"owner {owner}")
            if owner != _NONE and not store.staff.facts_of(owner):
                click.echo(f"通讯录里还没有 {owner} / nobody of this id is known yet", err=True)
        if level is not None:
            store.policies.set_rank(one.id, level)
            changes.append(f"rank {rank}")
        if effective is not None:
            store.policies.set_effective(one.id, day, today)
            changes.append(f"effective {effective}")
        store.audit.add(AuditEntry(now, "cli", "policy set", f"{one.title} v{one.version}", ", ".join(changes)))
    click.echo(f"已修改{_named(one)} / changed", err=True)


@click.command("repeal")
@config_option
@click.option("--on", "day", metavar="DATE", help="从哪天起停用，默认今天 / from this day on; default: today")
@_document
def repeal(config: Path | None, day: str | None, document: str) -> None:
    """停用一份文件，不再按它作答；可以恢复 / answer from a document no more; restore takes it back.

    DOCUMENT 是编号或名称 / its number or title.
    """
    settings = load_or_exit(config)
    now, today = now_and_today(settings)
    on = today if day is None else day_or_exit("--on", day)
    with open_store(settings) as store, store.database.transaction():
        one = document_or_exit(document, store, today)
        if one.is_over(today):
            end_with(f"{_named(one)}已经停用了 / is out of force already")
        store.policies.repeal(one.id, on, today)
        store.audit.add(AuditEntry(now, "cli", "policy repeal", f"{one.title} v{one.version}", on.isoformat()))
    click.echo(
        f"{_named(one)}从 {on} 起停用，恢复用 steward policy restore {one.id} / out of force from {on}", err=True
    )


@click.command("restore")
@config_option
@_document
def restore(config: Path | None, document: str) -> None:
    """恢复停用的文件或旧版，取代它的那一版停用 / put a document or an earlier version in force again.

    DOCUMENT 是编号或名称；旧版请写编号 / its number or title; for an earlier version its number.
    """
    settings = load_or_exit(config)
    now, today = now_and_today(settings)
    with open_store(settings) as store, store.database.transaction():
        one = document_or_exit(document, store, today)
        if one.repealed is None and one.in_force:
            end_with(f"{_named(one)}没有停用 / is in force")
        ended = put_in_force(one, store.policies, today)
        store.audit.add(AuditEntry(now, "cli", "policy restore", f"{one.title} v{one.version}"))
    click.echo(f"{_named(one)}恢复使用 / in force again", err=True)
    for other in ended:
        click.echo(f"{_named(other)}停用 / out of force", err=True)


VERBS: tuple[click.Command, ...] = (show, export, set_, repeal, restore)
