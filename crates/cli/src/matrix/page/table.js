// The matrix as an HTML table, and moving in it with the keyboard.

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
