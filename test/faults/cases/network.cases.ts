import { RawSocket } from '../clients/raw.socket.js';
import type { FaultCase } from './fault.case.js';
import { Load, figuresOf, left } from './load.js';
import { answersEvent, isAnswerFrame, isEventFrame, type WireFrame } from '../network/frames.js';
import type { Line } from '../network/proxy.js';

export const cutBeforeAck: FaultCase = {
  id: 'K03',
  name: 'cut-before-ack',
  fault: 'the network cuts the connection after the commit and before the answer, on 30 % of events',
  invariant: 'every acknowledged event is in the state exactly once; no event is left pending',
  ci: true,
  seconds: 200,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { without: run.without } });
    const history = run.history();
    const events = run.size(12, 50);
    const load = await Load.open({ fleet, history, writers: run.size(15, 100), events, apart: true });
    let lost = 0;
    const isLost = (): boolean => {
      const unlucky = run.dice.chance(0.3);
      if (unlucky) lost += 1;
      return unlucky;
    };
    fleet.proxy.weather = {
      down(frame, line) {
        if (isAnswerFrame(frame) && isLost()) line.cut();
        else line.forwardDown(frame);
      },
      answer(chunk, line) {
        if (!answersEvent(chunk.toString('latin1')) || !isLost()) return true;
        line.cut();
        return false;
      },
    };
    const done = await load.work(run.size(60_000, 180_000));
    fleet.proxy.weather = {};
    const complaints = [...left(done), ...(await load.check())];
    load.close();
    return { complaints, figures: { answersLost: lost, ...figuresOf(history) } };
  },
};

/** The same page's instance on a connection of its own. */
interface Second {
  readonly socket: RawSocket;
  readonly h: number;
}

const openSecond = async (port: number, body: object): Promise<Second | undefined> => {
  const socket = await RawSocket.open(port, 'crew');
  const joined = await socket.ask(['join', body], 5_000);
  return joined?.h === undefined ? undefined : { socket, h: joined.h };
};

export const duplicateFrames: FaultCase = {
  id: 'K04',
  name: 'duplicate-frames',
  fault: 'every event frame is sent one to five times, and also over HTTP and on a second socket to another node',
  invariant: 'each event is applied exactly once',
  ci: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { without: run.without } });
    const history = run.history();
    let [copies, overHttp, overSecond] = [0, 0, 0];
    const seconds = new Map<Line, Second>();
    /** What each line has joined, as heard on it. */
    const tickets = new Map<Line, { readonly page: string; readonly component_id: string; state: string }>();
    const alsoOverHttp = (line: Line, text: string): void => {
      const ticket = tickets.get(line);
      const { ports } = fleet;
      if (!ticket) return;
      const [, seq, event, payload] = JSON.parse(text.slice(text.indexOf('['))) as [number, number, string, unknown];
      overHttp += 1;
      void fetch(`http://127.0.0.1:${ports[(line.node + 1) % ports.length]}/components/ledger?user=crew`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ ...ticket, seq, event, payload }),
      }).then(
        (response) => response.text(),
        () => undefined,
      );
    };
    const alsoOnASecondSocket = (line: Line, text: string): void => {
      const second = seconds.get(line);
      if (!second) return;
      overSecond += 1;
      const [, ...rest] = JSON.parse(text.slice(text.indexOf('['))) as readonly unknown[];
      second.socket.say(`42${100_000 + overSecond}${JSON.stringify([second.h, ...rest])}`);
    };
    fleet.proxy.weather = {
      up(frame, line) {
        const { text = '' } = frame;
        const [, body] = /^42\d+\["join",(.*)\]$/s.exec(text) ?? [];
        if (body) {
          const { page, component_id, state } = JSON.parse(body);
          tickets.set(line, { page, component_id, state });
          void openSecond(fleet.ports[(line.node + 1) % fleet.ports.length], JSON.parse(body)).then(
            (second) => second && seconds.set(line, second),
          );
        }
        const times = isEventFrame(frame) ? 1 + run.dice.below(5) : 1;
        copies += times - 1;
        for (let time = 0; time < times; time += 1) line.forwardUp(frame);
        if (!isEventFrame(frame)) return;
        alsoOverHttp(line, text);
        alsoOnASecondSocket(line, text);
      },
    };
    const load = await Load.open({ fleet, history, writers: run.size(15, 100), events: run.size(15, 50), atOnce: 2 });
    const done = await load.work(run.size(45_000, 120_000));
    const complaints = [...left(done), ...(await load.check())];
    load.close();
    return { complaints, figures: { copies, overHttp, overSecond, joinedTwice: seconds.size, ...figuresOf(history) } };
  },
};

const WINDOW = 8;
const WINDOW_MS = 15;

export const reorderedFrames: FaultCase = {
  id: 'K05',
  name: 'reordered-frames',
  fault: 'event frames are shuffled in windows of eight',
  invariant: "each client's events are applied in the order it asked for, none lost, none twice",
  ci: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { without: run.without } });
    const history = run.history();
    const held = new Map<Line, WireFrame[]>();
    let shuffled = 0;
    let gaps = 0;
    const release = (line: Line): void => {
      const frames = held.get(line) ?? [];
      held.delete(line);
      const mixed = run.dice.shuffle(frames);
      shuffled += mixed.filter((frame, index) => frame !== frames[index]).length;
      mixed.forEach(line.forwardUp);
    };
    fleet.proxy.weather = {
      up(frame, line) {
        if (!isEventFrame(frame)) return line.forwardUp(frame);
        const frames = held.get(line) ?? [];
        frames.push(frame);
        if (frames.length === 1) setTimeout(() => release(line), WINDOW_MS);
        held.set(line, frames);
        if (frames.length >= WINDOW) release(line);
      },
      down(frame, line) {
        if (frame.text?.includes('SEQ_GAP')) gaps += 1;
        line.forwardDown(frame);
      },
    };
    const load = await Load.open({
      fleet,
      history,
      writers: run.size(12, 50),
      events: run.size(40, 200),
      atOnce: WINDOW,
    });
    const done = await load.work(run.size(45_000, 120_000));
    const complaints = [...left(done), ...(await load.check())];
    load.close();
    return { complaints, figures: { shuffled, gaps, ...figuresOf(history) } };
  },
};

export const oneComponent: FaultCase = {
  id: 'K06',
  name: 'two-nodes-one-component',
  fault: 'many clients on two nodes change one component at the same time',
  invariant: 'no update is lost and all who look at it end at the same version',
  ci: true,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { without: run.without } });
    const history = run.history();
    const [clickers, events] = [run.size(24, 200), run.size(15, 25)];
    const load = await Load.open({ fleet, history, clickers, counters: 1, events });
    const began = performance.now();
    const done = await load.work(run.size(45_000, 130_000));
    const perSecond = Math.round((clickers * events * 1_000) / (performance.now() - began));
    const complaints = [...left(done), ...(await load.check())];
    load.close();
    const contended = history.count('retry', 'CONTENTION');
    return { complaints, figures: { perSecond, contended, ...figuresOf(history) } };
  },
};
