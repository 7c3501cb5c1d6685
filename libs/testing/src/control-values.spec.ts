import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

/** What Chromium 140 makes of each: type, attributes, value, what the control holds. */
const TOLD = [
  ...([
    ['date', '', '2026-03-01T00:00', ''],
    ['date', '', '2026-02-30', ''],
    ['date', '', '12026-03-01', '12026-03-01'],
    ['date', '', '0000-01-01', ''],
    ['datetime-local', '', '2026-03-01', ''],
    ['datetime-local', '', '2026-03-01 10:00', '2026-03-01T10:00'],
    ['datetime-local', '', '2026-03-01T10:00:00.000', '2026-03-01T10:00'],
    ['datetime-local', '', '2026-03-01T10:00:05', '2026-03-01T10:00:05'],
    ['datetime-local', '', '2026-03-01T10:00:05.250Z', ''],
    ['datetime-local', '', '0050-01-01T10:00', '0050-01-01T10:00'],
    ['month', '', '2026-03-01', ''],
    ['month', '', '2026-03', '2026-03'],
    ['week', '', '2026-W53', '2026-W53'],
    ['week', '', '2025-W53', ''],
    ['time', '', '25:00', ''],
    ['time', '', '10:30:00.123456', ''],
    ['time', '', '10:30:00.120', '10:30:00.120'],
    ['number', '', 'abc', ''],
    ['number', '', '1,5', ''],
    ['number', '', '+1', ''],
    ['number', '', '1.', ''],
    ['number', '', '1e400', ''],
    ['number', '', '-.5', '-.5'],
    ['color', '', '', '#000000'],
    ['color', '', '#ABC', '#aabbcc'],
    ['color', '', '#AABBCC', '#aabbcc'],
    ['range', '', '', '50'],
    ['range', '', '500', '100'],
    ['range', '', 'abc', '50'],
    ['range', '', '33.3', '33.3'],
    ['range', 'min=10 max=20 step=4', '19', '18'],
    ['range', 'step=any', '33.35', '33.35'],
    ['range', 'min=0 max=1', '.7', '1'],
    ['email', '', ' a@b ', 'a@b'],
    ['url', '', ' http://x ', 'http://x'],
    ['text', '', 'a\nb', 'ab'],
  ] as const),
];

const NAMES = TOLD.map((_, place) => `c${place}`);

@LiveComponent('every-control', {
  template: `<form live-submit="send">${TOLD.map(([type, given, value], place) => `<input type="${type}" ${given} name="c${place}" value="${value}">`).join('')}
    <select name="last"><option>a</option><option>b</option><option selected>c</option></select>
    <textarea name="one">\nfirst</textarea><textarea name="two" title="a>b">\n\nsecond</textarea><button>Send</button><output>{{text}}</output></form>`,
})
class EveryControl {
  static sent: Readonly<Record<string, unknown>> = {};

  @State() text = '';

  @OnEvent()
  send(@Payload() payload: Record<string, unknown>): void {
    EveryControl.sent = payload;
  }
}

describe('a control in a test', () => {
  let live: LiveTest;

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [EveryControl] });
  });

  afterAll(() => live.close());

  it('holds what it would hold in a browser, as it came', async () => {
    const form = await live.mount(EveryControl);
    await form.submit();
    const held = NAMES.map((name) => EveryControl.sent[name]);
    expect(held).toEqual(TOLD.map(([, , , expected]) => expected));
    expect(EveryControl.sent).toMatchObject({ one: 'first', two: '\nsecond', last: 'c' });
  });

  it('holds what it would hold in a browser, when something is entered', async () => {
    const form = await live.mount(EveryControl);
    const [day, , , , moment] = NAMES;
    const entered = {
      [day]: '1 March',
      [moment]: '2026-03-01T10:00:00',
      [NAMES[17]]: 'two',
      [NAMES[23]]: '#FFF',
      [NAMES[26]]: '101',
    };
    await form.fill(entered).submit();
    expect(EveryControl.sent).toMatchObject({
      [day]: '',
      [moment]: '2026-03-01T10:00',
      [NAMES[17]]: '',
      [NAMES[23]]: '#ffffff',
      [NAMES[26]]: '100',
    });
  });
});
