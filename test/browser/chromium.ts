import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/**
 * A real headless Chromium: the one from npm, or `CHROMIUM_PATH`. Not with that package's own arguments: they switch
 * web security off, which is half of what these tests are about.
 */
export const launchChromium = async (): Promise<Browser> => {
  sparticuz.setGraphicsMode = false;
  const executablePath = process.env.CHROMIUM_PATH ?? (await sparticuz.executablePath());
  const args = ['--no-sandbox', '--headless=shell', '--disable-gpu', '--disable-dev-shm-usage'];
  return chromium.launch({ executablePath, args: [...args, '--disable-background-networking', '--disable-quic'] });
};
