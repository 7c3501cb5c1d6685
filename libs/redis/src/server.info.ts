import { LiveSetupError } from 'nest-live';

import { StartFailure } from './start.failure.js';

const OLDEST = [6, 2] as const;

/** What a Redis server says of itself. */
export class ServerInfo {
  private readonly fields: ReadonlyMap<string, string>;

  /** @param text answer to `INFO` */
  constructor(text: string) {
    this.fields = new Map(Array.from(text.matchAll(/^([a-z_]+):(.*?)\r?$/gm), ([, name, value]) => [name, value]));
  }

  get isMaster(): boolean {
    return this.fields.get('role') !== 'slave';
  }

  /** `valkey 8.1.1`, `redis 7.0.15`. */
  get product(): string {
    const valkey = this.fields.get('valkey_version');
    return valkey ? `valkey ${valkey}` : `redis ${this.fields.get('redis_version') ?? 'of an unknown version'}`;
  }

  /** Why keys may vanish; `undefined` where they do not. */
  get eviction(): string | undefined {
    const policy = this.fields.get('maxmemory_policy');
    if (policy === undefined || policy === 'noeviction') return undefined;
    return `Redis has maxmemory-policy "${policy}" and would drop state that users were told is saved: set maxmemory-policy to noeviction, or give this application a Redis of its own.`;
  }

  /** Names the run of this very process: another one begins with every restart and on every other server. */
  get generation(): string | undefined {
    return this.fields.get('run_id')?.slice(0, 8);
  }

  /** What it may hold, in bytes; undefined without a bound. */
  get maxMemory(): number | undefined {
    return Number(this.fields.get('maxmemory') ?? 0) || undefined;
  }

  /** @throws LiveSetupError when the server cannot keep what is promised to users */
  verify(): void {
    const version = this.fields.get('redis_version') ?? 'unknown';
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      throw new LiveSetupError('BACKEND_OUTDATED', `Redis is version ${version}: use ${OLDEST.join('.')} or newer.`);
    }
    // Valkey says `server_mode` where Redis says `redis_mode`; both say this.
    if (this.fields.get('cluster_enabled') === '1') {
      throw new StartFailure(new Error('the server is a Redis Cluster')).toError(0);
    }
    if (this.eviction) throw new LiveSetupError('BACKEND_EVICTS', this.eviction);
  }
}
