// The view: which services, dates, rows and columns are shown, and the cells of the matrix. The address keeps the view.

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
