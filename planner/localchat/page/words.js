// The page's own words; the bot's come from the bot.

const WORDS = {
  en: {
    online: "online · chat on this computer", typing: "typing…", asleep: "not running; gets your messages when it starts", connecting: "connecting…",
    lost: "Connection lost. The chat comes back by itself when the planner runs again.", edited: "edited",
    placeholder: "Message", send: "Send", save: "Save", attach: "Send a file", menu: "Commands", down: "To the latest message",
    start: "Start", about: "What can this bot do?", empty: "Say hello, and the bot answers here.",
    editing: "Edit message", replying: "Reply to", close: "Cancel", reply: "Reply", edit: "Edit",
    sending: "sending", sent: "sent", read: "read by the bot", failed: "Not sent. Tap to try again.",
    drop: "Drop the file to send it", tooLarge: "A file may have at most 50 MB.", uploadFailed: "The file was not sent.",
    people: "Who writes", switchTo: "You write as", add: "Add a person", name: "Name", language: "Language",
    create: "Add", unread: "new", copied: "Copied", noAnswer: "No answer from the bot yet.", today: "Today", yesterday: "Yesterday",
    forwarded: "Forwarded from", me: "You", deletedMessage: "a deleted message", messages: "Messages", photo: "Photo", opens: "opens a page",
  },
  ru: {
    online: "в сети · чат на этом компьютере", typing: "печатает…", asleep: "не запущен; получит сообщения, когда запустится", connecting: "соединение…",
    lost: "Связь потеряна. Чат вернётся сам, когда планировщик снова заработает.", edited: "изменено",
    placeholder: "Сообщение", send: "Отправить", save: "Сохранить", attach: "Отправить файл", menu: "Команды", down: "К последнему сообщению",
    start: "Начать", about: "Что умеет этот бот?", empty: "Поздоровайтесь, и бот ответит здесь.",
    editing: "Изменить сообщение", replying: "Ответ:", close: "Отменить", reply: "Ответить", edit: "Изменить",
    sending: "отправляется", sent: "отправлено", read: "бот прочитал", failed: "Не отправлено. Нажмите, чтобы повторить.",
    drop: "Отпустите файл, чтобы отправить", tooLarge: "Файл может быть не больше 50 МБ.", uploadFailed: "Файл не отправлен.",
    people: "Кто пишет", switchTo: "Вы пишете как", add: "Добавить человека", name: "Имя", language: "Язык",
    create: "Добавить", unread: "новое", copied: "Скопировано", noAnswer: "Бот пока не ответил.", today: "Сегодня", yesterday: "Вчера",
    forwarded: "Переслано от", me: "Вы", deletedMessage: "удалённое сообщение", messages: "Сообщения", photo: "Фото", opens: "откроет страницу",
  },
};

export const locale = navigator.language || "en";
export const language = locale.slice(0, 2).toLowerCase();
const known = WORDS[language] ? language : "en";
document.documentElement.lang = known;
export const words = WORDS[known];

const day = new Intl.DateTimeFormat(known, { weekday: "long", day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat(known, { day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
document.documentElement.classList.toggle("half-day", Boolean(clock.resolvedOptions().hour12));  // "04:33 PM" is wider
const whole = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });

export const clockTime = (ms) => clock.format(ms);
export const fullTime = (ms) => whole.format(ms);

export function dayKey(ms) {
  const date = new Date(ms);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

export function dayName(ms) {
  const date = new Date(ms), now = new Date();
  const apart = Math.round((new Date(now.getFullYear(), now.getMonth(), now.getDate())
    - new Date(date.getFullYear(), date.getMonth(), date.getDate())) / 86400000);
  if (apart === 0) return words.today;
  if (apart === 1) return words.yesterday;
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear).format(date);
}

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

export function relative(unix) {
  const left = unix - Date.now() / 1000;
  const [unit, size] = STEPS.find(([, seconds]) => Math.abs(left) >= seconds) || ["second", 1];
  return new Intl.RelativeTimeFormat(known, { numeric: "auto" }).format(Math.round(left / size), unit);
}

// A date_time entity's format: "r", or any of w (weekday), d/D (date), t/T (time); see the Bot API.
export function momentText(unix, format, fallback) {
  if (!format) return fallback;
  if (format === "r") return relative(unix);
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "numeric" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  if (!Object.keys(options).length) return fallback;
  return new Intl.DateTimeFormat(locale, options).format(unix * 1000);
}

export function fileSize(bytes) {
  const units = ["byte", "kilobyte", "megabyte"];
  let step = 0;
  while (bytes >= 1000 && step < 2) { bytes /= 1000; step += 1; }
  return new Intl.NumberFormat(known, { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step ? 1 : 0 }).format(bytes);
}
