// A bot as the Node SDK's own guide writes it: answers every message by its session webhook.
"use strict";

const axios = require("axios");
const { DWClient, TOPIC_ROBOT } = require("dingtalk-stream");

const client = new DWClient({
  clientId: process.env.SANDBOX_CLIENT_ID,
  clientSecret: process.env.SANDBOX_CLIENT_SECRET,
});

client.registerCallbackListener(TOPIC_ROBOT, async (frame) => {
  const message = JSON.parse(frame.data);
  await client.getAccessToken();
  const answer = await axios.post(message.sessionWebhook, {
    msgtype: "text",
    text: { content: "收到：" + message.text.content.trim() },
    at: { atUserIds: [message.senderStaffId] },
  });
  client.socketCallBackResponse(frame.headers.messageId, answer.data);
});

client.connect();
