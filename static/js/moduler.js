// The order of the modules by hand: one that is dragged is put before the one it is let go on, by the same address as
// its buttons. The buttons do the same by keyboard.

let dragged = null;

const placeOf = (element) => element?.closest?.(".app-moduler__rekke > li");

function clear() {
  for (const place of document.querySelectorAll("[data-slipp]")) delete place.dataset.slipp;
}

// Only by the number, so that the words can still be marked.
document.addEventListener("pointerdown", (event) => {
  const place = event.target.closest?.("[data-grep]") && placeOf(event.target);
  if (place) place.draggable = true;
});

document.addEventListener("dragstart", (event) => {
  const place = placeOf(event.target);
  dragged = place?.draggable ? place : null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector("h4").textContent.trim());
});

document.addEventListener("dragover", (event) => {
  const place = dragged && placeOf(event.target);
  if (!place || place.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  if ("slipp" in place.dataset) return;
  clear();
  if (place !== dragged) place.dataset.slipp = "";
});

document.addEventListener("drop", (event) => {
  const place = dragged && placeOf(event.target);
  if (!place || place === dragged || place.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  const form = dragged.querySelector(".app-moduler__flytt");
  const places = [...place.parentElement.children];
  htmx.ajax("POST", form.action, {
    source: form,
    target: form.getAttribute("hx-target"),
    swap: "outerHTML show:none",
    values: { plass: places.indexOf(place) },
  });
});

for (const over of ["dragend", "pointerup"]) {
  document.addEventListener(over, () => {
    for (const place of document.querySelectorAll(".app-moduler__rekke > [draggable]")) place.draggable = false;
    dragged = null;
    clear();
  });
}
