import type { IncomingMessage, Server } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { markMount, PublicPath } from '../../protocol/public-path.js';
import { PREFIX } from '../prefix.js';

/** Mounts follow from the routes of whoever mounts; a route with a parameter makes as many as there are visitors' ideas. */
const MAX_MOUNTS = 16;

/** A handshake whose address was cut. */
interface Cut extends IncomingMessage {
  originalUrl?: string;
}

/**
 * Requests that come in under more than our own paths: through an Express application that has mounted this one, or through a
 * proxy that leaves its path standing. What frameworks route they cut themselves; the engine of the sockets knows one path.
 */
@Injectable()
export class FrontPaths {
  private readonly mounts = new Set<string>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly path: PublicPath,
    @Inject(PREFIX) private readonly prefix: string,
  ) {}

  /** To be called once the sockets have their engine: what is cut here is cut before it looks. */
  attach(): void {
    const adapter = this.host.httpAdapter;
    (adapter.getHttpServer() as Server).prependListener('upgrade', (request) => this.cut(request));
    if (adapter.getType() === 'express') {
      this.noticeMounts(adapter.getInstance<ExpressLike>());
    }
  }

  private noticeMounts(app: ExpressLike): void {
    app.use((request, _response, next) => {
      const { baseUrl } = request;
      if (baseUrl) {
        markMount(request, baseUrl);
        if (this.mounts.size < MAX_MOUNTS) this.mounts.add(baseUrl);
      }
      next();
    });
    // In front of whatever renders or redirects.
    const { stack } = app.router;
    stack.unshift(stack.pop());
  }

  private cut(request: Cut): void {
    const { url = '' } = request;
    const isBehind = (front: string): boolean => front !== '' && url.startsWith(`${front}${this.prefix}/-/socket`);
    const mount = [...this.mounts, this.mountedAt].find(isBehind);
    const front = mount ?? this.path.front(request);
    if (!isBehind(front)) {
      return;
    }
    request.originalUrl = url;
    request.url = url.slice(front.length);
    if (mount !== undefined) {
      markMount(request, mount);
    }
  }

  /** As Express itself says it: no request may have come before the first socket. */
  private get mountedAt(): string {
    const adapter = this.host.httpAdapter;
    return adapter.getType() === 'express' ? adapter.getInstance<ExpressLike>().path() : '';
  }
}

interface ExpressLike {
  readonly router: { readonly stack: unknown[] };
  use(
    handler: (request: IncomingMessage & { readonly baseUrl?: string }, _response: unknown, next: () => void) => void,
  ): void;
  path(): string;
}
