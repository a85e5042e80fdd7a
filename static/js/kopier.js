// <button data-kopier="id" data-kopiert="Kopiert">: copies the text of the field with that id.

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-kopier]");
  if (!button) return;
  const field = document.getElementById(button.dataset.kopier);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select(); // the person copies with the keyboard
    return;
  }
  const words = button.textContent;
  button.textContent = button.dataset.kopiert;
  document.getElementById("annonsering").textContent = button.dataset.kopiert;
  setTimeout(() => (button.textContent = words), 2000);
});
