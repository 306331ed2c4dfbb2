"""A bot as the Python SDK's own guide writes it: answers every message with reply_text. Run as a program."""

from __future__ import annotations

import os
from typing import Any

import dingtalk_stream


class Echo(dingtalk_stream.ChatbotHandler):  # type: ignore[misc]  # the SDK has no types
    """Says what it heard."""

    async def process(self, callback: Any) -> tuple[int, str]:
        """Answer one message and acknowledge it."""
        message = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        self.reply_text("收到：" + message.text.content.strip(), message)
        return dingtalk_stream.AckMessage.STATUS_OK, "OK"


def main() -> None:
    """Connect to the gateway that DINGTALK_OPENAPI_ENDPOINT names and stay."""
    credential = dingtalk_stream.Credential(os.environ["SANDBOX_CLIENT_ID"], os.environ["SANDBOX_CLIENT_SECRET"])
    client = dingtalk_stream.DingTalkStreamClient(credential)
    client.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, Echo())
    client.start_forever()


if __name__ == "__main__":
    main()
