// Keys of the room: each presses the button that says it. B hides everything, at once and without asking anybody.
export default function ({ data }) {
  const room = window.chmRoom || (window.chmRoom = { seen: new Map() })
  room.seconds = data.seconds
  if (room.on) return () => leave(room)
  room.on = true
  room.press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key.toLowerCase() === "b") return
    const typing = event.target.closest?.("input, textarea, select, [contenteditable=true], [role=dialog]")
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (room.cover) {
      event.preventDefault()
      event.stopPropagation()
      if (key === "b" || key === "Escape") uncover(room)
      return
    }
    if (typing || document.querySelector("[role=dialog]")) return
    if (key === "b") return cover(room, event)
    if (["n", "a", "i", "d"].includes(key)) {
      event.preventDefault()
      document.querySelector(".chm-record-box .record")?.focusNote({ a: "action", i: "information", d: "decision" }[key])
      return
    }
    const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`)
    if (!button || event.target.closest?.('[role="application"], .chm-record-box [role="radiogroup"]') && key.startsWith("Arrow")) return
    event.preventDefault()
    button.click()
  }
  room.click = (event) => { if (event.target.closest?.("[data-blank]")) cover(room, event) }
  document.addEventListener("keydown", room.press, true)
  document.addEventListener("click", room.click, true)
  // A revealed name goes by itself, whatever the network does.
  room.clock = setInterval(() => {
    for (const shown of document.querySelectorAll("[data-gone]")) {
      const since = room.seen.get(shown) || (room.seen.set(shown, Date.now()), Date.now())
      if (Date.now() - since > room.seconds * 1000) {
        shown.textContent = shown.dataset.alias
        shown.removeAttribute("data-gone")
        room.seen.delete(shown)
      }
    }
    reach(room)
  }, 250)
  return () => leave(room)
}

// A picture that is not seen stands below the rest, drawn and see-through: to hide it in any other way, each of its
// thousands of shapes is looked at anew, as it is for keeping others from reaching it. That comes once a step is drawn.
function reach(room) {
  const shown = document.querySelector(".st-key-room")?.dataset.picture
  const stays = shown === room.picture
  room.picture = shown
  for (const [name, box] of [["network", ".st-key-room-network"], ["map", ".st-key-room-map-box"]]) {
    const drawn = document.querySelector(box)
    if (drawn && drawn.inert === (name === shown) && (stays || name === shown)) drawn.inert = name !== shown
  }
}

function cover(room, event) {
  event.preventDefault()
  room.cover = document.createElement("div")
  room.cover.className = "chm-room-cover"
  room.cover.setAttribute("role", "alert")
  room.cover.tabIndex = -1
  room.cover.textContent = "Paused. Press B to go on."
  document.body.append(room.cover)
  document.documentElement.classList.add("chm-covered")
  room.cover.focus()
}

function uncover(room) {
  room.cover?.remove()
  room.cover = null
  document.documentElement.classList.remove("chm-covered")
}

function leave(room) {
  document.removeEventListener("keydown", room.press, true)
  document.removeEventListener("click", room.click, true)
  clearInterval(room.clock)
  uncover(room)
  room.on = false
}
