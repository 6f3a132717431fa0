// Draws the whole page, and listens to it.

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
