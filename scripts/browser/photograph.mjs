// Photographs each element with an id of an HTML page: node photograph.mjs <page.html> <folder>
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";

const [page_file, folder] = process.argv.slice(2);
const browser = await playwright.launch({
  args: chromium.args,
  executablePath: await chromium.executablePath(),
  headless: true,
});
try {
  const page = await browser.newPage({ viewport: { width: 760, height: 600 }, deviceScaleFactor: 1.5 });
  // What is photographed must not depend on the network.
  await page.route("**", (route) => (route.request().url().startsWith("file:") ? route.continue() : route.abort()));
  await page.goto(pathToFileURL(page_file).href);
  await page.evaluate(() => document.fonts.ready);
  for (const element of await page.locator(".message[id]").all()) {
    const name = await element.getAttribute("id");
    await writeFile(`${folder}/${name}.png`, await element.screenshot());
    console.log(`${folder}/${name}.png`);
  }
} finally {
  await browser.close();
}
