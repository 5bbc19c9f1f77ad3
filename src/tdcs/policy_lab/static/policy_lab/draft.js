// Shows the values whose words hold what is typed (no accents needed), and those with something typed beside them.
const plain = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
const search = document.querySelector("[data-values-search]");
const rows = [...document.querySelectorAll("tr[data-value]")].map((row) => ({ row, words: plain(row.textContent) }));

function narrow() {
  const wanted = plain(search.value.trim()).split(/\s+/);
  for (const { row, words } of rows) {
    row.hidden = !row.querySelector("input").value && !wanted.every((word) => words.includes(word));
  }
}

search?.addEventListener("input", narrow);
search?.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
