// What each kind of node and line looks like. Text comes in through textContent alone.
const SVG = "http://www.w3.org/2000/svg"
const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children)
const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children)

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value)
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return node
}

const put = (node, name, value) => node.getAttribute(name) === String(value) || node.setAttribute(name, value)

const corners = (count, radius, turn = 0) => {
  const points = [...Array(count).keys()].map((n) => {
    const angle = (2 * Math.PI * n) / count - Math.PI / 2 + turn
    return [(radius * Math.cos(angle)).toFixed(2), (radius * Math.sin(angle)).toFixed(2)].join(" ")
  })
  return `M${points.join("L")}Z`
}
const circle = (r) => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`
const SQUARE = "M-9 -15H9A6 6 0 0 1 15 -9V9A6 6 0 0 1 9 15H-9A6 6 0 0 1 -15 9V-9A6 6 0 0 1 -9 -15Z"
const OUTLINE = {
  place: SQUARE,
  safe_place: SQUARE,
  online_place: SQUARE,
  person_of_concern: corners(5, 18.5),
  person: circle(16),
  trusted_adult: circle(16),
  child: circle(16),
  vehicle: corners(4, 20.5),
  account: corners(6, 17.5),
  group: corners(8, 17.5, Math.PI / 8),
}
const HEAD = "M0 -8.2A3.6 3.6 0 1 1 0 -1A3.6 3.6 0 1 1 0 -8.2Z"
const BODY = "M-7 7.6C-7 3.2 -4 .8 0 .8S7 3.2 7 7.6Z"
// Filled paths, then stroked ones.
const ICON = {
  place: ["M0 9C-4.6 3.6 -6.2 1.4 -6.2 -2.2A6.2 6.2 0 0 1 6.2 -2.2C6.2 1.4 4.6 3.6 0 9ZM0 -4.6A2.4 2.4 0 1 0 0 .2A2.4 2.4 0 1 0 0 -4.6Z", ""],
  safe_place: ["", "M-6.5 .4L-2 5L6.8 -4.6"],
  online_place: ["", "M-8 0A8 8 0 1 1 8 0A8 8 0 1 1 -8 0ZM-8 0H8M0 -8C-4.4 -4 -4.4 4 0 8M0 -8C4.4 -4 4.4 4 0 8"],
  person_of_concern: [HEAD + BODY, ""],
  person: [HEAD + BODY, ""],
  trusted_adult: ["M0 8.4C-9.4 2 -9 -3 -7.8 -5C-6 -8 -1.6 -7.6 0 -4.2C1.6 -7.6 6 -8 7.8 -5C9 -3 9.4 2 0 8.4Z", ""],
  child: ["M0 -9.2A3.1 3.1 0 1 1 0 -3A3.1 3.1 0 1 1 0 -9.2Z", "M-6.4 -3.4L-1.6 -.4H1.6L6.4 -3.4M0 -.4V3.4L-3.4 8.6M0 3.4L3.4 8.6"],
  vehicle: ["M-8.6 -.4L-6.6 -5.2A2 2 0 0 1 -4.8 -6.4H4.8A2 2 0 0 1 6.6 -5.2L8.6 -.4V5.4H5.4V3.4H-5.4V5.4H-8.6ZM-6 -1H6L4.6 -4.4H-4.6Z", ""],
  account: ["M-3.4 -9H3.4A1.8 1.8 0 0 1 5.2 -7.2V7.2A1.8 1.8 0 0 1 3.4 9H-3.4A1.8 1.8 0 0 1 -5.2 7.2V-7.2A1.8 1.8 0 0 1 -3.4 -9ZM-3.2 -6.4V4.6H3.2V-6.4ZM-1 5.6V7.2H1V5.6Z", ""],
  group: ["M0 -7.4A2.9 2.9 0 1 1 0 -1.6A2.9 2.9 0 1 1 0 -7.4ZM-4.6 6.6C-4.6 2.6 -2.6 0 0 0S4.6 2.6 4.6 6.6Z", "M-7.2 -4.6A1.7 1.7 0 1 1 -7.2 -1.2A1.7 1.7 0 1 1 -7.2 -4.6M7.2 -4.6A1.7 1.7 0 1 1 7.2 -1.2A1.7 1.7 0 1 1 7.2 -4.6M-9.6 5C-9.6 2.4 -8.6 1.2 -7 1.2M9.6 5C9.6 2.4 8.6 1.2 7 1.2"],
}
const CROSS = "M-11 -11L11 11M11 -11L-11 11"
const YOUNG_RADIUS = 25

const shorten = (text, most) => {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join("").trimEnd()}…` : text
}

// In a crowd: the first name and the initial of the last.
const brief = (label, masked) => {
  const names = label.split(" ")
  return masked || names.length < 2 || [...label].length <= 11 ? shorten(label, 12) : shorten(`${names[0]} ${[...names.at(-1)][0] || ""}.`, 12)
}

// A node around (0, 0): a ring for choice and focus, the shape, what stands in it, and its words below.
function symbol(node, crowded) {
  const young = node.shape === "young_person"
  const reach = young ? YOUNG_RADIUS : 19
  const back = young ? s("circle", { class: "back", r: YOUNG_RADIUS }) : s("path", { class: "back", d: OUTLINE[node.shape] })
  const parts = [s("circle", { class: "ring", r: reach + 4 })]
  if (young) {
    parts.push(s("circle", { class: `shape ${node.band || "unscored"}`, r: YOUNG_RADIUS }))
    if (node.judged) parts.push(s("circle", { class: `judged ${node.judged}`, r: YOUNG_RADIUS + 3 }))
    parts.push(text("score", String(node.score ?? "?"), 7))
  } else {
    const [filled, stroked] = ICON[node.shape]
    parts.push(s("path", { class: "shape", d: OUTLINE[node.shape] }))
    if (filled) parts.push(s("path", { class: "icon", d: filled, "fill-rule": "evenodd" }))
    if (stroked) parts.push(s("path", { class: "icon stroked", d: stroked }))
  }
  parts.push(s("path", { class: "cross", d: CROSS }))
  if (node.new) parts.push(s("circle", { class: "fresh", cx: reach * 0.75, cy: -reach * 0.75, r: 5 }))
  const label = text("name", young && crowded ? brief(node.label, node.masked) : shorten(node.label, young ? 20 : 27), young ? reach + 17 : reach + 16)
  const words = s("g", { class: "words" }, label)
  if (young) words.append(text(`word ${node.band || "unscored"}`, node.word, reach + 33))
  if (node.judged_word) words.append(text(`word ${node.judged}`, node.judged_word, reach + 48))
  const title = s("title")
  title.textContent = node.name
  return [title, s("circle", { class: "halo", r: reach + 6 }), back, s("g", { class: "look" }, ...parts, words)]
}

function text(name, words, y) {
  const node = s("text", { class: name, y, "text-anchor": "middle" })
  node.textContent = words
  return node
}

// The parts of a line; each is a path whose `d` follows its ends.
function strokes(line) {
  const width = [1.6, 2.6, 4][line.width]
  if (line.influence !== "protective") return [s("path", { class: `stroke w${line.width}`, "stroke-width": width })]
  return [s("path", { class: "stroke", "stroke-width": 6.4 }), s("path", { class: "inside", "stroke-width": 2.4 })]
}

function along(line) {
  if (line.influence !== "conflict") return null
  return s("g", { class: "along" }, s("path", { class: "mark", d: "M-36 -4L-28 4M-28 -4L-36 4" }), text("told", "conflict", 4))
}

const KEY_SHAPES = [
  ["place", "Place"], ["online_place", "Online place"], ["safe_place", "Safe place"], ["person_of_concern", "Person of concern"],
  ["person", "Person"], ["trusted_adult", "Trusted adult"], ["child", "Child or age unknown"], ["vehicle", "Vehicle"],
  ["account", "Phone or account"], ["group", "Group"],
]
const KEY_LINES = [["harmful", "Harmful"], ["protective", "Protective"], ["unclear", "Unclear"], ["conflict", "Conflict"]]
const KEY_SURE = [["confirmed", "Confirmed"], ["likely", "Likely"], ["possible", "Possible"], ["unverified", "Unverified"]]

// The key, of the same shapes and lines as the picture; only what is in the picture.
function keyOf(nodes, lines) {
  const shapes = new Set(nodes.map((n) => n.shape))
  const kinds = new Set(lines.map((l) => l.influence))
  const entry = (drawing, words) => el("li", {}, drawing, el("span", {}, words))
  const sample = (line) => {
    const svg = s("svg", { width: 44, height: 14, viewBox: "0 -7 44 14", "aria-hidden": "true" })
    const group = s("g", { class: `line ${line.influence} ${line.confidence}` }, ...strokes(line))
    for (const path of group.children) path.setAttribute("d", "M0 0H44")
    if (line.influence === "conflict") group.append(s("path", { class: "mark", d: "M18 -4L26 4M26 -4L18 4" }))
    svg.append(group)
    return svg
  }
  const icon = (shape, node) => {
    const svg = s("svg", { width: 22, height: 22, viewBox: "-22 -22 44 44", "aria-hidden": "true" })
    const drawn = symbol({ label: "", name: "", word: "", ...node, shape }, false).filter((part) => part.tagName !== "title")
    svg.append(s("g", { class: `node ${shape}` }, ...drawn))
    return svg
  }
  const list = (label, ...entries) => el("ul", { "aria-label": label }, ...entries)
  return [
    list("Shapes", el("li", { class: "scored" }, el("b", {}, "61"), el("span", {}, "combined score")),
      ...KEY_SHAPES.filter(([shape]) => shapes.has(shape)).map(([shape, words]) => entry(icon(shape), words))),
    list("Lines", ...KEY_LINES.filter(([kind]) => kinds.has(kind)).map(([influence, words]) => entry(sample({ influence, confidence: "confirmed", width: 1 }), words)),
      ...KEY_SURE.map(([confidence, words]) => entry(sample({ influence: "plain", confidence, width: 1 }), words)),
      el("li", {}, "Thicker: stronger"),
      [...nodes, ...lines].some((thing) => thing.new) && el("li", {}, el("i", { class: "dot" }), el("span", {}, "New"))),
  ]
}
