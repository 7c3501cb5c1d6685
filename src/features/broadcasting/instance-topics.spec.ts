import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, Payload, State, type OnMount } from 'nest-live';

import { RunningApp } from '../../../test/e2e/running-app.js';
import { SocketVisitor } from '../../../test/e2e/socket.visitor.js';

@LiveComponent('room', { template: '<p>{{room}}: {{said}}</p>', publicProps: ['hall'] })
class Room implements OnMount {
  static heard = 0;

  @State() room = 'lobby';
  @State() said = '';

  constructor(private readonly publisher: LivePublisher) {}

  onMount(): void {}

  @OnEvent()
  enter(@Payload('room') room: string): void {
    this.room = room;
  }

  @OnEvent()
  async post(@Payload('text') text: string): Promise<void> {
    this.said = text;
    await this.publisher.broadcast(`chat.${this.room}`, text);
  }

  @OnTopic(({ room }: { room: string }) => `chat.${room}`)
  hear(text: string): void {
    Room.heard += 1;
    this.said = text;
  }

  @OnTopic(({ hall }: { hall?: string }) => (hall === undefined ? undefined : [`hall.${hall}`, 'halls']))
  shout(text: string): void {
    this.said = text;
  }
}

describe('topics of an instance', () => {
  let running: RunningApp;
  const visitors: SocketVisitor[] = [];

  const open = async (room: string): Promise<{ visitor: SocketVisitor; id: string }> => {
    const visitor = await SocketVisitor.connect(running.url);
    visitors.push(visitor);
    const { component_id: id } = await visitor.open('room');
    expect(await visitor.event(id, 'enter', { payload: { room } })).toMatchObject({ ok: true });
    return { visitor, id };
  };

  /** Everything that was told before has arrived when this has. */
  const settled = async ({ visitor, id }: { visitor: SocketVisitor; id: string }): Promise<number> => {
    const before = visitor.updates.length;
    await running.app.get(LivePublisher).push({ instance: id });
    await visitor.pushed(before + 1);
    return before;
  };

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Room] });
  });

  afterAll(async () => {
    visitors.forEach((visitor) => visitor.close());
    await running.close();
  });

  it('are told to those who listen, and to nobody else', async () => {
    const [tea, other, coffee] = [await open('tea'), await open('tea'), await open('coffee')];
    Room.heard = 0;
    await running.app.get(LivePublisher).broadcast('chat.tea', 'hot');
    await Promise.all([tea.visitor.pushed(1), other.visitor.pushed(1)]);
    expect(await settled(coffee)).toBe(0);
    expect(Room.heard).toBe(2);

    await coffee.visitor.event(coffee.id, 'enter', { payload: { room: 'tea' } });
    const shown = coffee.visitor.updates.length;
    await running.app.get(LivePublisher).broadcast('chat.tea', 'cold');
    await Promise.all([coffee.visitor.pushed(shown + 1), tea.visitor.pushed(2)]);
    expect(await settled(tea)).toBe(2);
  });

  it('send nothing where nothing has changed', async () => {
    const room = await open('still');
    await running.app.get(LivePublisher).broadcast('chat.still', 'once');
    await room.visitor.pushed(1);
    await running.app.get(LivePublisher).broadcast('chat.still', 'once');
    await running.app.get(LivePublisher).broadcast('chat.still', 'once');
    await running.app.get(LivePublisher).broadcast('chat.still', 'twice');
    expect(await room.visitor.pushed(2)).toMatchObject({ html: expect.stringContaining('twice') });
    expect(await settled(room)).toBe(2);
  });

  it('do not come back to whoever has told them', async () => {
    const [mine, theirs] = [await open('own'), await open('own')];
    const reply = await mine.visitor.event(mine.id, 'post', { payload: { text: 'hello' } });
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('hello') });
    expect(await theirs.visitor.pushed(1)).toMatchObject({ html: expect.stringContaining('hello') });
    expect(await settled(mine)).toBe(0);
  });
});
