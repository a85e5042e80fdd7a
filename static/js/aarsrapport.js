// The list beside the chapters follows what is written: «Mangler tekst» goes when there is text.

const textareas = [...document.querySelectorAll(".app-rapportkapittel textarea")];
const hasText = (textarea) => textarea.value.trim() !== "";

function follow() {
  for (const textarea of textareas) {
    const line = document.querySelector(`[data-kapittel="${textarea.closest("section[id]").id}"]`);
    line.querySelector("[data-naar-tom]").hidden = hasText(textarea);
    line.querySelector("[data-naar-tekst]").hidden = !hasText(textarea);
  }
  document.querySelector("[data-antall-tekster]").textContent = textareas.filter(hasText).length;
}

for (const textarea of textareas) textarea.addEventListener("input", follow);
if (textareas.length) follow(); // text that the browser kept has been put back
