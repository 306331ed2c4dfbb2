// What the sandbox told us: people, groups, messages, and what has been seen of them.

const KEY_SEEN = "steward-sandbox-seen";

export const world = {
  robot: "",
  clock: null,
  clockReadAt: 0,
  people: new Map(),
  groups: new Map(),
  departments: new Map(),
  roles: [],
  messages: [],
  byId: new Map(),
  epoch: "",
  seen: {},
};

export function load(state) {
  world.robot = state.robot;
  world.people = new Map(state.people.map((person) => [person.key, person]));
  world.groups = new Map(state.groups.map((group) => [group.id, group]));
  world.departments = new Map(state.departments.map((department) => [department.id, department]));
  world.roles = state.roles;
  world.messages = [];
  world.byId = new Map();
  state.messages.forEach(add);
  setClock(state.clock);
  world.epoch = state.epoch;
  world.seen = storedSeen();
}

// What was seen of this world; nothing, when it has begun anew since.
function storedSeen() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY_SEEN) ?? "{}");
    return stored.epoch === world.epoch ? stored.seen : {};
  } catch {
    return {};
  }
}

// False when the message is known already (the stream and the state may both bring it).
export function add(message) {
  if (world.byId.has(message.number)) return false;
  world.messages.push(message);
  world.byId.set(message.number, message);
  if (message.id) world.byId.set(message.id, message);
  return true;
}

export function setClock(clock) {
  world.clock = clock;
  world.clockReadAt = performance.now();
}

export function now() {
  return new Date(world.clock.now + performance.now() - world.clockReadAt);
}

export function inChat(chat) {
  return world.messages.filter((message) => message.chat === chat);
}

export function sawAll(chat) {
  const last = inChat(chat).at(-1);
  if (!last || world.seen[chat] === last.number) return;
  world.seen[chat] = last.number;
  sessionStorage.setItem(KEY_SEEN, JSON.stringify({ epoch: world.epoch, seen: world.seen }));
}

// Chats with messages nobody has looked at, the newest first: [{chat, count}].
export function unread() {
  const counts = new Map();
  for (const message of world.messages) {
    if (message.number <= (world.seen[message.chat] ?? 0)) continue;
    const count = (counts.get(message.chat) ?? 0) + 1;
    counts.delete(message.chat);
    counts.set(message.chat, count);
  }
  return [...counts].map(([chat, count]) => ({ chat, count })).reverse();
}

export function privateChat(key) {
  return `private:${key}`;
}

export function ownerOfPrivate(chat) {
  return chat.startsWith("private:") ? chat.slice("private:".length) : null;
}

// The chats of a person: the robot's first, then the groups, the latest message first.
export function chatsOf(person) {
  const latest = new Map(world.messages.map((message) => [message.chat, message.number]));
  const groups = [...world.groups.values()]
    .filter((group) => group.members.includes(person.key))
    .map((group) => group.id)
    .sort((one, other) => (latest.get(other) ?? 0) - (latest.get(one) ?? 0));
  return hasPrivateChat(person) ? [privateChat(person.key), ...groups] : groups;
}

export function hasPrivateChat(person) {
  return Boolean(person.staffId) && person.isInDirectory;
}

export function chatTitle(chat) {
  return world.groups.get(chat)?.title ?? world.robot;
}

// Where the person belongs, top department first: "教务处", or what else there is to know.
export function placeOf(person) {
  if (!person.staffId) return "外部人员";
  let department = world.departments.get(person.departments[0]);
  if (!department) return "已不在通讯录";
  while (department.parent && world.departments.get(department.parent)?.parent) {
    department = world.departments.get(department.parent);
  }
  return department.name;
}

// Who looks at a chat when nobody in particular was chosen: its person, or the group's owner.
export function readerOf(chat, current) {
  const group = world.groups.get(chat);
  if (!group) return ownerOfPrivate(chat);
  return group.members.includes(current) ? current : group.owner;
}
