"""What most people would write: a bot straight on the SDK, whose handler answers and returns. Nothing else.

DINGTALK_OPENAPI_ENDPOINT=http://127.0.0.1:… python -m bench.bare_bot
"""

from __future__ import annotations

import dingtalk_stream


class Answering(dingtalk_stream.ChatbotHandler):  # type: ignore[misc]
    """Answers every message in the chat that it came from."""

    async def process(self, callback: dingtalk_stream.CallbackMessage) -> tuple[int, str]:
        """Called by the SDK for each message; its return is the acknowledgement."""
        message = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        self.reply_text(f"答：{message.text.content} {message.message_id}", message)
        return dingtalk_stream.AckMessage.STATUS_OK, "OK"


def main() -> None:
    """Run until killed: the SDK knows no other end."""
    client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential("bench", "bench"))
    client.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, Answering())
    client.start_forever()


if __name__ == "__main__":
    main()
