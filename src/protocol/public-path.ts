import type { IncomingHttpHeaders } from 'node:http';

/** Where another application of Express has mounted this one, on a request that came through it. */
const MOUNT = Symbol('nest-live:mount');

const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/;
const MAX_CHARS = 256;

/** As much of a request as says where it came in. */
interface Asked {
  readonly [MOUNT]?: string;
  readonly headers?: IncomingHttpHeaders;
  /** Of Express and Fastify: the path before any router has cut it. */
  readonly originalUrl?: string;
  readonly url?: string;
}

export interface PublicPathOptions {
  /** What is configured; without it, a trusted proxy may say it. */
  readonly path?: string;
  readonly trustProxy?: boolean;
  /** Hears of a header that is no path. */
  readonly tell?: (text: string) => void;
}

/** Marks a request that came through an application in front, which has taken `mount` from its path. */
export const markMount = (request: object, mount: string): void =>
  void Object.defineProperty(request, MOUNT, { value: mount, configurable: true });

export const mountOf = (request: object): string | undefined => (request as Asked)[MOUNT];

/** Whether it may stand in front of an address: segments of plain signs, and none that leads elsewhere. */
export const isPublicPath = (text: string): boolean => text.length <= MAX_CHARS && PATH.test(text);

/**
 * What browsers see in front of every address of this application: a proxy has put it there, or an application that has
 * mounted this one. Every address that leaves the server for a browser is made here.
 */
export class PublicPath {
  private isTold = false;

  constructor(private readonly options: PublicPathOptions = {}) {}

  /** Empty, or a path without a slash at its end. */
  of(request: object): string {
    return joined(this.proxied(request), (request as Asked)[MOUNT] ?? '');
  }

  /** An address of this application as a browser has to be given it. One that says the public path already stays. */
  address(request: object, to: string): string {
    return to.startsWith('/') ? joined(this.of(request), to) : to;
  }

  /** The address a request was asked by, as the browser knows it. */
  arrived(request: object): string {
    const { originalUrl, url = '/' } = request as Asked;
    return joined(this.proxied(request), originalUrl ?? url);
  }

  /** What still stood in front of this application's own paths when the request came in. */
  front(request: object): string {
    const { [MOUNT]: mount, originalUrl, url = '' } = request as Asked;
    if (mount !== undefined) return mount;
    const path = this.proxied(request);
    return path !== '' && isBelow(originalUrl ?? url, path) ? path : '';
  }

  private proxied({ headers }: Asked): string {
    const { path, trustProxy = false } = this.options;
    return path ?? (trustProxy ? this.forwarded(headers?.['x-forwarded-prefix']) : '');
  }

  /** The nearest proxy's own word is the last one; what a client has said itself stands before it. */
  private forwarded(header: string | string[] | undefined): string {
    if (header === undefined) return '';
    const said = [header].flat().join(',').split(',').at(-1)!.trim().replace(/\/$/, '');
    if (said === '' || isPublicPath(said)) return said;
    if (!this.isTold) {
      this.isTold = true;
      this.options.tell?.(
        `X-Forwarded-Prefix ${JSON.stringify(said.slice(0, 64))} is no path such as "/app" and was ignored: let the proxy ` +
          "set it, or say forRoot({ publicPath: '/app' }).",
      );
    }
    return '';
  }
}

const isBelow = (address: string, path: string): boolean =>
  address.startsWith(path) && /^(?:[/?#]|$)/.test(address.slice(path.length));

const joined = (path: string, address: string): string => (isBelow(address, path) ? address : path + address);
