"""A tiny organisation for the tests of the sandbox itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sandbox.world import Department, Group, Person, SandboxClock, World

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
GROUP = "cidDEPARTMENT=="
SCENE = "cidSCENE=="
CHAT_ID = "chat0123456789abcdef0123456789abcdef"


class FrozenClock(SandboxClock):
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        super().__init__(START)
        self._now = START

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        self._now += by


def world() -> World:
    """Two departments; a head, a teacher, one who left and an outsider; an ordinary group and a scene group."""
    world = World(FrozenClock())
    fill(world)
    return world


def fill(world: World) -> None:
    """Put the organisation into an empty world."""
    world.departments = {
        1: Department(1, "某学院", None, ["0001"]),
        2: Department(2, "办公室", 1, ["0001"]),
        3: Department(3, "文印室", 2),
    }
    world.people = {
        "0001": Person("0001", "0001", "王主任", "u1iEiE", mobile="13800000001", title="主任", dept_ids=[1, 2]),
        "0002": Person("0002", "0002", "李老师", "u2iEiE", mobile="13800000002", dept_ids=[2]),
        "0003": Person(
            "0003", "0003", "赵已走", "u3iEiE", dept_ids=[2], is_in_directory=False, left_at=START - timedelta(days=3)
        ),
        "guest": Person("guest", None, "外来客", "u4iEiE", nick="小客"),
    }
    everybody = list(world.people)
    world.groups = {
        GROUP: Group(GROUP, CHAT_ID, "办公室群", "0001", ["0002"], list(everybody)),
        SCENE: Group(SCENE, "chatscene", "项目群", "0001", ["0002"], list(everybody), is_scene_group=True),
    }


def clock_of(world: World) -> FrozenClock:
    """The world's clock, for moving it."""
    assert isinstance(world.clock, FrozenClock)
    return world.clock
