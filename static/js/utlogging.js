// Nobody signs out while the desk (skranke.js) has something that is not sent; and when somebody has, in whichever
// tab, this one keeps no key to its names (utlogget.js).
// Loaded as a module for who is signed in. All words come from the templates.

document.addEventListener(
  "submit",
  (event) => {
    const alertBox = document.getElementById("feilmelding");
    if (event.target.getAttribute("action") !== alertBox?.dataset.loggUt) return;
    let waiting;
    try {
      waiting = JSON.parse(localStorage.getItem("skranke-usendt"));
    } catch {
      waiting = null;
    }
    if (!waiting?.antall) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.dispatchEvent(new CustomEvent("portal:feil", { detail: "usendt" }));
    const link = document.createElement("a");
    link.href = waiting.sti;
    link.textContent = alertBox.dataset.tilSkranken;
    alertBox.querySelector("p").append(" ", link);
  },
  true,
);

addEventListener("storage", ({ key }) => {
  if (key !== "skranke-ute") return;
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("skranke:")) sessionStorage.removeItem(name);
});
