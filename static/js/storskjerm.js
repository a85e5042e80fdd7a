// The big screen: full screen by F, awake while it is shown, and a small mark when the portal does not answer. What
// is shown stays then, and htmx goes on asking.

const mark = document.getElementById("skjerm-merke");
const button = document.getElementById("fullskjerm");

/** "nett", "utlogget", "slutt", or "" when all is well. */
function say(what) {
  for (const line of mark.children) line.hidden = line.dataset.naar !== what;
}

for (const failed of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, () => say("nett"));
}
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("HX-Refresh")) {
    // Signed out: a hall is not shown the page for signing in.
    event.preventDefault();
    say("utlogget");
  } else if (xhr.status >= 400) {
    say(xhr.status === 429 || xhr.status >= 500 ? "nett" : "slutt");
  } else {
    say("");
  }
});

// --- full screen

function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

if (document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    const alone = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (alone && event.key.toLowerCase() === "f") toggle();
  });
}

// --- a screen that nobody touches for an hour stays on

async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // The machine says no, for want of power: then it is as it was.
  }
}

stayAwake();
document.addEventListener("visibilitychange", stayAwake);
