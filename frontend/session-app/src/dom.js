// Elements made in one line; a dialog that asks; a message that goes away.
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list" && name !== "form") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export function svg(n, path, label) {
  const box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  box.setAttribute("viewBox", `-2 -2 ${n + 4} ${n + 4}`);
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", label);
  box.setAttribute("class", "qr");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  box.append(drawn);
  return box;
}

// A modal dialog; answers what `done` was called with, null when it was closed.
export function dialog(title, build) {
  return new Promise((answer) => {
    const box = h("dialog", { class: "ask", "aria-label": title });
    const done = (value) => {
      box.close();
      box.remove();
      answer(value ?? null);
    };
    box.append(h("h2", {}, title), ...[build(done)].flat());
    box.addEventListener("cancel", (event) => (event.preventDefault(), done(null)));
    document.body.append(box);
    box.showModal();
  });
}

export function toast(words, kind = "ok") {
  const there = document.getElementById("toast");
  there.replaceChildren(h("p", { class: `msg ${kind}` }, words));
  if (kind === "ok") setTimeout(() => there.firstChild?.textContent === words && there.replaceChildren(), 5_000);
}

export function field(label, input, help) {
  const id = input.id || `f${crypto.randomUUID().slice(0, 8)}`;
  input.id = id;
  return h("div", { class: "f" }, h("label", { htmlFor: id }, label), input, help ? h("p", { class: "h" }, help) : null);
}
