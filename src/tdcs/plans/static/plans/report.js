// Saves a section when the writer leaves it; the revision tells when somebody else has saved meanwhile.
const form = document.querySelector("#rf");
const token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;
let queue = Promise.resolve();

async function save(box) {
  const said = box.parentElement.querySelector("[data-said]");
  const body = new URLSearchParams({ words: box.value, revision: form.revision.value });
  const headers = { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await fetch(box.dataset.save, { method: "POST", headers, body });
  const told = await answer.json();
  if (answer.ok) {
    form.revision.value = told.revision;
    box.defaultValue = box.value;
    said.textContent = document.documentElement.lang === "en" ? "Saved" : "Đã lưu";
    if (![...form.querySelectorAll("[data-save]")].some((b) => b.value !== b.defaultValue)) delete form.dataset.changed;
  } else {
    said.textContent = told.error;
    said.className = "small st late";
  }
}

form?.addEventListener("focusout", (event) => {
  const box = event.target.closest("[data-save]");
  if (box && box.value !== box.defaultValue) queue = queue.then(() => save(box));
});
