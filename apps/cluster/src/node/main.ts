import 'reflect-metadata';

import { join } from 'node:path';

import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { ClusterModule } from './cluster.module.js';
import { Fleet } from './fleet.js';

const app = await NestFactory.create<NestExpressApplication>(ClusterModule, { logger: ['error', 'warn'] });
app.useStaticAssets(join(import.meta.dirname, '../../public'), { prefix: '/assets/' });
// SIGTERM then hands the open pages over to the other node.
app.enableShutdownHooks(undefined, { useProcessExit: true });
await app.listen(0, '127.0.0.1');
app.get(Fleet).listening(Number(new URL(await app.getUrl()).port));
// Without its supervisor a node is nobody's.
process.once('disconnect', () => process.exit(1));
