import { describe, expect, it } from '@jest/globals';

import { LiveComponent, Migrate } from './component.decorators.js';
import { readDefinition } from './component.metadata.js';
import { isWithinReach, migrate } from './migrations.js';
import type { ComponentDefinition } from './definition.js';

type Fields = Record<string, unknown>;

@LiveComponent('cart', { shape: 4 })
class Cart {
  static readonly currency = 'EUR';

  @Migrate(3)
  static third({ price, ...rest }: Fields): Fields {
    return { ...rest, price: { amount: price, currency: this.currency } };
  }

  @Migrate(2)
  static second({ cost, ...rest }: Fields): Fields {
    return { ...rest, price: cost };
  }
}

const definitionOf = (type: new () => object): ComponentDefinition => {
  const definition = readDefinition(type);
  if (!definition) throw new Error('no component');
  return definition;
};

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
  return 'none';
};

describe('migrations', () => {
  it('follow each other up to the present shape, whatever their order in the class', () => {
    const cart = definitionOf(Cart);
    expect(migrate(cart, { id: 1, cost: 5 }, 2)).toEqual({ id: 1, price: { amount: 5, currency: 'EUR' } });
    expect(migrate(cart, { id: 1, price: 5 }, 3)).toEqual({ id: 1, price: { amount: 5, currency: 'EUR' } });
  });

  it('reach as far back as there are steps, and never forward', () => {
    const cart = definitionOf(Cart);
    expect([0, 1, 2, 3, 4, 5].map((shape) => isWithinReach(cart, shape))).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('of a base class are its own and those of its heirs, not of its siblings', () => {
    @LiveComponent('basket', { shape: 5 })
    class Basket extends Cart {
      @Migrate(4)
      static fourth(fields: Fields): Fields {
        return { ...fields, heir: true };
      }
    }
    expect([...definitionOf(Basket).migrations.keys()].sort()).toEqual([2, 3, 4]);
    expect([...definitionOf(Cart).migrations.keys()].sort()).toEqual([2, 3]);
  });

  it('that cannot bring the state up to date leave it outdated', () => {
    const failing = (step: (fields: Fields) => object): string => {
      @LiveComponent('failing', { shape: 2 })
      class Failing {
        @Migrate(1)
        static step(fields: Fields): object {
          return step(fields);
        }
      }
      return refusal(() => migrate(definitionOf(Failing), {}, 1));
    };
    const nothing = (() => undefined) as never;
    expect(failing(nothing)).toMatch(/^STATE_OUTDATED Failing's migration of "failing" from shape 1 does not return/);
    expect(failing(() => [])).toMatch(/^STATE_OUTDATED/);
    expect(failing(async () => ({}))).toMatch(/^STATE_OUTDATED/);
    expect(
      failing(() => {
        throw new TypeError('no');
      }),
    ).toMatch(/^STATE_OUTDATED .* failed$/);
  });

  it('that lead nowhere, twice the same way or over a gap are refused', () => {
    const having = (shape: number, ...from: number[]): string => {
      class Wrong {
        static step(fields: Fields): Fields {
          return fields;
        }
      }
      const descriptor = Object.getOwnPropertyDescriptor(Wrong, 'step') as PropertyDescriptor;
      from.forEach((step) => Migrate(step)(Wrong, 'step', descriptor));
      LiveComponent('wrong', { shape })(Wrong);
      return refusal(() => readDefinition(Wrong));
    };
    expect(having(3, 1, 2)).toBe('none');
    for (const from of [3, 4, -1, 1.5, NaN]) expect(having(3, from)).toMatch(/^MIGRATION_INVALID Wrong\.step migrates/);
    expect(having(3, 2, 2)).toMatch(/^MIGRATION_INVALID Wrong\.step and Wrong\.step both migrate from shape 2/);
    expect(having(4, 1, 3)).toMatch(/^MIGRATION_INVALID .*Add @Migrate\(2\)/);
    expect(having(3, 1)).toMatch(/^MIGRATION_INVALID .*Add @Migrate\(2\)/);
  });

  it('work on data: a method of the instance is refused', () => {
    class Wrong {
      step(fields: Fields): Fields {
        return fields;
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Wrong.prototype, 'step') as PropertyDescriptor;
    expect(refusal(() => Migrate(1)(Wrong.prototype as never, 'step', descriptor))).toMatch(
      /^MIGRATION_INVALID Wrong\.step is not static/,
    );
  });
});
