// Chooses light or dark before anything is painted: the reader's choice, else the system's.
(function () {
  var KEY = "junheng-theme";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try { return localStorage.getItem(KEY); } catch (error) { return null; }
  }

  function show(theme) {
    if (root.getAttribute("data-bs-theme") === theme) { return; }
    root.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("junheng:theme"));
  }

  function fit() { show(chosen() || (dark.matches ? "dark" : "light")); }

  root.classList.add("scripted");
  fit();
  dark.addListener(fit);
  window.addEventListener("beforeprint", function () { show("light"); });
  window.addEventListener("afterprint", fit);
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-switch]")) { return; }
    var other = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem(KEY, other); } catch (error) { /* it lasts for this page alone */ }
    show(other);
  });
})();
