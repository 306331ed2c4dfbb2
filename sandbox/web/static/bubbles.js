// One message as people see it.

import { world } from "./college.js";
import { element, render, spoken, web } from "./markdown.js";

const ZONE = "Asia/Shanghai";
const TIME = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, month: "long", day: "numeric", weekday: "short" });
const OTHER_KINDS = { picture: "图片", audio: "语音", video: "视频", file: "文件", richText: "图文" };

export const clockText = (at) => `${DAY.format(at)} ${TIME.format(at)}`;
export const dayText = (at) => DAY.format(at);

export function authorName(key) {
  return key === "robot" ? world.robot : (world.people.get(key)?.name ?? key);
}

// One line without marks, for quotes and lists.
export function oneLine(message, length = 60) {
  const plain = (message.title || message.text)
    .replace(/[#>*`_]/g, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > length ? `${plain.slice(0, length)}…` : plain;
}

export function avatar(key) {
  if (key === "robot") {
    const image = element("img", "avatar");
    image.src = "/sandbox/static/icon.svg";
    image.alt = "";
    return image;
  }
  const name = authorName(key);
  const shade = [...key].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 6;
  const circle = element("span", `avatar shade-${shade}`, name.slice(-2));
  circle.setAttribute("aria-hidden", "true");
  return circle;
}

// `act.say(text)` makes the current person say it; `act.quote(message)` begins a quoting answer.
export function bubble(message, me, act) {
  const isMine = message.author === me;
  const item = element("article", `message ${isMine ? "mine" : ""} kind-${message.kind}`.trim());
  item.dataset.testid = "message";
  item.dataset.author = message.author;
  item.dataset.kind = message.kind;
  item.dataset.number = message.number;
  const column = element("div", "column");
  const line = byline(message);
  if (message.id) line.append(quoteButton(message, act));
  column.append(line);
  const quoted = message.quotes ? world.byId.get(message.quotes) : null;
  const body = element("div", "bubble");
  if (message.kind === "ding") body.append(dingHead());
  if (quoted) body.append(element("p", "quoted", `${authorName(quoted.author)}：${oneLine(quoted)}`));
  body.append(content(message));
  if (message.buttons.length) body.append(buttons(message, act));
  for (const says of body.querySelectorAll("button.says")) {
    says.addEventListener("click", () => act.say(says.dataset.says));
  }
  column.append(body);
  item.append(avatar(message.author), column);
  return item;
}

function byline(message) {
  const line = element("p", "byline");
  line.append(element("span", "who", authorName(message.author)));
  if (message.author === "robot") line.append(element("span", "tag", "机器人"));
  const time = element("time", "", TIME.format(message.at));
  time.dateTime = new Date(message.at).toISOString();
  line.append(time);
  return line;
}

function dingHead() {
  const head = element("p", "ding-head");
  head.append(element("strong", "", "DING"), element("span", "", "应用内提醒 · 请尽快查看"));
  return head;
}

function content(message) {
  const box = element("div", "content");
  if (message.kind === "markdown" || message.kind === "actionCard") {
    const named = (id) => (message.mentions.includes(id) ? (world.people.get(id)?.name ?? null) : null);
    box.append(render(message.text, named));
  } else if (message.kind in OTHER_KINDS) {
    box.append(element("p", "picture", `［${OTHER_KINDS[message.kind]}］${message.text}`));
  } else {
    box.append(plain(message));
  }
  return box;
}

// Plain text as it was written, with what @-mentions somebody set off.
function plain(message) {
  const line = element("p", "plain");
  const names = new Map([[world.robot, world.robot]]);
  for (const id of message.mentions) {
    const name = world.people.get(id)?.name;
    if (name) names.set(id, name).set(name, name);
  }
  const found = new RegExp(`@(${[...names.keys()].map(escaped).join("|")})`, "g");
  let done = 0;
  for (const hit of message.text.matchAll(found)) {
    line.append(message.text.slice(done, hit.index), element("span", "mention", `@${names.get(hit[1])}`));
    done = hit.index + hit[0].length;
  }
  line.append(message.text.slice(done));
  return line;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function buttons(message, act) {
  const box = element("div", "card-buttons");
  for (const { title, url } of message.buttons) {
    const says = spoken(url);
    const address = web(url);
    if (says === null && address) {
      const anchor = element("a", "card-button", title);
      anchor.href = address;
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
      box.append(anchor);
      continue;
    }
    const button = element("button", "card-button", title);
    button.type = "button";
    button.dataset.testid = "card-button";
    if (says === null) button.disabled = true;
    else {
      button.title = `会替你发送：${says}`;
      button.addEventListener("click", () => act.say(says));
    }
    box.append(button);
  }
  return box;
}

function quoteButton(message, act) {
  const button = element("button", "quote-button", "引用");
  button.type = "button";
  button.dataset.testid = "quote";
  button.setAttribute("aria-label", `引用${authorName(message.author)}的消息`);
  button.addEventListener("click", () => act.quote(message));
  return button;
}
