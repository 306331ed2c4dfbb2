"""The rules that docs/architecture.md and the code rest on, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage", "sandbox")
OURS = {*PACKAGES, "tests", "bench", "docs"}
MAY_IMPORT = {
    "storage": {"storage"},
    "handlers": {"handlers", "storage"},
    "bot": {"bot", "handlers", "storage"},
    "sandbox": {"sandbox"},
}
SANDBOX_COMMAND = "bot/cli/sandbox*.py"
"""The only place of the bot that may know the sandbox."""
MOST_LINES = 500
NETWORK = {"aiohttp", "websockets", "socket", "http", "urllib.request", "requests", "dingtalk_stream", "subprocess"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "localtime", "gmtime", "sleep", "time_ns"}
"""Methods of `datetime`, `date` and `time` that read the clock or wait for it."""


def modules(*packages: str) -> list[Path]:
    return sorted(path.relative_to(ROOT) for package in packages for path in (ROOT / package).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too, with relative names resolved."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.parts[: len(path.parts) - node.level] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def named_in_texts(path: Path) -> Iterator[str]:
    """Modules that are named in a text, `bot.cli.run:run`, to be imported later."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            head = node.value.partition(":")[0]
            if head.partition(".")[0] in OURS and head.replace(".", "").replace("_", "").isalnum() and "." in head:
                inner = ROOT.joinpath(*head.split(".")[:2])  # `docs.qq.com` is an address
                if inner.is_dir() or inner.with_suffix(".py").is_file():
                    yield head


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=str)
def test_arrows_go_one_way(path: Path) -> None:
    allowed = MAY_IMPORT[path.parts[0]] | ({"sandbox"} if path.match(SANDBOX_COMMAND) else set())
    tops = {name.partition(".")[0] for name in (*imported(path), *named_in_texts(path))} & OURS
    assert tops <= allowed, f"{path} imports {sorted(tops - allowed)}"


@pytest.mark.parametrize("path", modules("handlers", "storage"), ids=str)
def test_handlers_and_storage_have_no_network_and_do_not_await(path: Path) -> None:
    assert not {name for name in imported(path) if name in NETWORK or name.partition(".")[0] in NETWORK}
    assert not {name for name in imported(path) if name.partition(".")[0] == "asyncio"}
    assert not [node for node in ast.walk(tree(path)) if isinstance(node, ast.Await | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", modules("handlers", "storage"), ids=str)
def test_handlers_and_storage_never_read_the_clock(path: Path) -> None:
    """Time is an argument (`Context.now`), so that a test can be at any moment."""
    names = {"datetime", "date", "time", "dt"}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            assert owner not in names, f"{path}:{node.lineno} reads the clock"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            pytest.fail(f"{path}:{node.lineno} imports from the module time")


@pytest.mark.parametrize("path", modules(*PACKAGES, "tests", "bench", "docs"), ids=str)
def test_modules_stay_small(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{path} has {lines} lines"


def undocumented(body: list[ast.stmt], above: str = "") -> Iterator[str]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        is_obvious = any(
            _last_name(decorator) in ("override", "overload", "setter") for decorator in node.decorator_list
        )
        if not is_obvious and not ast.get_docstring(node):
            yield f"{above}{node.name}"
        if isinstance(node, ast.ClassDef) and not _is_protocol(node):
            yield from undocumented(node.body, f"{above}{node.name}.")


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(_last_name(base) == "Protocol" for base in node.bases)


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=str)
def test_everything_public_says_what_it_is(path: Path) -> None:
    found = tree(path)
    is_empty = not found.body
    assert is_empty or ast.get_docstring(found), f"{path} has no docstring"
    overridden = {"list_commands", "get_command", "format_commands"} if path == Path("bot/cli/__init__.py") else set()
    missing = [name for name in undocumented(found.body) if name.rpartition(".")[2] not in overridden]
    assert not missing, f"{path}: {missing} have no docstring"


def test_nothing_is_left_to_be_done() -> None:
    marks = ("TODO", "FIXME", "XXX", "raise NotImplementedError")
    for path in modules(*PACKAGES):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not [mark for mark in marks if mark in text], path


def test_the_rules_see_what_they_look_for() -> None:
    """A rule that can find nothing holds nothing: each one finds what this file and its neighbours really do."""
    assert "bot.cli.sandbox" in named_in_texts(Path("bot/cli/__init__.py"))
    assert "sandbox" in {name.partition(".")[0] for name in imported(Path("bot/cli/sandbox.py"))}
    assert "storage.database" in imported(Path("storage/store.py"))
    assert len(modules(*PACKAGES)) > 80
    code = "class A:\n def b(self): ...\n def _c(self): ...\ndef d():\n '''x'''"
    assert list(undocumented(ast.parse(code).body)) == ["A", "A.b"]


POLICY = ("documents", "finding", "curated", "answering")
"""The links of the room of regulations: each rests on those before it."""


@pytest.mark.parametrize("path", modules("handlers/policy"), ids=str)
def test_the_links_of_the_regulations_rest_on_those_before_them(path: Path) -> None:
    own = path.parts[2] if path.parts[2] in POLICY else None
    if own is not None:
        rests_on = {name.split(".")[2] for name in imported(path) if name.startswith("handlers.policy.")} & set(POLICY)
        assert rests_on <= set(POLICY[: POLICY.index(own) + 1]), f"{path} imports {sorted(rests_on)}"
