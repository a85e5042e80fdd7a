// A passkey was cancelled or refused: say so beside the button instead of only in the console.
document.addEventListener("allauth.error", (event) => {
  const felt = document.getElementById("nokkelfeil");
  if (!felt) return;
  event.preventDefault();
  felt.textContent = felt.dataset.tekst;
  felt.hidden = false;
});
