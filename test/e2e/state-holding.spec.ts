import { describe, expect, it } from '@jest/globals';
import { LiveComponent, OnTopic } from 'nest-live';

import { RunningApp } from './running-app.js';

describe('a component cannot start', () => {
  const starting = async (...providers: (new () => object)[]): Promise<string> => {
    const app = await RunningApp.start({ providers }).catch((error: unknown) => error as Error);
    if (app instanceof Error) return app.message;
    await app.close();
    return 'started';
  };

  it('whose page holds the state, and which listens to a topic', async () => {
    @LiveComponent('radio', { state: 'client', template: '<p></p>' })
    class Radio {
      @OnTopic('news')
      hear(): void {}
    }
    expect(await starting(Radio)).toMatch(/Radio\.hear listens to a topic.*HANDLER_UNSUPPORTED/s);
  });

  it('with effects whose events a page may repeat', async () => {
    @LiveComponent('payment', { state: { held: 'client', replay: 'allow' }, effects: true, template: '<p></p>' })
    class Payment {}
    expect(await starting(Payment)).toMatch(/Payment has effects.*OPTION_INVALID/s);
  });

  it('with a holder that does not exist', async () => {
    @LiveComponent('odd', { state: 'nobody' as never, template: '<p></p>' })
    class Odd {}
    expect(await starting(Odd)).toMatch(/state of Odd is "nobody".*OPTION_INVALID/s);
  });
});
