"""What happens in the organisation beside talk: the bot hears of it by events (docs/platform.md §8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sandbox.frames import milliseconds
from sandbox.world import Group, Person, World

Send = Callable[[str, dict[str, Any]], Awaitable[str]]


class Happenings:
    """Each method changes the world, sends the event and returns its `eventId`.

    People are named by key, `by` is whoever does it. Raises KeyError for people and groups that are not there.
    """

    def __init__(self, world: World, send: Send) -> None:
        """`send` takes the eventType and the data, and returns the eventId."""
        self._world = world
        self._send = send

    async def person_comes(self, person: Person, *, by: str) -> str:
        """Somebody new, or back again, is in the directory."""
        person.is_in_directory, person.left_at = True, None
        self._world.people[person.key] = person
        return await self._send("user_add_org", self._of_person(person, by))

    async def person_leaves(self, key: str, *, by: str) -> str:
        """Somebody leaves the organisation; the account may go on sitting in groups."""
        person = self._world.people[key]
        person.is_in_directory, person.left_at = False, self._world.clock.now()
        person.dept_ids = []
        return await self._send("user_leave_org", self._of_person(person, by))

    async def members_join(self, conversation: str, keys: Sequence[str], *, by: str) -> str:
        """People are added to a group."""
        group, people = self._world.groups[conversation], [self._world.people[key] for key in keys]
        group.members += [key for key in keys if key not in group.members]
        return await self._send("chat_add_member", {**self._of_group(group), **self._by(by), **_listed(people)})

    async def members_are_removed(self, conversation: str, keys: Sequence[str], *, by: str) -> str:
        """People are removed from a group by somebody else."""
        group, people = self._world.groups[conversation], [self._world.people[key] for key in keys]
        group.members = [key for key in group.members if key not in keys]
        return await self._send("chat_remove_member", {**self._of_group(group), **self._by(by), **_listed(people)})

    async def member_quits(self, conversation: str, key: str) -> str:
        """Somebody leaves a group: named as `operator`, without a list."""
        group = self._world.groups[conversation]
        group.members = [member for member in group.members if member != key]
        return await self._send("chat_quit", {**self._of_group(group), **self._by(key)})

    async def owner_changes(self, conversation: str, key: str, *, by: str) -> str:
        """A group has another owner. This event alone carries neither `chatId` nor `operator`."""
        group = self._world.groups[conversation]
        group.owner = key
        data = {**self._of_group(group), "owner": self._world.people[key].staff_id, **self._by(by)}
        return await self._send("chat_update_owner", {k: v for k, v in data.items() if k not in ("chatId", "operator")})

    async def title_changes(self, conversation: str, title: str, *, by: str) -> str:
        """A group has another name."""
        group = self._world.groups[conversation]
        group.title = title
        return await self._send("chat_update_title", {**self._of_group(group), "title": title, **self._by(by)})

    async def group_is_disbanded(self, conversation: str, *, by: str) -> str:
        """A group is no more."""
        group = self._world.groups.pop(conversation)
        return await self._send("chat_disband", {**self._of_group(group), **self._by(by)})

    def _of_person(self, person: Person, by: str) -> dict[str, Any]:
        return {
            "timeStamp": str(milliseconds(self._world.clock.now())),
            "userId": [person.staff_id],
            "optStaffId": self._world.people[by].staff_id,
        }

    def _of_group(self, group: Group) -> dict[str, Any]:
        return {
            "timeStamp": milliseconds(self._world.clock.now()),
            "chatId": group.chat_id,
            "openConversationId": group.conversation_id,
            "corpId": self._world.corp_id,
        }

    def _by(self, key: str) -> dict[str, Any]:
        person = self._world.people[key]
        # People without a staff id are known by their union id alone.
        operator = {} if person.staff_id is None else {"operator": person.staff_id}
        return {**operator, "operatorUnionId": person.union_id}


def _listed(people: Sequence[Person]) -> dict[str, Any]:
    return {
        "userId": [person.staff_id for person in people if person.staff_id is not None],
        "unionId": [person.union_id for person in people],
    }
