// The chapters beside the one that is written in follow what is written, and so does the count of them in the
// steps; on a phone the strip of them is moved so that the chosen one is seen.

const textarea = document.querySelector(".app-rapportkapittel textarea");
const chapters = document.querySelector(".app-rapport__innhold");
const written = document.querySelector(".app-rapporttrinn small"); // «3 av 10 kapitler har tekst»

function follow() {
  const line = chapters.querySelector(`[data-kapittel="${textarea.closest("section[id]").id}"]`);
  const hasText = textarea.value.trim() !== "";
  line.querySelector("[data-naar-tom]").hidden = hasText;
  line.querySelector("[data-naar-tekst]").hidden = !hasText;
  const count = chapters.querySelectorAll("[data-naar-tekst]:not([hidden])").length;
  if (written) written.textContent = written.textContent.replace(/\d+/, count);
}

if (textarea) {
  textarea.addEventListener("input", follow);
  follow(); // text that the browser kept has been put back
}
const chosen = chapters?.querySelector("[aria-current]");
if (chosen) chapters.scrollLeft = chosen.offsetLeft - chapters.offsetLeft - 24;
