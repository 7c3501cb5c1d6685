import { describe, expect, it } from '@jest/globals';
import { LiveCaller } from 'nest-live';
import type { Viewer } from 'nest-live/extend';

import { Attendance } from './attendance.js';
import { guestOf, type Guest } from './person.js';
import { readPresenceMessage } from './presence-message.js';
import { Presence } from './presence.js';

const callerOf = (id: string, tenant?: string): LiveCaller =>
  new LiveCaller({ user: id === '' ? undefined : { id }, sessionId: `s-${id}`, tenant });

const guest = (id: string, since = 1): Guest => ({ ...guestOf(callerOf(id), undefined), since });

const viewerOf = (id: string): Viewer => ({ held: { id } }) as unknown as Viewer;

describe('Presence', () => {
  it('lists each user once, who came first first, and says whether anything is different', () => {
    const presence = new Presence();
    expect(presence.put('lobby', 'one', [guest('bob', 5), guest('ada', 3)])).toBe(true);
    expect(presence.put('lobby', 'two', [guest('ada', 1)])).toBe(false);
    expect(presence.list('lobby', 'server').map(({ id, since }) => [id, since])).toEqual([
      ['ada', 1],
      ['bob', 5],
    ]);
    expect(presence.put('lobby', 'one', [])).toBe(true);
    expect(presence.put('lobby', 'one', [])).toBe(false);
    expect(presence.count('lobby', callerOf('ada'))).toBe(1);
    presence.put('lobby', 'two', []);
    expect([presence.topicsOf('one'), presence.topicsOf('two')]).toEqual([[], []]);
  });

  it('counts anonymous visitors for everybody and lists nobody for them', () => {
    const presence = new Presence();
    presence.put('lobby', 'one', [guest('ada'), guest('')]);
    expect(presence.list('lobby', callerOf('bob')).map(({ id }) => id)).toEqual(['ada']);
    expect([presence.list('lobby', callerOf('')), presence.count('lobby', callerOf(''))]).toEqual([[], 2]);
  });

  it('takes no more about a person than a name needs, and no session for a name', () => {
    expect(() => guestOf(callerOf('ada'), 'x'.repeat(1_001))).toThrow(RangeError);
    expect(JSON.stringify(guestOf(callerOf(''), undefined))).not.toContain('s-');
  });
});

describe('Attendance', () => {
  it('counts one that leaves twice as one that left', () => {
    const attendance = new Attendance();
    const [first, second] = [viewerOf('a'), viewerOf('b')];
    attendance.enter(first, { topic: 'lobby', guest: guest('ada') });
    attendance.enter(second, { topic: 'lobby', guest: guest('ada') });
    expect([attendance.leave(first), attendance.leave(first)]).toEqual(['lobby', undefined]);
    expect(attendance.people('lobby').map(({ id }) => id)).toEqual(['ada']);
    expect(attendance.leave(second)).toBe('lobby');
    expect([attendance.topics, attendance.people('lobby')]).toEqual([[], []]);
  });
});

describe('a message of another node', () => {
  it('is taken field by field, and as nothing where a field is not what it should be', () => {
    const said = { kind: 'said', node: 'one', v: 1, topic: 'lobby', people: [guest('ada')] };
    expect(readPresenceMessage({ ...said, extra: true })).toEqual(said);
    for (const wrong of [
      { v: 1.5 },
      { topic: '' },
      { people: [{}] },
      { people: 'ada' },
      { node: 7 },
      { kind: 'shout' },
    ]) {
      expect(readPresenceMessage({ ...said, ...wrong })).toBeUndefined();
    }
  });
});
