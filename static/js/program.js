// The programme by keyboard: Alt and an arrow on the item that is opened press the buttons in its bar. After
// an act the focus stays where it was, and what happened is said by the server's own words.

const keys = (event) =>
  [event.altKey && "Alt", event.shiftKey && "Shift", event.key].filter(Boolean).join("+");

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const item = event.target.closest?.(".app-post--valgt");
  const button = item?.querySelector(`[aria-keyshortcuts="${keys(event)}"]`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});

// Escape closes the item that is open.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest?.(".app-post--valgt")?.querySelector("[data-post]")?.click();
});
