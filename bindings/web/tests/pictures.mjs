// Screenshots of the four parts, desktop and phone, light and dark.

import { join } from "node:path";

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

export async function pictures(browser, address, folder) {
  for (const [name, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
      await page.goto(address);
      await page.waitForFunction(() => window.tern);
      await page.screenshot({ path: join(folder, `first-${name}-${colorScheme}.png`) });
      await page.click("#go");
      await page.waitForFunction(() => document.getElementById("text").textContent.length > 300);
      await page.click("#stop");
      await page.setInputFiles("#model-file", { name: "noise.safetensors", mimeType: "application/octet-stream", buffer: Buffer.alloc(500, 1) });
      await page.$eval("#cycle", (slider) => {
        slider.value = Number(slider.min) + 210;
        slider.dispatchEvent(new Event("input"));
      });
      for (const part of ["listen", "speak", "array", "own"]) {
        await page.locator(`#${part}`).screenshot({ path: join(folder, `${part}-${name}-${colorScheme}.png`) });
      }
      await page.check("input[name=dataflow][value=events]");
      await page.$eval("#cycle", (slider) => {
        slider.value = Number(slider.min) + 70;
        slider.dispatchEvent(new Event("input"));
      });
      await page.locator("#array").screenshot({ path: join(folder, `events-${name}-${colorScheme}.png`) });
      await page.close();
    }
  }
}
