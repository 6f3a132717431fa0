// The data of the page, and its elements. The other files read cells from the decision diagrams that the engine wrote: the
// share of a cell is the sum of the weights of the paths through its service's diagram, as in the library's `matrix`. Nothing
// here knows a rule.

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
