// The search over the page: Ctrl+K or / opens it, arrows go through what is found, Enter opens the first.

const palette = document.getElementById("palett");
const field = document.getElementById("palett-q");

function openPalette() {
  if (!palette?.showModal || palette.open) return;
  palette.showModal();
  field.select();
  if (!field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
}

const writing = (element) =>
  element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName);

document.addEventListener("keydown", (event) => {
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !writing(event.target);
  if (!isShortcut && !isSlash) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  openPalette();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-palett]") || event.ctrlKey || event.metaKey || !palette?.showModal) return;
  event.preventDefault();
  openPalette();
});

palette?.addEventListener("keydown", (event) => {
  const stops = [field, ...palette.querySelectorAll("#palett-treff a")];
  const place = stops.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && place >= 0) {
    event.preventDefault();
    stops[(place + steps[event.key] + stops.length) % stops.length].focus();
  } else if (event.key === "Escape") {
    // A search field with words in it would only be emptied.
    event.preventDefault();
    palette.close();
  } else if (event.key === "Enter" && document.activeElement === field && stops[1]) {
    // What is shown may be of fewer letters than what is written: then the search page answers.
    if (palette.querySelector("[data-sokt]")?.dataset.sokt !== field.value.trim()) return;
    event.preventDefault();
    stops[1].click();
  }
});
