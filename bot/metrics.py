"""What the running parts tell about their work. `Meter` itself listens to nobody: parts take one, and need no other."""

from __future__ import annotations


class Meter:
    """Told of each thing as it happens, from the loop or from any thread; telling costs next to nothing.

    Words for `kind`, `outcome` and `why` come from small fixed sets of our own: never an id, a name or a text.
    """

    def opened(self) -> None:
        """A stream connection stands."""

    def left(self, reason: str) -> None:
        """A stream connection is given up: `notice`, `mute` or `closed`."""

    def frame(self, kind: str) -> None:
        """A frame came: `system`, `event`, `callback`, or `unreadable`."""

    def took(self, kind: str, *, is_new: bool) -> None:
        """A message, an event or a due task (the inbox's `kind`) is on disk; not new: it was there before."""

    def acknowledged(self, code: int) -> None:
        """An acknowledgement was written to the socket, with the code of the protocol."""

    def handled(self, kind: str, seconds: float) -> None:
        """A handler did its work on something of this inbox kind, its transaction included."""

    def failed(self, kind: str, *, is_parked: bool) -> None:
        """A handler raised; parked: for the last time."""

    def called(self, api: str, outcome: str, seconds: float) -> None:
        """A call to DingTalk ended. `api` is the ledger's name, `outcome` is `ok`, the value of an `ErrorKind`, or `failed` here."""

    def sent(self, kind: str, seconds: float) -> None:
        """A row of the outbox (its `kind`) went out, so long after it was queued or might first go."""

    def put_off(self, kind: str, why: str) -> None:
        """A row of the outbox has to wait: the value of an `ErrorKind`, or `window`, `night`, `quota`, `expired`."""

    def parked(self, kind: str, why: str) -> None:
        """A row of the outbox is parked, for the `ErrorKind` or the reason of ours that stands in `why`."""

    def rephrased(self, outcome: str, seconds: float) -> None:
        """What became of a question that the language model may rephrase: `used`, a reason of
        `handlers.policy.answering.rephrasing.Dropped`, a trouble of `bot.model_calls.ModelError`, `busy` or `resting`."""

    def embedded(self, outcome: str, seconds: float) -> None:
        """What became of a question that the sentence model should read: `used`, `unready`, `resting`, or a trouble."""
