"""The four answers. Chat and console ask here, so they never disagree. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers.doctor import answering, hearing, sending, shared, timing
from handlers.doctor.check import Answer, Check, Question, verdict_of
from handlers.doctor.facts import Facts

_ASKED: Mapping[Question, Callable[[Facts], list[Check]]] = {
    Question.HEARING: hearing.checks,
    Question.SENDING: sending.checks,
    Question.ANSWERING: answering.checks,
    Question.TIMING: timing.checks,
}


def diagnose(facts: Facts) -> list[Answer]:
    """One answer a question, in the order of `Question`. What all rest on stands at the end of each."""
    common = shared.checks(facts)
    answers = []
    for question, look in _ASKED.items():
        checks = (*look(facts), *common)
        answers.append(Answer(question, verdict_of(checks), checks))
    return answers


def all_checks(answers: Sequence[Answer]) -> list[tuple[Check, tuple[Question, ...]]]:
    """Every check once, the shared ones first, with the questions that rest on it."""
    resting: dict[str, list[Question]] = {}
    checks: dict[str, Check] = {}
    for answer in answers:
        for check in answer.checks:
            checks[check.name] = check
            resting.setdefault(check.name, []).append(answer.question)
    found = [(check, tuple(resting[name])) for name, check in checks.items()]
    return sorted(found, key=lambda pair: len(pair[1]) < len(answers))


def to_be_shown(answers: Sequence[Answer]) -> tuple[list[Check], list[Check]]:
    """What somebody has to see to, the worst first, with what nobody knows but can find out; and what is merely unknown."""
    checks = [check for check, _ in all_checks(answers)]
    order = ("bad", "warning", "unknown")
    told = [check for check in checks if check.status in order[:2] or (check.status == "unknown" and check.advice)]
    unknown = [check for check in checks if check.status == "unknown" and not check.advice]
    return sorted(told, key=lambda check: order.index(check.status)), unknown


def is_all_well(answers: Sequence[Answer]) -> bool:
    """Nothing was found that anybody has to see to. What nobody could look at is no finding."""
    return not any(check.status in ("bad", "warning") for answer in answers for check in answer.checks)
