import { describe, expect, it } from '@jest/globals';
import { Live, LiveContext, OnOutput, output } from 'nest-live';

import { listenersOf } from './output.js';

const said = output<{ readonly id: string }>('a:said');
const done = output('a:done');
const told = output<string>('a:told');

class Hears {
  id = '';

  @OnOutput(said)
  anything(): void {}

  @OnOutput(done)
  end(): void {}

  @OnOutput(told)
  take(text: string, @Live() live: LiveContext): void {
    this.id = text + live.id;
  }
}

describe('@OnOutput()', () => {
  it('takes a method with what was said, or without', () => {
    expect([...listenersOf(Hears.prototype)]).toEqual([
      ['a:said', 'anything'],
      ['a:done', 'end'],
      ['a:told', 'take'],
    ]);
  });

  it('takes no method that wants something else', () => {
    class Wrong {
      hear(id: number): number {
        return id;
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Wrong.prototype, 'hear') as TypedPropertyDescriptor<
      (id: number) => number
    >;
    // @ts-expect-error -- a number is no text
    OnOutput(told)(Wrong.prototype, 'hear', descriptor);
    expect(listenersOf(Wrong.prototype).get('a:told')).toBe('hear');
  });
});
