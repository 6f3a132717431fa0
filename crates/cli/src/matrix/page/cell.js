// The details of one cell: its sentence, its rules, and what they require.

function sentence(cell, closed) {
  const share = cell.verdict === "sometimes" ? el("span", { className: "soft" }, ` ${percent(cell.share)} of all combinations of the open attributes`) : null;
  const text = { always: "Always permitted.", sometimes: "Depends on the attributes left open.", never: "Never permitted." }[cell.verdict];
  return el("div", {}, el("p", { className: "verdict" }, mark(cell.verdict), el("span", {}, text, share)),
    cell.change ? el("p", {}, el("b", { className: `change ${cell.change}` }, SIGNS[cell.change]), ` ${cell.change} ${stopName(state.stop)}`) : null,
    closed ? el("p", { className: "soft" }, `Closed: ${closed}`) : null);
}

function percent(share) {
  const hundred = share * 100;
  return hundred >= 1 ? `${hundred.toFixed(1)} %` : `${hundred.toPrecision(2)} %`;
}

/** For each attribute that matters: the values with which some request is permitted, and the others struck out. */
function possibleValues(service, picks) {
  const list = el("dl");
  attributes.forEach((attribute, index) => {
    if (attribute.fields && !service.fields) return;
    const names = attribute.fields ? [...service.fields, NONE] : attribute.set ? [...valueNames(attribute), NONE] : valueNames(attribute);
    const open = names.filter((name) => !picks[index] || (!attribute.set && picks[index].includes(name)));
    if (open.length < 2) return;
    const possible = new Set(open.filter((name) => {
      const narrowed = [...picks];
      narrowed[index] = [name];
      return readService(service, state.stop, narrowed).some;
    }));
    if (possible.size === open.length) return;
    const texts = new Map(attribute.values);
    const words = open.flatMap((name, position) => [position > 0 ? ", " : null,
      el(possible.has(name) ? "span" : "s", { className: possible.has(name) ? "in" : "out", title: texts.get(name) ?? "" }, name)]);
    list.append(el("dt", { title: attribute.text }, attribute.name), el("dd", {}, ...words));
  });
  return list;
}

function refusal(service, labels) {
  const epoch = epochAt(service, state.stop);
  for (const [by, label] of labels) {
    const index = indexOf(by);
    if (by === SERVICE || attributes[index].set) continue;
    // Refusals are counted from 1; 0 means that the value is not refused by itself.
    const number = epoch.refused[index]?.[valueNames(attributes[index]).indexOf(label.name)] ?? 0;
    if (number > 0) return refusals[number - 1];
  }
  return null;
}

/** A rule; `note` states that it is new or ends on this date. */
function ruleBox(index, note) {
  const rule = rules[index];
  const row = (name, text) => (text ? [el("dt", {}, name), el("dd", {}, text)] : []);
  const conditions = (rule.conditions ?? []).flatMap(({ condition, text, source }) =>
    row(condition, [text, source && `source: ${source}`].filter(Boolean).join("; ")));
  const assumed = [rule.assumed, ...(rule.conditions ?? []).map(({ condition, assumed }) => assumed && `${condition}: ${assumed}`)].filter(Boolean);
  return el("article", { className: "rule" },
    el("h4", {}, el("span", { className: `effect ${rule.effect}` }, rule.effect), el("code", {}, rule.rule),
      note ? el("span", { className: "new" }, note) : null),
    rule.text ? el("p", {}, rule.text) : null,
    rule.doc ? el("p", { className: "soft" }, rule.doc) : null,
    rule.clauses.length > 0 ? el("pre", {}, rule.clauses.join("\n")) : null,
    el("dl", {}, ...row("in force", rule["in-force"]), ...row("modification", (rule.modifications ?? []).join("; ")),
      ...row("source", rule.source), ...conditions, ...row("written in", rule.place)),
    ...assumed.map((text) => el("p", { className: "assumed" }, el("b", {}, "Assumed: "), text)));
}

/** The rules that permit some request, and those that forbid some: two lists of indexes. */
function rulesOf(service, stop, picks) {
  const diagram = diagrams[epochAt(service, stop).diagram];
  const weights = weightsOf(service, diagram, picks);
  const [permits, forbids] = [new Set(), new Set()];
  for (const end of weights ? reachedEnds(diagram, weights) : []) {
    if (isPermitted(end)) ends[end].permits.forEach((rule) => permits.add(rule));
    ends[end].forbids.forEach((rule) => forbids.add(rule));
  }
  const inOrder = (indexes) => [...indexes].sort((a, b) => a - b);
  return [inOrder(permits), inOrder(forbids)];
}

function detailOfService(service, labels, picks, cell) {
  const [permits, forbids] = rulesOf(service, state.stop, picks);
  const [permitsBefore, forbidsBefore] = rulesOf(service, Math.max(state.stop - 1, 0), picks);
  const boxes = (now, before) => {
    const added = now.filter((rule) => !before.includes(rule));
    return [...added.map((rule) => ruleBox(rule, "new on this date")), ...now.filter((rule) => before.includes(rule)).map((rule) => ruleBox(rule))];
  };
  const gone = [...permitsBefore.filter((rule) => !permits.includes(rule)), ...forbidsBefore.filter((rule) => !forbids.includes(rule))];
  const parts = [sentence(cell, service.closed)];
  if (service.doc) parts.push(el("p", { className: "soft" }, service.doc));
  if (cell.verdict === "never") {
    const refused = refusal(service, labels);
    if (refused) {
      parts.push(el("p", {}, el("b", {}, refused.code ?? "no code"), ` at ${refused.attribute}: ${refused.reason}`));
    }
  } else {
    const list = possibleValues(service, picks);
    if (list.childElementCount > 0) parts.push(el("h3", {}, "What it takes"), list,
      el("p", { className: "soft" }, "Each line is about one attribute: not every combination of these values is permitted."));
    parts.push(el("h3", {}, permits.length === 1 ? "The rule that permits" : `The ${permits.length} rules that permit`), ...boxes(permits, permitsBefore));
  }
  if (forbids.length > 0) parts.push(el("h3", {}, "Rules that forbid"), ...boxes(forbids, forbidsBefore));
  if (gone.length > 0) parts.push(el("h3", {}, "Rules that no longer apply"), ...gone.map((rule) => ruleBox(rule, "until this date")));
  return parts;
}

/** The details of a cell of several services: the services of which some request is permitted. */
function detailOfServices(cellServices, picks, cell) {
  const possible = cellServices.filter((service) => readService(service, state.stop, picks).some);
  const link = (service) => {
    const button = el("button", { type: "button", title: service.text }, service.name);
    button.addEventListener("click", () => change({ only: [service.name], family: "", find: "" }));
    return button;
  };
  return [sentence(cell), el("h3", {}, `${possible.length} of ${cellServices.length} services`), el("div", { className: "links" }, ...possible.map(link))];
}

function drawDetail(focus) {
  const place = state.cell && placeOf(...state.cell);
  byId("detail").hidden = !place;
  if (!place) return;
  const [{ row, cells }, column] = [shown.rows[place[0]], shown.columns[place[1]]];
  const labels = [[state.rows, row], [state.columns, column]];
  const [cellServices, picks] = [servicesOf(row, column), picksOf(...labels)];
  byId("detail-title").textContent = labels.map(([by, { name, text }]) =>
    (by === SERVICE ? `${name} ${text}` : `${by} ${name}${text ? `, ${text}` : ""}`)).join(" · ");
  const cell = cells[place[1]];
  const parts = cellServices.length === 1
    ? detailOfService(cellServices[0], labels, picks, cell)
    : detailOfServices(cellServices, picks, cell);
  byId("detail-body").replaceChildren(...parts);
  if (focus) {
    byId("detail").scrollTop = 0;
    byId("detail-title").focus();
  }
}

function openCell(row, column) {
  current = placeOf(row, column) ?? current;
  change({ cell: [row, column] }, true);
}

function closeCell() {
  if (!state.cell) return;
  const place = placeOf(...state.cell);
  change({ cell: null });
  if (place) current = place;
  setTabStop(true);
}
