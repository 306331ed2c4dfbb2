// The page: who I am, where I am, what was said, what I say.

import * as api from "./api.js";
import { attach, fitTo } from "./attach.js";
import { authorName, avatar, bubble, clockText, dayText, oneLine } from "./bubbles.js";
import * as college from "./college.js";
import { element } from "./markdown.js";
import { fillPeople, revealRole, showChats, showElsewhere, showRoles, showSamples } from "./panels.js";

const { world } = college;
const $ = (id) => document.getElementById(id);
const here = { person: null, chat: null, at: true, quoting: null, isSending: false };

// ---- where I am ------------------------------------------------------------------------------------------------

function goTo(key, chat) {
  const person = world.people.get(key);
  if (!person) return;
  const chats = college.chatsOf(person);
  here.person = person;
  here.chat = chats.includes(chat) ? chat : (chats.find((one) => one === here.chat) ?? chats[0] ?? null);
  here.quoting = null;
  history.replaceState(null, "", `#${encodeURIComponent(key)}/${encodeURIComponent(here.chat ?? "")}`);
  closeSidebar();
  showAll();
}

function fromAddress() {
  const [key, chat] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (world.people.has(key)) return goTo(key, chat);
  const role = world.roles[0];
  return role ? goTo(role.person, role.chat) : goTo([...world.people.keys()][0], null);
}

// ---- showing ---------------------------------------------------------------------------------------------------

function showAll() {
  $("person").value = here.person.key;
  showHead();
  showComposer();
  showMessages();
  showSides();
  revealRole($("roles"));
  showClock();
}

function showSides() {
  if (here.chat && !document.hidden) college.sawAll(here.chat);
  showRoles($("roles"), here, goTo);
  showChats($("chats"), here, goTo);
  showElsewhere($("elsewhere"), here, goTo);
  showSamples($("samples"), here, sayForButton);
  const others = college.unread().filter(({ chat }) => chat !== here.chat);
  const total = others.reduce((sum, { count }) => sum + count, 0);
  $("unread-total").hidden = total === 0;
  $("unread-total").textContent = total > 99 ? "99+" : String(total);
  document.title = total ? `（${total}）群管家 · 沙盒` : "群管家 · 沙盒";
}

function showHead() {
  const group = world.groups.get(here.chat);
  $("chat-title").textContent = here.chat ? college.chatTitle(here.chat) : "没有会话";
  const note = group
    ? [`${group.members.length} 人`, `群主 ${authorName(group.owner)}`, group.isSceneGroup ? "场景群" : "普通群"]
    : ["私聊", "只有你和机器人看得到"];
  if (group?.isExternal) note.push("外部群");
  $("chat-note").textContent = here.chat ? note.join(" · ") : "这个人不在任何群里";
}

function showComposer() {
  const isGroup = world.groups.has(here.chat);
  $("at").hidden = !isGroup;
  $("at").textContent = `@${world.robot}`;
  $("at").setAttribute("aria-pressed", String(here.at));
  $("at").title = here.at ? "机器人听得到这条消息" : "不 @ 的群消息机器人听不到";
  const silent = isGroup && !here.at;
  $("composer-text").placeholder = silent ? "不 @，机器人听不到" : `以${here.person.name}的身份说…`;
  $("quoting").hidden = !here.quoting;
  if (here.quoting) {
    $("quoting-text").textContent = `引用 ${authorName(here.quoting.author)}：${oneLine(here.quoting, 40)}`;
  }
  fitTo($("attach-menu"), isGroup);
  $("attach").disabled = !here.chat;
  $("send").disabled = !here.chat || here.isSending;
}

// At the end of the messages one stays there, whatever comes, grows or shrinks around them.
function stayAtEnd() {
  const list = $("messages");
  let isAtEnd = true;
  list.addEventListener("scroll", () => {
    isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  }, { passive: true });
  new ResizeObserver(() => { if (isAtEnd) list.scrollTop = list.scrollHeight; }).observe(list);
}

function showMessages() {
  const list = $("messages");
  list.replaceChildren();
  list.dataset.day = "";
  const messages = here.chat ? college.inChat(here.chat) : [];
  if (!messages.length) {
    list.append(emptyChat());
    return;
  }
  const items = messages.map(append);
  const firstNew = messages.findIndex((message) => message.number > (world.seen[here.chat] ?? 0));
  if (firstNew === -1) list.scrollTop = list.scrollHeight;
  else reveal(items[firstNew]);
}

// As far down as the message still begins in sight: a long one is read from its beginning.
function reveal(item) {
  $("messages").scrollTop = item.offsetTop - 12;
}

function append(message) {
  const list = $("messages");
  list.querySelector(".empty")?.remove();
  const day = dayText(message.at);
  if (list.dataset.day !== day) {
    list.append(element("p", "day", day));
    list.dataset.day = day;
  }
  const item = bubble(message, here.person.key, { say: sayForButton, quote });
  list.append(item);
  return item;
}

function emptyChat() {
  const item = element("div", "empty");
  const role = world.roles.find((one) => one.person === here.person.key && one.chat === here.chat);
  item.append(
    avatar("robot"),
    element("p", "empty-title", here.chat ? "还没有消息" : "这里没有会话"),
    element("p", "", role?.hint ?? "发一条消息试试；群里要 @ 机器人它才听得到。"),
  );
  return item;
}

function showClock() {
  const next = world.clock.next;
  write($("clock"), clockText(college.now()));
  write($("next-job"), next ? `${clockText(next.at)} · ${next.title}` : "还没有定时任务");
  $("advance").disabled = !next || $("advance").dataset.busy === "yes";
  write($("online"), world.clock.isOnline ? "机器人在线" : "机器人未连接");
  $("online").classList.toggle("is-online", world.clock.isOnline);
}

// A live region is read aloud whenever it is written, so only what has changed is.
function write(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function toast(words) {
  const box = $("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 3500);
}

// ---- doing -----------------------------------------------------------------------------------------------------

// `how`: {at, quotes, kind}
async function say(text, how) {
  if (!here.chat) return false;
  try {
    await api.say({ person: here.person.key, chat: here.chat, text: text.trim(), ...how });
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

// What a button or an example says names the robot, as the clients see to it, whatever the composer would do.
function sayForButton(text) {
  return say(text, { at: true });
}

function quote(message) {
  here.quoting = message;
  showComposer();
  $("composer-text").focus();
}

async function sendComposed() {
  const box = $("composer-text");
  if (here.isSending || !box.value.trim()) return;
  here.isSending = true;
  const text = takeWritten();
  const { at, quoting } = here;
  here.quoting = null;
  showComposer();
  const wasSent = await say(text, { at, quotes: quoting?.id ?? null });
  here.isSending = false;
  if (!wasSent) here.quoting ??= quoting;
  if (!wasSent && !box.value) box.value = text;
  grow();
  showComposer();
}

function takeWritten() {
  const box = $("composer-text");
  const text = box.value;
  box.value = "";
  grow();
  return text;
}

function grow() {
  const box = $("composer-text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

async function advance() {
  const button = $("advance");
  button.dataset.busy = "yes";
  button.disabled = true;
  try {
    const { ran } = await api.advance();
    toast(ran ? `已快进：${ran.title}` : "还没有定时任务。");
  } catch (error) {
    toast(error.message);
  } finally {
    delete button.dataset.busy;
    showClock();
  }
}

async function reset() {
  $("confirm-reset").returnValue = "";
  $("confirm-reset").showModal();
  await new Promise((done) => { $("confirm-reset").addEventListener("close", done, { once: true }); });
  if ($("confirm-reset").returnValue !== "yes") return;
  try {
    await api.reset();
  } catch (error) {
    toast(error.message);
  }
}

async function readAgain() {
  try {
    college.load(await api.readState());
    fillPeople($("person"));
    fromAddress();
  } catch (error) {
    toast(error.message);
  }
}

function hear(message) {
  if (!college.add(message)) return;
  if (message.chat === here.chat) {
    const list = $("messages");
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
    const item = append(message);
    if (isAtEnd || message.author === here.person.key) reveal(item);
  }
  showSides();
}

// ---- the sidebar of narrow screens -----------------------------------------------------------------------------

function openSidebar() {
  document.body.classList.add("has-sidebar");
  $("scrim").hidden = false;
  $("open-chats").setAttribute("aria-expanded", "true");
  $("person").focus();
}

function closeSidebar() {
  if ($("sidebar").contains(document.activeElement) && document.body.classList.contains("has-sidebar")) {
    $("open-chats").focus();
  }
  document.body.classList.remove("has-sidebar");
  $("scrim").hidden = true;
  $("open-chats").setAttribute("aria-expanded", "false");
}

function begin() {
  // the address says who one is, so the link must not change it
  $("skip").addEventListener("click", (event) => { event.preventDefault(); $("composer-text").focus(); });
  $("person").addEventListener("change", () => goTo($("person").value, null));
  $("at").addEventListener("click", () => { here.at = !here.at; showComposer(); });
  $("stop-quoting").addEventListener("click", () => { here.quoting = null; showComposer(); });
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); sendComposed(); });
  $("composer-text").addEventListener("input", grow);
  $("composer-text").addEventListener("keydown", (event) => {
    // Enter that ends the choice of a Chinese word must not send
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendComposed();
  });
  attach($("attach"), $("attach-menu"), {
    send: (kind, text, data) => say(text, { at: here.at, kind, data }),
    written: takeWritten,
    chosen: $("chosen"),
  });
  $("advance").addEventListener("click", advance);
  $("reset").addEventListener("click", reset);
  $("open-chats").addEventListener("click", openSidebar);
  $("scrim").addEventListener("click", closeSidebar);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeSidebar(); });
  document.addEventListener("visibilitychange", () => { if (here.person) showSides(); });
  addEventListener("hashchange", fromAddress);
  stayAtEnd();
  setInterval(() => { if (world.clock) showClock(); }, 1000);
  api.listen({
    message: (message) => { if (here.person) hear(message); },
    clock: (clock) => { college.setClock(clock); if (here.person) showClock(); },
    reset: () => readAgain().then(() => toast("已重新开始。")),
    broken: () => toast("与沙盒的连接断了，正在重连…"),
    back: () => readAgain().then(() => toast("已重新连上。")),
  });
  readAgain().then(() => document.body.setAttribute("data-ready", "yes"));
}

begin();
