// Puts the panel's markup in place. It comes from our own template, every value in it escaped, none of it anybody's text.
// The rows replace it at each answer (matrix_form.js): what is drawn anew later with older totals stays out.
export default function ({ parentElement, data }) {
  const panel = parentElement.querySelector(".panel")
  if (panel.markup === data.markup || data.sequence < panel.sequence) return
  panel.sequence = data.sequence
  panel.innerHTML = panel.markup = data.markup
}
