// Uses a report as a person does, and prints what it saw as JSON: node report.mjs <page.html> <scenario> [folder for pictures]
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";

const [file, scenario, folder] = process.argv.slice(2);
const seen = { requests: [], errors: [], dialogs: 0 };
const rows = (page) => page.locator(".row").count();
const count = (page) => page.locator("#count").textContent();
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);

const load = async (browser, options = {}) => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  page.on("request", (request) => seen.requests.push(request.url().split("#")[0]));
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") seen.errors.push(message.text()); });
  page.on("dialog", async (dialog) => { seen.dialogs += 1; await dialog.dismiss(); });
  await page.goto(pathToFileURL(file).href + (options.hash ?? ""));
  await page.waitForSelector("html[data-ready]", { timeout: 60_000 });
  return page;
};

const scenarios = {
  async use(browser) {
    const page = await load(browser);
    seen.start = { count: await count(page), tabs: await page.locator("#tabs button").allTextContents(), rows: await rows(page) };
    await page.keyboard.press("/");
    seen.slash = await focused(page);
    await page.keyboard.type("runinstances");
    seen.search = { count: await count(page), names: await page.locator(".row .name").allTextContents(), hash: await page.evaluate(() => location.hash) };
    await page.keyboard.press("Enter");
    seen.entered = { focus: await focused(page), chosen: await page.locator('.row[aria-selected="true"]').count() };
    await page.keyboard.press("Enter");
    await page.waitForSelector("#detail:not([hidden])");
    seen.detail = {
      title: await page.locator("#detail-title").textContent(), sections: await page.locator("#detail h3").allTextContents(),
      terms: await page.locator("#detail dt").allTextContents(), values: await page.locator("#detail dd").allTextContents(),
      links: await page.locator("#detail a").evaluateAll((links) => links.map((link) => [link.href, link.rel])),
      record: JSON.parse(await page.locator("#detail pre").last().textContent()), focus: await focused(page),
    };
    await page.keyboard.press("Escape");
    seen.closed = { hidden: await page.locator("#detail").isHidden(), focus: await focused(page) };
    await page.keyboard.press("/");
    await page.locator("#search").fill("");
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    seen.events = { count: await count(page), heads: await page.locator("#head span").allTextContents() };
    for (let step = 0; step < 3; step += 1) await page.keyboard.press("j");
    await page.keyboard.press("k");
    seen.moved = await page.locator('.row[aria-selected="true"]').getAttribute("aria-rowindex");
    await page.locator("#attribute").selectOption("user");
    await page.locator("#value").fill("kodekloud");
    seen.user = { count: await count(page), users: await page.locator(".row .user").allTextContents() };
    await page.locator("#clear").click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await page.locator('select[name="severity"]').selectOption("high");
    seen.severity = { count: await count(page), severities: await page.locator(".row .severity").allTextContents() };
    await page.locator("#clear").click();
    await page.locator("#timeline .bar").last().click();
    seen.time = { count: await count(page), chips: await page.locator("#chips button").allTextContents() };
    await page.locator("#chips button").first().click();
    await page.locator("#rules button").first().click();
    seen.rule = { count: await count(page), pressed: await page.locator('#rules button[aria-pressed="true"]').count() };
    await page.locator("#search").fill("nothing is called this");
    seen.none = { count: await count(page), words: await page.locator("#empty").textContent() };
    seen.theme = await page.evaluate(() => document.documentElement.dataset.theme);
    await page.locator("#theme").click();
    seen.toggled = await page.evaluate(() => document.documentElement.dataset.theme);
    const linked = await load(browser, { hash: seen.search.hash });
    seen.linked = await count(linked);
  },
  async phone(browser) {
    const page = await load(browser, { viewport: { width: 360, height: 740 } });
    seen.width = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.locator(".row").first().click();
    await page.waitForSelector("#detail:not([hidden])");
    seen.detail_box = await page.locator("#detail").boundingBox();
    seen.width_open = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.locator('#detail button[aria-label="Close details"]').click();
    seen.closed = await page.locator("#detail").isHidden();
  },
  async inert(browser) {
    const page = await load(browser);
    const elements = () => page.evaluate(() => ({
      scripts: document.scripts.length, others: document.querySelectorAll("img, iframe, object, embed, base, meta[http-equiv=refresh], form[action]").length,
      handlers: [...document.querySelectorAll("*")].filter((each) => [...each.attributes].some((attribute) => attribute.name.startsWith("on"))).length,
    }));
    seen.before = await elements();
    seen.texts = [];
    for (let row = 0; row < (await rows(page)); row += 1) {
      await page.locator(".row").nth(row).click();
      await page.waitForSelector("#detail:not([hidden])");
      seen.texts.push(await page.locator("#detail").textContent());
    }
    seen.after = await elements();
    seen.links = await page.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    seen.hacked = await page.evaluate(() => globalThis.hacked ?? null);
    // What the page's policy keeps from happening, should anything ever get in.
    seen.refused = await page.evaluate(async () => {
      const made = document.createElement("script");
      made.textContent = "globalThis.hacked = 1";
      document.body.append(made);
      const fetched = await fetch("https://example.com/").then(() => "fetched", () => "refused");
      return [globalThis.hacked ?? null, fetched];
    });
    seen.errors = [];
    seen.requests = seen.requests.filter((url) => !url.startsWith("https://example.com"));
  },
  async measure(browser) {
    const begun = performance.now();
    const page = await load(browser);
    seen.load_ms = performance.now() - begun;
    await page.keyboard.press("e");
    const timed = (action) => page.evaluate(action);
    seen.keystroke_ms = await timed(async () => {
      const search = document.getElementById("search");
      const times = [];
      for (const text of ["r", "ru", "run", "runi", "runin"]) {
        const start = performance.now();
        search.value = text;
        search.dispatchEvent(new Event("input", { bubbles: true }));
        times.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
      }
      return times;
    });
    await page.locator("#clear").click();
    seen.scroll_ms = await timed(async () => {
      const grid = document.getElementById("grid");
      const start = performance.now();
      for (let step = 1; step <= 20; step += 1) {
        grid.scrollTop = (grid.scrollHeight * step) / 20;
        await new Promise(requestAnimationFrame);
      }
      return (performance.now() - start) / 20;
    });
    const opening = performance.now();
    await page.locator(".row").last().click();
    await page.waitForSelector("#detail:not([hidden])");
    seen.open_ms = performance.now() - opening;
    seen.rows = await rows(page);
    seen.count = await count(page);
  },
  async pictures(browser) {
    const light = await load(browser, { viewport: { width: 1280, height: 860 } });
    await light.screenshot({ path: `${folder}/report-light.png` });
    const dark = await load(browser, { viewport: { width: 1280, height: 860 }, colorScheme: "dark", reducedMotion: "reduce" });
    await dark.locator(".row").nth(1).click();
    await dark.waitForSelector("#detail:not([hidden])");
    await dark.evaluate(() => document.getElementById("table").scrollIntoView());
    await dark.screenshot({ path: `${folder}/report-dark.png` });
    const phone = await load(browser, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, reducedMotion: "reduce" });
    await phone.evaluate(() => document.getElementById("table").scrollIntoView());
    await phone.screenshot({ path: `${folder}/report-phone.png` });
  },
};

const browser = await playwright.launch({ args: chromium.args, executablePath: await chromium.executablePath(), headless: true });
try {
  await scenarios[scenario](browser);
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
