// The record of a meeting: what is written, by whom it is done, and what was written so far. Python keeps it; this types it.
const AGAIN = 3000
const FIRST = "First finish this one"
const FIELDS = {
  action: ["pillar", "due", "owner"],
  information: ["agency", "confidence", "harm", "as"],
  view: ["agency"],
  disagreement: ["agency"],
  decision: ["reason"],
  voice: [],
  parent: [],
  tells: [],
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".record")
  const box = root.box || (root.box = build(root))
  box.say = setTriggerValue
  box.receive(data)
}

function build(root) {
  const box = { sent: 0, waiting: 0, kept: "", kind: "action", editing: null }
  const text = el("textarea", { rows: 3, "aria-label": "What is said or agreed", placeholder: "@ names somebody or something" })
  const menu = el("ul", { className: "menu", role: "listbox", hidden: true })
  const kinds = el("div", { className: "kinds" })
  kinds.setAttribute("role", "radiogroup")
  kinds.setAttribute("aria-label", "What it is")
  const fields = el("div", { className: "fields" })
  const add = el("button", { type: "button", className: "primary", textContent: "Add" })
  add.append(el("kbd", { textContent: "⏎" }))
  const cancel = el("button", { type: "button", textContent: "Leave as it was", hidden: true })
  const fault = el("p", { className: "fault", hidden: true })
  fault.setAttribute("role", "alert")
  const quiet = el("p", { className: "quiet", hidden: true })
  const list = el("ol", { className: "said" })
  const saved = el("p", { className: "saved" })
  saved.setAttribute("role", "status")
  const form = el("div", { className: "form" }, kinds, el("div", { className: "typed" }, text, menu), fields,
    el("div", { className: "row" }, add, cancel, saved), fault, quiet)
  root.append(form, el("h2", {}), list)
  const inputs = {}
  let wait = 0, again = 0

  const mention = () => {
    const before = text.value.slice(0, text.selectionStart)
    const at = before.lastIndexOf("@")
    return at >= 0 && !/[\n]/.test(before.slice(at)) && before.length - at < 40 && !/\]\s/.test(before.slice(at)) ? { at, typed: before.slice(at + 1) } : null
  }
  const offered = (typed) => {
    const want = typed.toLowerCase().trim()
    const found = box.data.names.filter((n) => n.label.toLowerCase().split(/[\s(]+/).some((w) => w.startsWith(want)) || n.label.toLowerCase().startsWith(want))
    const shown = found.slice(0, 7).map((n) => ({ ...n, text: n.label, hint: n.kind }))
    if (want.length > 2 && !found.some((n) => n.label.toLowerCase() === want)) {
      const made = [["new_place", "a new place"], ["new_person", "a new person"], ["new_vehicle", "a new vehicle"], ["new_account", "a new account"]]
      shown.push(...made.map(([kind, hint]) => ({ party: `${kind}:${typed.trim()}`, label: typed.trim(), text: typed.trim(), hint, fresh: true })))
    }
    return shown
  }
  const offer = () => {
    const found = mention()
    const shown = found ? offered(found.typed) : []
    menu.hidden = !shown.length
    menu.replaceChildren(...shown.map((item, n) => {
      const row = el("li", { onmousedown: (event) => { event.preventDefault(); pick(item) } }, item.text, el("small", { textContent: item.hint }))
      row.setAttribute("role", "option")
      row.setAttribute("aria-selected", String(n === 0))
      row.item = item
      return row
    }))
  }
  // Chosen names stand as [name] in the box and go to Python by what they stand for.
  const pick = (item) => {
    const { at } = mention()
    const end = text.selectionStart
    const put = `[${item.label.replace(/[\[\]]/g, "")}] `
    box.picked = box.picked || new Map()
    box.picked.set(put.trim(), item.party)
    text.setRangeText(put, at, end, "end")
    menu.hidden = true
    typed()
  }
  const encoded = (said = text.value) => said.replace(/\[[^\[\]\n]{1,80}\]/g, (said) => {
    const party = (box.picked || new Map()).get(said) || (box.data.names.find((n) => `[${n.label}]` === said) || {}).party
    return party ? `@{${party.replace(/[{}]/g, "")}}` : said
  })
  const decoded = (said) => said.replace(/@\{([a-z_]+):([^{}]{1,80})\}/g, (all, kind, slot) => {
    const known = box.data.names.find((n) => n.party === `${kind}:${slot}`)
    const label = known ? known.label : kind.startsWith("new_") ? slot : "somebody"
    box.picked = box.picked || new Map()
    box.picked.set(`[${label}]`, `${kind}:${slot}`)
    return `[${label}]`
  })
  const typed = () => {
    offer()
    clearTimeout(wait)
    saved.textContent = ""
    wait = setTimeout(keep, 900)
    grow()
  }
  const grow = () => { text.style.height = "auto"; text.style.height = `${Math.min(text.scrollHeight + 2, 220)}px` }
  const chosen = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]))
  const keep = () => {
    if (box.waiting) return
    const aside = box.aside && { ...box.aside, text: encoded(box.aside.text) }
    const said = JSON.stringify({ kind: box.kind, text: encoded(), editing: box.editing?.id || "", version: box.editing?.version || "", aside, ...chosen() })
    const something = text.value.trim() || box.aside
    if (said === box.kept || !(something || box.noted)) return
    box.kept = said
    box.noted = something
    box.say("note", { ...JSON.parse(said), after: box.sent })
    saved.textContent = text.value.trim() ? "Kept" : ""
  }
  const send = () => {
    if (box.waiting || !text.value.trim()) { text.focus(); return }
    clearTimeout(wait)
    box.sent += 1
    box.waiting = box.sent
    box.told = text.value
    box.left = false
    add.disabled = true
    const said = { sequence: box.sent, turn: box.data.turn, kind: box.kind, text: encoded(), editing: box.editing, ready: box.taken, ...chosen() }
    tell(said)
  }
  // Of what is told within a moment Streamlit keeps the last: what stays unanswered is told again.
  const tell = (said) => {
    clearTimeout(again)
    if (box.waiting !== said.sequence || !root.isConnected) return
    box.say("written", said)
    again = setTimeout(() => tell(said), AGAIN)
  }
  const edit = (entry) => {
    box.editing = entry
    cancel.hidden = !entry
  }
  const clear = () => {
    const { aside } = box
    text.value = aside ? aside.text : ""
    if (aside) { box.kind = aside.kind; fill(aside) }
    box.taken = aside ? aside.taken : null
    box.kept = ""
    box.aside = null
    edit(null)
    fault.hidden = quiet.hidden = menu.hidden = true
    saved.textContent = ""
    grow()
    paint()
  }
  const leave = () => { clear(); keep() }
  // What was typed on while it was sent stays, and so does a focus that was taken elsewhere.
  const taken = () => {
    const more = text.value.startsWith(box.told) ? text.value.slice(box.told.length).trimStart() : ""
    box.noted = null
    clear()
    if (more) text.value = [text.value, more].filter(Boolean).join(" ")
    if (text.value) typed()
    if (!box.left) text.focus()
  }
  const choose = (kind) => { box.kind = kind; paint(); if (text.value.trim()) typed() }
  const paint = () => {
    const now = JSON.stringify(box.data.kinds)
    if (box.painted !== now) {
      box.painted = now
      kinds.replaceChildren(...box.data.kinds.map(([id, name]) => {
        const radio = el("button", { type: "button", textContent: name, onclick: () => { choose(id); text.focus() } })
        radio.setAttribute("role", "radio")
        radio.dataset.kind = id
        return radio
      }))
    }
    for (const radio of kinds.children) radio.setAttribute("aria-checked", String(radio.dataset.kind === box.kind))
    for (const label of fields.children) label.hidden = !FIELDS[box.kind].includes(label.dataset.name)
    add.firstChild.textContent = box.editing ? "Put right" : "Add"
  }
  const choices = () => {
    const put = (name, label, options) => {
      const input = el("select", { "aria-label": label })
      input.append(...options.map(([value, word]) => el("option", { value, textContent: word })))
      inputs[name] = input
      const wrapped = el("label", {}, el("span", { textContent: label }), input)
      wrapped.dataset.name = name
      return wrapped
    }
    const reason = el("input", { type: "text", maxLength: 2000, "aria-label": "Because" })
    inputs.reason = reason
    const wrapped = el("label", {}, el("span", { textContent: "Because" }), reason)
    wrapped.dataset.name = "reason"
    fields.replaceChildren(
      put("pillar", "Pillar", box.data.pillars), put("due", "Due", box.data.due),
      put("owner", "Owner", [["", "Who does it?"], ...box.data.agencies.map((a) => [a, a])]), put("agency", "Whose", [["", "Which agency?"], ...box.data.agencies.map((a) => [a, a])]),
      put("confidence", "How sure", box.data.confidence), put("harm", "Bears on them", box.data.harm), put("as", "Becomes", box.data.as), wrapped)
  }

  text.oninput = typed
  text.onblur = () => { menu.hidden = true; keep() }
  text.onkeydown = (event) => {
    event.stopPropagation()
    const rows = [...menu.children]
    const on = rows.findIndex((row) => row.getAttribute("aria-selected") === "true")
    if (!menu.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault()
      const next = (on + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length
      rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === next)))
    } else if (!menu.hidden && ["Enter", "Tab"].includes(event.key)) {
      event.preventDefault()
      pick(rows[Math.max(0, on)].item)
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === "Escape") {
      if (!menu.hidden) menu.hidden = true
      else if (box.editing) leave()
      else { box.left = true; text.blur() }
    }
  }
  fields.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); send() } }
  add.onclick = send
  cancel.onclick = leave
  fields.onchange = () => { clearTimeout(wait); wait = setTimeout(keep, 900) }
  // What is looked at is said at once by what shows it.
  root.about = (label) => { text.placeholder = label ? `About ${label}, unless @ names another` : "@ names somebody or something" }
  root.focusNote = (kind) => { if (kind) choose(kind); text.focus(); text.setSelectionRange(text.value.length, text.value.length) }

  const fill = (values) => {
    for (const [name, input] of Object.entries(inputs)) {
      if (name in values) input.value = values[name]
      if (input.selectedIndex === -1) input.selectedIndex = 0
    }
  }
  const restore = ({ note, entries }) => {
    text.value = decoded(note.text || "")
    box.noted = true
    fill(note)
    if (note.aside) box.aside = { ...note.aside, text: decoded(note.aside.text || "") }
    saved.textContent = "Kept from before"
    if (note.editing && entries.some((entry) => entry.id === note.editing && entry.may)) edit({ id: note.editing, version: Number(note.version) })
    else if (note.editing) saved.textContent = "Kept from before; what it was to put right is not here, so it would be added"
    grow()
  }
  // What was half typed comes back once what is taken up instead is done.
  const putAside = () => { if (text.value.trim()) box.aside = { ...chosen(), kind: box.kind, text: text.value, taken: box.taken } }

  box.receive = (data) => {
    const first = !box.data
    const choicesNow = JSON.stringify([data.pillars, data.agencies, data.due, data.confidence, data.harm, data.as, data.kinds])
    box.data = data
    if (first) { box.kind = data.note.kind || data.kinds[0][0] }
    if (box.turn !== data.turn) { box.turn = data.turn; box.sent = data.heard; box.waiting = 0; add.disabled = false }
    if (box.choices !== choicesNow) { const before = chosen(); choices(); fill(before); box.choices = choicesNow }
    if (first && (data.note.text || data.note.aside)) restore(data)
    if (data.ready && data.ready.turn !== box.ready) {
      box.ready = data.ready.turn
      if (!box.editing && !box.aside && !box.waiting && (!text.value.trim() || data.ready.over)) {
        putAside()
        box.taken = box.ready
        if (data.ready.kind) box.kind = data.ready.kind
        text.value = decoded(data.ready.text)
        fill(data.ready.fields || {})
        typed()
      } else saved.textContent = box.editing ? FIRST : "First add or clear what is written"
      menu.hidden = true
      requestAnimationFrame(() => root.focusNote())
    }
    if (box.waiting && data.heard === box.waiting) {
      box.waiting = 0
      add.disabled = false
      fault.hidden = !data.faults.length
      fault.replaceChildren(...data.faults.map((line) => el("span", { textContent: line })))
      if (data.faults.length) keep()
      else taken()
    }
    quiet.hidden = !data.wording.length
    quiet.replaceChildren(...data.wording.map((line) => el("span", { textContent: line })))
    form.hidden = data.closed
    root.about(document.querySelector(".chm-room-stage")?.dataset.about)
    const shown = JSON.stringify([data.entries, data.count, data.closed])
    if (box.shown !== shown) {
      box.shown = shown
      root.querySelector("h2").textContent = `So far · ${data.count}`
      const rest = data.count - data.entries.length
      list.replaceChildren(...data.entries.map((entry) => row(entry)), ...(rest ? [el("li", { textContent: `and ${rest} earlier, in the minutes` })] : []))
    }
    paint()
  }
  const row = (entry) => {
    const told = el("li", { className: entry.gone ? "gone" : "" }, el("i", { className: `pillar ${entry.tone}`, textContent: entry.head }),
      el("span", {}, el("span", { className: "what", textContent: entry.text }), el("small", { textContent: entry.facts })))
    if (entry.may) {
      const change = el("button", { type: "button", className: "text", textContent: "Edit", onclick: () => {
        if (box.waiting || box.editing) { if (box.editing) saved.textContent = FIRST; return }
        putAside()
        box.taken = null
        box.kind = entry.kind
        text.value = decoded(entry.source)
        fill(entry.fields)
        edit({ id: entry.id, version: entry.version })
        fault.hidden = true
        paint()
        grow()
        text.focus()
      } })
      const back = el("button", { type: "button", className: "text", textContent: "Take back", onclick: () => box.say("back", { id: entry.id, version: entry.version }) })
      change.setAttribute("aria-label", `Edit: ${entry.text.slice(0, 60)}`)
      back.setAttribute("aria-label", `Take back: ${entry.text.slice(0, 60)}`)
      told.append(el("span", { className: "do" }, change, back))
    }
    return told
  }
  return box
}

function el(name, values, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(values)) key.includes("-") ? made.setAttribute(key, value) : (made[key] = value)
  made.append(...children)
  return made
}
