import { Module } from '@nestjs/common';
import { ComponentsModule, LiveComponent, Upload } from 'nest-live';

import { startOn } from './platform.js';
import { SETTINGS } from './settings.js';

const MIB = 1024 * 1024;

@LiveComponent('archive', { template: '<p>{{files.length}}</p>' })
class Archive {
  @Upload({ maxBytes: 64 * MIB, types: ['application/gzip'], count: 1 }) files: Upload[] = [];
}

@Module({
  imports: [
    // The rounds leave their files behind them.
    ComponentsModule.forRoot({ ...SETTINGS, uploads: { directory: process.argv[3], maxBytesPerCaller: 4_096 * MIB } }),
  ],
  providers: [Archive],
})
class UploadModule {}

await startOn(UploadModule);
