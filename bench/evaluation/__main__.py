"""`make eval`: how often content rules are right, the right article comes, and what no regulation answers is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.evaluation import semantic
from bench.evaluation.figures import Figures, Outcome, figures, outcomes
from bench.evaluation.flags import tables as flags
from bench.evaluation.sets import Part, documents, of_the_digest, questions, shipped
from handlers.policy.finding.index import PolicyIndex
from handlers.settings import PolicySettings

_HEAD = (
    "| questions | in scope | right first | among three | found first | found among three | near misses refused | "
    "out of scope refused |",
    "|---|---|---|---|---|---|---|---|",
)


def table(part: Part, threshold: float) -> Iterator[str]:
    """A row a regulation: alone in the index, and beside all others of the part."""
    digest, plain = shipped(), documents(part)
    everything = PolicyIndex([digest, *plain.values()])
    about_digest = questions(part, "digest")
    if part == "tuned":
        about_digest += of_the_digest("tune", "test", "fresh")
    title = digest[0].title
    yield from _HEAD
    yield _row("the digest, alone", outcomes(about_digest, PolicyIndex([digest]), title, threshold))
    yield _row("the digest, beside the others", outcomes(about_digest, everything, title, threshold))
    alone: list[Outcome] = []
    beside: list[Outcome] = []
    for name, one in plain.items():
        asked = questions(part, name)
        found = outcomes(asked, PolicyIndex([one]), one[0].title, threshold)
        yield _row(f"{name}, alone", found)
        alone += found
        beside += outcomes(asked, everything, one[0].title, threshold)
    yield _row("without questions of their own, alone", alone)
    yield _row("without questions of their own, beside the others", beside)


def styles(part: Part, threshold: float) -> Iterator[str]:
    """By the way in which they are asked, all in one index: right first of how many in scope."""
    digest, plain = shipped(), documents(part)
    everything = PolicyIndex([digest, *plain.values()])
    by_style: dict[str, list[Outcome]] = {}
    for name, one in {"digest": digest, **plain}.items():
        asked = [question for question in questions(part, name) if question.kind == "in_scope"]
        for outcome in outcomes(asked, everything, one[0].title, threshold):
            by_style.setdefault(outcome.question.style or "unknown", []).append(outcome)
    for style, found in sorted(by_style.items()):
        counted = figures(found)
        yield f"{style}: right first {counted.first:.0%}, found among three {counted.found_among_three:.0%} of {len(found)}"


def main() -> None:
    """Print all of it."""
    threshold = PolicySettings().refusal_threshold
    _print(flags.lines())
    print(f"threshold {threshold:g}\n\n## Held out: written by a hand that wrote nothing else here\n")
    _print(table("held_out", threshold))
    print()
    _print(styles("held_out", threshold))
    print("\n## Held out, later: by two further hands, when the look-up was done\n")
    _print(table("later", threshold))
    print("\n## Tuned on\n")
    _print(table("tuned", threshold))
    print("\n## With a sentence model\n")
    _print(semantic.run())


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _row(name: str, found: Iterable[Outcome]) -> str:
    return _cells(name, figures(found))


def _cells(name: str, found: Figures) -> str:
    return (
        f"| {name} | {found.in_scope} | {found.first:.1%} | {found.among_three:.1%} | {found.found_first:.1%} | "
        f"{found.found_among_three:.1%} | {found.near_misses_refused:.1%} of {found.near_misses} | "
        f"{found.out_of_scope_refused:.1%} of {found.out_of_scope} |"
    )


if __name__ == "__main__":
    main()
