// The matrix, from the decision diagrams that the engine wrote. Nothing here knows a rule: the share of a cell is the sum of
// the weights of the paths through its service's diagram, as in the library's `matrix`.
"use strict";
(() => {
const { atlas, start } = JSON.parse(document.getElementById("data").textContent);
const { attributes, services, diagrams, ends, rules, refusals, dates } = atlas;
const byId = (id) => document.getElementById(id);
const SERVICE = "service";
const SVG = document.querySelector("svg").namespaceURI;
const NONE = "none";
const SIGNS = { gained: "+", lost: "−", widened: ">", narrowed: "<", changed: "~" };
const WORDS = { always: "always permitted", sometimes: "depends on the attributes left open", never: "never permitted" };

/** An element with properties and children; texts are never markup. */
function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function mark(verdict) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg.namespaceURI, "use");
  use.setAttribute("href", `#${verdict}`);
  svg.append(use);
  return svg;
}

// ---- reading diagrams ----

/** The weights of an attribute on which a diagram does not depend: it has one choice. */
const ONE_CHOICE = [1];

for (const diagram of diagrams) {
  diagram.nodes = diagram.nodes.map(([attribute, ...next]) => ({ attribute, next }));
  diagram.cache = new Map();
}

/**
 * The result of `compute` for a diagram, computed once for the same picks. A picked field is the index of a field in the list of
 * its service, so that services with different lists do not share the result.
 */
function cached(kind, service, diagram, picks, compute) {
  const owner = picks.some((picked, index) => picked && attributes[index].fields) ? service.name : "";
  const key = `${kind} ${owner} ${picks.map((picked) => picked ?? "").join("|")}`;
  if (!diagram.cache.has(key)) diagram.cache.set(key, compute());
  return diagram.cache.get(key);
}

/** The weight of each choice of an attribute; null if no value is left. `picked` is names of values, or null. */
function weightsOfAttribute(service, diagram, index, picked) {
  const level = diagram.levels[index];
  if (!level) return ONE_CHOICE;
  const attribute = attributes[index];
  if (!attribute.set) {
    const weights = new Array(Math.max(...level) + 1).fill(0);
    const values = picked ? picked.map((name) => valueNames(attribute).indexOf(name)) : level.map((_, value) => value);
    for (const value of values) weights[level[value]] += 1;
    return weights.map((weight) => weight / values.length);
  }
  if (!picked) return level.any;
  if (picked[0] === NONE) return level.none;
  const names = attribute.fields ? service.fields : valueNames(attribute);
  return level.with[names.indexOf(picked[0])] ?? null;
}

const valueNames = (attribute) => (attribute.names ??= attribute.values.map(([name]) => name));

/** The weights of all attributes; null if one of them has no value left. */
function weightsOf(service, diagram, picks) {
  const weights = attributes.map((_, index) => weightsOfAttribute(service, diagram, index, picks[index]));
  return weights.includes(null) ? null : weights;
}

/**
 * The share of requests for which `holds` is true of the end that they reach, and whether that is some of them or all. A node
 * follows the nodes to which it leads, so that one pass is enough.
 */
function extentOf(diagram, weights, holds) {
  const extents = [];
  for (const { attribute, next } of diagram.nodes) {
    if (attribute < 0) {
      const isHeld = holds(next[0]);
      extents.push({ share: isHeld ? 1 : 0, some: isHeld, all: isHeld });
      continue;
    }
    const sum = { share: 0, some: false, all: true };
    next.forEach((node, choice) => {
      const weight = weights[attribute][choice];
      if (!(weight > 0)) return;
      sum.share += weight * extents[node].share;
      sum.some ||= extents[node].some;
      sum.all &&= extents[node].all;
    });
    extents.push(sum);
  }
  return extents[diagram.root];
}

/** The ends that are reached through choices of a weight above 0. */
function reachedEnds(diagram, weights) {
  const reached = new Set([diagram.root]);
  const reachedEnds = new Set();
  for (let index = diagram.nodes.length - 1; index >= 0; index -= 1) {
    if (!reached.has(index)) continue;
    const { attribute, next } = diagram.nodes[index];
    if (attribute < 0) reachedEnds.add(next[0]);
    else next.forEach((node, choice) => { if (weights[attribute][choice] > 0) reached.add(node); });
  }
  return reachedEnds;
}

const isPermitted = (end) => ends[end].permits.length > 0 && ends[end].forbids.length === 0;
const NOTHING = { share: 0, some: false, all: false };

/** The interval of a service that contains a stop of the slider. */
function epochAt(service, stop) {
  const date = stop > 0 ? dates[stop - 1].date : "";
  return service.epochs.findLast((epoch) => !epoch.from || epoch.from <= date) ?? service.epochs[0];
}

/** What is permitted of a service at a stop, and whether that is more or less than at the stop before. */
function readService(service, stop, picks) {
  const epoch = epochAt(service, stop);
  const diagram = diagrams[epoch.diagram];
  const now = cached("extent", service, diagram, picks, () => {
    const weights = weightsOf(service, diagram, picks);
    return weights ? extentOf(diagram, weights, isPermitted) : NOTHING;
  });
  // The ends of a diagram of changes are 0 to 3: bit 0 is permitted before, bit 1 permitted after.
  const changes = new Set();
  let was = now.some;
  if (stop > 0 && epoch.change !== undefined && epoch.from === dates[stop - 1].date) {
    const compared = diagrams[epoch.change];
    cached("change", service, compared, picks, () => {
      const weights = weightsOf(service, compared, picks);
      return weights ? reachedEnds(compared, weights) : [];
    }).forEach((end) => changes.add(end));
    was = changes.has(1) || changes.has(3);
  }
  return { ...now, was, gained: changes.has(2), lost: changes.has(1) };
}

/** A cell, of one service or of several together. */
function readCell(cellServices, stop, picks) {
  const parts = cellServices.map((service) => readService(service, stop, picks));
  const any = (key) => parts.some((part) => part[key]);
  const some = any("some");
  const verdict = !some ? "never" : parts.every((part) => part.all) ? "always" : "sometimes";
  const [gained, lost, was] = [any("gained"), any("lost"), any("was")];
  let change = null;
  if (gained || lost) change = !was ? "gained" : !some ? "lost" : !lost ? "widened" : !gained ? "narrowed" : "changed";
  return { verdict, change, share: parts.reduce((sum, part) => sum + part.share, 0) / Math.max(parts.length, 1) };
}

// ---- what is shown ----

const indexOf = (name) => attributes.findIndex((attribute) => attribute.name === name);
const stopOf = (date) => dates.filter((entry) => entry.date <= date).length;

function initialState() {
  const where = {};
  for (const [name, values] of start.where) where[name] = [...(where[name] ?? []), ...values];
  return { stop: stopOf(start.at), rows: start.rows, columns: start.columns, where, only: start.services, find: "", family: "",
    shade: "", changed: start.changed, possible: false, sort: "number", down: false, cell: null };
}
let state = initialState();

function stateFromHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const next = parts.size > 0 ? { ...initialState(), where: {}, only: null, changed: false } : initialState();
  if (parts.has("at")) next.stop = stopOf(parts.get("at"));
  for (const key of ["rows", "columns"]) {
    const name = parts.get(key);
    if (name === SERVICE || indexOf(name) >= 0) next[key] = name;
  }
  for (const key of ["find", "family", "shade", "sort"]) if (parts.has(key)) next[key] = parts.get(key);
  for (const key of ["changed", "possible", "down"]) next[key] = parts.get(key) === "yes";
  for (const [key, value] of parts) {
    const attribute = attributes[indexOf(key.replace(/^is-/, ""))];
    if (!key.startsWith("is-") || !attribute) continue;
    const names = selectableNames(attribute, services);
    const values = value.split(",").filter((name) => names.includes(name));
    if (values.length > 0) next.where[attribute.name] = values;
  }
  if (parts.has("services")) next.only = parts.get("services").split(",");
  if (parts.has("cell")) next.cell = parts.get("cell").split("~");
  if (next.rows === next.columns) next.rows = SERVICE;
  if (next.rows === next.columns) next.columns = attributes[0].name;
  return singleSetValues(next);
}

/** A set attribute has at most one picked value, because diagrams hold one at a time; as rows or columns it may have several. */
function singleSetValues(next) {
  const where = { ...next.where };
  for (const { name, set } of attributes) {
    if (set && where[name]?.length > 1 && name !== next.rows && name !== next.columns) where[name] = where[name].slice(0, 1);
  }
  return { ...next, where };
}

function writeHash() {
  const parts = new URLSearchParams();
  parts.set("at", state.stop > 0 ? dates[state.stop - 1].date : "start");
  parts.set("rows", state.rows);
  parts.set("columns", state.columns);
  for (const key of ["find", "family", "shade"]) if (state[key]) parts.set(key, state[key]);
  if (state.sort !== "number") parts.set("sort", state.sort);
  for (const key of ["changed", "possible", "down"]) if (state[key]) parts.set(key, "yes");
  for (const [name, values] of Object.entries(state.where)) parts.set(`is-${name}`, values.join(","));
  if (state.only) parts.set("services", state.only.join(","));
  if (state.cell) parts.set("cell", state.cell.join("~"));
  const hash = `#${parts}`;
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

/** The names of the values that can be selected; for fields, those of the selected services. */
function selectableNames(attribute, ofServices = selectedServices()) {
  const names = attribute.fields ? [...new Set(ofServices.flatMap((service) => service.fields ?? []))] : valueNames(attribute);
  return attribute.set ? [...names, NONE] : names;
}

const family = (service) => service.name.split(".")[0];

/** The text in which `Find` searches: that of the service, and the names and texts of its rules at the current date. */
function searchText(service) {
  const texts = [service.name, service.text, service.doc ?? "", ...service.tags];
  const diagram = diagrams[epochAt(service, state.stop).diagram];
  for (const { attribute, next: [end] } of diagram.nodes) {
    if (attribute >= 0) continue;
    for (const rule of [...ends[end].permits, ...ends[end].forbids]) texts.push(rules[rule].rule, rules[rule].text ?? "");
  }
  return texts.join("\n").toLowerCase();
}

/** The last result of `selectedServices`, which every cell of several services asks for. */
let lastSelection = { state: null, services: [] };

/** The services that the controls select, in the order of their numbers. */
function selectedServices() {
  if (lastSelection.state !== state) lastSelection = { state, services: selectServices() };
  return lastSelection.services;
}

function selectServices() {
  const searched = state.find.trim().toLowerCase();
  return services.filter((service) =>
    (!state.only || state.only.includes(service.name)) &&
    (!state.family || family(service) === state.family) &&
    (!searched || searchText(service).includes(searched)));
}

/** The labels of the rows or of the columns. */
function labelsOf(by) {
  if (by === SERVICE) {
    return selectedServices().map((service) => ({ name: service.name, text: service.text, closed: service.closed, service }));
  }
  const attribute = attributes[indexOf(by)];
  const texts = new Map(attribute.values);
  const picked = state.where[by];
  const names = selectableNames(attribute).filter((name) => !picked || picked.includes(name));
  return names.map((name) => ({ name, text: texts.get(name) ?? (name === NONE ? "nothing of these" : "") }));
}

function picksOf(...labels) {
  const picks = attributes.map((attribute) => state.where[attribute.name] ?? null);
  labels.forEach(([by, label]) => { if (by !== SERVICE) picks[indexOf(by)] = [label.name]; });
  return picks;
}

/** The services that a cell is about. */
const servicesOf = (row, column) => (row.service ? [row.service] : column.service ? [column.service] : selectedServices());

/** With how many values of the shading attribute some request of the cell is permitted. */
function shadeOf(cellServices, picks) {
  const by = state.shade;
  if (!by || by === state.rows || by === state.columns) return null;
  const values = labelsOf(by);
  const count = values.filter((value) => {
    const narrowed = [...picks];
    narrowed[indexOf(by)] = [value.name];
    return cellServices.some((service) => readService(service, state.stop, narrowed).some);
  }).length;
  return { count, all: values.length };
}

function model() {
  const columns = labelsOf(state.columns);
  let rows = labelsOf(state.rows).map((row) => {
    const cells = columns.map((column) => {
      const cellServices = servicesOf(row, column);
      const picks = picksOf([state.rows, row], [state.columns, column]);
      return { ...readCell(cellServices, state.stop, picks), shade: shadeOf(cellServices, picks) };
    });
    return { row, cells, count: cells.filter((cell) => cell.verdict !== "never").length };
  });
  const changes = rows.reduce((sum, { cells }) => sum + cells.filter((cell) => cell.change).length, 0);
  if (state.changed) rows = rows.filter(({ cells }) => cells.some((cell) => cell.change));
  if (state.possible) rows = rows.filter(({ count }) => count > 0);
  return { columns, rows: sorted(rows), changes };
}

function sorted(rows) {
  const indexes = new Map(rows.map((row, index) => [row, index]));
  const orders = {
    number: (a, b) => indexes.get(a) - indexes.get(b),
    name: (a, b) => (a.row.text || a.row.name).localeCompare(b.row.text || b.row.name, "en-GB") || indexes.get(a) - indexes.get(b),
    count: (a, b) => b.count - a.count || indexes.get(a) - indexes.get(b),
  };
  const ordered = [...rows].sort(orders[state.sort] ?? orders.number);
  return state.down ? ordered.reverse() : ordered;
}

// ---- dates ----

const LONG = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const day = (date) => LONG.format(new Date(`${date}T00:00:00Z`));

function stopName(stop) {
  if (dates.length === 0) return "always";
  if (stop === 0) return `before ${day(dates[0].date)}`;
  const { date, modifications } = dates[stop - 1];
  const names = modifications.map(([name]) => name).join(", ");
  return `from ${day(date)}${names ? ` (${names})` : ""}`;
}

function drawTicks() {
  byId("time").max = dates.length;
  byId("time").disabled = dates.length === 0;
  const tick = (stop) => {
    const entry = stop > 0 ? dates[stop - 1] : null;
    const button = el("button", { type: "button", tabIndex: -1, title: stopName(stop), "aria-pressed": "false" },
      el("b", {}, entry ? entry.date : "before"),
      entry ? el("span", { className: "modification" }, entry.modifications.map(([name]) => name).join(", ")) : null);
    button.addEventListener("click", () => change({ stop }));
    const item = el("li", {}, button);
    item.style.setProperty("--at", dates.length > 0 ? stop / dates.length : 0);
    return item;
  };
  byId("ticks").replaceChildren(...Array.from({ length: dates.length + 1 }, (_, stop) => tick(stop)));
}

function showTime() {
  const slider = byId("time");
  slider.value = state.stop;
  const titles = state.stop > 0 ? dates[state.stop - 1].modifications.map(([name, text]) => `${name} ${text}`) : [];
  slider.setAttribute("aria-valuetext", [stopName(state.stop), ...titles].join(", "));
  byId("time-text").textContent = stopName(state.stop);
  [...byId("ticks").querySelectorAll("button")].forEach((button, stop) => button.setAttribute("aria-pressed", stop === state.stop));
}

// ---- controls ----

function options(select, choices, value) {
  select.replaceChildren(...choices.map(([name, text]) => el("option", { value: name }, text)));
  select.value = value;
}

function families() {
  const folders = new Map(); // the folder of each family, or "" if its services are in several
  for (const service of services) {
    const folder = service.place.includes("/") ? service.place.split("/").at(-2).replace(/^\d+[-_]?/, "").replaceAll("-", " ") : "";
    const earlier = folders.get(family(service));
    folders.set(family(service), earlier === undefined || earlier === folder ? folder : "");
  }
  return [["", "all"], ...[...folders].map(([number, folder]) => [number, folder ? `${number} · ${folder}` : number])];
}

function showControls() {
  const names = attributes.map(({ name }) => [name, name]);
  options(byId("rows"), [[SERVICE, SERVICE], ...names].filter(([name]) => name !== state.columns), state.rows);
  options(byId("columns"), [[SERVICE, SERVICE], ...names].filter(([name]) => name !== state.rows), state.columns);
  const shades = names.filter(([name]) => name !== state.rows && name !== state.columns && !attributes[indexOf(name)].fields);
  options(byId("shade"), [["", "symbols"], ...shades.map(([name]) => [name, `heat map: how many ${name}`])], state.shade);
  if (byId("shade").selectedIndex < 0) { state.shade = ""; byId("shade").value = ""; }
  document.body.classList.toggle("heat", state.shade !== "");
  byId("family").value = state.family;
  if (byId("find").value !== state.find) byId("find").value = state.find;
  byId("changed").checked = state.changed;
  byId("possible").checked = state.possible;
}

function drawFacts() {
  const open = byId("facts").querySelector("details[open]")?.dataset.name;
  const chips = attributes.filter((attribute) => !attribute.fields || state.where[attribute.name] || selectedServices().length === 1).map(fact);
  byId("facts").replaceChildren(el("span", {}, "Where"), ...chips, ...onlyChip());
  chips.forEach((chip) => { chip.open = chip.dataset.name === open; });
}

/** Shows that the command line selected some services, with a button that selects all. */
function onlyChip() {
  if (!state.only) return [];
  const button = el("button", { type: "button" }, `only ${state.only.join(", ")} ×`);
  button.addEventListener("click", () => change({ only: null }));
  return [el("span", { className: "links" }, button)];
}

function fact(attribute) {
  const picked = state.where[attribute.name];
  const texts = new Map(attribute.values);
  const summary = el("summary", {}, picked ? `${attribute.name}: ${picked.join(", ")}` : attribute.name);
  const box = el("fieldset", {}, el("legend", {}, attribute.text || attribute.name),
    attribute.set ? el("p", {}, "present, alone or among others") : null);
  for (const name of attribute.set ? ["", ...selectableNames(attribute)] : selectableNames(attribute)) {
    const input = el("input", { type: attribute.set ? "radio" : "checkbox", name: `is-${attribute.name}`, value: name,
      checked: name === "" ? !picked : Boolean(picked?.includes(name)) });
    input.addEventListener("change", () => pickFact(attribute, box));
    box.append(el("label", {}, input, el("span", {}, name || "any", " ", el("small", {}, texts.get(name) ?? ""))));
  }
  const chip = el("details", { className: picked ? "set" : "" }, summary, box);
  chip.dataset.name = attribute.name;
  chip.addEventListener("toggle", () => {
    if (chip.open) byId("facts").querySelectorAll("details[open]").forEach((other) => { if (other !== chip) other.open = false; });
  });
  return chip;
}

function pickFact(attribute, box) {
  const values = [...box.querySelectorAll("input:checked")].map((input) => input.value).filter(Boolean);
  const where = { ...state.where };
  delete where[attribute.name];
  if (values.length > 0) where[attribute.name] = values;
  const focused = document.activeElement?.value;
  change({ where });
  const redrawn = byId("facts").querySelector(`details[data-name="${CSS.escape(attribute.name)}"]`);
  [...redrawn.querySelectorAll("input")].find((input) => input.value === focused)?.focus();
}

// ---- the table ----

function heading(columns) {
  const long = columns.some(({ name }) => name.length > 5);
  const sortable = (key, text) => {
    const button = el("button", { type: "button", className: state.down ? "down" : "", "aria-pressed": state.sort === key }, text);
    button.dataset.sort = key;
    button.addEventListener("click", () => {
      change({ sort: key, down: state.sort === key && !state.down });
      byId("head").querySelector(`[data-sort=${key}]`).focus();
    });
    return button;
  };
  const order = state.down ? "descending" : "ascending";
  const rows = state.rows === SERVICE ? "number" : "policy order";
  const corner = el("th", { scope: "col", className: "corner", "aria-sort": state.sort === "count" ? null : order },
    sortable("number", rows), " ", sortable("name", "name"));
  const value = ({ name, text }) =>
    el("th", { scope: "col", className: long ? "value long" : "value", title: text }, el("span", {}, ...breakable(name)));
  const count = el("th", { scope: "col", "aria-sort": state.sort === "count" ? (state.down ? "ascending" : "descending") : null },
    sortable("count", "count"));
  return el("tr", {}, corner, ...columns.map(value), count);
}

/** A name that may be broken before the capital letters of its camel case. */
function breakable(name) {
  return name.split(/(?<=[a-z])(?=[A-Z])/).flatMap((part, index) => (index > 0 ? [el("wbr"), part] : [part]));
}

function cellButton(row, column, cell, at) {
  const sign = cell.change ? el("b", { className: `change ${cell.change}`, "aria-hidden": "true" }, SIGNS[cell.change]) : null;
  const shown = cell.shade ? (cell.shade.count > 0 ? String(cell.shade.count) : "·") : mark(cell.verdict);
  const counted = cell.shade ? `, ${cell.shade.count} of ${cell.shade.all} ${state.shade}` : "";
  const button = el("button", { type: "button", tabIndex: -1, className: [cell.shade?.count > 0 ? "heat" : "", cell.change ?? ""].join(" ").trim(),
    "aria-label": `${row.name} ${row.text}, ${column.name}: ${WORDS[cell.verdict]}${counted}${cell.change ? `, ${cell.change}` : ""}` },
    shown, sign);
  if (cell.shade) button.style.setProperty("--share", String(Math.round(12 + 88 * cell.shade.count / cell.shade.all)));
  Object.assign(button.dataset, { row: row.name, column: column.name, verdict: cell.verdict, share: String(cell.share),
    at: at.join(" ") });
  button.setAttribute("aria-expanded", Boolean(state.cell) && state.cell[0] === row.name && state.cell[1] === column.name);
  return button;
}

function bodyRow({ row, cells, count }, rowIndex, columns, before) {
  const text = row.text && row.text !== row.name ? row.text : "";
  const head = el("th", { scope: "row", title: `${row.name} ${row.text}` }, el("b", {}, row.name), " ", text,
    row.closed ? el("small", { title: row.closed }, "closed") : null);
  const isNewFamily = before && row.service && family(before.service) !== family(row.service);
  const line = el("tr", { className: isNewFamily && state.sort === "number" ? "family" : "" }, head);
  cells.forEach((cell, index) => line.append(el("td", {}, cellButton(row, columns[index], cell, [rowIndex, index]))));
  line.append(el("td", { className: "count" }, `${count} of ${cells.length}`));
  return line;
}

let shown = { columns: [], rows: [], changes: 0 };
let current = [0, 0];

function drawTable() {
  const focused = document.activeElement?.dataset?.at !== undefined ? document.activeElement.dataset : null;
  shown = model();
  byId("head").replaceChildren(heading(shown.columns));
  const rows = shown.rows.map((row, index) => bodyRow(row, index, shown.columns, index > 0 ? shown.rows[index - 1].row : null));
  const nothing = el("tr", { className: "empty" }, el("td", { colSpan: shown.columns.length + 2 },
    state.changed ? `Nothing that is selected here changes ${stopName(state.stop)}.` : "Nothing matches. “Start again” shows everything."));
  byId("body").replaceChildren(...(rows.length > 0 ? rows : [nothing]));
  const place = focused && placeOf(focused.row, focused.column);
  current = place ?? [Math.min(current[0], Math.max(shown.rows.length - 1, 0)), Math.min(current[1], Math.max(shown.columns.length - 1, 0))];
  setTabStop(Boolean(focused));
}

/** The indexes of a row and a column that are shown; null if they are not. */
function placeOf(row, column) {
  const place = [shown.rows.findIndex((shownRow) => shownRow.row.name === row), shown.columns.findIndex(({ name }) => name === column)];
  return place.includes(-1) ? null : place;
}

const buttonAt = ([row, column]) => byId("body").rows[row]?.querySelectorAll("button")[column] ?? null;

/** Makes the current button the only one of the table that Tab reaches. */
function setTabStop(focus) {
  byId("body").querySelectorAll("button[tabindex='0']").forEach((button) => { button.tabIndex = -1; });
  const button = buttonAt(current);
  if (!button) return;
  button.tabIndex = 0;
  if (focus) {
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
    scrollFromUnderHead(button);
  }
}

/** Scrolls a button out from under the table's head and row names, which stay in place over the table. */
function scrollFromUnderHead(button) {
  const [scroll, box] = [byId("scroll"), button.getBoundingClientRect()];
  const frame = scroll.getBoundingClientRect();
  const top = frame.top + byId("head").offsetHeight;
  const left = frame.left + (button.closest("tr").cells[0].offsetWidth);
  if (box.top < top) scroll.scrollTop -= top - box.top + 4;
  if (box.left < left) scroll.scrollLeft -= left - box.left + 4;
}

function onKey(event) {
  const [row, column] = current;
  const [last, end] = [shown.rows.length - 1, shown.columns.length - 1];
  const toCorner = event.ctrlKey || event.metaKey;
  const target = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: toCorner ? [0, 0] : [row, 0], End: toCorner ? [last, end] : [row, end], PageUp: [row - 10, column], PageDown: [row + 10, column],
  }[event.key];
  if (!target || !event.target.closest("tbody button")) return;
  event.preventDefault();
  current = [Math.min(Math.max(target[0], 0), last), Math.min(Math.max(target[1], 0), end)];
  setTabStop(true);
}

// ---- one cell ----

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

// ---- the whole page ----

function summary() {
  const where = Object.entries(state.where).map(([name, values]) => `${name} ${values.join(" or ")}`);
  return `${state.rows === SERVICE ? "services" : state.rows} by ${state.columns}, ${stopName(state.stop)}${where.length > 0 ? `, where ${where.join(", ")}` : ""}`;
}

function showCounts() {
  const count = shown.rows.length;
  const rows = `${count} ${state.rows === SERVICE ? (count === 1 ? "service" : "services") : count === 1 ? "row" : "rows"}`;
  const date = state.stop > 0 ? day(dates[state.stop - 1].date) : "";
  const differ = state.stop === 0 ? "" : shown.changes === 0 ? `; nothing here changed on ${date}`
    : `; ${shown.changes} ${shown.changes === 1 ? "cell" : "cells"} changed on ${date}`;
  byId("said").textContent = `${rows}${differ}`;
  byId("caption").textContent = summary();
  byId("summary").textContent = summary();
  byId("printed").textContent = `${rows}${differ}`;
}

function draw(focusDetail) {
  showControls();
  showTime();
  drawFacts();
  drawTable();
  drawDetail(focusDetail);
  showCounts();
}

function change(changes, focusDetail = false) {
  state = singleSetValues({ ...state, ...changes });
  if ("rows" in changes || "columns" in changes) state.cell = null;
  draw(focusDetail);
  writeHash();
}

function listen() {
  byId("time").addEventListener("input", (event) => change({ stop: Number(event.target.value) }));
  byId("find").addEventListener("input", (event) => change({ find: event.target.value }));
  for (const key of ["family", "rows", "columns", "shade"]) {
    byId(key).addEventListener("change", (event) => change({ [key]: event.target.value }));
  }
  for (const key of ["changed", "possible"]) byId(key).addEventListener("change", (event) => change({ [key]: event.target.checked }));
  byId("reset").addEventListener("click", () => { state = { ...initialState(), where: {}, only: null, changed: false }; draw(false); writeHash(); });
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("skip").addEventListener("click", () => setTabStop(true));
  byId("body").addEventListener("click", (event) => {
    const button = event.target.closest("button[data-row]");
    if (button) openCell(button.dataset.row, button.dataset.column);
  });
  byId("body").addEventListener("focusin", (event) => {
    if (event.target.dataset.at) { current = event.target.dataset.at.split(" ").map(Number); setTabStop(false); }
  });
  byId("body").addEventListener("keydown", onKey);
  byId("close").addEventListener("click", closeCell);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = byId("facts").querySelector("details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); } else closeCell();
  });
  document.addEventListener("click", (event) => {
    byId("facts").querySelectorAll("details[open]").forEach((open) => { if (!open.contains(event.target)) open.open = false; });
  });
  addEventListener("hashchange", () => { state = stateFromHash(); draw(false); });
}

byId("fingerprint").textContent = atlas.policy;
options(byId("family"), families(), "");
drawTicks();
state = stateFromHash();
listen();
draw(false);
if (state.cell && placeOf(...state.cell)) {
  current = placeOf(...state.cell);
  setTabStop(false);
  buttonAt(current).scrollIntoView({ block: "center" });
}
})();
