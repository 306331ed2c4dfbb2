// Loaded before the bot by `node --require`. The Node SDK 2.1.5 has DingTalk's two hosts written into it, with
// no setting to change them, so its HTTP client (axios) is told to send what is meant for them to the sandbox.
// The SDK's own files stay as they came from the registry.
"use strict";

const axios = require("axios");

const hosts = ["https://api.dingtalk.com", "https://oapi.dingtalk.com"];

axios.interceptors.request.use((request) => {
  for (const host of hosts) {
    if (request.url.startsWith(host + "/")) {
      request.url = process.env.SANDBOX_URL + request.url.slice(host.length);
    }
  }
  return request;
});
