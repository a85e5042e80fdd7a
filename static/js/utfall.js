// Enter in the text of an outcome adds it, so that one can write the next at once; Shift and Enter is a new
// line. The form comes anew with each answer, so the page listens, not the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (event.target.tagName !== "TEXTAREA") return;
  const form = event.target.closest("form[data-enter-sender]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
