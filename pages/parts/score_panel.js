// Puts the panel's markup in place. It comes from our own template, every value in it escaped, none of it anybody's text.
export default function ({ parentElement, data }) {
  const panel = parentElement.querySelector(".panel")
  if (panel.markup !== data.markup) panel.innerHTML = panel.markup = data.markup
}
