// The bar, the agenda and what is looked at: markup from our own templates, every value in it escaped. What a step does
// not change stays; a press on what has data-say is told to Python, with those before it that it has not answered yet: of
// several that are told within a moment Streamlit keeps the last. What stays unanswered is told again.
const PARTS = ["bar", "agenda", "centre"]
const AGAIN = 2000

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".chm-room-stage")
  if (root.turn !== data.turn) Object.assign(root, { turn: data.turn, count: data.answered, waiting: [] })
  root.count = Math.max(root.count, data.answered)
  root.waiting = root.waiting.filter(([count]) => count > data.answered)
  const tell = () => {
    clearTimeout(root.again)
    if (!root.isConnected || !root.waiting.length) return
    setTriggerValue("pressed", [...root.waiting])
    root.again = setTimeout(() => root.tell(), AGAIN)
  }
  root.tell = tell
  root.onpointerdown = (event) => { root.down = event.target.closest("[data-say]") }
  root.onpointerover = ({ target }) => {
    if (!target.dataset.word || target.title) return
    const [row, column] = [target.parentElement, target.closest("table").rows[0].cells[target.cellIndex]]
    target.title = `${column.textContent}: ${row.cells[0].textContent}, ${target.dataset.word}`
  }
  root.onclick = (event) => {
    // What was drawn anew between down and up is not there to be clicked, and was pressed all the same.
    const gone = root.down && !root.down.isConnected ? root.down : null
    const pressed = gone || event.target.closest("[data-say]")
    root.down = null
    if (!pressed || pressed.disabled) return
    root.waiting.push([(root.count += 1), pressed.dataset.say])
    tell()
  }
  for (const part of PARTS) if (root[part] !== data[part]) draw(root, part, data)
  root.now = data.now
  const room = root.closest(".st-key-room")
  if (room) room.dataset.picture = data.picture
  root.dataset.about = data.about
  document.querySelector(".chm-record-box .record")?.about?.(data.about)
}

function draw(root, part, data) {
  const place = root.querySelector(`[data-part="${part}"]`)
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.say : null
  const scrolled = root.now === data.now ? place.lastElementChild?.scrollTop : 0
  place.innerHTML = root[part] = data[part]
  if (scrolled) place.lastElementChild.scrollTop = scrolled
  if (focused) place.querySelector(`[data-say="${CSS.escape(focused)}"]`)?.focus()
}
