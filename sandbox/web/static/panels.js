// What stands around the conversation: people, roles, chats, news from elsewhere, messages to try.

import { authorName, avatar, oneLine } from "./bubbles.js";
import * as college from "./college.js";
import { element } from "./markdown.js";

const { world } = college;
const MOST_NEWS = 6;
const FOR_ANYBODY = ["退休的老师还要留在群里吗", "/我是谁", "帮助"];

// Fills a box anew; whoever stood on one of its buttons with the keyboard stands on the same one afterwards.
function fill(box, nodes) {
  const key = box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  box.replaceChildren(...nodes);
  if (key) [...box.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key)?.focus();
}

export function fillPeople(select) {
  const places = new Map();
  for (const person of world.people.values()) {
    const place = college.placeOf(person);
    if (!places.has(place)) places.set(place, []);
    places.get(place).push(person);
  }
  select.replaceChildren(
    ...[...places].map(([place, people]) => {
      const group = document.createElement("optgroup");
      group.label = place;
      group.append(...people.map((person) => {
        const option = element("option", "", person.title ? `${person.name}（${person.title}）` : person.name);
        option.value = person.key;
        return option;
      }));
      return group;
    }),
  );
}

export function showRoles(box, here, goTo) {
  const news = new Map(college.unread().map(({ chat, count }) => [chat, count]));
  fill(
    box,
    world.roles.map((role) => {
      const isHere = role.person === here.person.key && role.chat === here.chat;
      const chip = element("button", "role");
      chip.type = "button";
      chip.dataset.testid = `role-${role.key}`;
      chip.dataset.key = role.key;
      chip.setAttribute("aria-pressed", String(isHere));
      chip.append(element("strong", "", role.label), element("span", "", authorName(role.person)));
      const count = isHere ? 0 : (news.get(role.chat) ?? 0);
      if (count) chip.append(badge(count));
      chip.addEventListener("click", () => goTo(role.person, role.chat));
      return chip;
    }),
  );
}

// Brings the chosen role into sight where the row is wider than the screen.
export function revealRole(box) {
  const chosen = box.querySelector('[aria-pressed="true"]');
  if (chosen) box.scrollTo({ left: chosen.offsetLeft - box.offsetLeft - 12 });
}

export function showChats(box, here, goTo) {
  const news = new Map(college.unread().map(({ chat, count }) => [chat, count]));
  fill(
    box,
    college.chatsOf(here.person).map((chat) => {
      const item = element("li");
      const button = element("button", "chat");
      button.type = "button";
      button.dataset.testid = "chat";
      button.dataset.chat = button.dataset.key = chat;
      if (chat === here.chat) button.setAttribute("aria-current", "true");
      const last = college.inChat(chat).at(-1);
      const lines = element("span", "chat-lines");
      lines.append(
        element("strong", "", college.chatTitle(chat)),
        element("span", "", last ? `${authorName(last.author)}：${oneLine(last, 24)}` : emptyLine(chat)),
      );
      button.append(groupMark(chat), lines);
      if (chat !== here.chat && news.get(chat)) button.append(badge(news.get(chat)));
      button.addEventListener("click", () => goTo(here.person.key, chat));
      item.append(button);
      return item;
    }),
  );
}

function emptyLine(chat) {
  const group = world.groups.get(chat);
  return group ? `${group.members.length} 人 · 群主 ${authorName(group.owner)}` : "私聊";
}

function groupMark(chat) {
  const group = world.groups.get(chat);
  if (!group) return avatar("robot");
  const mark = element("span", `avatar group-mark ${group.isExternal ? "external" : ""}`, group.title.slice(0, 1));
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

function badge(count) {
  const mark = element("span", "badge", count > 99 ? "99+" : String(count));
  mark.dataset.testid = "unread";
  mark.setAttribute("aria-label", `${count} 条新消息`);
  return mark;
}

// New messages in chats that are not open: one chip each, those of the roles first, then the newest.
export function showElsewhere(box, here, goTo) {
  const ofRoles = new Set(world.roles.map((role) => role.chat));
  const news = college
    .unread()
    .filter(({ chat }) => chat !== here.chat)
    .sort((one, other) => ofRoles.has(other.chat) - ofRoles.has(one.chat));
  box.hidden = news.length === 0;
  const chips = news.slice(0, MOST_NEWS).map(({ chat, count }) => {
    const owner = college.ownerOfPrivate(chat);
    const name = owner ? `${authorName(owner)}的私聊` : college.chatTitle(chat);
    const chip = element("button", "news");
    chip.type = "button";
    chip.dataset.testid = "news";
    chip.dataset.chat = chip.dataset.key = chat;
    chip.append(element("span", "", name), badge(count));
    chip.addEventListener("click", () => goTo(college.readerOf(chat, here.person.key), chat));
    return chip;
  });
  const more = news.length > MOST_NEWS ? [element("span", "more", `等 ${news.length} 处`)] : [];
  fill(box, [element("span", "elsewhere-label", "新消息"), ...chips, ...more]);
}

export function showSamples(box, here, say) {
  const role = world.roles.find((one) => one.person === here.person.key && one.chat === here.chat);
  const texts = role?.samples ?? FOR_ANYBODY;
  box.hidden = !here.chat;
  fill(box, [
    element("span", "samples-label", "试试"),
    ...texts.map((text) => {
      const chip = element("button", "sample", text);
      chip.type = "button";
      chip.dataset.testid = "sample";
      chip.dataset.key = text;
      chip.addEventListener("click", () => say(text));
      return chip;
    }),
  ]);
}
