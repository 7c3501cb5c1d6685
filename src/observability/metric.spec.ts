import { describe, expect, it } from '@jest/globals';

import { Counter, Gauge, Histogram } from './metric.js';
import { Metrics } from './metrics.js';

describe('a counter', () => {
  it('counts by its labels and sums over those not asked for', () => {
    const events = new Counter('events_total', 'Events.', ['component', 'event', 'code']);
    events.add('list', 'add', 'OK');
    events.add('list', 'add', 'OK');
    events.add('list', 'add', 'FORBIDDEN');
    events.add('cart', 'add', 'OK');
    expect([events.value(), events.value('list'), events.value('list', 'add', 'OK')]).toEqual([4, 3, 2]);
    expect(events.text()).toBe(
      [
        '# HELP events_total Events.',
        '# TYPE events_total counter',
        'events_total{component="list",event="add",code="OK"} 2',
        'events_total{component="list",event="add",code="FORBIDDEN"} 1',
        'events_total{component="cart",event="add",code="OK"} 1',
      ].join('\n'),
    );
  });

  it('without labels is zero before anything happened', () => {
    expect(new Counter('conflicts_total', 'Conflicts.').text()).toContain('\nconflicts_total 0');
  });

  it('folds what is too much into one label instead of growing for ever', () => {
    const counter = new Counter('x_total', 'X.', ['name']);
    for (let i = 0; i < 6_000; i += 1) counter.add(`name-${i}`);
    expect(counter.text().split('\n').length).toBeLessThan(5_010);
    expect(counter.value('other')).toBe(1_000);
    expect(counter.value()).toBe(6_000);
  });

  it('keeps a label inside its quotes', () => {
    const counter = new Counter('x_total', 'X.', ['name']);
    counter.add('a"} 1\nevil{b="');
    expect(counter.text().split('\n')).toHaveLength(3);
  });
});

describe('a histogram', () => {
  it('says how many were at most as much as each bucket', () => {
    const seconds = new Histogram('took_seconds', 'Took.', { buckets: [0.1, 1], label: 'component' });
    [0.05, 0.1, 0.5, 7].forEach((value) => seconds.observe(value, 'list'));
    expect(seconds.text().split('\n').slice(2)).toEqual([
      'took_seconds_bucket{component="list",le="0.1"} 2',
      'took_seconds_bucket{component="list",le="1"} 3',
      'took_seconds_bucket{component="list",le="+Inf"} 4',
      'took_seconds_sum{component="list"} 7.65',
      'took_seconds_count{component="list"} 4',
    ]);
  });
});

describe('a gauge', () => {
  it('is read when it is asked for', () => {
    let depth = 1;
    const gauge = new Gauge('depth', 'Depth.', () => depth);
    depth = 5;
    expect(gauge.text()).toContain('\ndepth 5');
  });
});

describe('the metrics of a node', () => {
  const refusal = (code: string) => ({ reply: { ok: false, error: { code } } }) as never;

  it('never take a name that nobody has registered for a label', async () => {
    const metrics = new Metrics();
    const asked = { kind: 'event', envelope: { component: 'made-up', event: 'made-up-too' } };
    await metrics.measure(asked, () => Promise.resolve(refusal('UNKNOWN_COMPONENT')));
    await metrics.measure({ kind: 'event', envelope: { component: 'list', event: 'made-up-too' } }, () =>
      Promise.resolve(refusal('UNKNOWN_EVENT')),
    );
    expect(metrics.text()).not.toContain('made-up');
    expect(metrics.events.value('list', 'unknown', 'UNKNOWN_EVENT')).toBe(1);
  });

  it('count what runs until it is answered, or fails', async () => {
    const metrics = new Metrics();
    const asked = { kind: 'mount', envelope: { component: 'list' } };
    await expect(
      metrics.measure(asked, () => {
        expect(metrics.running).toBe(1);
        return Promise.reject(new Error('no answer'));
      }),
    ).rejects.toThrow('no answer');
    expect(metrics.running).toBe(0);
  });
});
