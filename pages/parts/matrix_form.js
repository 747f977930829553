// Thirteen rows to answer. What is chosen shows at once; Python scores it, saves it and sends the same answers back.
const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value)
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return node
}

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".matrix")
  let form = root.form
  if (!form || form.draft !== data.draft) form = root.form = build(root, data)
  form.setStateValue = setStateValue
  form.setTriggerValue = setTriggerValue
  form.receive(data)
}

function build(root, data) {
  const form = { draft: data.draft, sequence: data.sequence, merged: data.merged, answers: data.answers, open: null }
  const rows = new Map()

  const send = () => {
    form.sequence += 1
    form.setStateValue("said", { sequence: form.sequence, draft: form.draft, merged: form.merged, opened: form.open, ...form.answers })
  }
  const choose = (domain, level) => {
    if (form.sequence === form.heard) foretell(form.next[domain][level])
    form.answers = { ...form.answers, levels: { ...form.answers.levels, [domain]: level } }
    send()
    paint()
  }
  const focusRow = (index, level) => {
    const row = [...rows.values()][index]
    if (!row) return
    const target = row.buttons.find((b) => (level ? b.level === level : b.getAttribute("tabindex") === "0")) || row.buttons[0]
    target.focus()
  }
  const onKey = (event, domain, row) => {
    const here = row.buttons.indexOf(event.currentTarget)
    const index = [...rows.keys()].indexOf(domain.id)
    const digit = "1234".indexOf(event.key)
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (digit >= 0) {
      choose(domain.id, domain.levels[digit].id)
      if (index + 1 < rows.size) focusRow(index + 1)
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const next = row.buttons[(here + (event.key === "ArrowRight" ? 1 : 3)) % 4]
      next.focus()
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      focusRow(index + (event.key === "ArrowDown" ? 1 : -1))
    } else if (event.key === "o" || event.key === "O") {
      toggle(domain.id)
    } else return
    event.preventDefault()
  }
  const toggle = (id) => {
    form.open = form.open === id ? null : id
    paint()
    send()
  }

  root.replaceChildren()
  for (const axis of data.axes) {
    const counter = el("span", { class: "count" })
    const list = el("div", { class: "rows" })
    root.append(el("section", { "aria-label": axis.name }, el("div", { class: "axis" }, el("h2", {}, axis.name), counter), list))
    for (const domain of axis.domains) {
      const name = el("button", { type: "button", class: "name", id: `name-${domain.id}`, "aria-expanded": "false", onclick: () => toggle(domain.id) },
        el("span", { class: "chevron", "aria-hidden": "true" }), el("span", {}, domain.name))
      const row = { domain, name, axis: axis.id, counter, detail: el("div", { class: "detail", hidden: true }) }
      row.buttons = domain.levels.map((level) => {
        const was = data.before[domain.id] === level.id
        const button = el("button", {
          type: "button", role: "radio", class: `level ${level.id} ${was ? "was" : ""}`, "aria-checked": "false", tabindex: "-1",
          "aria-label": `${level.name}, scores ${level.score}${level.inferred ? ", inferred" : ""}${was ? ", last time" : ""}`,
          title: level.inferred ? "This number is our reading: the printed one cannot be read" : null,
          onclick: () => choose(domain.id, level.id),
          onkeydown: (event) => onKey(event, domain, row),
        }, `${level.name} ${level.score}`, level.inferred ? el("sup", {}, "†") : null)
        button.level = level.id
        return button
      })
      row.group = el("div", { role: "radiogroup", "aria-label": domain.name, class: "levels" }, ...row.buttons)
      row.node = el("div", { class: "row", "data-domain": domain.id }, name, row.group, row.detail)
      rows.set(domain.id, row)
      list.append(row.node)
    }
  }
  root.append(el("p", { class: "footnote" }, `† ${data.footnote}`, data.before_on ? el("span", { class: "last" }, `Answered so on ${data.before_on}`) : null))
  root.append(el("p", { class: "keys" }, "Keys: ", el("kbd", {}, "1"), "–", el("kbd", {}, "4"), " choose and go on, ", el("kbd", {}, "←"), el("kbd", {}, "→"),
    " within a row, ", el("kbd", {}, "↑"), el("kbd", {}, "↓"), " between rows, ", el("kbd", {}, "o"), " open a row"))
  const status = el("p", { class: "status", role: "status" })
  root.append(status)

  function paint() {
    for (const [id, row] of rows) {
      const chosen = form.answers.levels[id]
      row.node.classList.toggle("open-row", form.open === id)
      row.node.classList.toggle("unanswered", !chosen)
      row.name.setAttribute("aria-expanded", String(form.open === id))
      row.buttons.forEach((button, n) => {
        const checked = button.level === chosen
        put(button, "aria-checked", String(checked))
        put(button, "tabindex", checked || (!chosen && n === 0) ? "0" : "-1")
        if (button.disabled !== form.readonly) button.disabled = form.readonly
      })
    }
    for (const axis of data.axes) {
      const answered = axis.domains.filter((d) => form.answers.levels[d.id]).length
      rows.get(axis.domains[0].id).counter.textContent = `${answered} of ${axis.domains.length} answered`
    }
  }

  function detail(row, shown) {
    const { levels, ticks, reasons, directions } = form.answers
    const chosen = levels[row.domain.id]
    const level = (id) => row.domain.levels.find((l) => l.id === id)?.name
    const suggestion = shown.suggestion
    const says = suggestion
      ? [`Ticks suggest `, el("strong", {}, level(suggestion)), chosen ? `. You chose ` : `. `, chosen ? el("strong", {}, level(chosen)) : el("button", { type: "button", class: "text", onclick: () => choose(row.domain.id, suggestion) }, `Use ${level(suggestion)}`), chosen ? "." : ""]
      : ["Tick what you see; the ticks suggest a level, you decide."]
    const parts = [el("div", { class: "says" }, el("p", {}, ...says), el("span", { class: "source" }, shown.source))]
    if (shown.prompts.length) parts.push(...shown.prompts.map((p) => el("div", { class: `prompt ${p.urgent ? "urgent" : ""}` }, el("strong", {}, p.title), p.settled ? ` ${p.settled}` : "", el("ul", {}, ...p.do.map((text) => el("li", {}, text))))))
    if (suggestion && chosen && suggestion !== chosen) {
      let waiting = 0
      const say = () => {
        clearTimeout(waiting)
        if (form.answers.reasons[row.domain.id] === box.value) return
        form.answers = { ...form.answers, reasons: { ...form.answers.reasons, [row.domain.id]: box.value } }
        send()
      }
      const box = el("textarea", { rows: "2", maxlength: "2000", id: `why-${row.domain.id}`, onchange: say, oninput: () => {
        clearTimeout(waiting)
        waiting = setTimeout(say, 600)
      } })
      box.value = reasons[row.domain.id] || ""
      parts.push(el("label", { class: "why", for: `why-${row.domain.id}` }, `Why ${level(chosen)} and not ${level(suggestion)}?`), box)
    }
    if (shown.consider.length) {
      parts.push(el("details", { class: "consider", open: row.considered, ontoggle: (event) => { row.considered = event.target.open } }, el("summary", {}, "What to consider, and what helps the assessment"),
        el("ul", {}, ...shown.consider.map((text) => el("li", {}, text)))))
    }
    for (const group of shown.levels) {
      const count = group.items.filter((i) => ticks.includes(i.id)).length
      parts.push(el("h3", { class: `of ${group.id}` }, el("span", { class: `mark ${group.id}`, "aria-hidden": "true" }), group.title, count ? el("span", { class: "ticked" }, `${count} ticked`) : null))
      parts.push(el("ul", { class: "ticks" }, ...group.items.map((item) => tick(row, item, ticks, directions))))
    }
    for (const pathway of shown.pathways) {
      const count = pathway.items.filter((i) => ticks.includes(i.id)).length
      parts.push(el("details", { class: "pathway", open: count > 0 || row.unfolded?.has(pathway.title), ontoggle: (event) => {
        row.unfolded = row.unfolded || new Set()
        event.target.open ? row.unfolded.add(pathway.title) : row.unfolded.delete(pathway.title)
      } }, el("summary", {}, `Beside the score: ${pathway.title}`, count ? ` · ${count} ticked` : ""), el("p", { class: "note" }, `${pathway.trigger} ${pathway.note}`),
        el("ul", { class: "ticks" }, ...pathway.items.map((item) => tick(row, item, ticks, directions)))))
    }
    parts.push(el("div", { class: "evidence-more" },
      ...shown.evidence.filter((e) => !e.indicator).map((e) => evidence(e)),
      el("button", { type: "button", class: "text", onclick: () => form.setTriggerValue("evidence", { domain: row.domain.id, indicator: null }) }, `+ Add evidence for ${row.domain.name}`)))
    row.detail.replaceChildren(...parts)
  }

  function tick(row, item, ticks, directions) {
    const on = ticks.includes(item.id)
    const box = el("input", { type: "checkbox", id: item.id, onchange: (event) => {
      const next = event.target.checked ? [...form.answers.ticks, item.id] : form.answers.ticks.filter((id) => id !== item.id)
      form.answers = { ...form.answers, ticks: next }
      send()
    } })
    box.checked = on
    const under = []
    if (item.note) under.push(el("p", { class: "note" }, item.note))
    if (on && item.harm_by) {
      const select = el("select", { "aria-label": "Harm done", id: `direction-${item.id}`, onchange: (event) => {
        form.answers = { ...form.answers, directions: { ...form.answers.directions, [item.id]: event.target.value } }
        send()
      } }, el("option", { value: "" }, "Harm to them, by them, or both?"), el("option", { value: "to" }, "Harm to the young person"),
      el("option", { value: "by" }, "Harm they are said to have done"), el("option", { value: "both" }, "Both"))
      select.value = directions[item.id] || ""
      under.push(select)
    }
    if (on) {
      under.push(...row.shown.evidence.filter((e) => e.indicator === item.id).map(evidence))
      under.push(el("button", { type: "button", class: "text", id: `evidence-${item.id}`, onclick: () => form.setTriggerValue("evidence", { domain: row.domain.id, indicator: item.id }) }, "+ Evidence"))
    }
    return el("li", { class: on ? "on" : null }, el("div", { class: "tick" }, box, el("label", { for: item.id }, item.text)), under.length ? el("div", { class: "under" }, ...under) : null)
  }

  const evidence = (e) => el("p", { class: "evidence" }, el("span", {}, e.text), el("small", {}, e.meta),
    el("button", { type: "button", class: "text", id: `remove-${e.id}`, "aria-label": "Remove this evidence", onclick: () => form.setTriggerValue("remove", e.id) }, "Remove"))

  // Nothing is drawn anew between press and release: a click on what was replaced meanwhile would be lost.
  root.onpointerdown = () => {
    form.pressing = true
    const released = () => setTimeout(() => {
      form.pressing = false
      if (form.waiting) form.receive(form.waiting)
    })
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, released, { once: true })
  }

  form.receive = (fresh) => {
    totals(fresh)
    form.heard = fresh.sequence
    form.next = fresh.next
    form.waiting = form.pressing ? fresh : null
    if (form.pressing) return
    form.readonly = fresh.readonly
    if (fresh.sequence >= form.sequence) {
      form.sequence = fresh.sequence
      form.merged = fresh.merged
      form.answers = fresh.answers
      if (form.open !== fresh.opened) {
        form.open = fresh.opened
        rows.get(form.open)?.node.scrollIntoView({ block: "nearest" })
      }
    }
    paint()
    for (const [id, row] of rows) {
      const shown = form.open === id && fresh.detail && fresh.detail.domain === id ? fresh.detail : null
      row.detail.hidden = !shown
      if (!shown) { row.detail.replaceChildren(); row.last = null; continue }
      row.shown = shown
      const key = JSON.stringify([shown, form.answers])
      if (row.last !== key && !(row.detail.contains(active(root)) && active(root).matches("textarea"))) {
        const focused = active(root)?.id
        row.last = key
        detail(row, shown)
        if (focused) row.detail.querySelector(`[id="${focused}"]`)?.focus()
      }
    }
    if (status.textContent !== fresh.announce) status.textContent = fresh.announce
  }
  return form
}

// The totals stand beside the rows. Sent with them, they cost one drawing of the page where two parts cost two.
function totals(fresh) {
  const panel = document.querySelector(".st-key-score-panel .panel")
  if (!panel || panel.markup === fresh.panel || fresh.sequence < panel.sequence) return
  panel.sequence = fresh.sequence
  panel.innerHTML = panel.markup = fresh.panel
}

// Python has said what the totals will be after any one answer; its whole panel follows as soon as it has heard this one.
function foretell(next) {
  const panel = document.querySelector(".st-key-score-panel .panel")
  if (!panel) return
  panel.markup = null
  panel.querySelectorAll(".chm-total").forEach((total, n) => {
    const [number, word, classes] = next[n]
    total.querySelector(".number").textContent = number
    Object.assign(total.querySelector(".chm-band"), { textContent: word, className: `chm-band ${classes}` })
  })
}

const put = (node, name, value) => node.getAttribute(name) === value || node.setAttribute(name, value)
const active = (root) => root.getRootNode().activeElement
