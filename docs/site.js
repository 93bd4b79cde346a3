// A block of code or a picture that is wider than the page can be reached with the Tab key, and scrolled with the
// arrow keys.
function reachable() {
  for (const part of document.querySelectorAll("article :is(pre > code, .output, p:has(> img))")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}
addEventListener("resize", reachable);
addEventListener("load", reachable);
