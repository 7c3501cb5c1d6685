import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, LivePublisher, OnTopic, State } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const VIEWERS = 12;
/** Each render takes longer than a piece of a round may. */
const RENDER_MS = 4;

/** Turns of the loop that others have had up to each render. */
let turns = 0;
let seen: number[] = [];

@LiveComponent('crowded', { template: '<p>{{news}}</p>' })
class Crowded {
  @State() news = 'none';

  @OnTopic('crowd')
  hear(news: string): void {
    this.news = news;
  }

  beforeRender(): void {
    seen.push(turns);
    const end = performance.now() + RENDER_MS;
    while (performance.now() < end);
  }
}

describe.each(PLATFORMS)('a push to many viewers on %s', (platform) => {
  let app: RunningApp;
  let timer: NodeJS.Immediate;

  beforeAll(async () => {
    app = await RunningApp.start({ platform, providers: [Crowded] });
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    count();
  });

  afterAll(async () => {
    clearImmediate(timer);
    await app.close();
  });

  it('lets others have their turn between two of them, and reaches each', async () => {
    const http = new HttpVisitor(app.url);
    const { component_id, state } = await http.mount('crowded');
    const joined = await http.ok('crowded', { state });
    const viewers = await Promise.all(
      Array.from({ length: VIEWERS }, () => SocketVisitor.connect(app.url, { headers: { cookie: http.cookie } })),
    );
    for (const viewer of viewers) {
      await viewer.ok('subscribe', { component: 'crowded', component_id, state: joined.state, page: http.page });
    }
    seen = [];
    await app.app.get(LivePublisher).broadcast('crowd', 'rain');
    const pushes = await Promise.all(viewers.map((viewer) => viewer.pushed()));
    pushes.forEach(({ html }) => expect(html).toContain('rain'));
    expect(seen).toHaveLength(VIEWERS);
    expect(new Set(seen).size).toBeGreaterThanOrEqual(VIEWERS - 1);
    viewers.forEach((viewer) => viewer.close());
  });
});
