"""Every long silence is told once, whatever the clocks do; and nothing else is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.deafness import Deafness, Look, Silence
from storage.gaps import Reason

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
LIMIT = 180.0
STABLE = 10.0
SETTLE = 75.0


@dataclass
class World:
    """What happens to a bot, and what really was the case. The wall clock is `true + offset`."""

    before: Silence | None = None
    true: float = 0.0
    """Seconds since the start, as they really passed."""
    paused: float = 0.0
    """Of these, what the steady clock does not know of."""
    offset: float = 0.0
    connection: int | None = None
    """Number of the one that stands."""
    opened: int = 0
    """So far."""
    heard: float | None = None
    is_refused: bool = False
    told: list[Silence] = field(default_factory=list)
    ended_offsets: list[float] = field(default_factory=list)
    segments: list[tuple[float, bool]] = field(default_factory=list)
    """Since when something was heard or not."""
    settings: list[tuple[float, float]] = field(default_factory=list)
    """When the clock was set, and the offset from then on."""

    def __post_init__(self) -> None:
        self.deafness = Deafness(LIMIT, self.seen(), self.before, stable=STABLE, settle=SETTLE)
        self.segments.append((0.0, False))

    @property
    def steady(self) -> float:
        return self.true - self.paused

    def seen(self) -> Look:
        at = NOON + timedelta(seconds=self.true + self.offset)
        if self.connection is not None:
            return Look(at, self.steady, frozenset({self.connection}))
        deaf = 0.0 if self.heard is None else self.steady - self.heard
        return Look(at, self.steady, deaf_seconds=deaf, is_refused=self.is_refused)

    def look(self) -> None:
        silence = self.deafness.look(self.seen())
        if silence is not None:
            self.told.append(silence)
            self.ended_offsets.append(self.offset)

    def wait(self, seconds: float) -> None:
        """Time passes and is looked at, as the running bot does."""
        end = self.true + seconds
        while self.true < end:
            proves_in = self.deafness.proves_in
            self.true = min(end, self.true + (15.0 if proves_in is None else min(15.0, max(0.001, proves_in))))
            self.look()

    def connect(self) -> None:
        if self.connection is None:
            self.opened += 1
            self.connection = self.opened
            self.segments.append((self.true, True))
        self.look()

    def drop(self, *, is_refused: bool = False) -> None:
        self.is_refused = is_refused
        if self.connection is not None:
            self.connection, self.heard = None, self.steady
            self.segments.append((self.true, False))
        self.look()

    def sleep(self, seconds: float) -> None:
        """The machine sleeps; whoever was connected connects anew on waking."""
        was_connected = self.connection is not None
        if was_connected:
            self.heard, self.connection = self.steady, None
            self.segments.append((self.true, False))
        self.true += seconds
        self.look()
        if was_connected:
            self.connect()

    def set_clock(self, seconds: float) -> None:
        """Somebody sets the clock. That the connection lives on shows it, so it does for a while."""
        self.offset += seconds
        self.settings.append((self.true, self.offset))
        self.look()
        self.wait(SETTLE + 1.0)

    def pause(self, seconds: float, back_after: float) -> None:
        """The virtual machine stands still; its connections are dead when it goes on."""
        self.segments.append((self.true, False))
        self.heard, self.connection = self.steady, None
        self.true += seconds
        self.paused += seconds
        self.look()
        self.wait(back_after)
        self.connect()

    @property
    def hears(self) -> bool:
        """It is connected, and for long enough."""
        return self.connection is not None and not self.deafness.is_silent

    def long_silences(self) -> list[tuple[float, float]]:
        """When each silence ended that should have been told, and its length, from what really was the case: connections
        that did not last do not count. Of the first one only the wall clock knows, as it stands when it is over."""
        found: list[tuple[float, float]] = []
        began: float | None = None
        ends = [start for start, _ in self.segments[1:]] + [self.true]
        for (start, is_heard), end in zip(self.segments, ends, strict=True):
            if not is_heard:
                began = start if began is None else began
            elif end - start >= STABLE and began is not None:
                is_first = self.segments[0][0] == began
                if not is_first:
                    found.append((start, start - began))
                elif self.before:
                    offsets = [offset for at, offset in self.settings if at < start + STABLE]
                    found.append((start, max(start, start - began + (offsets[-1] if offsets else 0.0))))
                began = None
        return [(end, length) for end, length in found if length >= LIMIT]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("up"), st.integers(1, 400)),
        st.tuples(st.just("down"), st.integers(1, 400)),
        st.tuples(st.just("refused"), st.integers(1, 400)),
        st.tuples(st.just("sleep"), st.integers(50, 3000)),
        st.tuples(st.just("set"), st.integers(-4000, 4000)),
        st.tuples(st.just("pause"), st.integers(int(LIMIT), 3000)),
    ),
    max_size=25,
)


def live(world: World, steps: list[tuple[str, int]]) -> None:
    for kind, seconds in steps:
        if kind == "up":
            world.connect()
            world.wait(seconds)
        elif kind in ("down", "refused"):
            world.drop(is_refused=kind == "refused")
            world.wait(seconds)
        elif kind == "sleep":
            world.sleep(seconds)
        elif kind == "set":
            world.set_clock(seconds)
        elif world.hears:
            world.pause(seconds, back_after=seconds % 60)


@given(STEPS, st.one_of(st.none(), st.integers(0, 1000)))
def test_every_long_silence_is_told_once_with_its_length_and_nothing_else_is(
    steps: list[tuple[str, int]], stopped_for: int | None
) -> None:
    before = None if stopped_for is None else Silence(NOON - timedelta(seconds=stopped_for), None, Reason.STOPPED)
    world = World(before)
    if stopped_for is not None:
        world.segments[0] = (-float(stopped_for), False)
    live(world, steps)
    over = [
        (one, one.ended_at, offset)
        for one, offset in zip(world.told, world.ended_offsets, strict=True)
        if one.ended_at is not None and (one.ended_at - one.began_at).total_seconds() >= LIMIT
    ]
    expected = world.long_silences()
    assert len(over) == len(expected)
    for (silence, ended_at, offset), (end, length) in zip(over, expected, strict=True):
        assert abs((ended_at - silence.began_at).total_seconds() - length) < 0.01
        # People read the time by the clock as it stands when they are told.
        assert abs((ended_at - NOON).total_seconds() - end - offset) < 0.01


@given(STEPS)
def test_silences_never_run_backwards_and_never_overlap_while_nobody_sets_the_clock_back(
    steps: list[tuple[str, int]],
) -> None:
    world = World()
    live(world, [(kind, abs(seconds)) for kind, seconds in steps])
    latest = NOON - timedelta(days=1)
    lasting: Silence | None = None
    for silence in world.told:
        assert silence.began_at <= (silence.ended_at or silence.began_at)
        if silence.ended_at is None:
            assert lasting is None, "a lasting one is told once"
            lasting = silence
        else:
            assert silence.began_at >= latest
            latest, lasting = silence.ended_at, None


def test_a_lasting_silence_is_told_when_it_becomes_long_and_when_it_ends() -> None:
    world = World()
    world.connect()
    world.wait(60)
    world.drop()
    world.wait(170)
    assert world.told == []
    world.wait(30)
    [lasting] = world.told
    assert lasting == Silence(NOON + timedelta(seconds=60), None, Reason.OFFLINE)
    world.connect()
    world.wait(9)
    assert world.told == [lasting], "the connection has not proved itself"
    world.wait(2)
    assert world.told[1:] == [Silence(lasting.began_at, NOON + timedelta(seconds=260), Reason.OFFLINE)]


def test_the_first_minutes_of_the_first_run_are_nobodys_loss() -> None:
    world = World()
    world.drop(is_refused=True)
    world.wait(3600)
    world.connect()
    world.wait(60)
    assert world.told == []


def test_a_short_restart_says_nothing_and_a_long_one_does() -> None:
    for stopped, told in ((120, 0), (240, 1)):
        world = World(Silence(NOON - timedelta(seconds=stopped), None, Reason.STOPPED))
        world.wait(5)
        world.connect()
        world.wait(30)
        over = [one for one in world.told if one.ended_at]
        assert [one.reason for one in over] == [Reason.STOPPED] * told


def test_the_reason_is_what_lasted_longest() -> None:
    world = World(Silence(NOON - timedelta(seconds=200), None, Reason.STOPPED))
    world.drop(is_refused=True)
    world.wait(1000)
    world.drop()
    world.wait(100)
    world.connect()
    world.wait(30)
    assert world.told[-1].reason is Reason.REFUSED


def test_a_connection_that_was_dead_since_its_last_frame_was_of_no_use_since_then() -> None:
    world = World()
    world.connect()
    world.wait(300)
    world.connection, world.heard = None, world.steady - 60.0
    world.look()
    world.wait(130)
    [silence] = world.told
    assert silence.began_at == NOON + timedelta(seconds=240)


def test_a_silence_noted_before_the_process_is_closed_though_the_clock_says_it_was_short() -> None:
    first = Look(NOON, 0.0)
    before = Silence(NOON + timedelta(hours=1), None, Reason.OFFLINE)  # by a clock that was ahead
    deafness = Deafness(LIMIT, first, before, is_noted=True)
    assert deafness.look(at(0)) is None
    closed = deafness.look(at(10))
    assert closed is not None
    assert closed.ended_at == closed.began_at == NOON


def hearing_since(seconds: float) -> Deafness:
    """Has been connected for so long, by one connection."""
    deafness = Deafness(LIMIT, Look(NOON, 0.0), None, stable=STABLE, settle=SETTLE)
    for steady in range(0, int(seconds) + 1, 10):
        assert deafness.look(at(steady)) is None
    assert not deafness.is_silent
    return deafness


def at(steady: float, connection: int = 1, *, wall: float | None = None) -> Look:
    return Look(NOON + timedelta(seconds=steady if wall is None else wall), steady, frozenset({connection}))


def test_a_connection_on_trial_starts_its_trial_anew_after_a_sleep() -> None:
    deafness = hearing_since(60)
    assert deafness.look(Look(NOON + timedelta(seconds=70), 70.0, deaf_seconds=5.0)) is None
    assert deafness.look(at(71, 2)) is None
    assert not deafness.slept(at(101, 2))
    assert deafness.slept(at(371, 2))
    lasting = deafness.look(at(371, 2))
    assert lasting == Silence(NOON + timedelta(seconds=65), None, Reason.STOPPED)
    assert deafness.look(at(376, 2)) is None
    over = deafness.look(at(381, 2))
    assert over == Silence(lasting.began_at, NOON + timedelta(seconds=371), Reason.STOPPED)


def test_a_pause_is_known_by_new_connections_though_nobody_saw_the_old_ones_go() -> None:
    deafness = hearing_since(60)
    assert deafness.look(at(65, wall=1065)) is None
    lasting = deafness.look(at(75, 2, wall=1075))
    assert lasting is not None
    assert lasting.reason is Reason.STOPPED
    over = deafness.look(at(85, 2, wall=1085))
    assert over is not None
    assert (over.began_at, over.ended_at) == (NOON + timedelta(seconds=60), NOON + timedelta(seconds=1075))


def test_a_process_that_ends_soon_after_the_clock_was_set_leaves_no_gap() -> None:
    deafness = hearing_since(60)
    assert deafness.look(at(65, wall=86_465)) is None
    for steady in (70, 75, 80):
        assert deafness.look(Look(NOON + timedelta(seconds=86_400 + steady), float(steady), deaf_seconds=5.0)) is None


def test_a_pause_counts_from_its_beginning_though_the_network_came_back_later() -> None:
    deafness = hearing_since(60)
    assert deafness.look(at(65, wall=1065)) is None
    for steady in range(75, 135, 10):
        assert deafness.look(Look(NOON + timedelta(seconds=1000 + steady), float(steady), deaf_seconds=1.0)) is None
    lasting = deafness.look(at(135, 2, wall=1135))
    assert lasting is not None
    over = deafness.look(at(145, 2, wall=1145))
    assert over is not None
    assert (over.began_at, over.ended_at) == (NOON + timedelta(seconds=60), NOON + timedelta(seconds=1135))


def test_one_connection_of_two_that_lives_on_shows_that_the_clock_was_set() -> None:
    deafness = Deafness(LIMIT, Look(NOON, 0.0), None, stable=STABLE, settle=SETTLE)
    both, one = frozenset({1, 2}), frozenset({2, 3})
    for steady in (0.0, 10.0, 20.0):
        assert deafness.look(Look(NOON + timedelta(seconds=steady), steady, both)) is None
    for steady in range(30, 300, 10):
        assert deafness.look(Look(NOON + timedelta(seconds=steady + 5000), float(steady), one)) is None
    assert not deafness.is_silent
    assert deafness.look(at(300, 9, wall=5300)) is None, "long after, all may be replaced"
    assert not deafness.is_silent


def test_a_clock_that_was_set_before_a_short_sleep_is_no_pause() -> None:
    """After the sleep every connection is replaced, which says nothing of the clock."""
    deafness = hearing_since(60)
    assert deafness.look(at(65, wall=1065)) is None
    for steady in range(135, 400, 10):
        assert deafness.look(at(steady, 2, wall=steady + 1000.0)) is None
    assert not deafness.is_silent


def test_a_machine_that_starts_with_a_wrong_clock_and_sets_it_then_was_away_for_minutes_only() -> None:
    """The hardware clock is set to local time: for the first seconds it is eight hours later than it is."""
    before = Silence(NOON, None, Reason.STOPPED)
    ahead = timedelta(hours=8)
    first = Look(NOON + timedelta(seconds=120) + ahead, 0.0)
    deafness = Deafness(LIMIT, first, before)
    mistaken = deafness.look(Look(first.at + timedelta(seconds=1), 1.0))
    assert mistaken == Silence(NOON, None, Reason.STOPPED)
    assert deafness.look(at(5, wall=125)) is None
    closed = deafness.look(at(15, wall=135))
    assert closed == Silence(NOON, NOON + timedelta(seconds=125), Reason.STOPPED), "closed, and short after all"
