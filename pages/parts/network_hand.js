// What hands do on the picture: pan, zoom, pinch, drag, and the same by keyboard.
const CLOSEST = 8
const FARTHEST = 0.6
const STILL = 4 // Pixels; less is a click.
const NUDGE = 0.02

function hands(view, stage, act) {
  const pointers = new Map()
  let press = null
  let pinch = null

  const spot = (event) => {
    const box = stage.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }
  const nodeOf = (event) => {
    const group = event.target.closest?.(".node")
    return group ? view.nodes.get(group.dataset.id) : null
  }
  const spread = () => {
    const [a, b] = [...pointers.values()]
    return { length: Math.hypot(a[0] - b[0], a[1] - b[1]) || 1, middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] }
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return
    const at = spot(event)
    pointers.set(event.pointerId, at)
    stage.setPointerCapture(event.pointerId)
    if (pointers.size === 2) {
      if (press?.node && press.moving) act.drop(press.node, press.from)
      press = null
      pinch = spread()
      return
    }
    const node = nodeOf(event)
    press = { node, start: at, last: at, moving: false, from: node && [node.x, node.y] }
    if (node) act.rove(node, true)
  })
  stage.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return
    const at = spot(event)
    pointers.set(event.pointerId, at)
    if (pinch && pointers.size === 2) {
      const now = spread()
      act.shift(now.middle[0] - pinch.middle[0], now.middle[1] - pinch.middle[1])
      act.zoom(now.length / pinch.length, now.middle)
      pinch = now
    } else if (press) {
      if (!press.moving && Math.hypot(at[0] - press.start[0], at[1] - press.start[1]) < STILL) return
      press.moving = true
      stage.classList.add("moving")
      const [dx, dy] = [at[0] - press.last[0], at[1] - press.last[1]]
      if (press.node) act.move(press.node, dx, dy)
      else act.shift(dx, dy)
      press.last = at
    }
  })
  const release = (event) => {
    if (!pointers.delete(event.pointerId)) return
    stage.classList.remove("moving")
    const done = press
    if (pointers.size < 2) pinch = null
    press = null
    if (done?.moving && done.node) act.drop(done.node, done.from)
    else if (done && !done.moving && event.type === "pointerup") act.choose(done.node ? done.node.data.id : null)
    if (!pointers.size) act.released()
  }
  stage.addEventListener("pointerup", release)
  stage.addEventListener("pointercancel", release)
  stage.addEventListener("wheel", (event) => {
    if (event.deltaY > 0 && view.zoom <= FARTHEST && !event.ctrlKey) return // The page scrolls on.
    event.preventDefault()
    act.zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / (event.ctrlKey ? 120 : 320)), spot(event))
  }, { passive: false })

  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }
  stage.addEventListener("keydown", (event) => {
    const node = nodeOf(event)
    const arrow = ARROWS[event.key]
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== "z") return
      act.undo()
    } else if (event.altKey) return
    else if (arrow && node && event.shiftKey) {
      const from = [node.x, node.y]
      act.move(node, arrow[0] * NUDGE * view.width, arrow[1] * NUDGE * view.height)
      act.drop(node, from)
    } else if (arrow && node) act.rove(nearest(view, node, arrow) || node, true)
    else if ((event.key === "Enter" || event.key === " ") && node) act.choose(node.data.id)
    else if (event.key === "Escape" && view.selected) act.choose(null)
    else if (event.key === "+" || event.key === "=") act.zoom(1.3)
    else if (event.key === "-") act.zoom(1 / 1.3)
    else if (event.key === "0") act.fit()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  view.held = () => pointers.size > 0
}

// The node that an arrow leads to: ahead, and the nearer to straight ahead the better.
function nearest(view, from, [ax, ay]) {
  let best = null
  let least = Infinity
  for (const node of view.nodes.values()) {
    const [dx, dy] = [(node.x - from.x) * view.width, (node.y - from.y) * view.height]
    const ahead = dx * ax + dy * ay
    const aside = Math.abs(dx * ay) + Math.abs(dy * ax)
    const far = ahead + 2 * aside
    if (node !== from && ahead > 1 && aside <= 2 * ahead && far < least) [best, least] = [node, far]
  }
  return best
}
