"""`steward scan`: content rules over exported messages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.options import config_option, end_with, load_or_exit, write_json
from bot.cli.progress import Progress
from bot.cli.rule_store import rules_in_force, rules_of
from bot.clock import SystemClock
from bot.exports.scan_report import Basis, Place, RuleRow, ScanReport
from bot.imports.chats import ChatMessage, read_chat
from bot.imports.wrong import TableError
from bot.settings import Settings
from handlers.moderation.building import scanner_for
from handlers.moderation.editing.labels import SEVERITY_WORDS, STATE_WORDS, said
from handlers.moderation.excerpts import excerpt, masked
from handlers.moderation.excused import serious
from handlers.moderation.masking import mask
from handlers.moderation.rule import Rule
from handlers.moderation.scanner import Hit, Scanner
from handlers.moderation.scope import Circumstances
from handlers.moderation.texts import CATEGORY_LABELS
from handlers.policy import shipped
from storage.policies import Article, Document

rules_option = click.option(
    "--rules",
    "rules_file",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="只用这个规则文件 / only the rules of this file",
)
"""Add `--rules FILE`."""
_MOST_GROUPS = 10_000


@click.command("scan")
@config_option
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON / one JSON object a line")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE.xlsx",
    help="写成表格：每条规则几次、在哪一行、打了码的片段 / write a workbook: counts by rule, lines, masked excerpts",
)
@click.option("--names", is_flag=True, help="表格里写上发送人 / with the senders in the workbook")
@rules_option
@click.argument("file", type=click.Path(path_type=Path))
def scan(
    config: Path | None, as_json: bool, report: Path | None, names: bool, rules_file: Path | None, file: Path
) -> None:
    """扫描导出的聊天（.txt .csv .xlsx .jsonl）；不联网、不记录 / scan an exported chat; offline, nothing is recorded.

    列名认得「时间、发送人、内容、群」和常见的别的写法；JSON 每行 {"text": "…"}；编码 UTF-8、GBK 都行。/ Columns under their usual names; JSON
    lines {"text": "…"}; UTF-8 or GBK. Rules of every state count; questions about the rules, warnings and quotations don't.

    Exit status 0: done, whatever was found; 2: bad input.
    """
    settings = load_or_exit(config)
    rules = rules_in_force(settings) if rules_file is None else rules_of([rules_file])
    scanner = scanner_for(rules, settings.moderation)
    if report is not None and (report.suffix.lower() != ".xlsx" or not report.parent.is_dir()):
        end_with(f"{report}：要写成已有文件夹里的 .xlsx / must be an .xlsx in a folder that is there")
    _Scan(scanner, settings, as_json=as_json, report=report, with_names=names).run(file)


class _Scan:
    """One run over one file."""

    def __init__(
        self, scanner: Scanner, settings: Settings, *, as_json: bool, report: Path | None, with_names: bool
    ) -> None:
        self._scanner = scanner
        self._zone: ZoneInfo = settings.scheduler.timezone
        self._as_json = as_json
        self._path = report
        self._report = None if report is None else ScanReport(with_names=with_names)
        cleanup = settings.cleanup
        self._hours = (cleanup.working_hours_from, cleanup.working_hours_to)
        digest = shipped.digest()
        document = Document(digest.title, is_digest=True)
        self._articles: list[tuple[Document, Article]] = [(document, article) for article in digest.articles]
        self._basis = Basis()

    def run(self, file: Path) -> None:
        """Scan, say what was found, write the report; bad input ends the program."""
        basis = self._basis
        basis.file, basis.made_at = file.name, SystemClock().now().astimezone(self._zone)
        try:
            with Progress(file.stat().st_size if file.exists() else 0) as progress:
                for message in read_chat(file, self._zone, progress.add):
                    self._look(message)
        except TableError as error:
            sys.stdout.flush()
            if self._report is not None:
                self._report.discard()
            end_with(str(error))
        sys.stdout.flush()
        if self._report is not None and self._path is not None:
            rules = list(dict.fromkeys(_row(rule) for rule in self._scanner.rules))
            try:
                self._report.write(self._path, basis, rules)
            except OSError as error:
                end_with(f"{self._path}：写不了（{error.strerror}）/ cannot be written")
            click.echo(f"已写入 / written: {self._path}", err=True)
        if not self._as_json:
            counted = f"共 {basis.messages} 条，命中 {basis.flagged} 条"
            click.echo(f"{counted} / {basis.messages} messages, {basis.flagged} flagged", err=True)

    def _look(self, message: ChatMessage) -> None:
        circumstances = Circumstances(at=message.at, working_hours=self._hours)
        found = self._scanner.scan(message.text, circumstances)
        hits = serious(message.text, found, self._articles)
        self._count(message, is_flagged=bool(hits))
        if self._as_json:
            write_json({"text": message.text, "flagged": bool(hits), "hits": [as_object(hit) for hit in hits]})
        elif self._report is None:
            for hit in hits:
                click.echo(f"第 {message.line} 行：{describe(hit)}")
        if self._report is not None and found:
            for place in _places(message, found, hits):
                self._report.add(place)

    def _count(self, message: ChatMessage, *, is_flagged: bool) -> None:
        basis = self._basis
        basis.messages += 1
        basis.flagged += is_flagged
        group = mask(message.group[:60])
        if group in basis.groups or len(basis.groups) < _MOST_GROUPS:
            basis.groups[group] += 1
        at: datetime | None = message.at
        if at is not None:
            basis.first_at = min(at, basis.first_at or at)
            basis.last_at = max(at, basis.last_at or at)


def _places(message: ChatMessage, found: Sequence[Hit], hits: Sequence[Hit]) -> Iterator[Place]:
    """One for each rule, the first place first."""
    held = {hit.rule for hit in hits}
    by_rule: dict[Rule, list[Hit]] = {}
    for hit in found:
        by_rule.setdefault(hit.rule, []).append(hit)
    for rule, mine in by_rule.items():
        yield Place(
            message.line,
            message.time[:40],
            mask(message.group[:60]),
            mask(message.sender[:40]),
            _row(rule),
            excerpt(message.text, mine),
            is_excused=rule not in held,
        )


def _row(rule: Rule) -> RuleRow:
    severity, state = said(rule.severity, SEVERITY_WORDS), said(rule.state, STATE_WORDS)
    return RuleRow(rule.id, rule.name, CATEGORY_LABELS[rule.category], rule.article, severity, state)


def as_object(hit: Hit) -> dict[str, object]:
    """A hit as programs read it (docs/formats.md)."""
    return {
        "rule": hit.rule.id,
        "category": hit.rule.category,
        "article": hit.rule.article,
        "span": list(hit.span),
        "matched": hit.matched,
    }


def describe(hit: Hit) -> str:
    """A hit as people read it, numbers masked."""
    matched = " ".join(masked(hit).split())
    where = f"{CATEGORY_LABELS[hit.rule.category]}，{hit.rule.article}"
    return f"{hit.rule.id}（{where}）「{matched}」[{hit.span[0]}, {hit.span[1]}]"
