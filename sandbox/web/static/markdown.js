// DingTalk's Markdown subset as DOM nodes. Nothing is ever parsed as HTML: text only becomes text.
// As on the clients, a single line break does not end a line; two spaces before it, or an empty line, do.

const BLOCK = /^(#{1,6}\s|>|[-*+]\s|\d{1,3}[.、)]\s|```|---+\s*$)/;

const DEEPEST_QUOTE = 3;

export function render(text, mention = () => null, depth = 0) {
  const root = document.createDocumentFragment();
  const lines = text.replace(/\r\n?/g, "\n").replace(/<\/?font[^>]*>/gi, "").split("\n");
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (!line.trim()) {
      at += 1;
    } else if (line.startsWith("```")) {
      at = fence(root, lines, at);
    } else if (/^---+\s*$/.test(line)) {
      root.append(element("hr"));
      at += 1;
    } else if (/^#{1,6}\s/.test(line)) {
      const [, marks, words] = line.match(/^(#{1,6})\s+(.*)$/) ?? [null, "#", line.replace(/^#+/, "")];
      root.append(spans(element("p", `heading heading-${marks.length}`), words, mention));
      at += 1;
    } else if (line.startsWith(">") && depth < DEEPEST_QUOTE) {
      at = quote(root, lines, at, mention, depth);
    } else if (/^\s*([-*+]|\d{1,3}[.、)])\s/.test(line)) {
      at = list(root, lines, at, mention);
    } else {
      at = paragraph(root, lines, at, mention);
    }
  }
  return root;
}

function fence(root, lines, at) {
  const body = [];
  at += 1;
  while (at < lines.length && !lines[at].startsWith("```")) body.push(lines[at++]);
  const pre = element("pre");
  pre.append(element("code", "", body.join("\n")));
  root.append(pre);
  return at + 1;
}

function quote(root, lines, at, mention, depth) {
  const body = [];
  while (at < lines.length && lines[at].startsWith(">")) body.push(lines[at++].replace(/^>\s?/, ""));
  const block = element("blockquote");
  block.append(render(body.join("\n"), mention, depth + 1));
  root.append(block);
  return at;
}

function list(root, lines, at, mention) {
  const isOrdered = /^\s*\d/.test(lines[at]);
  const mark = isOrdered ? /^\s*(\d{1,3})[.、)]\s+(.*)$/ : /^\s*([-*+])\s+(.*)$/;
  const block = element(isOrdered ? "ol" : "ul");
  while (at < lines.length) {
    const found = lines[at].match(mark);
    if (!found) {
      // an empty line between two items of the same list does not end it
      if (!lines[at].trim() && at + 1 < lines.length && mark.test(lines[at + 1])) {
        at += 1;
        continue;
      }
      break;
    }
    if (isOrdered && !block.children.length) block.start = Number(found[1]);
    const body = [found[2]];
    at += 1;
    while (at < lines.length && lines[at].trim() && !BLOCK.test(lines[at].trimStart())) body.push(lines[at++]);
    block.append(spans(element("li"), joined(body), mention));
  }
  root.append(block);
  return at;
}

function paragraph(root, lines, at, mention) {
  const body = [];
  while (at < lines.length && lines[at].trim() && (!body.length || !BLOCK.test(lines[at]))) body.push(lines[at++]);
  root.append(spans(element("p"), joined(body), mention));
  return at;
}

// "\n" stays where the author asked for a break (two spaces before it); else the lines run on.
function joined(lines) {
  return lines.reduce((all, line) => {
    if (!all) return line;
    return all.endsWith("  ") ? `${all.trimEnd()}\n${line.trimStart()}` : `${all} ${line.trimStart()}`;
  }, "").trimEnd();
}

const SPAN = new RegExp(
  [
    "`([^`]+)`",
    "!\\[([^\\]]*)\\]\\(([^)\\s]+)\\)",
    "\\[([^\\]]+)\\]\\(([^)\\s]+)\\)",
    "\\*\\*(.+?)\\*\\*",
    "__(.+?)__",
    "\\*([^*\\s][^*]*?)\\*",
    "@([A-Za-z0-9_-]{1,64})",
    "\\\\([\\\\`*_{}\\[\\]()#+\\-.!>@|~])",
    "(\\n)",
  ].join("|"),
  "g",
);

function spans(parent, text, mention) {
  let done = 0;
  for (const found of text.matchAll(SPAN)) {
    const [whole, code, alt, image, label, url, strong, strong2, em, name, escaped, br] = found;
    const node = span({ code, alt, image, label, url, strong: strong ?? strong2, em, name, escaped, br }, mention);
    if (!node) continue;
    parent.append(text.slice(done, found.index), node);
    done = found.index + whole.length;
  }
  parent.append(text.slice(done));
  return parent;
}

function span(part, mention) {
  if (part.code !== undefined) return element("code", "", part.code);
  if (part.image !== undefined) return picture(part.alt, part.image);
  if (part.label !== undefined) return link(part.label, part.url, mention);
  if (part.strong !== undefined) return spans(element("strong"), part.strong, mention);
  if (part.em !== undefined) return spans(element("em"), part.em, mention);
  if (part.escaped !== undefined) return document.createTextNode(part.escaped);
  if (part.br !== undefined) return element("br");
  const person = mention(part.name);
  return person ? element("span", "mention", `@${person}`) : null;
}

// Only what the robot uploaded is shown: nothing is fetched from elsewhere.
function picture(alt, address) {
  if (!/^@[\w.~+/=-]+$/.test(address)) return element("span", "picture", `［图片${alt ? `：${alt}` : ""}］`);
  const image = element("img", "picture");
  image.alt = alt;
  image.src = `/sandbox/media/${encodeURIComponent(address)}`;
  return image;
}

function link(label, url, mention) {
  const says = spoken(url);
  if (says !== null) {
    const button = spans(element("button", "says"), label, mention);
    button.type = "button";
    button.dataset.says = says;
    return button;
  }
  const address = web(url);
  if (!address) return document.createTextNode(label);
  const anchor = spans(element("a"), label, mention);
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

// What a `dtmd://dingtalkclient/sendMessage?content=…` address makes the person say; null for any other address.
export function spoken(url) {
  const found = /^dtmd:\/\/dingtalkclient\/sendMessage\?content=([^&]*)/i.exec(url);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1].replace(/\+/g, "%20"));
  } catch {
    return null;
  }
}

// The web address behind a link or `dingtalk://…/page/link?url=…`; null for anything that is not http(s).
export function web(url) {
  try {
    const parsed = new URL(url);
    if (parsed.protocol === "dingtalk:") return web(parsed.searchParams.get("url") ?? "");
    return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}
