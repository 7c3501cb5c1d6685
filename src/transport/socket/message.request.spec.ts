import { describe, expect, it } from '@jest/globals';

import { liveRequest } from '../../lifecycle/caller/live-request.js';
import { MessageRequest, requestClass } from './message.request.js';

const connection = () => {
  const request = { method: 'GET', headers: { cookie: 'a=1' } };
  const made: object[] = [];
  const Sent = requestClass(request);
  const wholeRequest = (body: unknown, user: unknown): object => {
    made.push(new Sent(body, user));
    return made.at(-1)!;
  };
  return { raw: undefined, made, wholeRequest };
};

describe('the request of a message', () => {
  it('is made when somebody asks for it, and is the same one from then on', () => {
    const { made, ...from } = connection();
    const asked = new MessageRequest(from, { n: 1 }, { id: 'ada' });
    expect([asked.user, made.length]).toEqual([{ id: 'ada' }, 0]);
    const request = liveRequest(asked);
    expect([liveRequest(asked), asked.whole]).toEqual([made[0], made[0]]);
    expect(made).toHaveLength(1);
    expect(request).toMatchObject({ method: 'LIVE', body: { n: 1 }, user: { id: 'ada' }, headers: { cookie: 'a=1' } });
  });
});
