import { OpenStream } from '../clients/open.stream.js';
import { Visitor } from '../clients/visitor.js';
import type { FaultCase } from './fault.case.js';
import { Load, figuresOf, left, wait, within } from './load.js';

export const gracefulDrain: FaultCase = {
  id: 'K26',
  name: 'graceful-drain',
  fault: 'SIGTERM to one of two nodes under load, slow events in flight, streams open',
  invariant: 'every event in flight is answered or tried again; clients move on by themselves; exit code 0 within 25 s',
  ci: true,
  seconds: 120,
  async run(run) {
    const slow = { point: 'afterHandler', pass: 1, every: 10, how: 'delay', ms: 800 } as const;
    const fleet = await run.fleet({ nodes: 2, node: { crash: [slow] } });
    const history = run.history();
    const sizes = { writers: run.size(10, 150), clickers: run.size(10, 150), counters: run.size(4, 30) };
    const load = await Load.open({ fleet, history, ...sizes, events: run.size(30, 60), thinkMs: 100 });
    const working = load.work(80_000);
    await wait(1_200);
    const [leaving] = fleet.nodes;
    const streams = await Promise.all(
      Array.from({ length: run.size(4, 20) }, async (_, index) => {
        const visitor = new Visitor(leaving.port, { user: `reader${index}` });
        const { state = '' } = (await visitor.post('counter', {})) ?? {};
        return OpenStream.open(visitor, 'counter', state);
      }),
    );
    const newcomer = new Visitor(leaving.port, { user: 'newcomer' });
    const began = performance.now();
    leaving.signal('SIGTERM');
    let refusedMounts = 0;
    while (leaving.isUp && performance.now() - began < 5_000) {
      const reply = await newcomer.post('counter', {});
      if (reply?.error?.code === 'DRAINING') refusedMounts += 1;
      await wait(20);
    }
    const how = await within(leaving.ended, 25_000);
    const drainMs = Math.round(performance.now() - began);
    const done = await working;
    const complaints = [...left(done), ...(await load.check())];
    if (how !== 'code 0') complaints.push(`drain: the node ended with ${how ?? 'nothing after 25 s'}`);
    const open = streams.filter(({ isClosed }) => !isClosed).length;
    if (streams.some(({ status }) => status !== 200)) complaints.push('setup: a stream was not opened');
    if (open > 0) complaints.push(`streams: ${open} are still open`);
    if (refusedMounts === 0) complaints.push('drain: no new mount was told DRAINING');
    load.close();
    const draining = history.count('retry', 'DRAINING');
    return {
      complaints,
      figures: { drainMs, draining, refusedMounts, streamsEnded: streams.length - open, ...figuresOf(history) },
    };
  },
};
