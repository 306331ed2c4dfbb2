"""What is to happen, drawn from a seed: the same seed gives the same plan, for ever."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.troubles import TROUBLES, Trouble

_CALLS = ("slow", "dropped", "dropped-after-work", "failing", "failing-after-work", "refused-401", "token-revoked")
_LONG = ("mute", "mute-all", "locked", "hanging", "hanging-after-work")
"""Those that take seconds; a storm has one of them at most."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A part of a plan: some troubles at once, and so many messages in them."""

    troubles: tuple[str, ...]
    messages: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan."""

    name: str
    seed: int
    beats: tuple[Beat, ...]
    connections: int = 2

    @property
    def troubles(self) -> list[Trouble]:
        """All kinds that come in it."""
        return [TROUBLES[name] for beat in self.beats for name in beat.troubles]

    @property
    def needs(self) -> frozenset[str]:
        """What has to be prepared for it."""
        return frozenset().union(*(trouble.needs for trouble in self.troubles))

    @property
    def excuses(self) -> frozenset[str]:
        """What its troubles explain."""
        return frozenset().union(*(trouble.excuses for trouble in self.troubles))

    @property
    def http_seconds(self) -> float:
        """How long a call may take, in ours: short where calls hang, unless it is the bot that stands still."""
        stands_still = any("frozen" in beat.troubles for beat in self.beats)
        return 3.0 if "impatience" in self.needs and not stands_still else 15.0

    def __str__(self) -> str:
        beats = " ".join(f"{'+'.join(beat.troubles) or 'calm'}:{beat.messages}" for beat in self.beats)
        return f"{self.name} seed={self.seed} connections={self.connections} {beats}"


def alone(name: str, seed: int) -> Plan:
    """One trouble, twice where it is short, between calm moments."""
    dice = random.Random(seed)
    once = [Beat((), 4), Beat((name,), dice.randint(10, 16)), Beat((), 3)]
    again = [] if name in _LONG else [Beat((name,), 8), Beat((), 3)]
    return Plan(name, seed, (*once, *again))


def pair(first: str, second: str, seed: int) -> Plan:
    """Two troubles at the same time."""
    dice = random.Random(seed)
    beats = (Beat((), 3), Beat((first, second), dice.randint(12, 20)), Beat((), 3))
    return Plan(f"{first}+{second}", seed, beats)


def storm(seed: int) -> Plan:
    """Six to ten beats of one to three troubles, the number of connections left to chance."""
    dice = random.Random(seed)
    quick = [name for name in TROUBLES if name not in _LONG]
    beats = [Beat((), dice.randint(2, 8))]
    long_at = dice.randrange(12)
    for number in range(dice.randint(6, 10)):
        names = dice.sample(quick, dice.choice([1, 1, 2, 2, 3]))
        if number == long_at:
            names.append(dice.choice(_LONG))
        if any(name in _CALLS for name in names) and dice.random() < 0.3:
            names.append("killed")
        beats.append(Beat(tuple(_ordered(set(names))), dice.randint(5, 25)))
    return Plan("storm", seed, (*beats, Beat((), 3)), connections=dice.choice([1, 2, 2, 2, 3]))


def _ordered(names: set[str]) -> Sequence[str]:
    """In the order of the catalogue: what concerns the process comes after what it is to be caught in."""
    return [name for name in TROUBLES if name in names]
