// Figures and times as a person writes them.

import { chosen, speaks } from "./text.js";
import common from "../text/common.js";

const t = speaks(common);

const locale = () => (chosen() === "en" ? "en" : "zh-CN");

/** @param {number} value @param {number} [places] */
export function number(value, places = 0) {
  return value.toLocaleString(locale(), { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A share of one in per cent. @param {number} share @param {number} [places] */
export function percent(share, places = 0) {
  return `${number(share * 100, places)}%`;
}

/** @param {number} value */
export function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let size = value;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${number(size, at && size < 10 ? 1 : 0)} ${units[at]}`;
}

/** A moment that the service gave. @param {string | null | undefined} moment RFC 3339 */
export function time(moment) {
  if (!moment) return "";
  const shown = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Date(moment).toLocaleString(locale(), /** @type {any} */ (shown));
}

/** A stretch of time. @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1000) return t("milliseconds", { n: number(milliseconds, milliseconds < 10 ? 1 : 0) });
  if (milliseconds < 60_000) return t("seconds", { n: number(milliseconds / 1000, milliseconds < 10_000 ? 1 : 0) });
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return t("minutes", { m: minutes, s: Math.floor((milliseconds % 60_000) / 1000) });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("hours", { h: hours, m: minutes % 60 });
  return t("days", { d: Math.floor(hours / 24), h: hours % 24 });
}
