import { afterEach, describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { IsAuthenticated, LiveComponent, OnEvent, Payload, State, type OnMount } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('score', { template: '<p><output>{{points}}</output> {{label}}</p>' })
class Score implements OnMount {
  @State() points = 0;
  @State({ bind: true }) label = '';

  onMount({ points = 0 }: { points?: number }): void {
    this.points = points;
  }

  @OnEvent()
  add(@Payload('by') by: number): void {
    this.points += by;
  }

  @OnEvent()
  fail(): void {
    this.points = -1;
    throw new Error('on purpose');
  }
}

@UseGuards(IsAuthenticated)
@LiveComponent('vault', { template: '<p>gold</p>' })
class Vault {}

describe('the testing kit', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  it('mounts, emits and shows state and HTML', async () => {
    live = await LiveTest.create({ providers: [Score] });
    const score = await live.mount(Score, { points: 5 });
    expect(score.state).toEqual({ points: 5, label: '' });

    await score.emit('add', { by: 2 });

    expect(score.state.points).toBe(7);
    expect(score.html).toContain('<output>7</output>');
    expect(score.version).toBe(1);
  });

  it('shows a refusal and lets the component go on', async () => {
    live = await LiveTest.create({ providers: [Score] });
    const score = await live.mount(Score);

    await score.emit('add', { by: 'two' });
    expect(score.error).toMatchObject({ code: 'VALIDATION_FAILED', fields: { by: ['must be a number'] } });

    await score.emit('fail');
    expect(score.error?.code).toBe('HANDLER_ERROR');

    await score.emit('add', { by: 1 });
    expect(score.error).toBeUndefined();
    expect(score.state.points).toBe(1);
  });

  it('writes bound fields', async () => {
    live = await LiveTest.create({ providers: [Score] });
    const score = await live.mount(Score);
    await score.fill({ label: 'home' });
    expect(score.state.label).toBe('home');
    await score.fill({ points: 100 });
    expect(score.error?.code).toBe('PROP_LOCKED');
  });

  it('applies the events of both tabs once each', async () => {
    live = await LiveTest.create({ providers: [Score] });
    const score = await live.mount(Score);
    const other = await score.openInAnotherTab();

    await score.emit('add', { by: 1 });
    await other.emit('add', { by: 10 });

    expect(other.state.points).toBe(11);
  });

  it('asks as a user', async () => {
    live = await LiveTest.create({ providers: [Vault] });
    await expect(live.mount(Vault)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const vault = await live.as({ id: 7 }).mount(Vault);
    expect(vault.html).toContain('gold');
  });
});
