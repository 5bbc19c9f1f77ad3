// Forms whose words are kept: after a pause, on leaving, and before another button takes the page away.
const PAUSE = 1500;
const waiting = new WeakMap();
const address = (form) => form.querySelector("[data-draft-line]").dataset.url;

const hasFile = (form) => [...form.elements].some((field) => field.type === "file" && field.files.length);

function sent(form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  return body;
}

async function keep(form) {
  clearTimeout(waiting.get(form));
  if (!form.dataset.changed || !form.isConnected) return;
  const turn = form.dataset.changed;
  const said = form.querySelector("[data-draft-said]");
  try {
    const answer = await fetch(address(form), { method: "POST", body: sent(form), headers: { "X-Draft": "1" }, keepalive: true });
    if (!answer.ok) throw new Error(answer.status);
    const { at } = await answer.json();
    if (said) said.textContent = `${said.dataset.kept} ${at}`;
    // A file cannot be kept, and what was typed meanwhile is not yet.
    if (form.dataset.changed === turn && !hasFile(form)) delete form.dataset.changed;
  } catch {
    if (said) said.textContent = said.dataset.lost;
  }
}

const kept = () => document.querySelectorAll("form[data-draft][data-changed]");

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("form[data-draft]")) return;
  form.dataset.changed = String(Date.now() + Math.random());
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
});
document.addEventListener("focusout", (event) => {
  const form = event.target.form;
  if (form?.matches("form[data-draft][data-changed]")) keep(form);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") kept().forEach((form) => navigator.sendBeacon(address(form), sent(form)));
});

// Another form of the page is sent: what stands half-typed in this one is kept first.
document.addEventListener("submit", (event) => {
  kept().forEach((form) => { if (form !== event.target) navigator.sendBeacon(address(form), sent(form)); });
  clearTimeout(waiting.get(event.target));
  if (!event.defaultPrevented) kept().forEach((form) => { delete form.dataset.changed; });
});
document.addEventListener("htmx:confirm", (event) => {
  const own = event.target.closest?.("form");
  const others = [...kept()].filter((form) => form !== own);
  if (event.detail.verb === "get" || !others.length || event.detail.question) return;
  event.preventDefault();
  Promise.all(others.map(keep)).then(() => event.detail.issueRequest());
});

// The buttons work without this script; with it the page stays.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-draft-keep], [data-draft-drop]");
  if (!button) return;
  event.preventDefault();
  event.stopPropagation();
  const form = button.form;
  if (button.hasAttribute("data-draft-keep")) {
    form.dataset.changed ||= "1";
    keep(form);
    return;
  }
  delete form.dataset.changed;
  fetch(button.formAction, { method: "POST", body: sent(form), redirect: "manual" }).then(() => window.location.reload());
}, true);
