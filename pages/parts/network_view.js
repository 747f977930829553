// The network's picture. What is chosen lights at once and what is dragged stays; Python hears of both and draws nothing anew.
export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".network")
  const view = root.view || (root.view = build(root, data))
  view.setStateValue = setStateValue
  view.receive(data)
}

const HELP = "Picture of the network. Arrow keys go to the nearest node that way, Enter chooses it, Escape clears the choice, " +
  "Shift and an arrow move it, Control Z takes that back, plus, minus and 0 zoom. The same is in the table on this page."
const CROWDED = 60
const NARROW = 1000
const CHARACTER = 6.9
const WAIT = 350

function build(root, first) {
  const view = {
    nodes: new Map(), lines: new Map(), zoom: 1, x: 0, y: 0, width: 1, height: 1, inner: [0, 0, 1, 1], selected: null, roving: null,
    sequence: first.sequence, moves: first.moves, moved: {}, undo: [], removed: new Set(),
  }
  const linesAt = s("g", { class: "lines" })
  const nodesAt = s("g", { class: "nodes" })
  const ground = s("g", {}, linesAt, nodesAt)
  const svg = s("svg", { class: "ground" }, ground)
  const stage = el("div", { class: "stage", role: "application", "aria-label": HELP }, svg)
  const status = el("p", { class: "sr", role: "status" })
  const key = el("div", { class: "key", id: "network-key" })
  const button = (label, drawing, onclick) => el("button", { type: "button", "aria-label": label, title: label, onclick },
    s("svg", { width: 20, height: 20, viewBox: "0 0 20 20", "aria-hidden": "true" }, s("path", { d: drawing })))
  const act = { choose, fit, zoom, shift, move, drop, undo, rove, released: () => view.waiting && view.receive(view.waiting) }
  const keyButton = el("button", { type: "button", class: "worded", "aria-expanded": "true", "aria-controls": "network-key", onclick: () => {
    key.hidden = !key.hidden
    put(keyButton, "aria-expanded", String(!key.hidden))
  } }, "Key")
  const undoButton = button("Undo the last move", "M8 4L4 8L8 12M4 8H12A4 4 0 0 1 12 16H8", undo)
  const fullButton = button("Full screen", "M3 7V3H7M13 3H17V7M17 13V17H13M7 17H3V13", () =>
    root.getRootNode().fullscreenElement ? document.exitFullscreen() : root.requestFullscreen())
  undoButton.disabled = true
  root.append(
    el("div", { class: "bar" }, keyButton, finder(view, (id) => {
      choose(id)
      reveal(view.nodes.get(id), true)
    }), el("div", { class: "tools", role: "group", "aria-label": "The view" },
      undoButton, button("Zoom out", "M4 10H16", () => zoom(1 / 1.3)), button("Zoom in", "M4 10H16M10 4V16", () => zoom(1.3)),
      button("Fit all in view", "M3 6V3H6M14 3H17V6M17 14V17H14M6 17H3V14M6.5 7H13.5V13H6.5Z", fit), fullButton)),
    key, stage, status)
  hands(view, stage, act)
  new ResizeObserver(() => {
    const { width, height } = stage.getBoundingClientRect()
    if (!width || !height) return
    if (view.width === 1) key.hidden = width < NARROW
    put(keyButton, "aria-expanded", String(!key.hidden))
    Object.assign(view, { x: view.x * width / view.width, y: view.y * height / view.height, width, height })
    place()
  }).observe(stage)

  let due = 0
  const soon = () => { due = due || requestAnimationFrame(() => { due = 0; place() }) }
  const flat = (x, y) => [view.inner[0] + x * view.inner[2], view.inner[1] + y * view.inner[3]]
  const at = (node) => flat(node.x, node.y).map((v, n) => v * view.zoom + [view.x, view.y][n])

  function size(zoom) {
    const [width, height] = view.world
    const few = view.nodes.size <= 12 ? 1.3 : 1
    const [across, down] = [view.width / width, view.height / height]
    const natural = Math.min(Math.sqrt(across * down), 1.2 * Math.min(across, down)) * zoom * few
    return Math.max(view.nodes.size > CROWDED ? 0.55 : 0.78, Math.min(natural, 1.6))
  }
  // The part of the stage that the ground covers: what is drawn larger than on the ground needs a wider edge.
  function measure() {
    const grown = [view.width / view.world[0], view.height / view.world[1]].map((scale) => Math.max(0, size(1) - scale))
    const [side, top, bottom] = [4 + 75 * grown[0], 4 + 30 * grown[1], 8 + 62 * grown[1] + (view.nodes.size > CROWDED ? 20 * size(1) : 0)]
    view.inner = [side, top, view.width - 2 * side, view.height - top - bottom]
    view.size = size(view.zoom)
    // Where young people alone are a crowd, each has a circle that leaves room for the others until the picture is nearer.
    const young = [...view.nodes.values()].filter((node) => node.young).length
    view.many = young > CROWDED ? Math.sqrt((view.width * view.height) / young) / 75 : 0
  }

  function place() {
    measure()
    put(ground, "transform", `translate(${view.x.toFixed(1)} ${view.y.toFixed(1)})`)
    const drawn = `${view.width} ${view.height} ${view.zoom} ${view.nodes.size}`
    for (const node of view.nodes.values()) if (drawn !== view.drawn || node.stale) stand(node)
    for (const line of view.lines.values()) if (drawn !== view.drawn || line.stale) draw(line)
    view.drawn = drawn
    labels()
  }

  function stand(node) {
    node.stale = false
    const [x, y] = flat(node.x, node.y).map((v) => v * view.zoom)
    node.at = [x, y]
    const least = view.nodes.size > CROWDED ? 0.74 : 0.8
    node.scale = node.young ? (view.many ? Math.max(0.3, Math.min(least, view.many * view.zoom)) : Math.max(view.size, least)) : view.size
    put(node.group, "transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${node.scale.toFixed(3)})`)
    for (const line of node.lines) line.stale = true
  }

  function draw(line) {
    line.stale = false
    const [ax, ay] = line.one.at
    const [bx, by] = line.other.at
    const length = Math.hypot(bx - ax, by - ay) || 1
    const [ux, uy] = [(bx - ax) / length, (by - ay) / length]
    const bend = line.bend * 22
    const [mx, my] = [(ax + bx) / 2 - uy * bend, (ay + by) / 2 + ux * bend]
    const [cx, cy] = [mx * 2 - (ax + bx) / 2, my * 2 - (ay + by) / 2]
    const d = bend ? `M${ax.toFixed(1)} ${ay.toFixed(1)}Q${cx.toFixed(1)} ${cy.toFixed(1)} ${bx.toFixed(1)} ${by.toFixed(1)}`
      : `M${ax.toFixed(1)} ${ay.toFixed(1)}L${bx.toFixed(1)} ${by.toFixed(1)}`
    for (const path of line.paths) path.setAttribute("d", d)
    if (line.along) {
      const angle = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI
      const upright = Math.abs(angle) > 90 ? angle + 180 : angle
      put(line.along, "transform", `translate(${mx.toFixed(1)} ${my.toFixed(1)}) rotate(${upright.toFixed(1)})`)
      line.along.classList.toggle("short", length < 150 * view.size)
      line.along.classList.toggle("tiny", length < 120 * view.size)
    }
    if (line.fresh) put(line.fresh, "transform", `translate(${(ax + (mx - ax) * 0.7).toFixed(1)} ${(ay + (my - ay) * 0.7).toFixed(1)})`)
  }

  // In a crowd, an entity's words show where they cover nothing; those lit always do.
  function labels() {
    const all = [...view.nodes.values()]
    const crowded = all.length > CROWDED
    svg.classList.toggle("crowded", crowded)
    if (!crowded) return all.forEach((node) => node.group.classList.remove("quiet"))
    const taken = []
    const cells = new Map()
    const near = (box, visit) => {
      for (let i = Math.floor(box[0] / 120); i <= Math.floor(box[2] / 120); i += 1)
        for (let j = Math.floor(box[1] / 120); j <= Math.floor(box[3] / 120); j += 1) visit(`${i} ${j}`)
    }
    const take = (box) => {
      taken.push(box)
      near(box, (cell) => cells.get(cell)?.push(box) || cells.set(cell, [box]))
    }
    const free = (box, self) => {
      let ok = true
      near(box, (cell) => { if (ok) ok = !(cells.get(cell) || []).some((b) => b !== self && b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1]) })
      return ok
    }
    for (const node of all) {
      const reach = (node.young ? 27 : 17) * node.scale
      node.box = [node.at[0] - reach, node.at[1] - reach, node.at[0] + reach, node.at[1] + reach]
      take(node.box)
      if (node.young && !view.many) take([node.at[0] - 42 * node.scale, node.at[1] + reach, node.at[0] + 42 * node.scale, node.at[1] + 62 * node.scale])
    }
    const lit = []
    for (const node of all) if (node.young && !view.many) node.group.classList.remove("quiet")
    const rest = all.filter((node) => !node.young || view.many).sort((a, b) => b.lit - a.lit || b.data.weight - a.data.weight || (a.data.id < b.data.id ? -1 : 1))
    for (const node of rest) {
      const half = node.young ? 42 * node.scale : (CHARACTER * Math.min([...node.data.label].length, 27) * node.scale) / 2 + 2
      const middle = Math.max(half + 2 - view.x, Math.min(node.at[0], view.width - half - 2 - view.x))
      const aside = Math.abs(middle - node.at[0]) < half ? middle - node.at[0] : 0
      put(node.words, "transform", `translate(${(aside / node.scale).toFixed(1)} 0)`)
      const box = [node.at[0] + aside - half, node.box[3] + 1, node.at[0] + aside + half, node.box[3] + (node.young ? 35 : 19) * node.scale]
      const shown = node.lit ? !lit.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])
        : !view.selected && free(box, node.box)
      if (shown) take(box)
      if (shown && node.lit) lit.push(box)
      node.group.classList.toggle("quiet", !shown)
    }
  }

  function light() {
    const picked = view.nodes.get(view.selected)
    svg.classList.toggle("choosing", Boolean(picked))
    for (const node of view.nodes.values()) node.lit = node === picked
    for (const line of picked?.lines || []) line.one.lit = line.other.lit = true
    for (const node of view.nodes.values()) {
      node.group.classList.toggle("lit", node.lit)
      node.group.classList.toggle("picked", node === picked)
      put(node.group, "aria-pressed", String(node === picked))
    }
    for (const line of view.lines.values()) line.group.classList.toggle("lit", line.one === picked || line.other === picked)
    raise()
    soon()
  }

  // Young people over the rest, and what is lit over all; what has the focus stays, as moving it would take that away.
  function raise() {
    const held = root.getRootNode().activeElement
    const all = [...view.nodes.values()].filter((node) => node.group !== held)
    for (const lit of [false, true]) for (const young of [false, true])
      if (lit || young) nodesAt.append(...all.filter((n) => n.lit === lit && n.young === young).map((n) => n.group))
  }

  // What is taken out is hollow; a young person whom nothing then links to another is ringed.
  function takeOut() {
    const links = (node) => [...node.lines].filter((l) => l.data.influence === "harmful" || l.data.influence === "unclear")
    const holds = (line, node, gone) => {
      const far = line.one === node ? line.other : line.one
      return !gone.has(far.data.id) && (far.young || links(far).length > 1)
    }
    for (const node of view.nodes.values()) {
      const gone = view.removed.has(node.data.id)
      const mine = node.young ? links(node) : []
      const freed = mine.some((l) => holds(l, node, new Set())) && !mine.some((l) => holds(l, node, view.removed))
      node.group.classList.toggle("gone", gone)
      node.group.classList.toggle("freed", freed)
      put(node.group, "aria-label", node.data.name + (gone ? "; taken out" : "") + (freed ? "; nothing left that links to another young person" : ""))
    }
    for (const line of view.lines.values()) {
      line.group.classList.toggle("gone", view.removed.has(line.one.data.id) || view.removed.has(line.other.data.id))
    }
  }

  function choose(id) {
    if (id === view.selected) return
    view.selected = id
    view.sequence += 1
    light()
    say()
    if (id) rove(view.nodes.get(id), false)
    view.setStateValue("chosen", { sequence: view.sequence, id })
  }
  function say() {
    const node = view.nodes.get(view.selected)
    const near = node ? [...node.lines].map((l) => (l.one === node ? l.other : l.one).data.label) : []
    const told = node ? `Chosen: ${node.data.name}. ${near.length ? `Tied to ${near.slice(0, 12).join(", ")}${near.length > 12 ? " and others" : ""}.` : ""}` : "Nothing chosen"
    if (status.textContent !== told) status.textContent = told
  }

  function rove(node, focus) {
    if (!node) return
    if (view.roving && view.roving !== node) put(view.roving.group, "tabindex", "-1")
    view.roving = node
    put(node.group, "tabindex", "0")
    if (!focus) return
    node.group.focus({ preventScroll: true })
    if (!view.held()) reveal(node, false)
  }
  function reveal(node, closer) {
    if (closer && view.nodes.size > CROWDED && view.zoom < 2) zoom(2 / view.zoom)
    const [x, y] = at(node)
    const margin = Math.min(80, view.width / 4, view.height / 4)
    if (x < margin || y < margin || x > view.width - margin || y > view.height - margin) {
      if (x < 0 || y < 0 || x > view.width || y > view.height || closer) shift(view.width / 2 - x, view.height / 2 - y)
    }
  }

  function shift(dx, dy) {
    view.x += dx
    view.y += dy
    soon()
  }
  function zoom(by, about = [view.width / 2, view.height / 2]) {
    const to = Math.max(FARTHEST, Math.min(CLOSEST, view.zoom * by))
    view.x = about[0] - ((about[0] - view.x) * to) / view.zoom
    view.y = about[1] - ((about[1] - view.y) * to) / view.zoom
    view.zoom = to
    soon()
  }
  function fit() {
    const all = [...view.nodes.values()]
    const span = (of) => [Math.min(0, ...all.map((n) => n[of] - 0.03)), Math.max(1, ...all.map((n) => n[of] + 0.03))]
    const [left, right] = span("x")
    const [top, bottom] = span("y")
    const inside = left === 0 && top === 0 && right === 1 && bottom === 1
    const [x, y] = flat((left + right) / 2, (top + bottom) / 2)
    view.zoom = inside ? 1 : Math.max(FARTHEST, Math.min(1 / (right - left), 1 / (bottom - top)))
    view.x = inside ? 0 : view.width / 2 - x * view.zoom
    view.y = inside ? 0 : view.height / 2 - y * view.zoom
    soon()
  }

  function move(node, dx, dy) {
    node.x += dx / (view.inner[2] * view.zoom)
    node.y += dy / (view.inner[3] * view.zoom)
    node.stale = true
    soon()
  }
  function drop(node, from) {
    view.undo.push([node.data.id, from])
    keep(node)
  }
  function undo() {
    const [id, from] = view.undo.pop() || []
    const node = view.nodes.get(id)
    undoButton.disabled = !view.undo.length
    if (!node) return
    ;[node.x, node.y] = from
    node.stale = true
    keep(node)
    soon()
  }
  let waiting = 0
  function keep(node) {
    undoButton.disabled = !view.undo.length
    view.moved = { ...view.moved, [node.data.id]: [node.x, node.y] }
    view.moves += 1
    clearTimeout(waiting)
    waiting = setTimeout(() => view.setStateValue("moved", { sequence: view.moves, at: view.moved }), WAIT)
  }

  function takeNodes(fresh) {
    const heard = fresh.moves >= view.moves
    const crowded = fresh.nodes.length > CROWDED
    const here = new Set(fresh.nodes.map((n) => n.id))
    for (const [id, node] of view.nodes) if (!here.has(id)) { node.group.remove(); view.nodes.delete(id) }
    for (const data of fresh.nodes) {
      let node = view.nodes.get(data.id)
      if (!node) {
        node = { group: s("g", { role: "button", tabindex: "-1", "data-id": data.id }), lines: new Set(), lit: false }
        nodesAt.append(node.group)
        view.nodes.set(data.id, node)
      }
      const { x, y, ...look } = data
      const told = JSON.stringify([look, crowded])
      if (node.told !== told) {
        node.told = told
        node.young = data.shape === "young_person"
        put(node.group, "class", `node ${data.shape}${data.masked ? " masked" : ""}${data.chosen ? " wanted" : ""}`)
        node.group.replaceChildren(...symbol(data, crowded))
        node.words = node.group.querySelector(".words")
      }
      node.data = data
      if (heard || !(data.id in view.moved)) [node.x, node.y, node.stale] = [x, y, true]
    }
    if (heard) view.moves = fresh.moves
    if (!view.nodes.has(view.roving?.data.id)) rove(view.nodes.values().next().value, false)
  }

  function takeLines(fresh) {
    const beside = new Map()
    const here = new Map(fresh.map((data) => [JSON.stringify([data.one, data.other, data.influence]), data]))
    for (const data of fresh) {
      const pair = JSON.stringify([data.one, data.other].sort())
      beside.set(pair, [...(beside.get(pair) || []), data])
    }
    for (const node of view.nodes.values()) node.lines = new Set()
    for (const [id, line] of view.lines) if (!here.has(id)) { line.group.remove(); view.lines.delete(id) }
    for (const [id, data] of here) {
      let line = view.lines.get(id)
      const told = JSON.stringify(data)
      if (!line) {
        line = { group: s("g") }
        linesAt.append(line.group)
        view.lines.set(id, line)
      }
      if (line.told !== told) {
        line.told = told
        put(line.group, "class", `line ${data.influence} ${data.confidence}`)
        line.paths = strokes(data)
        line.along = along(data)
        line.fresh = data.new ? s("circle", { class: "fresh", r: 5 }) : null
        line.group.replaceChildren(...line.paths, ...(line.along ? [line.along] : []), ...(line.fresh ? [line.fresh] : []))
      }
      const same = beside.get(JSON.stringify([data.one, data.other].sort()))
      Object.assign(line, { data, one: view.nodes.get(data.one), other: view.nodes.get(data.other), stale: true, bend: same.indexOf(data) - (same.length - 1) / 2 })
      line.one.lines.add(line)
      line.other.lines.add(line)
    }
  }

  view.receive = (fresh) => {
    view.waiting = view.held() ? fresh : null
    if (view.held()) return
    const told = JSON.stringify([fresh.world, fresh.nodes, fresh.lines])
    const out = JSON.stringify(fresh.removed)
    const changed = told !== view.told
    if (changed) {
      view.told = told
      view.world = fresh.world
      const lines = fresh.lines.map(([one, other, influence, confidence, width, isNew]) =>
        ({ one: fresh.nodes[one].id, other: fresh.nodes[other].id, influence, confidence, width, new: isNew }))
      takeNodes(fresh)
      takeLines(lines)
      key.replaceChildren(...keyOf(fresh.nodes, lines))
    }
    if (changed || out !== view.out) {
      view.out = out
      view.removed = new Set(fresh.removed)
      takeOut()
    }
    const lead = fresh.sequence >= view.sequence
    if (lead) view.sequence = fresh.sequence
    if (lead && fresh.selected !== view.selected) {
      view.selected = fresh.selected
      light()
      say()
      if (view.selected) rove(view.nodes.get(view.selected), false)
    } else if (changed) {
      if (!view.nodes.has(view.selected)) view.selected = null
      light()
    }
  }
  return view
}

// A box to find a node by a part of its name; arrows and Enter as in any list.
function finder(view, found) {
  const list = el("ul", { role: "listbox", id: "network-found", "aria-label": "Found in the picture", hidden: true })
  const box = el("input", {
    type: "text", role: "combobox", placeholder: "Find in the picture", "aria-label": "Find in the picture", "aria-expanded": "false",
    "aria-controls": "network-found", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", maxlength: "80",
  })
  let hits = []
  let on = 0
  const show = () => {
    const asked = box.value.trim().toLocaleLowerCase()
    hits = asked ? [...view.nodes.values()].filter((n) => n.data.label.toLocaleLowerCase().includes(asked)).slice(0, 8) : []
    on = Math.min(on, Math.max(0, hits.length - 1))
    list.replaceChildren(...hits.map((node, n) => el("li", { role: "option", id: `network-found-${n}`, "aria-selected": String(n === on), onpointerdown: (event) => {
      event.preventDefault()
      take(node)
    } }, el("span", {}, node.data.label), el("small", {}, node.data.kind))))
    if (asked && !hits.length) list.append(el("li", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, "Nothing here has that name"))
    list.hidden = !asked
    put(box, "aria-expanded", String(!list.hidden))
    hits.length ? put(box, "aria-activedescendant", `network-found-${on}`) : box.removeAttribute("aria-activedescendant")
  }
  const take = (node) => {
    box.value = ""
    show()
    if (node) found(node.data.id)
  }
  box.addEventListener("input", () => { on = 0; show() })
  box.addEventListener("blur", () => { list.hidden = true; put(box, "aria-expanded", "false") })
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") on = (on + (event.key === "ArrowDown" ? 1 : -1) + hits.length) % (hits.length || 1)
    else if (event.key === "Enter") { if (hits[on]) take(hits[on]); return }
    else if (event.key === "Escape") box.value = ""
    else return
    event.preventDefault()
    show()
  })
  return el("div", { class: "find" }, box, list)
}
