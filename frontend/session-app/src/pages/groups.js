// The groups of the session with how far each is.
import { app } from "../app.js";
import { h } from "../dom.js";
import { dong } from "../money.js";
import { frame, here } from "../shell.js";
import { t } from "../words.js";

export function groups() {
  const { book } = app;
  const rows = app.pack.body.groups.map((group) => {
    const { done, of, sum } = book.progress(group);
    const isDone = of > 0 && done === of;
    return h("a", { class: `row ${isDone ? "done" : ""}`, href: here(`/to/${group.id}`) },
      h("span", { class: "grow" }, h("b", {}, group.name || group.code), h("small", {}, [group.code, group.leader].filter(Boolean).join(" · "))),
      h("span", { class: "num" }, h("b", {}, dong(sum)), h("small", {}, `${done}/${of} ${t("khoản")}`)),
      h("progress", { max: Math.max(1, of), value: done, "aria-label": `${done}/${of}` }));
  });
  const { sums } = book;
  frame(t("Các tổ"),
    h("p", { class: "sums" }, `${t("Đã thu")} ${dong(sums.interest + sums.principal + sums.savings)} · ${t("tiền phải có")} ${dong(book.cash)}`),
    h("div", { class: "list" }, rows));
}
