import { AsyncLocalStorage } from 'node:async_hooks';

import { Injectable } from '@nestjs/common';

/** The request a page is rendered for, as the platform gives it (Express or Fastify). */
export interface PageExchange {
  readonly request: unknown;
  readonly response: unknown;
}

/** Carries the request from the HTTP server to what a page mounts. */
@Injectable()
export class PageRequest {
  readonly #storage = new AsyncLocalStorage<PageExchange>();

  run<T>(exchange: PageExchange, work: () => T): T {
    return this.#storage.run(exchange, work);
  }

  /** The exchange of the running request; undefined outside of one. */
  current(): PageExchange | undefined {
    return this.#storage.getStore();
  }
}
