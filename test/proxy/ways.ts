import { join } from 'node:path';

import type { ComponentsOptions } from 'nest-live';

import { readTree } from '../architecture/source-tree.js';
import { RunningApp, type PlatformName } from '../e2e/running-app.js';
import { hasNginx, Nginx } from './nginx.js';
import { PathProxy } from './path.proxy.js';
import { Yard, YardPages } from './yard.component.js';

export const GUIDE = 'docs/guides/behind-a-proxy.md';

/** What stands between a browser and the application, and what the application is told of it. */
export interface Way {
  readonly title: string;
  readonly options: ComponentsOptions;
  readonly globalPrefix?: string;
  readonly needsNginx: boolean;
  readonly proxy: (upstream: number) => Promise<{ readonly url: string; stop(): Promise<void> }>;
}

const guided =
  (name: string): Way['proxy'] =>
  (upstream) => {
    const file = new RegExp(`\`\`\`nginx\n(# /etc/nginx/conf\\.d/${name}\n[^]*?)\`\`\``).exec(
      readTree('docs').get(GUIDE) ?? '',
    );
    if (!file) throw new Error(`${GUIDE} has no ${name}`);
    return Nginx.start(file[1], upstream);
  };

export const WAYS: readonly Way[] = [
  {
    title: 'nginx that takes the path away, known by its header',
    options: { trustProxy: true },
    needsNginx: true,
    proxy: guided('strips.conf'),
  },
  {
    title: 'nginx that takes the path away, known by the option',
    options: { trustProxy: true, publicPath: '/app' },
    needsNginx: true,
    proxy: guided('strips.conf'),
  },
  {
    title: 'nginx that leaves the path',
    options: { trustProxy: true, publicPath: '/app' },
    globalPrefix: 'app',
    needsNginx: true,
    proxy: guided('leaves.conf'),
  },
  {
    title: 'a proxy in Node that takes the path away',
    options: { trustProxy: true },
    needsNginx: false,
    proxy: (upstream) => PathProxy.start(upstream),
  },
];

export const isMissing = ({ needsNginx }: Way): boolean => needsNginx && !hasNginx;

/** An application behind a proxy: as its visitors know it. */
export class ProxiedApp {
  static async start({ options, globalPrefix, proxy }: Way, platform: PlatformName): Promise<ProxiedApp> {
    const rendering = { pages: [join(import.meta.dirname, 'views')], templates: [] };
    const running = await RunningApp.start({
      platform,
      options: { ...options, rendering },
      controllers: [YardPages],
      providers: [Yard],
      configure: (app) => globalPrefix && app.setGlobalPrefix(globalPrefix),
    });
    return new ProxiedApp(running, await proxy(running.port));
  }

  private constructor(
    readonly running: RunningApp,
    private readonly proxy: Awaited<ReturnType<Way['proxy']>>,
  ) {}

  /** With the path. */
  get url(): string {
    return `${this.proxy.url}/app`;
  }

  async close(): Promise<void> {
    await this.proxy.stop();
    await this.running.close();
  }
}
