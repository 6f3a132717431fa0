// The table, from the decision diagrams that the engine drew. Nothing here knows a rule: a cell is read by summing the
// weights of the ways through its service's diagram, as `Plan::matrix` does.
"use strict";
(() => {
const { atlas, start } = JSON.parse(document.getElementById("data").textContent);
const { attributes, services, diagrams, ends, rules, refusals, dates } = atlas;
const byId = (id) => document.getElementById(id);
const SERVICE = "service";
const SVG = document.querySelector("svg").namespaceURI;
const NONE = "none";
const SIGNS = { gained: "+", lost: "−", widened: ">", narrowed: "<", changed: "~" };
const WORDS = { always: "always permitted", sometimes: "depends on the rest", never: "never permitted" };

/** An element with properties and children; texts are never markup. */
function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
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

const ONE = [1];

for (const diagram of diagrams) {
  diagram.nodes = diagram.nodes.map(([attribute, ...next]) => ({ attribute, next }));
  diagram.known = new Map();
}

/** What is found of a diagram, once for the same picks. Picked fields are found by their place in the service's list. */
function once(what, service, diagram, picks, find) {
  const own = picks.some((picked, nth) => picked && attributes[nth].fields) ? service.name : "";
  const key = `${what} ${own} ${picks.map((picked) => picked ?? "").join("|")}`;
  if (!diagram.known.has(key)) diagram.known.set(key, find());
  return diagram.known.get(key);
}

/** What each choice of an attribute weighs; null where nothing is left. `picked` are names of values, or null. */
function weigh(service, diagram, attribute, picked) {
  const level = diagram.levels[attribute];
  if (!level) return ONE;
  const known = attributes[attribute];
  if (!known.set) {
    const weights = new Array(Math.max(...level) + 1).fill(0);
    const values = picked ? picked.map((name) => valueNames(known).indexOf(name)) : level.map((_, nth) => nth);
    for (const value of values) weights[level[value]] += 1;
    return weights.map((weight) => weight / values.length);
  }
  if (!picked) return level.any;
  if (picked[0] === NONE) return level.none;
  const names = known.fields ? service.fields : valueNames(known);
  return level.with[names.indexOf(picked[0])] ?? null;
}

const valueNames = (attribute) => (attribute.names ??= attribute.values.map(([name]) => name));

function weights(service, diagram, picks) {
  const all = attributes.map((_, nth) => weigh(service, diagram, nth, picks[nth]));
  return all.includes(null) ? null : all;
}

/** How much of the space is permitted. A node stands after all those that it leads to. */
function extent(diagram, weighed, holds) {
  const found = [];
  for (const { attribute, next } of diagram.nodes) {
    if (attribute < 0) {
      const yes = holds(next[0]);
      found.push({ share: yes ? 1 : 0, some: yes, all: yes });
      continue;
    }
    const sum = { share: 0, some: false, all: true };
    next.forEach((node, choice) => {
      const weight = weighed[attribute][choice];
      if (!(weight > 0)) return;
      sum.share += weight * found[node].share;
      sum.some ||= found[node].some;
      sum.all &&= found[node].all;
    });
    found.push(sum);
  }
  return found[diagram.root];
}

/** What the ends say that are reached through choices that weigh something. */
function reached(diagram, weighed) {
  const open = new Set([diagram.root]);
  const said = new Set();
  for (let nth = diagram.nodes.length - 1; nth >= 0; nth -= 1) {
    if (!open.has(nth)) continue;
    const { attribute, next } = diagram.nodes[nth];
    if (attribute < 0) said.add(next[0]);
    else next.forEach((node, choice) => { if (weighed[attribute][choice] > 0) open.add(node); });
  }
  return said;
}

const permitted = (end) => ends[end].permits.length > 0 && ends[end].forbids.length === 0;
const NOTHING = { share: 0, some: false, all: false };

/** The stretch of time of a service in which a stop of the slider lies. */
function epochAt(service, stop) {
  const date = stop > 0 ? dates[stop - 1].date : "";
  return service.epochs.findLast((epoch) => !epoch.from || epoch.from <= date) ?? service.epochs[0];
}

function readOne(service, stop, picks) {
  const epoch = epochAt(service, stop);
  const diagram = diagrams[epoch.diagram];
  const now = once("extent", service, diagram, picks, () => {
    const weighed = weights(service, diagram, picks);
    return weighed ? extent(diagram, weighed, permitted) : NOTHING;
  });
  const both = new Set();
  let was = now.some;
  if (stop > 0 && epoch.change !== undefined && epoch.from === dates[stop - 1].date) {
    const compared = diagrams[epoch.change];
    once("change", service, compared, picks, () => {
      const weighed = weights(service, compared, picks);
      return weighed ? reached(compared, weighed) : [];
    }).forEach((end) => both.add(end));
    was = both.has(1) || both.has(3);
  }
  return { ...now, was, gained: both.has(2), lost: both.has(1) };
}

/** A cell, of one service or of several together. */
function read(of, stop, picks) {
  const parts = of.map((service) => readOne(service, stop, picks));
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
const stopOf = (date) => dates.filter((one) => one.date <= date).length;

function beginning() {
  const where = {};
  for (const [name, values] of start.where) where[name] = [...(where[name] ?? []), ...values];
  return { stop: stopOf(start.at), rows: start.rows, columns: start.columns, where, only: start.services, find: "", family: "",
    shade: "", changed: start.changed, possible: false, sort: "number", down: false, cell: null };
}
let state = beginning();

function fromHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const next = parts.size > 0 ? { ...beginning(), where: {}, only: null, changed: false } : beginning();
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
    const known = sayable(attribute, services);
    const values = value.split(",").filter((name) => known.includes(name));
    if (values.length > 0) next.where[attribute.name] = values;
  }
  if (parts.has("services")) next.only = parts.get("services").split(",");
  if (parts.has("cell")) next.cell = parts.get("cell").split("~");
  if (next.rows === next.columns) next.rows = SERVICE;
  if (next.rows === next.columns) next.columns = attributes[0].name;
  return single(next);
}

/** Of a set attribute one value can be known at a time; along a side stand as many as one likes. */
function single(next) {
  const where = { ...next.where };
  for (const { name, set } of attributes) {
    if (set && where[name]?.length > 1 && name !== next.rows && name !== next.columns) where[name] = where[name].slice(0, 1);
  }
  return { ...next, where };
}

function toHash() {
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

/** Every value that may be asked for: of fields, those of the services that are shown. */
function sayable(attribute, of = meant()) {
  const names = attribute.fields ? [...new Set(of.flatMap((service) => service.fields ?? []))] : valueNames(attribute);
  return attribute.set ? [...names, NONE] : names;
}

const family = (service) => service.name.split(".")[0];

/** What a service is found by: its own words, and the names and texts of the rules of its stretch of time. */
function words(service) {
  const said = [service.name, service.text, service.doc ?? "", ...service.tags];
  const diagram = diagrams[epochAt(service, state.stop).diagram];
  for (const { attribute, next: [end] } of diagram.nodes) {
    if (attribute >= 0) continue;
    for (const nth of [...ends[end].permits, ...ends[end].forbids]) said.push(rules[nth].rule, rules[nth].text ?? "");
  }
  return said.join("\n").toLowerCase();
}

/** What `meant` found for which state: it is asked for every cell that is about several services. */
let lately = { state: null, services: [] };

/** The services that are meant, in the order of their numbers. */
function meant() {
  if (lately.state !== state) lately = { state, services: looked() };
  return lately.services;
}

function looked() {
  const wanted = state.find.trim().toLowerCase();
  return services.filter((service) =>
    (!state.only || state.only.includes(service.name)) &&
    (!state.family || family(service) === state.family) &&
    (!wanted || words(service).includes(wanted)));
}

function side(by) {
  if (by === SERVICE) {
    return meant().map((service) => ({ name: service.name, text: service.text, closed: service.closed, service }));
  }
  const attribute = attributes[indexOf(by)];
  const texts = new Map(attribute.values);
  const picked = state.where[by];
  const names = sayable(attribute).filter((name) => !picked || picked.includes(name));
  return names.map((name) => ({ name, text: texts.get(name) ?? (name === NONE ? "nothing of these" : "") }));
}

function picksOf(...labels) {
  const picks = attributes.map((attribute) => state.where[attribute.name] ?? null);
  labels.forEach(([by, label]) => { if (by !== SERVICE) picks[indexOf(by)] = [label.name]; });
  return picks;
}

const servicesOf = (row, column) => (row.service ? [row.service] : column.service ? [column.service] : meant());

/** Of how many values of the shading attribute something in the cell is possible. */
function shadeOf(of, picks) {
  const by = state.shade;
  if (!by || by === state.rows || by === state.columns) return null;
  const values = side(by);
  const count = values.filter((value) => {
    const narrowed = [...picks];
    narrowed[indexOf(by)] = [value.name];
    return of.some((service) => readOne(service, state.stop, narrowed).some);
  }).length;
  return { count, all: values.length };
}

function model() {
  const columns = side(state.columns);
  let rows = side(state.rows).map((row) => {
    const cells = columns.map((column) => {
      const of = servicesOf(row, column);
      const picks = picksOf([state.rows, row], [state.columns, column]);
      return { ...read(of, state.stop, picks), shade: shadeOf(of, picks) };
    });
    return { row, cells, count: cells.filter((cell) => cell.verdict !== "never").length };
  });
  const changes = rows.reduce((sum, { cells }) => sum + cells.filter((cell) => cell.change).length, 0);
  if (state.changed) rows = rows.filter(({ cells }) => cells.some((cell) => cell.change));
  if (state.possible) rows = rows.filter(({ count }) => count > 0);
  return { columns, rows: sorted(rows), changes };
}

function sorted(rows) {
  const place = new Map(rows.map((row, nth) => [row, nth]));
  const orders = {
    number: (a, b) => place.get(a) - place.get(b),
    name: (a, b) => (a.row.text || a.row.name).localeCompare(b.row.text || b.row.name, "en-GB") || place.get(a) - place.get(b),
    count: (a, b) => b.count - a.count || place.get(a) - place.get(b),
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
    const one = stop > 0 ? dates[stop - 1] : null;
    const button = el("button", { type: "button", tabIndex: -1, title: stopName(stop), "aria-pressed": "false" },
      el("b", {}, one ? one.date : "before"),
      one ? el("span", { className: "modification" }, one.modifications.map(([name]) => name).join(", ")) : null);
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
  [...byId("ticks").querySelectorAll("button")].forEach((button, nth) => button.setAttribute("aria-pressed", nth === state.stop));
}

// ---- controls ----

function options(select, choices, value) {
  select.replaceChildren(...choices.map(([name, text]) => el("option", { value: name }, text)));
  select.value = value;
}

function families() {
  const found = new Map();
  for (const service of services) {
    const folder = service.place.includes("/") ? service.place.split("/").at(-2).replace(/^\d+[-_]?/, "").replaceAll("-", " ") : "";
    const known = found.get(family(service));
    found.set(family(service), known === undefined || known === folder ? folder : "");
  }
  return [["", "all"], ...[...found].map(([number, folder]) => [number, folder ? `${number} · ${folder}` : number])];
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
  const chips = attributes.filter((attribute) => !attribute.fields || state.where[attribute.name] || meant().length === 1).map(fact);
  byId("facts").replaceChildren(el("span", {}, "Where"), ...chips, ...onlyChip());
  chips.forEach((chip) => { chip.open = chip.dataset.name === open; });
}

/** Says that the command line chose some services, and lets a reader have them all. */
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
  for (const name of attribute.set ? ["", ...sayable(attribute)] : sayable(attribute)) {
    const input = el("input", { type: attribute.set ? "radio" : "checkbox", name: `is-${attribute.name}`, value: name,
      checked: name === "" ? !picked : Boolean(picked?.includes(name)) });
    input.addEventListener("change", () => pickFact(attribute, box));
    box.append(el("label", {}, input, el("span", {}, name || "any", " ", el("small", {}, texts.get(name) ?? ""))));
  }
  const made = el("details", { className: picked ? "set" : "" }, summary, box);
  made.dataset.name = attribute.name;
  made.addEventListener("toggle", () => {
    if (made.open) byId("facts").querySelectorAll("details[open]").forEach((other) => { if (other !== made) other.open = false; });
  });
  return made;
}

function pickFact(attribute, box) {
  const values = [...box.querySelectorAll("input:checked")].map((input) => input.value).filter(Boolean);
  const where = { ...state.where };
  delete where[attribute.name];
  if (values.length > 0) where[attribute.name] = values;
  const focused = document.activeElement?.value;
  change({ where });
  const again = byId("facts").querySelector(`details[data-name="${CSS.escape(attribute.name)}"]`);
  [...again.querySelectorAll("input")].find((input) => input.value === focused)?.focus();
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
    el("th", { scope: "col", className: long ? "value long" : "value", title: text }, el("span", {}, ...humps(name)));
  const count = el("th", { scope: "col", "aria-sort": state.sort === "count" ? (state.down ? "ascending" : "descending") : null },
    sortable("count", "count"));
  return el("tr", {}, corner, ...columns.map(value), count);
}

/** A name that may be broken before the humps of its camel case. */
function humps(name) {
  return name.split(/(?<=[a-z])(?=[A-Z])/).flatMap((part, nth) => (nth > 0 ? [el("wbr"), part] : [part]));
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

function bodyRow({ row, cells, count }, nth, columns, before) {
  const named = row.text && row.text !== row.name ? row.text : "";
  const head = el("th", { scope: "row", title: `${row.name} ${row.text}` }, el("b", {}, row.name), " ", named,
    row.closed ? el("small", { title: row.closed }, "closed") : null);
  const changed = before && row.service && family(before.service) !== family(row.service);
  const made = el("tr", { className: changed && state.sort === "number" ? "family" : "" }, head);
  cells.forEach((cell, place) => made.append(el("td", {}, cellButton(row, columns[place], cell, [nth, place]))));
  made.append(el("td", { className: "count" }, `${count} of ${cells.length}`));
  return made;
}

let shown = { columns: [], rows: [], changes: 0 };
let current = [0, 0];

function drawTable() {
  const focused = document.activeElement?.dataset?.at !== undefined ? document.activeElement.dataset : null;
  shown = model();
  byId("head").replaceChildren(heading(shown.columns));
  const rows = shown.rows.map((row, nth) => bodyRow(row, nth, shown.columns, nth > 0 ? shown.rows[nth - 1].row : null));
  const nothing = el("tr", { className: "empty" }, el("td", { colSpan: shown.columns.length + 2 },
    state.changed ? `Nothing that is meant here changes ${stopName(state.stop)}.` : "Nothing matches. “Start again” shows everything."));
  byId("body").replaceChildren(...(rows.length > 0 ? rows : [nothing]));
  const place = focused && find(focused.row, focused.column);
  current = place ?? [Math.min(current[0], Math.max(shown.rows.length - 1, 0)), Math.min(current[1], Math.max(shown.columns.length - 1, 0))];
  rove(Boolean(focused));
}

function find(row, column) {
  const place = [shown.rows.findIndex((one) => one.row.name === row), shown.columns.findIndex((one) => one.name === column)];
  return place.includes(-1) ? null : place;
}

const buttonAt = ([row, column]) => byId("body").rows[row]?.querySelectorAll("button")[column] ?? null;

/** One button of the table can be reached with Tab: the current one. */
function rove(focus) {
  byId("body").querySelectorAll("button[tabindex='0']").forEach((button) => { button.tabIndex = -1; });
  const button = buttonAt(current);
  if (!button) return;
  button.tabIndex = 0;
  if (focus) {
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
    clearHead(button);
  }
}

/** The head and the row names lie over the table; what is under them is moved into sight. */
function clearHead(button) {
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
  const far = event.ctrlKey || event.metaKey;
  const to = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: far ? [0, 0] : [row, 0], End: far ? [last, end] : [row, end], PageUp: [row - 10, column], PageDown: [row + 10, column],
  }[event.key];
  if (!to || !event.target.closest("tbody button")) return;
  event.preventDefault();
  current = [Math.min(Math.max(to[0], 0), last), Math.min(Math.max(to[1], 0), end)];
  rove(true);
}

// ---- one cell ----

function sentence(cell, closed) {
  const share = cell.verdict === "sometimes" ? el("span", { className: "soft" }, ` ${percent(cell.share)} of all combinations of what is left open`) : null;
  const text = { always: "Always permitted, whatever the rest.", sometimes: "Depends on the rest.", never: "Never permitted." }[cell.verdict];
  return el("div", {}, el("p", { className: "verdict" }, mark(cell.verdict), el("span", {}, text, share)),
    cell.change ? el("p", {}, el("b", { className: `change ${cell.change}` }, SIGNS[cell.change]), ` ${cell.change} ${stopName(state.stop)}`) : null,
    closed ? el("p", { className: "soft" }, `Closed: ${closed}`) : null);
}

function percent(share) {
  const hundred = share * 100;
  return hundred >= 1 ? `${hundred.toFixed(1)} %` : `${hundred.toPrecision(2)} %`;
}

/** Of each other attribute that matters, the values with which something is possible. */
function takes(service, picks) {
  const list = el("dl");
  attributes.forEach((attribute, nth) => {
    if (attribute.fields && !service.fields) return;
    const names = attribute.fields ? [...service.fields, NONE] : attribute.set ? [...valueNames(attribute), NONE] : valueNames(attribute);
    const open = names.filter((name) => !picks[nth] || (!attribute.set && picks[nth].includes(name)));
    if (open.length < 2) return;
    const possible = new Set(open.filter((name) => {
      const narrowed = [...picks];
      narrowed[nth] = [name];
      return readOne(service, state.stop, narrowed).some;
    }));
    if (possible.size === open.length) return;
    const texts = new Map(attribute.values);
    const words = open.flatMap((name, place) => [place > 0 ? ", " : null,
      el(possible.has(name) ? "span" : "s", { className: possible.has(name) ? "in" : "out", title: texts.get(name) ?? "" }, name)]);
    list.append(el("dt", { title: attribute.text }, attribute.name), el("dd", {}, ...words));
  });
  return list;
}

function refusal(service, labels) {
  const epoch = epochAt(service, state.stop);
  for (const [by, label] of labels) {
    const nth = indexOf(by);
    const place = by === SERVICE || attributes[nth].set ? 0 : epoch.refused[nth]?.[valueNames(attributes[nth]).indexOf(label.name)] ?? 0;
    if (place > 0) return refusals[place - 1];
  }
  return null;
}

/** A rule; `note` says what became of it on this date. */
function ruleBox(nth, note) {
  const rule = rules[nth];
  const row = (name, text) => (text ? [el("dt", {}, name), el("dd", {}, text)] : []);
  const conditions = (rule.conditions ?? []).flatMap((one) =>
    row(one.condition, [one.text, one.source && `source: ${one.source}`].filter(Boolean).join("; ")));
  const assumed = [rule.assumed, ...(rule.conditions ?? []).map((one) => one.assumed && `${one.condition}: ${one.assumed}`)].filter(Boolean);
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

function rulesOf(service, stop, picks) {
  const diagram = diagrams[epochAt(service, stop).diagram];
  const weighed = weights(service, diagram, picks);
  const [permits, forbids] = [new Set(), new Set()];
  for (const end of weighed ? reached(diagram, weighed) : []) {
    if (permitted(end)) ends[end].permits.forEach((nth) => permits.add(nth));
    ends[end].forbids.forEach((nth) => forbids.add(nth));
  }
  const inOrder = (found) => [...found].sort((a, b) => a - b);
  return [inOrder(permits), inOrder(forbids)];
}

function detailOfService(service, labels, picks, cell) {
  const [permits, forbids] = rulesOf(service, state.stop, picks);
  const [permitsBefore, forbidsBefore] = rulesOf(service, Math.max(state.stop - 1, 0), picks);
  const boxes = (now, before) => {
    const fresh = now.filter((nth) => !before.includes(nth));
    return [...fresh.map((nth) => ruleBox(nth, "new on this date")), ...now.filter((nth) => before.includes(nth)).map((nth) => ruleBox(nth))];
  };
  const gone = [...permitsBefore.filter((nth) => !permits.includes(nth)), ...forbidsBefore.filter((nth) => !forbids.includes(nth))];
  const parts = [sentence(cell, service.closed)];
  if (service.doc) parts.push(el("p", { className: "soft" }, service.doc));
  if (cell.verdict === "never") {
    const refused = refusal(service, labels);
    if (refused) {
      parts.push(el("p", {}, el("b", {}, refused.code ?? "no code"), ` at ${refused.attribute}: ${refused.reason}`));
    }
  } else {
    const list = takes(service, picks);
    if (list.childElementCount > 0) parts.push(el("h3", {}, "What it takes"), list,
      el("p", { className: "soft" }, "Each line for itself: not every combination is possible."));
    parts.push(el("h3", {}, permits.length === 1 ? "The rule that permits" : `The ${permits.length} rules that permit`), ...boxes(permits, permitsBefore));
  }
  if (forbids.length > 0) parts.push(el("h3", {}, "What takes something away"), ...boxes(forbids, forbidsBefore));
  if (gone.length > 0) parts.push(el("h3", {}, "No longer"), ...gone.map((nth) => ruleBox(nth, "until this date")));
  return parts;
}

/** Of a cell that is about several services: which of them have something in it. */
function detailOfSeveral(of, picks, cell) {
  const possible = of.filter((service) => readOne(service, state.stop, picks).some);
  const link = (service) => {
    const button = el("button", { type: "button", title: service.text }, service.name);
    button.addEventListener("click", () => change({ only: [service.name], family: "", find: "" }));
    return button;
  };
  return [sentence(cell), el("h3", {}, `${possible.length} of ${of.length} services`), el("div", { className: "links" }, ...possible.map(link))];
}

function drawDetail(focus) {
  const place = state.cell && find(...state.cell);
  byId("detail").hidden = !place;
  if (!place) return;
  const [{ row, cells }, column] = [shown.rows[place[0]], shown.columns[place[1]]];
  const labels = [[state.rows, row], [state.columns, column]];
  const [of, picks] = [servicesOf(row, column), picksOf(...labels)];
  byId("detail-title").textContent = labels.map(([by, one]) =>
    (by === SERVICE ? `${one.name} ${one.text}` : `${by} ${one.name}${one.text ? `, ${one.text}` : ""}`)).join(" · ");
  const parts = of.length === 1 ? detailOfService(of[0], labels, picks, cells[place[1]]) : detailOfSeveral(of, picks, cells[place[1]]);
  byId("detail-body").replaceChildren(...parts);
  if (focus) {
    byId("detail").scrollTop = 0;
    byId("detail-title").focus();
  }
}

function openCell(row, column) {
  current = find(row, column) ?? current;
  change({ cell: [row, column] }, true);
}

function closeCell() {
  if (!state.cell) return;
  const place = find(...state.cell);
  change({ cell: null });
  if (place) current = place;
  rove(true);
}

// ---- together ----

function summary() {
  const where = Object.entries(state.where).map(([name, values]) => `${name} ${values.join(" or ")}`);
  return `${state.rows === SERVICE ? "services" : state.rows} by ${state.columns}, ${stopName(state.stop)}${where.length > 0 ? `, where ${where.join(", ")}` : ""}`;
}

function say() {
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
  say();
}

function change(changes, focusDetail = false) {
  state = single({ ...state, ...changes });
  if ("rows" in changes || "columns" in changes) state.cell = null;
  draw(focusDetail);
  toHash();
}

function listen() {
  byId("time").addEventListener("input", (event) => change({ stop: Number(event.target.value) }));
  byId("find").addEventListener("input", (event) => change({ find: event.target.value }));
  for (const key of ["family", "rows", "columns", "shade"]) {
    byId(key).addEventListener("change", (event) => change({ [key]: event.target.value }));
  }
  for (const key of ["changed", "possible"]) byId(key).addEventListener("change", (event) => change({ [key]: event.target.checked }));
  byId("reset").addEventListener("click", () => { state = { ...beginning(), where: {}, only: null, changed: false }; draw(false); toHash(); });
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("skip").addEventListener("click", () => rove(true));
  byId("body").addEventListener("click", (event) => {
    const button = event.target.closest("button[data-row]");
    if (button) openCell(button.dataset.row, button.dataset.column);
  });
  byId("body").addEventListener("focusin", (event) => {
    if (event.target.dataset.at) { current = event.target.dataset.at.split(" ").map(Number); rove(false); }
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
  addEventListener("hashchange", () => { state = fromHash(); draw(false); });
}

byId("fingerprint").textContent = atlas.policy;
options(byId("family"), families(), "");
drawTicks();
state = fromHash();
listen();
draw(false);
if (state.cell && find(...state.cell)) {
  current = find(...state.cell);
  rove(false);
  buttonAt(current).scrollIntoView({ block: "center" });
}
})();
