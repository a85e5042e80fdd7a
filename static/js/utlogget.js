// Nobody is signed in here any more: the keys that a desk (skranke.js) keeps its names under go from this tab, and
// the other tabs are told (utlogging.js, skranke.js). What waits to be sent stays encrypted until its person is back.
// Loaded as a module for who is not signed in.

for (const name of Object.keys(sessionStorage)) if (name.startsWith("skranke:")) sessionStorage.removeItem(name);
localStorage.setItem("skranke-ute", "1");
localStorage.removeItem("skranke-ute");
