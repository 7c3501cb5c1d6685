import { writeFileSync } from 'node:fs';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { RunningApp } from '../e2e/running-app.js';
import { Ledger, LedgerPage } from './ledger.component.js';
import { ROWS, type Outcome, type Row } from './neighbours.js';
import { takeSteps } from './nine-steps.js';

const PAGE = `<!doctype html><html lang="en"><head><title>{{title}}</title>{{liveScripts}}</head>
<body>{{component 'ledger'}}</body></html>`;

const folder = new TemporaryFolder({ 'ledger.hbs': PAGE });

const start = async ({ platform, surround }: Row): Promise<{ running: RunningApp; path: string }> => {
  const { path = '/ledger', controllers = [], providers = [], options, ...more } = await surround(platform);
  const running = await RunningApp.start({
    ...more,
    platform,
    controllers: [LedgerPage, ...controllers],
    providers: [Ledger, ...providers],
    options: { ...options, rendering: { pages: [folder.path] } },
  });
  return { running, path };
};

const outcomeOf = async (row: Row): Promise<Outcome['failed']> => {
  const { running, path } = await start(row);
  try {
    return await takeSteps({ running, url: running.url, path, headers: { 'accept-language': 'en' } });
  } finally {
    await running.close();
  }
};

const told: object[] = [];
for (const row of ROWS) {
  const failed = await outcomeOf(row).catch((error: unknown) => ({ start: String((error as Error).stack) }));
  process.send?.({ title: row.title, failed } satisfies Outcome);
  told.push({ ...row, failed });
}
// For the table in the docs.
if (process.env.COMPAT_REPORT) writeFileSync(process.env.COMPAT_REPORT, JSON.stringify(told));
folder.remove();
process.exit();
