import type { Input } from './input.js';

/** https://www.w3.org/TR/webdriver/#keyboard-actions */
const KEYS: Readonly<Record<string, string>> = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  F4: '\uE034',
  Meta: '\uE03D',
};

const keyOf = (name: string): string => {
  const value = KEYS[name] ?? name;
  if ([...value].length !== 1) throw new Error(`No key “${name}”. Known: ${Object.keys(KEYS).join(', ')}.`);
  return value;
};

const pause = (duration = 0): object => ({ type: 'pause', duration });

const ofKeyboard = (input: Input): object => {
  if (input.does === 'wait') return pause(input.ms);
  return input.does === 'keyDown' || input.does === 'keyUp' ? { type: input.does, value: keyOf(input.key) } : pause();
};

const ofMouse = (input: Input): object => {
  if (input.does === 'move')
    return { type: 'pointerMove', x: Math.round(input.x), y: Math.round(input.y), duration: 0 };
  if (input.does === 'press') return { type: 'pointerDown', button: 0 };
  return input.does === 'release' ? { type: 'pointerUp', button: 0 } : pause();
};

/** The same for WebDriver and for WebDriver BiDi: each input is a tick, in which the other device waits. */
export const webDriverActions = (inputs: readonly Input[]): object[] => [
  { type: 'key', id: 'keyboard', actions: inputs.map(ofKeyboard) },
  { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: inputs.map(ofMouse) },
];
