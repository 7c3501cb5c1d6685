import { delayOf, hasKeys, parseDirective } from './directive.js';

const directive = (name: string) => parseDirective(name)!;

describe('parseDirective', () => {
  it.each([
    ['live-click', 'click', []],
    ['live-click.prevent.stop', 'click', ['prevent', 'stop']],
    ['live-on:my-event.once', 'my-event', ['once']],
    ['live-input.debounce.300ms', 'input', ['debounce', '300ms']],
  ])('takes %s apart', (name, type, modifiers) => {
    expect(parseDirective(name)).toEqual({ type, modifiers });
  });

  it('leaves other attributes alone', () => {
    expect(parseDirective('class')).toBeUndefined();
  });
});

describe('delayOf', () => {
  it.each([
    ['live-input.debounce.300ms', 300],
    ['live-input.debounce.1s', 1_000],
    ['live-input.debounce.1.prevent', 1],
    ['live-input.debounce', 250],
    ['live-input.prevent.debounce.prevent', 250],
    ['live-input', undefined],
  ])('reads %s as %p ms', (name, ms) => {
    expect(delayOf(directive(name), 'debounce')).toBe(ms);
  });
});

describe('hasKeys', () => {
  it.each([
    ['live-keydown', { key: 'a' }, true],
    ['live-keydown.enter', { key: 'Enter' }, true],
    ['live-keydown.enter', { key: 'a' }, false],
    ['live-keydown.shift.enter', { key: 'Enter', shiftKey: true }, true],
    ['live-keydown.shift.enter', { key: 'Enter', shiftKey: false }, false],
    ['live-keydown.up', { key: 'ArrowUp' }, true],
    ['live-keydown.space.prevent', { key: ' ' }, true],
    ['live-keydown.escape.debounce.300ms', { key: 'Escape' }, true],
  ])('%s with %j is %p', (name, event, heard) => {
    expect(!!hasKeys(directive(name), event)).toBe(heard);
  });
});
