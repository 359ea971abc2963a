// Talking to the local chat's HTTP interface.

const UPLOAD_MAX = 50_000_000;
const PHOTOS = new Set(["image/png", "image/jpeg", "image/gif"]);

async function asked(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.error || response.statusText), { refused: true });
  return body;
}

const post = (path, body) => asked(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
});

export const history = (chat, before, signal) => asked(`chat/history?chat_id=${chat}&before=${before}`, { signal });

export const view = (chat, after, version, language, wait, signal) =>
  asked(`chat/view?chat_id=${chat}&after=${after}&version=${version}&language=${language}&wait=${wait}`, { signal });

export const say = (chat, text, from, extra) => post("chat/messages", { chat_id: chat, text, from, ...extra });

export const press = (chat, message, data, from) =>
  post("chat/callbacks", { chat_id: chat, message_id: message, data, from, wait: 15 });

export const fits = (file) => file.size <= UPLOAD_MAX;

export function upload(chat, file, caption, from) {
  const form = new FormData();
  form.append("chat_id", chat);
  form.append("from", JSON.stringify(from));
  form.append("caption", caption);
  if (PHOTOS.has(file.type)) form.append("kind", "photo");
  form.append("file", file, file.name || "file");
  return asked("chat/files", { method: "POST", body: form });
}
