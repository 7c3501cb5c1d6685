import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { Injectable } from '@nestjs/common';

import { Health, type HealthReport } from '../../observability/health.js';
import { Metrics } from '../../observability/metrics.js';
import type { HttpResponse } from './exchange.js';

export interface OperationsOptions {
  readonly metrics: boolean | { readonly token: string };
}

/** What those who run the application ask: health always, metrics where they were turned on. */
@Injectable()
export class OperationsEndpoint {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    private readonly options: OperationsOptions,
  ) {}

  /** @param path below `P/-/`. @returns undefined for a path that is not of this endpoint */
  answer(path: string, headers: IncomingHttpHeaders): HttpResponse | undefined {
    switch (path) {
      case 'health/live':
        return present(this.health.live());
      case 'health/ready':
        return present(this.health.ready());
      case 'metrics':
        return this.measured(headers.authorization);
      default:
        return undefined;
    }
  }

  private measured(authorization: string | undefined): HttpResponse | undefined {
    const { metrics } = this.options;
    if (metrics === false) {
      return undefined;
    }
    if (metrics !== true && !isSame(authorization ?? '', `Bearer ${metrics.token}`)) {
      return { status: 401, headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' }, body: '' };
    }
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
      body: this.metrics.text(),
    };
  }
}

const present = (report: HealthReport): HttpResponse => ({
  status: report.status === 'ok' ? 200 : 503,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(report),
});

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));
