// Arrow keys walk through films and table rows; everything else works without this file.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const said = button.parentElement.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      if (said) said.textContent = said.dataset.copied;
    });
  }

  const columns = (films) => films.filter((film) => film.offsetTop === films[0].offsetTop).length || 1;
  const step = { ArrowRight: () => 1, ArrowLeft: () => -1, ArrowDown: columns, ArrowUp: (films) => -columns(films) };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in step)) return;
    const film = event.target.closest(".box .film");
    if (film) {
      const films = [...film.closest(".box").querySelectorAll(".film")];
      const items = films.map((one) => one.parentElement);
      const next = films[films.indexOf(film) + step[event.key](items)];
      if (next) { event.preventDefault(); next.focus(); }
      return;
    }
    const row = event.target.closest("tbody tr");
    const down = event.key === "ArrowDown";
    if (row && event.target.matches("a") && (down || event.key === "ArrowUp")) {
      const link = (down ? row.nextElementSibling : row.previousElementSibling)?.querySelector("a");
      if (link) { event.preventDefault(); link.focus(); }
    }
  });
})();
