import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Controller, Get, Header, Render, StreamableFile } from '@nestjs/common';

const CHART_JS = join(createRequire(import.meta.url).resolve('chart.js'), '../chart.umd.min.js');

@Controller('dashboard')
export class DashboardController {
  @Get()
  @Render('dashboard')
  index(): void {}

  /** From the package, as it is: nothing is bundled. */
  @Get('chart.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'public, max-age=86400')
  script(): StreamableFile {
    return new StreamableFile(createReadStream(CHART_JS));
  }
}
