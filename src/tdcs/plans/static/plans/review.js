// The review page: bring the words of the chosen item into view; the import page: drop a file.
function show() {
  const doc = document.querySelector(".doc[data-show]");
  const line = doc && document.getElementById(`d${doc.dataset.show}`);
  if (line) doc.scrollTop += line.getBoundingClientRect().top - doc.getBoundingClientRect().top - 40;
}
show();
document.addEventListener("htmx:afterSettle", show);

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
