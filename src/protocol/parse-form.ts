import { inspectData } from './inspect-data.js';
import type { Limits } from './limits.js';
import { MAX_ADDRESS_CHARS } from './page-address.js';
import { bad, name, PAGE, token } from './parse-request.js';

/** The body of a form, as whoever read it has made it. */
export type FormBody = Readonly<Record<string, unknown>>;

/**
 * The trust boundary of form-encoded and multipart bodies. What stands under names that begin with `$` is said by hidden
 * inputs: each of ours is checked in its form, and all others go. What stands under other names was entered: it is
 * measured before anybody looks at one of them.
 * @throws LiveError `BAD_FRAME`, `TOO_LARGE`
 */
export const parseForm = (body: unknown, limits: Limits): FormBody => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return {};
  }
  const entered = Object.fromEntries(Object.entries(body as FormBody).filter(([input]) => !isReserved(input)));
  const { state: _state, ticket: _ticket, ...measured } = entered;
  // Tokens are longer than what a person enters, and are measured as such where these names mean them.
  inspectData('$event' in body ? entered : measured, limits);
  const own = Object.entries(CLAIMS).flatMap(([input, check]) => {
    const text = textOf((body as FormBody)[input], input);
    if (text !== undefined) check(text, limits);
    return text === undefined ? [] : [[input, text] as const];
  });
  return { ...entered, ...Object.fromEntries(own) };
};

/** Names of ours, which are no input of the application. */
export const isReserved = (input: string): boolean => input.startsWith('$');

type Check = (text: string, limits: Limits) => void;

const PLACE = /^[A-Za-z0-9_-]{1,100}:\d{1,4} \d{1,4}$/;

/** All that our hidden inputs may say. */
const CLAIMS: Readonly<Record<string, Check>> = {
  /** The event, and behind a space the payload that a button brings. */
  $event: (text, limits) => {
    const [event, payload = ''] = halves(text);
    name(event, '$event');
    inspectData(payload, { ...limits, maxStringChars: limits.maxPayloadChars });
  },
  $state: (text, limits) => token(text, limits),
  $page: (text) => matches(text, PAGE, '$page'),
  /** The outermost component around the form's own: its name, and its token. */
  $around: (text, limits) => {
    const [component, state = ''] = halves(text);
    name(component, '$around');
    token(state, limits);
  },
  /** Which root of its page the form stands in, and the how-manieth form of it. */
  $place: (text) => matches(text, PLACE, '$place'),
  /** Address of the page as the server was asked for it. */
  $at: (text) => short(text, MAX_ADDRESS_CHARS, '$at'),
  /** How the values of some controls are read; each stands for a name of the form. */
  $kinds: (text, { maxPayloadChars, maxObjectKeys }) => {
    short(text, maxPayloadChars, '$kinds');
    if (text.split(' ', maxObjectKeys + 1).length > maxObjectKeys) {
      throw bad(`$kinds has more than ${maxObjectKeys} names`);
    }
  },
};

/** Of several the first: a button stands before the hidden inputs. */
const textOf = (value: unknown, input: string): string | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (first === undefined) {
    return undefined;
  }
  if (typeof first !== 'string' || first === '') {
    throw bad(`${input} is no text`);
  }
  return first;
};

const halves = (text: string): readonly [string, string?] => {
  const at = text.indexOf(' ');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const matches = (text: string, pattern: RegExp, what: string): void => {
  if (!pattern.test(text)) {
    throw bad(`${what} has a wrong form`);
  }
};

const short = (text: string, most: number, what: string): void => {
  if (text.length > most) {
    throw bad(`${what} has more than ${most} characters`);
  }
};
