// The controls: the slider of dates, the menus, and the known facts.

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
