// Markup from our own template, every value in it escaped; a press on what has data-say is told to Python.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".pressable")
  root.onclick = (event) => {
    const pressed = event.target.closest("[data-say]")
    if (pressed && !pressed.disabled) setTriggerValue("pressed", pressed.dataset.say)
  }
  if (root.markup === data.markup) return
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.say : null
  root.innerHTML = root.markup = data.markup
  if (focused) root.querySelector(`[data-say="${CSS.escape(focused)}"]`)?.focus()
}
