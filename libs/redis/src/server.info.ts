import { LiveSetupError } from 'nest-live';

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
    const policy = this.fields.get('maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction') {
      throw new LiveSetupError(
        'BACKEND_EVICTS',
        `Redis has maxmemory-policy "${policy}" and would drop state that users were told is saved: set maxmemory-policy to noeviction, or give this application a Redis of its own.`,
      );
    }
  }
}
