// The frame around every page: where we are, network, what has not been handed in, who works here.
import { app, leave } from "./app.js";
import { h } from "./dom.js";
import { headOf } from "./log.js";
import { vnDay } from "./money.js";
import { room } from "./room.js";
import { failuresOf, isSyncing } from "./sync.js";
import { t } from "./words.js";

// Also to the page where one is: then it is drawn anew.
export function go(to) {
  if (location.hash === to) dispatchEvent(new Event("hashchange"));
  else location.hash = to;
}
export const here = (rest = "") => `#/phien/${app.session}${rest}`;

export function frame(title, ...content) {
  const inside = app.book !== null;
  const tab = location.hash.replace(/^#\/phien\/[^/]+/, "").replace(/\/to\/.*|\/ho\/.*|\/bien-lai\/.*|\/de-nghi.*/, "");
  const head = h("header", { class: "bar" },
    h("div", { class: "where" },
      h("b", {}, inside ? app.pack.body.session.name : "TDCS"),
      inside ? h("span", {}, vnDay(app.pack.body.session.day)) : null),
    h("div", { class: "signs", id: "signs", "aria-live": "polite" }),
    inside ? h("button", { class: "who", onclick: () => (leave(), go("#/")) }, app.operator.name, h("small", {}, t("Đổi người"))) : null);
  const tabs = inside ? h("nav", { class: "tabs", "aria-label": t(room.parts) },
    room.tabs.map(([to, words]) => h("a", { href: here(to), "aria-current": tab === to ? "page" : null }, t(words)))) : null;
  const main = h("main", { id: "main", tabIndex: -1 }, title ? h("h1", {}, title) : null, ...content);
  document.getElementById("app").replaceChildren(head, ...(tabs ? [tabs] : []), main);
  document.title = `${title || t(room.name)} – TDCS`;
  signs();
}

// What must be seen on every page: no network, lines not handed in, failures.
export async function signs() {
  const box = document.getElementById("signs");
  if (!box) return;
  const found = [h("span", { class: navigator.onLine ? "sign ok" : "sign soon" }, navigator.onLine ? t("có mạng") : t("không có mạng"))];
  if (app.session && app.book) {
    const head = await headOf(app.session);
    const failures = await failuresOf(app.session);
    const open = head.seq - (head.proof?.statement.seq ?? 0);
    const words = isSyncing(app.session) && navigator.onLine ? t("đang nộp") : t("chưa nộp");
    const isStopped = failures.some((one) => one.code !== "offline");
    if (head.seq) found.push(open
      ? h("a", { class: isStopped ? "sign late" : "sign soon", href: here("/dong-bo") }, `${open} ${words}`)
      : h("a", { class: "sign ok", href: here("/dong-bo") }, t("đã nộp đủ")));
  }
  box.replaceChildren(...found);
}
