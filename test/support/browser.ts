import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian keeps it; another one is named in the environment. */
const chromiumPath = process.env['NIGHTKEEPER_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/** A page in a real browser, with what it complained about. */
export interface BrowserPage {
  readonly page: Page;
  /** Errors, failed loads and policy violations, in the browser's words. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface Screen {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly locale?: string;
  readonly touch?: boolean;
}

/** Starts a browser with a fresh profile; pages of it share nothing. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Opens a page that remembers nothing. */
export async function openPage(browser: Browser, screen: Screen = {}): Promise<BrowserPage> {
  const context = await browser.newContext({
    viewport: { width: screen.width ?? 1280, height: screen.height ?? 900 },
    colorScheme: screen.dark === true ? 'dark' : 'light',
    locale: screen.locale ?? 'en-GB',
    timezoneId: 'UTC',
    hasTouch: screen.touch ?? false,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}
