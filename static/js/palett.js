// The search over the page: Ctrl+K or / opens it. The first that is found is chosen, arrows choose another, and
// Enter opens it; the focus stays in the field.

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

const hits = () => [...palette.querySelectorAll("[role=option]")];
const chosen = () => palette.querySelector("[role=option][aria-selected=true]");

function choose(hit) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!hit) return field.removeAttribute("aria-activedescendant");
  hit.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", hit.id);
  hit.scrollIntoView({ block: "nearest" });
}

palette?.addEventListener("htmx:afterSwap", () => {
  field.setAttribute("aria-expanded", String(hits().length > 0));
  // Pages that are only called something like it are not opened by an Enter too many.
  choose(palette.querySelector("[data-antall]")?.dataset.antall === "0" ? null : hits()[0]);
  palette.querySelector(".app-palett__treff").scrollTop = 0;
});

palette?.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    field.focus();
    const all = hits();
    const place = all.indexOf(chosen());
    const first = event.key === "ArrowDown" ? 0 : all.length - 1;
    choose(all[place < 0 ? first : (place + steps[event.key] + all.length) % all.length]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    palette.close();
  } else if (event.key === "Enter" && document.activeElement === field && chosen()) {
    // What is shown may be of fewer letters than what is written: then the search page answers.
    if (palette.querySelector("[data-sokt]")?.dataset.sokt !== field.value.trim()) return;
    event.preventDefault();
    chosen().click();
  }
});

// A field that is hidden with the focus in it would take the next / for its own.
palette?.addEventListener("close", () => field.blur());
