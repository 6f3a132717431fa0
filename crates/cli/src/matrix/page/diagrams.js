// Reads the decision diagrams: what is permitted of a service on a date, and what changes.

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
