import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { listening, type Commands } from './measured.js';

interface Around {
  /** Before it listens. */
  readonly prepare?: (app: INestApplication) => void | Promise<void>;
  /** What the harness may ask of this server alone. */
  readonly commands?: (app: INestApplication) => Commands;
}

/** Starts a module on `express` or `fastify`, as named by the first argument, on a free port. */
export const startOn = async (module: Type, { prepare, commands }: Around = {}): Promise<INestApplication> => {
  const options = { logger: ['error', 'warn'] as ('error' | 'warn')[] };
  const app =
    process.argv[2] === 'fastify'
      ? await NestFactory.create(module, new FastifyAdapter(), options)
      : await NestFactory.create(module, options);
  await prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server;
  // Clients stay connected while other servers have their round.
  server.keepAliveTimeout = 120_000;
  listening((server.address() as AddressInfo).port, commands?.(app));
  return app;
};
