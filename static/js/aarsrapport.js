// The chapters beside the one that is written in follow what is written; on a phone the strip of them is moved
// so that the chosen one is seen.

const textarea = document.querySelector(".app-rapportkapittel textarea");
const chapters = document.querySelector(".app-rapport__innhold");

function follow() {
  const line = chapters.querySelector(`[data-kapittel="${textarea.closest("section[id]").id}"]`);
  const hasText = textarea.value.trim() !== "";
  line.querySelector("[data-naar-tom]").hidden = hasText;
  line.querySelector("[data-naar-tekst]").hidden = !hasText;
}

if (textarea) {
  textarea.addEventListener("input", follow);
  follow(); // text that the browser kept has been put back
}
const chosen = chapters?.querySelector("[aria-current]");
if (chosen) chapters.scrollLeft = chosen.offsetLeft - chapters.offsetLeft - 24;
