import { Computed, LiveComponent, OnEvent, State } from 'nest-live';

export type Hook =
  | 'constructor'
  | 'onMount'
  | 'onHydrate'
  | 'onUpdate'
  | 'handler'
  | 'beforeRender'
  | 'computed'
  | 'helper'
  | 'onDehydrate'
  | 'onDestroy';

export type Break = 'throws' | 'rejects' | 'throws no error' | 'throws nothing' | 'never settles';

/** Which hook of the component breaks, and how; none until a test says so. */
export class Plan {
  static hook?: Hook;
  static way: Break = 'throws';
  static destroyed = 0;

  static clear(): void {
    Plan.hook = undefined;
    Plan.destroyed = 0;
  }

  static at(hook: Hook): unknown {
    if (Plan.hook !== hook) return undefined;
    switch (Plan.way) {
      case 'throws':
        throw new Error(`hunter2 in ${hook}`);
      case 'rejects':
        return Promise.reject(new Error(`hunter2 in ${hook}`));
      case 'throws no error':
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- authors do
        throw 'hunter2';
      case 'throws nothing':
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- authors do
        throw undefined;
      case 'never settles':
        return new Promise(() => undefined);
    }
  }
}

/** Runs code of the author's at every point of the lifecycle. */
@LiveComponent('fragile', {
  template: '<div><output>{{count}}</output> {{doubled}} {{note}} {{breaking}}</div>',
})
export class Fragile {
  @State() count = 0;
  @State({ bind: true }) note = '';

  constructor() {
    void Plan.at('constructor');
  }

  @Computed()
  get doubled(): number {
    void Plan.at('computed');
    return this.count * 2;
  }

  onMount(): unknown {
    return Plan.at('onMount');
  }

  onHydrate(): unknown {
    return Plan.at('onHydrate');
  }

  onUpdate(): unknown {
    return Plan.at('onUpdate');
  }

  beforeRender(): unknown {
    return Plan.at('beforeRender');
  }

  onDehydrate(): unknown {
    return Plan.at('onDehydrate');
  }

  onDestroy(): unknown {
    Plan.destroyed += 1;
    return Plan.at('onDestroy');
  }

  @OnEvent()
  step(): unknown {
    this.count += 1;
    return Plan.at('handler');
  }
}
