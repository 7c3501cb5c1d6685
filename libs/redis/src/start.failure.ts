import { LiveSetupError } from 'nest-live';

/** Why Redis cannot be used, and what to do about it. */
interface Finding {
  /** What the server, the network or TLS says: message or code of the error. */
  readonly says: RegExp;
  readonly code: 'BACKEND_REFUSED' | 'BACKEND_UNREACHABLE' | 'BACKEND_UNSUPPORTED';
  readonly cause: string;
  readonly remedy: string;
  /** Waiting does not help. */
  readonly isFinal?: true;
}

const FINDINGS: readonly Finding[] = [
  {
    says: /WRONGPASS|invalid password/i,
    code: 'BACKEND_REFUSED',
    cause: 'it does not know this user name or password',
    remedy: 'correct them in the address, where signs such as # are percent-encoded, or in connection',
    isFinal: true,
  },
  {
    says: /NOAUTH/,
    code: 'BACKEND_REFUSED',
    cause: 'it asks for a password, and none was given',
    remedy: 'write redis://user:password@host:6379, or connection.password',
    isFinal: true,
  },
  {
    says: /NOPERM|ACL failure|can't run this command|no permissions/i,
    code: 'BACKEND_REFUSED',
    cause: 'this user may not do what nest-live needs',
    remedy: 'give the user the keys, channels and commands that docs/guides/redis.md lists ("Permissions")',
    isFinal: true,
  },
  {
    says: /unknown command|Unknown Redis command/i,
    code: 'BACKEND_REFUSED',
    cause: 'a command that nest-live needs was renamed or switched off',
    remedy: 'remove its rename-command from the configuration of the server',
    isFinal: true,
  },
  {
    says: /DB index is out of range|invalid DB index|SELECT is not allowed/i,
    code: 'BACKEND_REFUSED',
    cause: 'the database of this number is not there',
    remedy: 'correct the number behind the host in the address or connection.db, or raise "databases" on the server',
    isFinal: true,
  },
  {
    says: /is a Redis Cluster|CROSSSLOT|MOVED /,
    code: 'BACKEND_UNSUPPORTED',
    cause: 'it is a node of a Redis Cluster, which nest-live cannot use',
    remedy: 'use one master, with replicas and Sentinel if you like',
    isFinal: true,
  },
  {
    says: /WRONG_VERSION_NUMBER|wrong version number|EPROTO|packet length too long/i,
    code: 'BACKEND_UNREACHABLE',
    cause: 'it does not speak TLS there',
    remedy: 'write redis:// instead of rediss://, or the port where the server has TLS',
    isFinal: true,
  },
  {
    says: /CERT|certificate|SELF_SIGNED|UNABLE_TO|altnames|ERR_TLS/i,
    code: 'BACKEND_UNREACHABLE',
    cause: 'its certificate is not accepted',
    remedy: 'give the authority that has signed it as connection.tls.ca, and the name in it as the host',
    isFinal: true,
  },
  {
    says: /ENOTFOUND|EAI_AGAIN/,
    code: 'BACKEND_UNREACHABLE',
    cause: 'no such host is known',
    remedy: 'correct the host in NEST_LIVE_REDIS_URL or forRoot({ url })',
  },
  {
    says: /ECONNREFUSED|ENOENT/,
    code: 'BACKEND_UNREACHABLE',
    cause: 'nobody listens at that address',
    remedy: 'start Redis, or correct NEST_LIVE_REDIS_URL or forRoot({ url })',
  },
  {
    says: /the server is a replica|READONLY/,
    code: 'BACKEND_UNREACHABLE',
    cause: 'the server is a replica and takes no writes',
    remedy: 'name the master, or the Sentinels as connection.sentinels',
  },
  {
    says: /sentinel/i,
    code: 'BACKEND_UNREACHABLE',
    cause: 'no Sentinel names a master',
    remedy: 'correct connection.sentinels and connection.name',
  },
  {
    says: /ECONNRESET|Connection is closed|EPIPE|Protocol error/,
    code: 'BACKEND_UNREACHABLE',
    cause: 'it ends every connection at once',
    remedy:
      'write rediss:// where the port has TLS and redis:// where it has not, and look whether something else than Redis listens there',
  },
  {
    says: /LOADING/,
    code: 'BACKEND_UNREACHABLE',
    cause: 'it still reads its data from the disk',
    remedy: 'wait, or raise startTimeoutMs',
  },
];

const SILENT: Finding = {
  says: /(?:)/,
  code: 'BACKEND_UNREACHABLE',
  cause: 'there is no answer',
  remedy:
    'look whether it is running, NEST_LIVE_REDIS_URL is right, and TLS is where the address says so (rediss://) and nowhere else, or raise startTimeoutMs',
};

/** What keeps Redis from being used, in words of a cause and a remedy. */
export class StartFailure {
  private readonly finding: Finding;
  private readonly said: string;

  /** @param reason the last error seen; `undefined`: nothing was heard at all */
  constructor(reason: unknown) {
    const { code, message, errors = [] } = (reason ?? {}) as NodeJS.ErrnoException & Partial<AggregateError>;
    // Of several addresses of one host: every one has failed, and the errors stand inside.
    const inner = errors.map(String).join(', ');
    this.said = message || inner || code || '';
    const whole = `${code ?? ''} ${message ?? ''} ${inner}`;
    this.finding = FINDINGS.find(({ says }) => reason !== undefined && says.test(whole)) ?? SILENT;
  }

  /** Whether to stop waiting for it. */
  get isFinal(): boolean {
    return this.finding.isFinal ?? false;
  }

  /** @param waitedMs how long it was tried */
  toError(waitedMs: number): LiveSetupError {
    const { code, cause, remedy } = this.finding;
    const said = this.said ? ` (${this.said})` : '';
    const waited = this.isFinal ? '' : ` within ${waitedMs} ms`;
    return new LiveSetupError(code, `Redis cannot be used${waited}: ${cause}${said}: ${remedy}.`);
  }
}
