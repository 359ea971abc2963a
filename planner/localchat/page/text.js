// Text with entities as DOM nodes. Only textContent and properties are ever set: what people type stays text.
import { clockTime, fullTime, momentText } from "./words.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
  expandable_blockquote: "blockquote", spoiler: "span", text_link: "a", url: "a", email: "a", phone_number: "span",
  bot_command: "a", mention: "span", hashtag: "span", cashtag: "span", text_mention: "span", custom_emoji: "span", date_time: "time" };
const SAFE = new Set(["http:", "https:", "mailto:", "tg:"]);

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function link(node, address) {
  let url;
  try { url = new URL(address); } catch { return; }
  if (!SAFE.has(url.protocol)) return;
  node.href = url.href;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
}

function dress(node, entity, text, onCommand) {
  if (entity.type === "text_link") { link(node, entity.url.includes(":") ? entity.url : `http://${entity.url}`); node.title = entity.url; }
  if (entity.type === "url") link(node, text);
  if (entity.type === "email") link(node, `mailto:${text}`);
  if (entity.type === "bot_command") {
    node.href = "#";
    node.addEventListener("click", (event) => { event.preventDefault(); onCommand(text); });
  }
  if (entity.type === "spoiler") {
    node.tabIndex = 0;
    node.setAttribute("role", "button");
    const show = () => node.classList.add("shown");
    node.addEventListener("click", show);
    node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") show(); });
  }
}

function moment(entity, text) {
  const node = element("time", "date_time");
  node.dateTime = new Date(entity.unix_time * 1000).toISOString();
  node.title = fullTime(entity.unix_time * 1000);
  node.dataset.unix = entity.unix_time;
  node.dataset.format = entity.date_time_format || "";
  node.dataset.text = text;
  node.textContent = momentText(entity.unix_time, entity.date_time_format, text);
  return node;
}

// Entities nest; one that leaves the one around it is cut at its end.
function fill(parent, text, begin, end, entities, onCommand) {
  let at = begin;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at), to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    parent.append(text.slice(at, from));
    const part = text.slice(from, to);
    if (entity.type === "date_time") {
      parent.append(moment(entity, part));
    } else {
      const node = element(TAGS[entity.type] || "span", entity.type);
      fill(node, text, from, to, entities.slice(index + 1).filter((inner) => inner.offset < to), onCommand);
      dress(node, entity, part, onCommand);
      parent.append(node);
    }
    at = to;
  }
  parent.append(text.slice(at, end));
}

export function rich(text, entities, onCommand) {
  const node = element("div", "text");
  node.dir = "auto";
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(node, text, 0, text.length, sorted, onCommand);
  return node;
}

// Relative times go on while the page is open.
export function refreshTimes(root) {
  for (const node of root.querySelectorAll("time.date_time[data-format=r]")) {
    node.textContent = momentText(Number(node.dataset.unix), "r", node.dataset.text);
  }
}

export function stamp(ms) {
  const node = element("time", "clock", clockTime(ms));
  node.dateTime = new Date(ms).toISOString();
  node.title = fullTime(ms);
  return node;
}
