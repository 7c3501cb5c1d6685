import type { IncomingMessage, ServerResponse } from 'node:http';

import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { APPLICATIONS } from './pages/application.js';
import { STRICT_POLICY } from './pages/content-security-policy.js';
import { folderOf, HTMX, PUBLIC } from './pages/folders.js';
import { PlaygroundModule } from './playground.module.js';

/** The playground, ready to listen. */
export async function createPlayground(options?: NestApplicationOptions): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(PlaygroundModule, {
    abortOnError: false,
    // Ctrl-C means now, whatever pages are still open.
    forceCloseConnections: true,
    ...options,
  });
  app.disable('x-powered-by');
  app.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    response.setHeader('content-security-policy', STRICT_POLICY);
    response.setHeader('referrer-policy', 'same-origin');
    response.setHeader('x-content-type-options', 'nosniff');
    next();
  });
  app.useStaticAssets(PUBLIC, { prefix: '/assets/' });
  for (const { name } of APPLICATIONS) app.useStaticAssets(folderOf(name, 'public'), { prefix: `/assets/${name}/` });
  app.useStaticAssets(HTMX, { prefix: '/htmx-script/', index: false });
  return app.enableShutdownHooks(undefined, { useProcessExit: true });
}
