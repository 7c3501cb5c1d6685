import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsDate, IsIn, IsNumber, IsOptional } from 'class-validator';
import { LiveComponent, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('wishes', {
  template: '<p>{{amount}} {{day}} {{size}} {{must}} {{count}} {{unsaid}} {{either}}</p>',
})
class Wishes {
  @State({ bind: true }) @IsOptional() @IsNumber() amount: number | null = 5;
  @State({ bind: true }) @IsOptional() @IsDate() day: Date | null = new Date('2026-03-01T00:00:00.000Z');
  @State({ bind: true }) @IsOptional() @IsIn(['s', 'm']) size: 's' | 'm' | null = 's';
  @State({ bind: true }) @IsNumber() must: number | null = 5;
  @State({ bind: true }) count: number = 5;
  @State({ bind: true }) unsaid = 5;
  @State({ bind: true }) either: number | null = 5;
}

describe('a bound field that may be nothing', () => {
  let live: LiveTest;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [Wishes] });
  });

  afterAll(() => live.close());

  it.each(['amount', 'day', 'size'])('is emptied, and filled again, as %s', async (name) => {
    const wishes = await live.mount(Wishes);
    const before = wishes.state[name as keyof Wishes];
    await wishes.fill({ [name]: null });
    expect(wishes.state[name as keyof Wishes]).toBeNull();
    await wishes.fill({ [name]: before instanceof Date ? before.toISOString() : before });
    expect(wishes.state[name as keyof Wishes]).toEqual(before);
  });

  it.each(['must', 'count', 'unsaid', 'either'])(
    'stays what it is where its class does not allow it, as %s',
    async (name) => {
      const wishes = await live.mount(Wishes);
      const answer = await wishes.fill({ [name]: null });
      expect(answer).toMatchObject({
        ok: false,
        error: { code: 'VALIDATION_FAILED', fields: { [name]: expect.anything() } },
      });
      expect(wishes.state[name as keyof Wishes]).toBe(5);
    },
  );
});
