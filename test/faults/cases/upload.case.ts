import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkLog, checkQuiet, type Complaints } from '../checkers/checkers.js';
import { UploadClient, type Ticket } from '../clients/upload.client.js';
import type { Fleet } from '../fleet/fleet.js';
import { SmallDisk } from '../fleet/small.disk.js';
import type { CaseRun, FaultCase } from './fault.case.js';
import { eventually } from './load.js';

const SIZE = 64 * 1_024;
/** Room for so many files at once and no more: what is not given back is missed afterwards. */
const FILES = 4;
/** Too little for all, and enough for one person. */
const DISK_KIB = 400;
const IDLE_MS = 500;
/** How long a file may take to be resumed. */
const SHORT_MS = 2_000;
/** After its time, and the next time that somebody looks. */
const GONE_MS = 45_000;

const text = (bytes: number): Buffer => Buffer.alloc(bytes, 'all quiet here\n');

interface Attempt {
  readonly client: UploadClient;
  readonly token: string;
}

interface Fault {
  readonly name: string;
  readonly expected: RegExp;
  /** @returns the code that its sender gets, or what became of it */
  readonly act: (attempt: Attempt) => Promise<string>;
}

const half = (attempt: Attempt, then: 'cut' | 'wait'): Promise<string> =>
  attempt.client.send({ token: attempt.token, bytes: text(SIZE / 2), says: SIZE, then });

const rest = async ({ client, token }: Attempt): Promise<string> => {
  await eventually(async () => (await client.offset(token)) > 0, 3_000);
  const offset = await client.offset(token);
  // Whoever was cut off may still be taken for one who writes.
  for (let tries = 0; ; tries += 1) {
    const code = await client.send({ token, offset, bytes: text(SIZE).subarray(offset) });
    if (code !== 'UPLOAD_INCOMPLETE' || tries > 20) return `from ${offset} on ${code}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const FAULTS: readonly Fault[] = [
  { name: 'cut', expected: /^none$/, act: (attempt) => half(attempt, 'cut') },
  {
    name: 'cut and resumed',
    expected: /^from 32768 on ok$/,
    act: async (attempt) => (await half(attempt, 'cut'), rest(attempt)),
  },
  { name: 'stall', expected: /^UPLOAD_INCOMPLETE$/, act: (attempt) => half(attempt, 'wait') },
  {
    name: 'too short',
    expected: /^UPLOAD_INCOMPLETE$/,
    act: ({ client, token }) => client.send({ token, bytes: text(SIZE - 1) }),
  },
  {
    name: 'twice the size',
    expected: /^UPLOAD_TOO_LARGE$/,
    act: ({ client, token }) => client.send({ token, bytes: text(2 * SIZE) }),
  },
];

interface Lying {
  readonly name: string;
  readonly bytes: number;
}

/** What goes while it is looked at does not lie there any more. */
const lyingIn = (folder: string): readonly Lying[] =>
  (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found ? [{ name, bytes: found.size }] : [];
  });

/** A file for all the room there is, each of them brought, entered and consumed. @returns what went wrong */
const useAll = async (client: UploadClient): Promise<string | undefined> => {
  for (let round = 0; round < 2; round += 1) {
    const tickets = [];
    for (let file = 0; file < FILES; file += 1) tickets.push(await client.announce(SIZE));
    const refused = tickets.filter((ticket) => typeof ticket === 'string');
    if (refused.length > 0) return `${refused.join()} for room that was free before`;
    const given = tickets as readonly Ticket[];
    const codes = await Promise.all(given.map(({ token }) => client.send({ token, bytes: text(SIZE) })));
    const entered = await client.event('$uploaded', { field: 'files', ids: given.map(({ id }) => id) });
    const kept = await client.event('keep', {});
    const isWhole = kept.html?.includes(`${(round + 1) * FILES * SIZE} bytes, 0 files`);
    if (!codes.every((code) => code === 'ok') || !entered.ok || !isWhole) {
      return `${codes.join()}, ${entered.error?.code ?? 'entered'}, ${kept.error?.code ?? kept.html}`;
    }
  }
  return undefined;
};

interface Place {
  readonly folder: string;
  readonly people: number;
  readonly ttlMs: number;
}

/** Some people, the folder their files are in, and what there is to say about it. */
class Attics {
  static async open(run: CaseRun, { folder, people, ttlMs }: Place): Promise<Attics> {
    const life = { idleMs: IDLE_MS, tokenTtlMs: ttlMs, keepMs: ttlMs };
    const uploads = { ...life, directory: folder, maxBytesPerCaller: FILES * SIZE };
    return new Attics(await run.fleet({ nodes: 1, store: 'parent', node: { uploads } }), folder, people);
  }

  readonly complaints: string[] = [];
  readonly figures: Record<string, number | string> = {};

  private constructor(
    readonly fleet: Fleet,
    private readonly folder: string,
    readonly count: number,
  ) {}

  /** Everybody at once, each with a page and a file of their own. */
  async suffer({ name, expected, act }: Fault): Promise<readonly UploadClient[]> {
    const { port } = this.fleet.nodes[0];
    const users = Array.from({ length: this.count }, (_, index) => `${name.replaceAll(' ', '-')}-${index}`);
    const clients = await Promise.all(users.map((user) => UploadClient.open(port, user)));
    const codes = await Promise.all(
      clients.map(async (client) => {
        const ticket = await client.announce(SIZE);
        return typeof ticket === 'string' ? ticket : act({ client, token: ticket.token });
      }),
    );
    const odd = codes.find((code) => !expected.test(code));
    if (odd !== undefined) this.complaints.push(`code: ${name} was answered ${odd}`);
    const counts = [...new Set(codes)].map((one) => `${codes.filter((code) => code === one).length} × ${one}`);
    this.figures[name] = counts.join(', ');
    return clients;
  }

  /** Nothing is left when nobody can come back for it. */
  async checkGone(name: string): Promise<void> {
    await eventually(() => lyingIn(this.folder).length === 0, GONE_MS);
    const left = lyingIn(this.folder);
    if (left.length > 0) this.complaints.push(`leftover: after ${name}, ${JSON.stringify(left.slice(0, 3))}`);
    const bytes = left.reduce((sum, each) => sum + each.bytes, 0);
    this.figures.leftoverBytes = Number(this.figures.leftoverBytes ?? 0) + bytes;
  }

  /** Whoever had bad luck has all of their room again, and their page works. */
  async checkUsable(name: string, clients: readonly UploadClient[]): Promise<void> {
    for (const client of clients) {
      client.port = this.fleet.nodes[0].port;
      const problem = await useAll(client);
      if (problem) this.complaints.push(`usable: after ${name}, ${problem}`);
    }
  }

  async end(): Promise<Complaints> {
    const vitals = await this.fleet.vitals();
    return [...this.complaints, ...checkQuiet(vitals), ...checkLog(vitals)];
  }
}

const killed = (fleet: Fleet, count: number): Fault => {
  let begun = 0;
  let restarted: Promise<void> | undefined;
  return {
    name: 'node killed',
    expected: /^from \d+ on ok$/,
    async act(attempt) {
      const { client, token } = attempt;
      const lost = half(attempt, 'wait');
      await eventually(async () => (await client.offset(token)) > 0, 3_000);
      begun += 1;
      await eventually(() => begun === count, 5_000);
      restarted ??= fleet.replace(0);
      await restarted;
      client.port = fleet.nodes[0].port;
      const code = await lost;
      return code === 'none' ? rest(attempt) : code;
    },
  };
};

const DISK_FULL: Fault = {
  name: 'disk full',
  // Some find room, the others are told; nobody is told of success without it.
  expected: /^(ok|STORE_UNAVAILABLE)$/,
  act: ({ client, token }) => client.send({ token, bytes: text(SIZE) }),
};

export const uploadFaults: FaultCase = {
  id: 'K37',
  name: 'upload-faults',
  fault:
    'uploads are cut in the middle, for good or to be resumed, stall, end too early, bring twice their size, meet kill -9 of the node and a disk without room',
  invariant: 'each is told by a clear code or resumed, nothing of it is left, its room is free again, its page works',
  ci: true,
  seconds: 300,
  async run(run) {
    const folder = mkdtempSync(join(tmpdir(), 'nest-live-k37-'));
    const disk = SmallDisk.mount(DISK_KIB);
    try {
      const attics = await Attics.open(run, {
        folder: join(folder, 'files'),
        people: run.size(3, 10),
        // Longer than a node takes to be back.
        ttlMs: run.size(8_000, 20_000),
      });
      const sufferers: (readonly [string, readonly UploadClient[]])[] = [];
      for (const fault of [...FAULTS, killed(attics.fleet, attics.count)]) {
        sufferers.push([fault.name, await attics.suffer(fault)]);
      }
      await attics.checkGone('all of them');
      for (const [name, clients] of sufferers) await attics.checkUsable(name, clients);
      await attics.checkGone('what came after them');
      const complaints = [...(await attics.end())];
      const figures: Record<string, number | string> = { ...attics.figures, disk: disk.kind };
      if (disk.folder !== undefined) {
        const narrow = await Attics.open(run, { folder: join(disk.folder, 'files'), people: 10, ttlMs: SHORT_MS });
        const clients = await narrow.suffer(DISK_FULL);
        await narrow.checkGone(DISK_FULL.name);
        await narrow.checkUsable(DISK_FULL.name, clients.slice(0, 2));
        if (!String(narrow.figures[DISK_FULL.name]).includes('STORE_UNAVAILABLE')) {
          complaints.push('setup: the disk had room for all');
        }
        complaints.push(...(await narrow.end()));
        Object.assign(figures, narrow.figures, {
          leftoverBytes: Number(figures.leftoverBytes) + Number(narrow.figures.leftoverBytes),
        });
      }
      return { complaints, figures };
    } finally {
      disk.unmount();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
