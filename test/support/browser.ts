import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Debian keeps it; another one is named in the environment. */
const chromiumPath = process.env['NIGHTKEEPER_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** A page in a real browser, with what it complained about. */
export interface BrowserPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors, failed loads and policy violations, in the browser's words. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Opens a fresh browser with nothing remembered. */
export async function openBrowser(
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly dark?: boolean;
    readonly locale?: string;
    readonly touch?: boolean;
  } = {},
): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'nightkeeper-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    locale: options.locale ?? 'en-GB',
    timezoneId: 'UTC',
    hasTouch: options.touch ?? false,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
