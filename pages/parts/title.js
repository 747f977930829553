// The page's title from our own template, every value in it escaped; views to choose between, and Close.
let shown
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".title")
  const last = JSON.stringify({ ...data, view: null })
  root.say = { setStateValue, setTriggerValue }
  if (root.last !== last) draw(root, data)
  else if (data.views.length) root.paint(data.view)
  root.last = last
  // Streamlit keeps the place scrolled to within a page: whoever is chosen far down a list would open with the head away.
  if (data.title !== shown) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
  shown = data.title
}

function draw(root, data) {
  const open = root.querySelector("details")?.open
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.say : null
  root.innerHTML = data.markup
  const row = root.firstElementChild
  const others = root.querySelector("select")
  if (others) others.onchange = (event) => root.say.setTriggerValue("user", event.target.value)
  const out = root.querySelector("[data-out]")
  if (out) out.onclick = () => root.say.setTriggerValue("out", true)
  if (data.views.length) {
    const group = document.createElement("span")
    group.className = "chm-views"
    group.setAttribute("role", "radiogroup")
    group.setAttribute("aria-label", "View")
    const choose = (view) => {
      root.paint(view)
      group.querySelector("[aria-checked=true]").focus()
      root.say.setStateValue("view", view)
    }
    group.append(...data.views.map((view, n) => {
      const radio = button(view, () => choose(view))
      radio.setAttribute("role", "radio")
      radio.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
        if (!step) return
        event.preventDefault()
        choose(data.views[(n + step + data.views.length) % data.views.length])
      }
      return radio
    }))
    root.paint = (chosen) => {
      for (const radio of group.children) {
        radio.setAttribute("aria-checked", String(radio.dataset.say === chosen))
        radio.tabIndex = radio.dataset.say === chosen ? 0 : -1
      }
    }
    root.paint(data.view)
    row.append(group)
  }
  if (data.close) {
    const close = button("Close", () => root.say.setTriggerValue("close", true))
    close.className = "chm-close"
    close.disabled = data.stays
    row.append(close)
  }
  root.querySelector("details").open = Boolean(open) && root.who === root.querySelector("summary").textContent
  root.who = root.querySelector("summary").textContent
  if (focused) root.querySelector(`[data-say="${focused}"]`)?.focus()
}

function button(text, onclick) {
  const made = document.createElement("button")
  Object.assign(made, { type: "button", textContent: text, onclick })
  made.dataset.say = text
  return made
}
