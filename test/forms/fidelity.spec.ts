import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeForm } from 'nest-live/forms';
import { LiveTest } from 'nest-live/testing';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { ENTERED, received, Survey, SurveyForm } from './survey.component.js';

type Pairs = readonly (readonly [name: string, value: string])[];

/** What a browser puts into a form-encoded body. */
const PAIRS: Pairs = [
  ['secret', 'kept'],
  ['name', 'Zoë “O’Hara” <b> & 100 % + café'],
  ['text', 'one\r\ntwo\r\n\r\n three'],
  ['count', '3'],
  ['amount', '2.5'],
  ['maybe', ''],
  ['cleared', ''],
  ['note', ''],
  ['scale', '7'],
  ['agreed', 'on'],
  ['valued', 'yes'],
  ['colours', 'red'],
  ['colours', 'blue'],
  ['drink', 'coffee'],
  ['level', '2'],
  ['numbers[]', '1'],
  ['numbers[]', '3'],
  ['aliases[]', 'ada'],
  ['aliases[]', 'countess'],
  ['place[city]', 'London'],
  ['place.zip', '0042'],
  ['rows[0][name]', 'Tea'],
  ['rows[0][price]', '3.5'],
  ['rows[0][gift]', 'on'],
  ['rows[0][tags][]', 'hot'],
  ['rows[0][tags][]', 'green'],
  ['rows.1.name', 'Jam'],
  ['rows.1.price', '4'],
  ['day', '2026-03-01'],
  ['moment', '2026-03-01T14:30'],
  ['never', ''],
  ['days', '2026-01-01'],
  ['days', '2026-01-02'],
  ['time', '09:15'],
  ['photo', ''],
  ['intent', 'save'],
];

/** The same, as our client reads the form. */
const fromClient = (): Record<string, unknown> => {
  const payload: Record<string, unknown> = {};
  for (const [name, value] of PAIRS) {
    const all = PAIRS.filter(([other]) => other === name).map(([, one]) => one.replaceAll('\r\n', '\n'));
    payload[name] = all.length > 1 ? all : value.replaceAll('\r\n', '\n');
  }
  return { ...payload, agreed: true, declined: false, nothing: [], 'place[main]': false, 'rows.1.gift': false };
};

const expected = Object.assign(new Survey(), ENTERED);

describe('A form’s fields', () => {
  let live: LiveTest;

  const submit = async (fields: object): Promise<Readonly<Record<string, readonly string[]>>> => {
    const form = await live.mount(SurveyForm);
    await form.emit('submit', fields);
    expect(form.error).toBeUndefined();
    return form.state.fieldErrors ?? {};
  };

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [SurveyForm] });
  });

  afterAll(() => live.close());

  afterEach(() => {
    received.survey = undefined;
  });

  it('reach the DTO as our client reads them', async () => {
    expect(await submit(fromClient())).toEqual({});
    expect(received.survey).toEqual(expected);
  });

  it('reach the DTO as JSON that has their types and shape already', async () => {
    expect(await submit(JSON.parse(JSON.stringify(expected)))).toEqual({});
    expect(received.survey).toEqual(expected);
  });

  it.each<readonly [what: string, field: keyof Survey, given: unknown, wanted: unknown]>([
    ['an empty number', 'maybe', '', undefined],
    ['blanks for a number', 'maybe', '  ', undefined],
    ['an empty number that may be null', 'cleared', '', null],
    ['a nought', 'maybe', '0', 0],
    ['a negative number', 'maybe', '-1.5', -1.5],
    ['a number with an exponent', 'maybe', '1e3', 1000],
    ['an emptied optional text', 'note', '', undefined],
    ['a box', 'agreed', 'on', true],
    ['a box as a boolean', 'agreed', true, true],
    ['a box that says no', 'agreed', 'false', false],
    ['a box behind a hidden field', 'agreed', ['false', 'true'], true],
    ['a hidden field whose box is not checked', 'agreed', 'false', false],
    ['a group of which one is checked', 'colours', 'red', ['red']],
    ['a group of which none is checked', 'colours', undefined, []],
    ['a hidden empty field for a group', 'colours', '', []],
    ['choices that are numbers', 'numbers', ['1', '2'], [1, 2]],
    ['one choice that is a number', 'numbers', '2', [2]],
    ['a list by numbers out of order', 'aliases', { 10: 'b', 2: 'a' }, ['a', 'b']],
    ['a list with a far number', 'aliases', { 4294967295: 'a' }, ['a']],
    ['a day', 'day', '2026-02-28', new Date('2026-02-28T00:00:00Z')],
    ['a time with seconds', 'moment', '2026-02-28T10:11:12', new Date('2026-02-28T10:11:12Z')],
    ['a time with a zone', 'moment', '2026-02-28T10:11+02:00', new Date('2026-02-28T08:11:00Z')],
    ['a month', 'day', '2026-02', new Date('2026-02-01T00:00:00Z')],
    ['an empty day', 'never', '', undefined],
  ])('reach the DTO right: %s', async (_, field, given, wanted) => {
    expect(await submit({ ...fromClient(), [field]: given })).toEqual({});
    expect(received.survey?.[field]).toEqual(wanted);
  });

  it.each<readonly [what: string, field: string, given: unknown]>([
    ['a word for a number', 'count', 'three'],
    ['a number as only programs write it', 'count', '0x10'],
    ['a number without an end', 'amount', 'Infinity'],
    ['digits for pages, and then a letter', 'amount', `${'1'.repeat(16_000)}x`],
    ['a boolean for a number', 'count', true],
    ['a word among numbers', 'numbers', ['1', 'two']],
    ['another word for a box', 'agreed', 'perhaps'],
    ['a number for a box', 'agreed', 1],
    ['a 30th of February', 'day', '2026-02-30'],
    ['a 13th month', 'day', '2026-13-01'],
    ['a 25th hour', 'moment', '2026-02-28T25:00'],
    ['a date as people say it', 'day', '1 March 2026'],
    ['a number for a date', 'day', 0],
    ['a number for a text', 'name', 5],
    ['a choice that is none', 'level', '3'],
    ['an emptied number that is needed', 'count', ''],
  ])('are refused at their field: %s', async (_, field, given) => {
    expect(Object.keys(await submit({ ...fromClient(), [field]: given }))).toEqual([field]);
    expect(received.survey).toBeUndefined();
  });

  it.each<readonly [fields: Record<string, unknown>, tree: object]>([
    [{ a: '1' }, { a: '1' }],
    [{ 'a[b][0]': 'x', 'a[b][1]': 'y' }, { a: { b: { 0: 'x', 1: 'y' } } }],
    [{ 'items.0.price': '3' }, { items: { 0: { price: '3' } } }],
    [{ 'tags[]': ['x', 'y'] }, { tags: ['x', 'y'] }],
    [{ 'a.b': '1', a: { c: '2' } }, { a: { b: '1', c: '2' } }],
    [{ a: '1', 'a.b': '2' }, { a: { b: '2' } }],
    [{ 'a.b': '2', a: '1' }, { a: { b: '2' } }],
    [{ 'a.1.c': '1', a: [{ b: '2' }] }, { a: { 0: { b: '2' }, 1: { c: '1' } } }],
    [{ a: [{ b: '2' }], 'a.1.c': '1' }, { a: { 0: { b: '2' }, 1: { c: '1' } } }],
    [{ 'a.b.c': '1', a: { b: { d: '2' } } }, { a: { b: { c: '1', d: '2' } } }],
    [{ 'a[b.c]': '1' }, { a: { 'b.c': '1' } }],
    [
      { 'a[': '1', 'a[]b': '2', '.a': '3', '': '4' },
      { 'a[': '1', 'a[]b': '2', '.a': '3', '': '4' },
    ],
    [{ toString: '1' }, { toString: '1' }],
  ])('make a tree of %j', (fields, tree) => {
    expect(decodeForm(fields)).toEqual(tree);
  });

  it.each(['__proto__', 'a[__proto__]', 'a.__proto__.b', 'constructor', 'a[prototype]', `a${'.b'.repeat(16)}`])(
    'that are named %s are refused',
    (name) => {
      expect(() => decodeForm(Object.fromEntries([[name, 'x']]))).toThrow(/the name of a field/);
      expect(() => decodeForm({ deep: JSON.parse('{"x": {"__proto__": 1}}') })).toThrow(/prototype/);
      expect(Object.prototype).not.toHaveProperty('b');
    },
  );
});

describe.each(PLATFORMS)('A form-encoded body on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ platform, providers: [SurveyForm] });
  });

  afterAll(() => running.close());

  it('reaches the DTO as the form says, and its errors come back with the form', async () => {
    const visitor = new HttpVisitor(running.url, { 'hx-request': 'true' });
    const { text } = await visitor.send('GET', '/components/survey');
    const tokens = [...text.matchAll(/name="(state|component_id)" value="([^"]*)"/g)];
    const body = new URLSearchParams(PAIRS.map(([...pair]) => pair));
    tokens.forEach(([, name = '', value = '']) => body.set(name, value));
    body.set('event', 'submit');
    const { status, text: answer } = await visitor.send('POST', '/components/survey', { body });
    expect(answer).toContain('<output>1</output><pre>{}</pre>');
    expect(status).toBe(200);
    expect(received.survey).toEqual(expected);
  });
});
