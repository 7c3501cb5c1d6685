import { describe, expect, it } from '@jest/globals';

import { isFormEncoded } from '../../protocol/form-encoding.js';
import { isPlainForm, readPlainEnvelope, readPlainForm } from './plain-form.js';

const OWN = { $event: 'save', $state: 'token', $page: 'life', $place: 'one:2 3' };

const payloadOf = (body: object): unknown => (readPlainEnvelope({ ...OWN, ...body }) as { payload: unknown }).payload;

describe('the body of a form without scripts', () => {
  it('is told by its hidden inputs', () => {
    expect([OWN, { event: 'save' }, null, 'text', [OWN]].map(isPlainForm)).toEqual([true, false, false, false, false]);
  });

  it('becomes an envelope whose number is the form’s own', () => {
    const envelope = readPlainEnvelope({ ...OWN, state: 'Texas', page: '7', seq: '9' });
    expect(envelope).toEqual({
      event: 'save',
      state: 'token',
      page: 'life',
      seq: 1,
      payload: { state: 'Texas', page: '7', seq: '9' },
    });
    expect(isFormEncoded((envelope as { payload: unknown }).payload)).toBe(true);
  });

  it('has the names that stand in the form, whatever a body parser has made of them', () => {
    expect(payloadOf({ a: { b: ['1', '2'] }, rows: [{ name: 'x' }, { name: 'y' }], 'dots.0': 'z' })).toEqual({
      'a[b]': ['1', '2'],
      'rows[0][name]': 'x',
      'rows[1][name]': 'y',
      'dots.0': 'z',
    });
  });

  it('is read as the controls are: a box, a list, a file, ends of lines', () => {
    const kinds = { $kinds: 'on? off? rows%5B0%5D%5Bok%5D? tags%5B%5D* none* photo-' };
    const body = { on: 'on', rows: [{ ok: 'on' }], tags: 'one', photo: 'a.png', text: 'a\r\nb' };
    expect(payloadOf({ ...kinds, ...body })).toEqual({
      on: true,
      off: false,
      'rows[0][ok]': true,
      'tags[]': ['one'],
      none: [],
      text: 'a\nb',
    });
  });

  it('is what its button says, where that has an event of its own', () => {
    const envelope = readPlainEnvelope({ ...OWN, $event: ['drop {"id":7}', 'save'], text: 'x' });
    expect(envelope).toMatchObject({ event: 'drop', payload: { id: 7 } });
    expect(readPlainEnvelope({ ...OWN, $event: 'drop no json' })).toMatchObject({ payload: 'no json' });
  });

  it('keeps what was entered for the next page, without what is nobody’s business', () => {
    const { entered, place, index, life } = readPlainForm({ ...OWN, $kinds: 'pin!', pin: '1234', text: 'x' }, 'one');
    expect({ entered, place, index, life }).toEqual({ entered: { text: 'x' }, place: 'one:2', index: 3, life: 'life' });
  });

  it('keeps no secret of several under one name, whatever a body parser has made of it', () => {
    const kinds = { $kinds: 'card%5B%5D!' };
    for (const name of ['card', 'card[]']) {
      expect(readPlainForm({ ...OWN, ...kinds, [name]: ['4111', '4222'], text: 'x' }, 'one').entered).toEqual({
        text: 'x',
      });
    }
  });

  it('reaches no prototype', () => {
    const body = JSON.parse('{"__proto__": {"admin": "1"}, "constructor": "x"}') as object;
    const payload = payloadOf(body) as { admin?: unknown };
    expect(payload.admin).toBeUndefined();
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});
