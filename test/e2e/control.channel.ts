import { expect, jest } from '@jest/globals';
import { EventBus } from 'nest-live/extend';

import type { RunningApp } from './running-app.js';

const CONTROL = 'nest-live.control';

/** Where nodes tell each other whose login is over, as somebody sees it who can write on the bus. */
export class ControlChannel {
  readonly heard: unknown[] = [];
  private readonly buses: readonly EventBus[];

  constructor(nodes: readonly RunningApp[]) {
    this.buses = nodes.map(({ app }) => app.get(EventBus));
  }

  /** Whatever a node publishes here reaches nobody, until the mocks are restored. */
  lose(): void {
    for (const bus of new Set(this.buses)) {
      const publish = bus.publish.bind(bus);
      jest
        .spyOn(bus, 'publish')
        .mockImplementation((topic, message) => (topic === CONTROL ? Promise.resolve() : publish(topic, message)));
    }
  }

  async listen(): Promise<void> {
    await Promise.all(
      this.buses.map((bus) => bus.subscribe(CONTROL, (message) => void this.heard.push(message)).ready),
    );
  }

  /** Resolves once every node has heard so many messages. */
  async reaches(count: number): Promise<void> {
    const all = count * this.buses.length;
    while (this.heard.length < all) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(this.heard).toHaveLength(all);
  }

  async say(...messages: readonly unknown[]): Promise<void> {
    for (const message of messages) await this.buses[0].publish(CONTROL, message);
  }
}
