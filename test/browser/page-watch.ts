import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch, type Browser, type Page } from 'puppeteer-core';

import { chromiumPath } from '../helpers/browser-tier';

/** Where screenshots of a run are left. */
export const screenshots = join(__dirname, '..', '..', 'coverage', 'screenshots');

/** A headless browser that talks to nobody, with a profile of its own. */
export interface QuietBrowser {
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/** Starts Chromium without its background networking. */
export async function openBrowser(): Promise<QuietBrowser> {
  const userDataDir = mkdtempSync(join(tmpdir(), 'fleet-chromium-'));
  mkdirSync(screenshots, { recursive: true });
  const browser = await launch({
    executablePath: chromiumPath(),
    headless: true,
    userDataDir,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(userDataDir, { recursive: true, force: true });
    },
  };
}

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A page that was opened, and everything it complained of. */
export interface Watched {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Opens a file as a person would, and notes errors of the console, of scripts, of the content policy and of requests. */
export async function openPage({ browser }: QuietBrowser, file: string, { width, scheme }: Look): Promise<Watched> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${String(error)}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asks the network: ${request.url()}`);
  });
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  return { page, complaints };
}
