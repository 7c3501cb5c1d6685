import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as nest from '@nestjs/common';
import { ParseIntPipe, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { type } from 'arktype';
import { LiveComponent, OnEvent, Payload, State, type OnMount, type Reply, type StandardSchema } from 'nest-live';
import { FormComponent } from 'nest-live/forms';
import * as v from 'valibot';
import { z } from 'zod';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';

interface Step {
  by: number;
  size?: { width: number };
  twice?: boolean;
}

const byZod = z.object({
  by: z.number().max(10),
  size: z.object({ width: z.number() }).optional(),
  twice: z.boolean().optional(),
});
const byValibot = v.object({
  by: v.pipe(v.number(), v.maxValue(10)),
  size: v.optional(v.object({ width: v.number() })),
  twice: v.optional(v.boolean()),
});
const byArktype = type({ by: 'number <= 10', 'size?': { width: 'number' }, 'twice?': 'boolean' });
const ofId = z.string().transform((text) => Number(text) * 2);

const SCHEMAS: Record<string, StandardSchema<Step>> = { zod: byZod, valibot: byValibot, arktype: byArktype };

/** As nestjs-zod makes one: a class that carries its schema. */
class StepDto {
  static readonly isZodDto = true;
  static readonly schema = byZod.transform((step) => ({ ...step, by: step.by + 100 }));
  declare by: number;
}

/** As the pipe of that library, which hands on what the schema has made. */
class OfItsLibrary implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    return metatype === StepDto ? StepDto.schema.parse(value) : value;
  }
}

/** A page need not say it. */
const propsOf = (schema: StandardSchema<Step>): StandardSchema =>
  schema === byZod ? byZod.partial() : schema === byValibot ? v.partial(byValibot) : byArktype.partial();

const deskOf = (name: string, schema: StandardSchema<Step>): Type<object>[] => {
  @LiveComponent(name, { template: '<form>{{said}}</form>', props: propsOf(schema), publicProps: ['by'] })
  class Desk implements OnMount<Step> {
    @State() said = '';

    onMount({ by }: Step): void {
      this.said = `${typeof by} ${by}`;
    }

    @OnEvent()
    add(@Payload({ schema }) step: Step): void {
      this.said = `${step.by} ${step.size?.width ?? '-'} ${step.twice ?? '-'}`;
    }

    @OnEvent()
    twice(@Payload('id', { schema: ofId }) id: number): void {
      this.said = `${typeof id} ${id}`;
    }

    @OnEvent()
    piped(@Payload('id', { schema: z.string().min(2), pipes: [ParseIntPipe] }) id: number): void {
      this.said = `${typeof id} ${id}`;
    }

    @OnEvent()
    byClass(@Payload() step: StepDto): void {
      this.said = `${step.by}`;
    }
  }

  @LiveComponent(`${name}-form`, { template: '<form>{{json fieldErrors}} {{taken}}</form>' })
  class StepForm extends FormComponent<Step> {
    @State() taken = '';
    protected readonly dto = schema;

    protected onSubmit({ by, size, twice }: Step): void {
      this.taken = `${typeof by} ${by} ${size?.width ?? '-'} ${String(twice)}`;
    }
  }
  return [Desk, StepForm];
};

const ROWS = Object.entries(SCHEMAS).flatMap(([library, schema]) => [
  { library, schema, globals: 'no global pipe', pipes: [] as PipeTransform[] },
  { library, schema, globals: 'the pipe of its library', pipes: [new OfItsLibrary()] },
  { library, schema, globals: "Nest's ValidationPipe", pipes: [new nest.ValidationPipe({ transform: true })] },
  {
    library,
    schema,
    globals: "Nest's StandardSchemaValidationPipe",
    pipes: [
      new (nest as unknown as { StandardSchemaValidationPipe: Type<PipeTransform> }).StandardSchemaValidationPipe(),
    ],
  },
]);

describe.each(ROWS.map((row, i) => ({ ...row, platform: PLATFORMS[i % 2] })))(
  'a schema of $library with $globals on $platform',
  ({ schema, pipes, platform }) => {
    let running: RunningApp;

    beforeAll(async () => {
      running = await RunningApp.start({
        platform,
        providers: deskOf('desk', schema),
        configure: (app) => app.useGlobalPipes(...pipes),
        options: { limits: { eventsPerSecondPerCaller: 0 }, rendering: { helpers: { json: JSON.stringify } } },
      });
    });

    afterAll(() => running.close());

    const shown = (reply: Reply): string =>
      reply.ok
        ? (/>([^<]*)<\/form>/.exec(reply.html ?? '')?.[1] ?? '')
        : `${reply.error.code} ${Object.keys(reply.error.fields ?? {})
            .sort()
            .join()}`;

    it.each(WAYS)('reads a payload over $way', async ({ open }) => {
      const say = async (event: string, payload: unknown): Promise<string> => {
        const driver = await open(running.url, 'desk');
        const reply = await driver.send({ event, payload });
        driver.close();
        return shown(reply);
      };
      expect(await say('add', { by: 4, size: { width: 2 } })).toBe('4 2 -');
      expect(await say('add', { by: 11, size: { width: 'x' } })).toBe('VALIDATION_FAILED by,size.width');
      expect(await say('add', null)).toMatch(/^VALIDATION_FAILED/);
      expect(await say('twice', { id: '21' })).toBe('number 42');
      expect(await say('twice', { id: 21 })).toBe('VALIDATION_FAILED id');
      expect(await say('piped', { id: '21' })).toBe('number 21');
      expect(await say('piped', { id: '2' })).toBe('VALIDATION_FAILED id');
      expect(await say('byClass', { by: 4 })).toBe('104');
      expect(await say('byClass', { by: 'x' })).toBe('VALIDATION_FAILED by');
    });

    it('reads the text of a form', async () => {
      const visitor = new HttpVisitor(running.url);
      const say = async (component: string, fields: Record<string, string>): Promise<string> => {
        const { state } = await visitor.mount(component);
        const sent = { ...fields, state, page: visitor.page };
        return shown((await visitor.form(component, sent, { accept: 'application/json' })).reply);
      };
      expect(await say('desk', { event: 'add', by: '4', twice: 'on' })).toBe('4 - true');
      expect(await say('desk', { event: 'add', by: 'four' })).toBe('VALIDATION_FAILED by');
      expect(await say('desk', { event: 'twice', id: '21' })).toBe('number 42');
      expect(await say('desk-form', { event: 'submit', by: '4', 'size[width]': '2' })).toBe('{} number 4 2 false');
      expect(await say('desk-form', { event: 'submit', by: '11', twice: 'on' })).toMatch(/^{&quot;by&quot;:\[.*\]} $/);
    });

    it('reads props', async () => {
      const visitor = new HttpVisitor(running.url);
      expect((await visitor.mount('desk', 'by=7')).html).toContain('number 7');
      const { reply } = await visitor.send('GET', '/components/desk?by=70');
      expect(reply).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
    });
  },
);

describe('a class without any rule', () => {
  class Nothing {
    declare by: number;
  }

  const start = (component: Type<object>) => RunningApp.start({ providers: [component] });

  it('is an error at the start, for a payload', async () => {
    @LiveComponent('desk', { template: '<div></div>' })
    class Desk {
      @OnEvent()
      add(@Payload() _step: Nothing): void {}
    }
    await expect(start(Desk)).rejects.toThrow(/Nothing, parameter 1 of Desk\.add\(\).*DTO_WITHOUT_RULES/);
  });

  it('is one for props and forms, too', async () => {
    @LiveComponent('desk', { template: '<div></div>', props: Nothing })
    class Desk {}
    await expect(start(Desk)).rejects.toThrow(/Nothing, the props of Desk.*DTO_WITHOUT_RULES/);

    @LiveComponent('entry', { template: '<form></form>' })
    class Entry extends FormComponent<Nothing> {
      protected readonly dto = Nothing;
      protected onSubmit(): void {}
    }
    await expect(start(Entry)).rejects.toThrow(/Nothing, the dto of Entry.*DTO_WITHOUT_RULES/);
  });

  it('is none where a pipe of the author reads it', async () => {
    @LiveComponent('desk', { template: '<div></div>' })
    class Desk {
      @OnEvent()
      add(@Payload(ParseIntPipe) _step: Nothing): void {}
    }
    await (await start(Desk)).close();
  });
});
