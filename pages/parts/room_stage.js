// The bar, the agenda and what is looked at: markup from our own templates, every value in it escaped. What a step does
// not change stays; a press on what has data-say is told to Python.
const PARTS = ["bar", "agenda", "centre"]
const REACH = 300

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".chm-room-stage")
  root.onclick = (event) => {
    const pressed = event.target.closest("[data-say]")
    if (pressed && !pressed.disabled) setTriggerValue("pressed", pressed.dataset.say)
  }
  for (const part of PARTS) if (root[part] !== data[part]) draw(root, part, data)
  root.now = data.now
  show(root, data.picture)
  root.dataset.about = data.about
  document.querySelector(".chm-record-box .record")?.about?.(data.about)
}

// A picture that is not seen stands below the rest, drawn and see-through: to hide it in any other way, each of its
// thousands of shapes would be looked at anew. That nobody can reach it follows once the step is on the screen.
function show(root, picture) {
  const room = root.closest(".st-key-room")
  if (!room) return
  room.dataset.picture = picture
  clearTimeout(root.reach)
  root.reach = setTimeout(() => {
    for (const [name, box] of [["network", ".st-key-room-network"], ["map", ".st-key-room-map-box"]]) {
      const drawn = room.querySelector(box)
      if (drawn && drawn.inert === (name === picture)) drawn.inert = name !== picture
    }
  }, REACH)
}

function draw(root, part, data) {
  const place = root.querySelector(`[data-part="${part}"]`)
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.say : null
  const scrolled = root.now === data.now ? place.lastElementChild?.scrollTop : 0
  place.innerHTML = root[part] = data[part]
  if (scrolled) place.lastElementChild.scrollTop = scrolled
  if (focused) place.querySelector(`[data-say="${CSS.escape(focused)}"]`)?.focus()
}
