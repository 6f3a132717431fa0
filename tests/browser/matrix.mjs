// Tests the page of `meterwarden matrix --format html` in Chromium: opened from disk, with real clicks and keys.
//
//   node matrix.mjs METERWARDEN FOLDER
//
// METERWARDEN is the command; pages and pictures are written to FOLDER. CHROMIUM is the path of the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [command, folder] = process.argv.slice(2);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const WIDE = { width: 1440, height: 900 };
const BEFORE = "2023-06-28";
const MP125 = "2023-06-29";

mkdirSync(folder, { recursive: true });
const run = (...args) => execFileSync(command, ["matrix", ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
const write = (name, ...args) => {
  const file = path.join(folder, name);
  writeFileSync(file, run("--format", "html", ...args));
  return pathToFileURL(path.resolve(file)).href;
};
const SHIPPED = write("matrix.html", "--at", MP125);

const profile = mkdtempSync(path.join(tmpdir(), "matrix-"));
const browser = await chromium.launchPersistentContext(profile,
  { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ARGS, viewport: WIDE });

/** Opens a page, and fails the test for any error on its console and any request but for the file itself. */
async function open(hash = "", url = SHIPPED) {
  const page = await browser.newPage();
  page.wrong = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.wrong.push(message.text()); });
  page.on("pageerror", (error) => page.wrong.push(error.stack));
  page.on("request", (request) => { if (!request.url().startsWith(url) && !request.url().startsWith("data:")) page.wrong.push(request.url()); });
  await page.goto(url + hash);
  await page.locator("tbody tr").first().waitFor();
  return page;
}

const cell = (page, row, column) => page.locator(`button[data-row="${row}"][data-column="${column}"]`);
const rows = (page) => page.locator("tbody th b").allTextContents();
const picture = (page, name) => page.screenshot({ path: path.join(folder, `${name}.png`) });
const focused = (page) => page.evaluate(() => {
  const { id, tagName, dataset } = document.activeElement;
  return dataset.row ? `${dataset.row} ${dataset.column}` : id || tagName;
});

/** What the page shows of each cell. */
const shownCells = (page) => page.locator("tbody button[data-row]").evaluateAll((buttons) =>
  buttons.map(({ dataset, className }) => [dataset.row, dataset.column, dataset.verdict, Number(dataset.share),
    className.split(" ").find((name) => ["gained", "lost", "widened", "narrowed", "changed"].includes(name)) ?? null]));

const key = ([row, column]) => `${row} ${column}`;

async function sameAsJson(page, ...args) {
  const { cells } = JSON.parse(run("--format", "json", ...args));
  const shown = new Map((await shownCells(page)).map((one) => [key(one), one]));
  assert.equal(shown.size, cells.length);
  for (const { row, column, verdict, share, change } of cells) {
    const [, , itsVerdict, itsShare, itsChange] = shown.get(key([row, column]));
    assert.deepEqual([row, column, itsVerdict, itsChange], [row, column, verdict, change ?? null]);
    assert.ok(Math.abs(itsShare - share) <= 1e-12 * share, `${row} ${column}: ${itsShare}, not ${share}`);
  }
  return cells.length;
}

const tests = {
  async "it loads from disk, asks for nothing and can ask for nothing"() {
    const page = await open();
    assert.equal(await page.locator("tbody tr").count(), 129);
    const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
    assert.match(policy, /default-src 'none'/);
    const asked = await page.evaluate(() => fetch("https://example.invalid/").then(() => "answered", () => "refused"));
    assert.equal(asked, "refused");
    page.wrong = page.wrong.filter((wrong) => !wrong.includes("example.invalid"));
    return page;
  },

  async "the numbers are those of the command"() {
    const page = await open(`#at=${MP125}&columns=role`);
    let cells = await sameAsJson(page, "--at", MP125, "--against", BEFORE);
    for (const [hash, args] of [
      ["columns=status&is-role=IS,GS", ["--columns", "status", "--where", "role=IS,GS"]],
      ["columns=relation&is-status=Pending&is-variant=8", ["--columns", "relation", "--where", "status=Pending", "--where", "variant=8"]],
      ["columns=device&is-relation=registered", ["--columns", "device", "--where", "relation=registered"]],
      ["columns=variant&is-relation=none&is-role=OU", ["--columns", "variant", "--where", "relation=none", "--where", "role=OU"]],
      ["rows=role&columns=status", ["--rows", "role", "--columns", "status"]],
      ["rows=status&columns=fields&services=8.4", ["--rows", "status", "--columns", "fields", "--service", "8.4"]],
      ["rows=device&columns=service&is-status=Suspended", ["--rows", "device", "--columns", "service", "--where", "status=Suspended"]],
    ]) {
      for (const [at, against] of [[MP125, BEFORE], ["2021-11-04", "2021-11-03"], ["2020-11-29", "2020-11-28"]]) {
        await page.goto(`${SHIPPED}#at=${at}&${hash}`);
        await page.waitForFunction(([at, hash]) => location.hash.includes(at) && document.querySelector("tbody button"), [at, hash]);
        cells += await sameAsJson(page, "--at", at, "--against", against, ...args);
      }
    }
    console.log(`    ${cells} cells compared`);
    return page;
  },

  async "a person finds services by text, family and what is known"() {
    const page = await open();
    await page.getByLabel("Find").fill("firmware");
    const found = await rows(page);
    assert.ok(found.includes("11.1") && found.length < 20, found.join());
    await page.getByLabel("Find").fill("");
    await page.getByLabel("Family").selectOption("12");
    assert.deepEqual(await rows(page), ["12.1", "12.2"]);
    await page.getByLabel("Family").selectOption("8");
    await page.locator("summary", { hasText: /^status$/ }).click();
    await page.locator("details[open]").getByLabel("Suspended").check();
    await page.keyboard.press("Escape");
    await page.getByLabel("Only what is possible").check();
    assert.deepEqual(await rows(page), ["8.2", "8.3", "8.14.3", "8.14.4"]);
    assert.match(await page.evaluate(() => location.hash), /is-status=Suspended/);
    await picture(page, "filtered");
    await page.getByRole("button", { name: "Start again" }).click();
    assert.equal((await rows(page)).length, 129);
    return page;
  },

  async "it sorts by number, name and count"() {
    const page = await open("#family=4");
    const numbers = await rows(page);
    assert.ok(numbers.indexOf("4.2") < numbers.indexOf("4.10"), numbers.join());
    await page.getByRole("button", { name: "number", exact: true }).click();
    assert.deepEqual(await rows(page), [...numbers].reverse());
    await page.getByRole("button", { name: "name", exact: true }).click();
    const names = await page.locator("tbody th").evaluateAll((heads) => heads.map((head) => head.title.replace(/^\S+ /, "")));
    assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b, "en-GB")));
    await page.getByRole("button", { name: "count", exact: true }).click();
    const counts = (await page.locator("td.count").allTextContents()).map((text) => parseInt(text, 10));
    assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
    assert.equal(await page.locator("th[aria-sort=descending]").count(), 1);
    return page;
  },

  async "a click on a cell opens the rule with its source and assumption"() {
    const page = await open();
    await cell(page, "8.4", "IS").click();
    const detail = page.locator("#detail");
    const text = await detail.innerText();
    for (const part of ["8.4/esme-variant-correction", "MP125 Modification Report v1.0, section 3", "new on this date",
      "Assumed: in force from the first targeted release", "update-inventory.rules:", "status live", "from 2023-06-29",
      "MP125 Correcting Device Information for the ESME Variant", "What it takes"]) {
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
    }
    assert.equal(await focused(page), "detail-title");
    await picture(page, "cell");
    await page.getByRole("button", { name: "Close" }).click();
    assert.ok(await detail.isHidden());
    assert.equal(await focused(page), "8.4 IS");
    await cell(page, "1.1.1", "OU").click();
    assert.match(await detail.innerText(), /E2 at role: this User Role may not send/);
    return page;
  },

  async "everything can be done with the keyboard"() {
    const page = await open("#columns=role");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "1.1.1 IS");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), "1.1.2 ES");
    await page.keyboard.press("End");
    assert.equal(await focused(page), "1.1.2 LC");
    await page.keyboard.press("Control+End");
    assert.equal(await focused(page), "14.1 LC");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "detail-title");
    assert.match(await page.locator("#detail").innerText(), /1\.1\.1/);
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "1.1.1 IS");
    // Nothing of the table is under its own head when it is reached.
    for (let step = 0; step < 40; step += 1) await page.keyboard.press("ArrowDown");
    for (let step = 0; step < 12; step += 1) await page.keyboard.press("ArrowUp");
    const free = await page.evaluate(() =>
      document.activeElement.getBoundingClientRect().top >= document.querySelector("#head").getBoundingClientRect().bottom - 1);
    assert.ok(free, "the focused cell lies under the head");
    await page.locator("#time").focus();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.locator("#time").getAttribute("aria-valuetext"),
      "from 4 November 2021 (MP105, SECMP0007), MP105 Sending SR11.2 to Devices in Suspended State, SECMP0007 Firmware updates to IHDs and PPMIDs");
    assert.equal(await focused(page), "time");
    return page;
  },

  async "the slider moves over MP125, and what changes is marked"() {
    const page = await open("#at=2021-11-04&columns=generation&is-fields=ESMEVariant&is-status=Commissioned&services=8.4");
    assert.equal(await cell(page, "8.4", "SMETS2").getAttribute("data-verdict"), "never");
    await page.locator("#time").focus();
    await page.keyboard.press("ArrowRight");
    const changed = cell(page, "8.4", "SMETS2");
    assert.equal(await changed.getAttribute("data-verdict"), "sometimes");
    assert.match(await changed.getAttribute("aria-label"), /gained$/);
    assert.equal(await changed.locator(".change").innerText(), "+");
    assert.match(await page.locator("#said").innerText(), /1 cell changed on 29 June 2023/);
    assert.match(await page.evaluate(() => location.hash), /at=2023-06-29/);
    await page.getByRole("button", { name: /2021-11-04/ }).click();
    assert.equal(await cell(page, "8.4", "SMETS2").getAttribute("data-verdict"), "never");
    await page.goto(`${SHIPPED}#at=2021-11-04&columns=status&changed=yes`);
    await page.waitForFunction(() => location.hash.includes("changed=yes") && document.querySelectorAll("tbody tr").length < 9);
    const args = ["--at", "2021-11-04", "--against", "2021-11-03", "--columns", "status", "--changed", "--format", "csv"];
    assert.deepEqual(await rows(page), run(...args).trim().split("\r\n").slice(1).map((line) => line.split(",")[0]));
    assert.ok((await rows(page)).includes("11.2"));
    return page;
  },

  async "columns are switched, and statuses are a heat map"() {
    const page = await open();
    await page.getByLabel("Columns").selectOption("status");
    assert.equal(await page.locator("thead th.value").count(), 12);
    await page.getByLabel("Cells show").selectOption("role");
    const sent = JSON.parse(run("--format", "json", "--at", MP125, "--columns", "role", "--where", "status=Suspended", "--service", "11.2"));
    const roles = sent.cells.filter(({ verdict }) => verdict !== "never").length;
    assert.equal(await cell(page, "11.2", "Suspended").innerText(), String(roles));
    const shade = (row) => cell(page, row, "Commissioned").evaluate((button) => getComputedStyle(button).backgroundColor);
    assert.notEqual(await shade("11.2"), await shade("1.1.2"));
    await picture(page, "heat");
    await page.getByLabel("Rows").selectOption("device");
    assert.equal(await page.locator("tbody tr").count(), 9);
    await cell(page, "ESME", "Suspended").click();
    assert.match(await page.locator("#detail").innerText(), /of 129 services/);
    return page;
  },

  async "it begins with what the command was asked"() {
    const page = await open("", write("asked.html", "--at", "2021-11-04", "--columns", "role", "--where", "role=IS,GS", "--where", "fields=ESMEVariant",
      "--where", "status=Pending", "--where", "status=Commissioned", "--service", "8.*"));
    assert.deepEqual(await page.locator("thead th.value").allTextContents(), ["IS", "GS"]);
    assert.equal((await rows(page)).length, 19);
    assert.match(await page.locator("#summary").innerText(), /fields ESMEVariant, status Pending or Commissioned|status Pending or Commissioned, fields/);
    await sameAsJson(page, "--at", "2021-11-04", "--against", "2021-11-03", "--columns", "role", "--where", "role=IS,GS", "--where", "fields=ESMEVariant",
      "--where", "status=Pending,Commissioned", "--service", "8.*");
    await page.getByRole("button", { name: /^only 8/ }).click();
    assert.equal((await rows(page)).length, 129);
    return page;
  },

  async "the address keeps the view"() {
    const page = await open();
    await page.getByLabel("Columns").selectOption("device");
    await page.getByLabel("Family").selectOption("8");
    await cell(page, "8.4", "ESME").click();
    const hash = await page.evaluate(() => location.hash);
    const other = await open(hash);
    assert.deepEqual(await shownCells(other), await shownCells(page));
    assert.ok(await other.locator("#detail").isVisible());
    for (const broken of ["#columns=nothing&rows=nothing&at=never&is-status=x&cell=a&sort=constructor", "#rows=role&columns=role", "#%"]) {
      const odd = await open(broken);
      assert.ok((await rows(odd)).length > 0, broken);
      assert.deepEqual(odd.wrong, []);
      await odd.close();
    }
    await other.close();
    return page;
  },

  async "it prints its table with the head on each page and without its controls"() {
    const page = await open(`#columns=status&shade=role&at=${MP125}`);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("#controls").isHidden());
    assert.ok(await page.locator("#printed").isVisible() && await page.locator(".legend").isVisible());
    const head = await page.locator("thead").evaluate((one) => getComputedStyle(one).display);
    assert.equal(head, "table-header-group");
    assert.equal(await page.locator("tbody tr").last().isVisible(), true);
    await page.pdf({ path: path.join(folder, "print.pdf"), preferCSSPageSize: true });
    return page;
  },

  async "it is accessible, in light and dark, wide and narrow"() {
    for (const colorScheme of ["light", "dark"]) {
      for (const [size, hash] of [[WIDE, `#columns=status&shade=role&at=${MP125}&cell=8.4~Commissioned`], [{ width: 400, height: 800 }, `#columns=role&at=${MP125}`],
        [WIDE, `#columns=role&at=${MP125}&changed=yes&is-status=Commissioned`]]) {
        const page = await open(hash);
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        const said = violations.flatMap(({ id, impact, nodes }) => nodes.slice(0, 3).map((node) => `${impact} ${id}: ${node.html}\n${node.failureSummary}`));
        assert.deepEqual(said, [], `${colorScheme} ${size.width} ${hash}`);
        await picture(page, `${colorScheme}-${size.width}-${hash.includes("changed") ? "changed" : "all"}`);
        assert.deepEqual(page.wrong, []);
        await page.close();
      }
    }
    const still = await open();
    return still;
  },

  async "texts of a policy are never markup"() {
    const policy = path.join(folder, "hostile");
    mkdirSync(policy, { recursive: true });
    writeFileSync(path.join(policy, "all.rules"), HOSTILE);
    const page = await open("", write("hostile.html", "--rules", policy, "--at", MP125));
    assert.equal(await page.evaluate(() => window.hurt), undefined);
    assert.match(await page.locator("tbody th").first().innerText(), /<\/script><script>window\.hurt=1<\/script> & <b>bold<\/b>/);
    await cell(page, "1.1", "A").click();
    assert.match(await page.locator("#detail").innerText(), /<img src=x onerror="?window\.hurt=1/);
    assert.equal(await page.locator("#detail img, tbody script").count(), 0);
    assert.equal(await page.evaluate(() => window.hurt), undefined);
    return page;
  },
};

const HOSTILE = `
attribute role "<!-- who" { refuse E1 "<script>window.hurt=1</script>" A "<b>" B }
service 1.1 "</script><script>window.hurt=1</script> & <b>bold</b>" {
  permit p "<img src=x onerror=window.hurt=1>" { role A source "</style><script>window.hurt=1</script>" assumed "&lt;" }
}
`;

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    const page = await test();
    assert.deepEqual(page.wrong, [], "on the console, or asked for");
    await page.close();
    console.log(`ok  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`NOT OK  ${name}\n${error.stack}`);
    const page = browser.pages().at(-1);
    if (page) await picture(page, "failed").catch(() => {});
  }
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
console.log(failed === 0 ? "the page passed" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
