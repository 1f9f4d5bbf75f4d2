// Times in the person's own zone, worded as Slack words them.

import { store } from "./store.js";

const formatters = new Map();

function format(options, seconds) {
  let timeZone = store.me.tz || undefined;
  const key = JSON.stringify([options, timeZone]);
  if (!formatters.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat("en-US", { ...options, timeZone });
    } catch {
      made = new Intl.DateTimeFormat("en-US", options);
    }
    formatters.set(key, made);
  }
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? "" : formatters.get(key).format(date);
}

/** "2026-11-16": the day in the person's zone, for comparing. */
export function dayKey(seconds) {
  const parts = format({ year: "numeric", month: "2-digit", day: "2-digit" }, seconds).split("/");
  return `${parts[2]}-${parts[0]}-${parts[1]}`;
}

/** The hours as the person has set them: "6:31 PM" or "18:31". */
const hours = () => (store.me.time24 ? { hour: "2-digit", hourCycle: "h23" } : { hour: "numeric" });

/** "10:31 AM" or "10:31" */
export const clock = (seconds) => format({ ...hours(), minute: "2-digit" }, seconds);

const clockSecs = (seconds) => format({ ...hours(), minute: "2-digit", second: "2-digit" }, seconds);

/** "10:31" as in the gutter of a grouped message. */
export const shortClock = (seconds) => clock(seconds).replace(/ [AP]M$/i, "");

const now = () => Date.now() / 1000;

function ordinal(day) {
  const tens = day % 100;
  if (tens > 10 && tens < 14) return `${day}th`;
  return `${day}${["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}

const sameYear = (seconds) => format({ year: "numeric" }, seconds) === format({ year: "numeric" }, now());

/** "Today", "Yesterday" or "Tomorrow", else null. Days are counted by their dates: not all have 24 hours. */
function near(seconds) {
  const days = (Date.parse(dayKey(seconds)) - Date.parse(dayKey(now()))) / 86400000;
  return { [-1]: "Yesterday", 0: "Today", 1: "Tomorrow" }[days] ?? null;
}

/** "Monday, November 16th", with the year when it is another one. */
export function dayName(seconds) {
  const known = near(seconds);
  if (known === "Today" || known === "Yesterday") return known;
  const day = ordinal(Number(format({ day: "numeric" }, seconds)));
  const text = `${format({ weekday: "long" }, seconds)}, ${format({ month: "long" }, seconds)} ${day}`;
  return sameYear(seconds) ? text : `${text}, ${format({ year: "numeric" }, seconds)}`;
}

/** "Nov 16, 2026 at 10:31:07 AM": the tooltip of a time. */
export function fullTime(seconds) {
  const day = near(seconds)
    ?? format({ month: "short", day: "numeric", ...(sameYear(seconds) ? {} : { year: "numeric" }) }, seconds);
  return `${day} at ${clockSecs(seconds)}`;
}

/** "2 minutes ago", "today at 10:31 AM". */
export function ago(seconds) {
  const age = now() - Number(seconds);
  if (age < 60) return "just now";
  if (age < 3600) {
    const minutes = Math.floor(age / 60);
    return `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
  }
  const day = near(seconds)?.toLowerCase() ?? format({ month: "short", day: "numeric" }, seconds);
  return `${day} at ${clock(seconds)}`;
}
