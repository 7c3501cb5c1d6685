import { checkOrder, checkQuiet, checkSet, checkSettled, checkTold } from '../checkers/checkers.js';
import type { History } from '../clients/history.js';
import { PatientClient } from '../clients/patient.client.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Release } from '../node/releases.js';
import type { CaseRun, FaultCase } from './fault.case.js';
import { figuresOf, left, wait, within } from './load.js';

const THINK_MS = 250;
const REMOUNT_MS = 700;

/** Ids in the state of an instance, in the shape of either release. */
const entriesOf = (state: Record<string, unknown> | undefined): readonly string[] =>
  (state?.entries as string[] | undefined) ??
  ((state?.lines as { id: string }[] | undefined) ?? []).map(({ id }) => id);

/** People who click on while nodes come and go, and people who only look on and click in between. */
class Crowd {
  static async gather(run: CaseRun, fleet: Fleet, history: History): Promise<Crowd> {
    const open = (name: string): Promise<PatientClient> =>
      PatientClient.open({ port: fleet.port, history, name, component: 'parcel' });
    const count = run.size(14, 70);
    const busy = await Promise.all(Array.from({ length: count }, (_, index) => open(`b${index}`)));
    const calm = await Promise.all(Array.from({ length: run.size(6, 30) }, (_, index) => open(`q${index}`)));
    return new Crowd(busy, calm);
  }

  private working = true;
  private readonly numbers = new Map<PatientClient, number>();
  private readonly done: Promise<unknown>;

  private constructor(
    readonly busy: readonly PatientClient[],
    readonly calm: readonly PatientClient[],
  ) {
    this.done = Promise.all(busy.map((client) => this.work(client)));
  }

  get all(): readonly PatientClient[] {
    return [...this.busy, ...this.calm];
  }

  get calmIds(): readonly string[] {
    return this.calm.map(({ id }) => id);
  }

  /** One event of everybody who is calm. @returns how many still have the instance of that time some time later */
  async click(before = this.calmIds): Promise<number> {
    await Promise.all(this.calm.map((client) => this.act(client)));
    // A refused event is told to its person first; then the page mounts again.
    await wait(REMOUNT_MS);
    return this.calmIds.filter((id, index) => id === before[index]).length;
  }

  /** @returns whether everything had its outcome in time */
  async end(ms: number): Promise<boolean> {
    this.working = false;
    return (
      (await within(
        this.done.then(() => true),
        ms,
      )) ?? false
    );
  }

  private act(client: PatientClient): Promise<unknown> {
    const number = (this.numbers.get(client) ?? 0) + 1;
    this.numbers.set(client, number);
    const id = `${client.name}.${number}`;
    return client.call('append', id, { id });
  }

  private async work(client: PatientClient): Promise<void> {
    while (this.working) {
      await this.act(client);
      await wait(THINK_MS);
    }
  }
}

export const deployNewShape: FaultCase = {
  id: 'K25',
  name: 'deploy-new-shape',
  fault:
    'nodes are replaced one by one under load: by a release with another shape and its migration, back again, and by ' +
    'one that forgot the migration',
  invariant:
    'no acknowledged event is lost; a migrated page keeps its state; a state of another shape is never changed or cut off',
  ci: true,
  seconds: 300,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const history = run.history();
    const complaints: string[] = [];
    const arrivals: number[] = [];
    fleet.proxy.onArrival = () => arrivals.push(performance.now());
    const roll = async (release: Release): Promise<void> => {
      for (const index of [0, 1]) {
        const how = await fleet.roll(index, { release });
        if (how !== 'code 0') complaints.push(`${release}: a node ended with ${how}`);
      }
    };
    const reloads = (): number =>
      history.entries.filter(({ op, code }) => op === 'state-lost' && code === 'STATE_OUTDATED').length;
    const crowd = await Crowd.gather(run, fleet, history);
    const everybody = crowd.calm.length;
    await crowd.click();

    const began = reloads();
    const first = crowd.calmIds;
    await roll('next');
    const migrated = await crowd.click(first);
    const reloadsForward = reloads() - began;
    if (migrated < everybody) complaints.push(`migration: ${everybody - migrated} of ${everybody} lost their state`);

    const ids = crowd.calmIds;
    const kept = await Promise.all(ids.map((id) => fleet.position(id)));
    await roll('first');
    const stayed = await crowd.click(ids);
    const reloadsBack = reloads() - began - reloadsForward;
    if (stayed > 0) complaints.push(`back: ${stayed} of ${everybody} were served from a newer shape`);
    const now = await Promise.all(ids.map((id) => fleet.position(id)));
    const changed = now.filter((position, index) => JSON.stringify(position) !== JSON.stringify(kept[index])).length;
    if (changed > 0) complaints.push(`back: an old node has changed ${changed} states of a newer shape`);

    const older = crowd.calmIds;
    await roll('next-without-migration');
    const guessed = await crowd.click(older);
    const reloadsBare = reloads() - began - reloadsForward - reloadsBack;
    if (guessed > 0) complaints.push(`no migration: ${guessed} of ${everybody} were served from an older shape`);
    await crowd.click();
    complaints.push(...left(await crowd.end(20_000)));

    // An event that was refused with its instance may be asked for again on the next one: together they hold it once.
    const instances = new Set(history.entries.map(({ instance }) => instance));
    const together: string[] = [];
    for (const instance of instances) {
      const entries = entriesOf(await fleet.state(instance));
      together.push(...entries);
      complaints.push(...checkOrder(entries));
    }
    complaints.push(...checkSet(history, undefined, together));
    const toldLess = crowd.all.filter(
      ({ name }) => !history.entries.some(({ client, code }) => client === name && code === 'STATE_OUTDATED'),
    );
    if (toldLess.length > 0) complaints.push(`silent: ${toldLess.length} began anew and were not told`);
    complaints.push(...checkSettled(history), ...checkTold(history, ['STATE_OUTDATED']));
    complaints.push(...checkQuiet(await fleet.vitals()));
    crowd.all.forEach((client) => client.close());
    const peakPerSecond = Math.max(
      0,
      ...arrivals.map((at) => arrivals.filter((t) => t >= at && t < at + 1_000).length),
    );
    return {
      complaints: complaints.slice(0, 12),
      figures: {
        clients: crowd.all.length,
        migrated,
        reloadsForward,
        reloadsBack,
        reloadsBare,
        peakPerSecond,
        ...figuresOf(history),
      },
    };
  },
};
