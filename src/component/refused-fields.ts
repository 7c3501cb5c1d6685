import { issuesByPath, type Fields, type SchemaIssue } from './standard-schema.js';

/** What the application's own pipes have refused, with the fields they meant. */
const refused = new WeakMap<object, Fields>();

/** Remembers that a pipe has thrown this, and what it has said of which field. */
export const rememberRefused = (error: object, fields: Fields): void => {
  refused.set(error, fields);
};

/** @returns undefined for what no pipe of a payload has thrown */
export const refusedFields = (error: object): Fields | undefined => refused.get(error);

/** What a refused value is known to be. */
interface Known {
  /** What our own check says of it. */
  readonly fields: Fields;
  /** Names that may begin a sentence: of the class, and of what was sent. */
  readonly names?: ReadonlySet<string>;
}

const NOTHING: Known = { fields: {} };

/** What `forbidNonWhitelisted` says, with the field's path in the second place. */
const UNDECLARED = /^(?:\S+\.)?property (\S+) should not exist$/;
/** What Nest's `StandardSchemaValidationPipe` says. */
const LED = /^([^\s:]+): (.+)$/s;

/**
 * What the answer of a pipe says, by field path: a list of sentences, grouped messages, class-validator's errors or a
 * schema's issues, as they are or as a `message` or `errors`.
 */
export const saidOf = (said: unknown, known: Known = NOTHING): Fields => {
  const fields = new Map<string, string[]>();
  read(said, known, (path, message) => fields.set(path, [...(fields.get(path) ?? []), message]));
  return Object.fromEntries(fields);
};

/** Whether it says something of fields at all, and not only one sentence. */
export const isDetailed = (said: unknown): boolean =>
  [said, partOf(said, 'message'), partOf(said, 'errors')].some(
    (part) => Array.isArray(part) || (part === partOf(said, 'message') && typeof part === 'object' && part !== null),
  );

type Add = (path: string, message: string) => void;

const partOf = (said: unknown, name: 'message' | 'errors'): unknown =>
  typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : undefined;

const read = (said: unknown, known: Known, add: Add): void => {
  if (Array.isArray(said)) {
    said.forEach((one: unknown) => readOne(one, known, add));
    return;
  }
  const message = partOf(said, 'message');
  const list = [message, partOf(said, 'errors')].find(Array.isArray);
  if (list) {
    read(list, known, add);
  } else if (typeof message === 'object' && message !== null) {
    Object.entries(message).forEach(([path, messages]) =>
      [messages].flat().forEach((one) => typeof one === 'string' && add(path, one)),
    );
  }
};

const readOne = (one: unknown, known: Known, add: Add): void => {
  if (typeof one === 'string') {
    const [path, message] = place(one, known);
    add(path, message);
    return;
  }
  if (typeof one !== 'object' || one === null) {
    return;
  }
  if (typeof (one as SchemaIssue).message === 'string') {
    const { message, path } = one as SchemaIssue;
    const issue = { message, path: Array.isArray(path) ? path : undefined };
    Object.entries(issuesByPath([issue])).forEach(([at]) => add(at, message));
    return;
  }
  readError(one, '', add);
};

/** class-validator's `ValidationError`, as an exception factory may hand it on. */
interface Invalid {
  readonly property?: unknown;
  readonly constraints?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Invalid[];
}

const readError = ({ property, constraints = {}, children = [] }: Invalid, above: string, add: Add): void => {
  if (typeof property !== 'string') {
    return;
  }
  const path = above ? `${above}.${property}` : property;
  Object.values(constraints).forEach((message) => typeof message === 'string' && add(path, message));
  children.forEach((child) => readError(child, path, add));
};

/** Which field a sentence is about: the one our own check says it of, else the one it begins with. */
const place = (sentence: string, { fields, names }: Known): readonly [path: string, message: string] => {
  const same = Object.entries(fields).find(([path, messages]) =>
    messages.some((message) => message === sentence || `${parentOf(path)}${message}` === sentence),
  );
  if (same) {
    return [same[0], sentence];
  }
  const undeclared = UNDECLARED.exec(sentence)?.[1];
  if (undeclared !== undefined) {
    return [undeclared, sentence];
  }
  const [, led, message] = LED.exec(sentence) ?? [];
  if (led !== undefined && isName(led, names)) {
    return [led, message];
  }
  const first = sentence.split(' ', 1)[0];
  return [isName(first, names) ? first : '', sentence];
};

/** `size.` for `size.width`: Nest writes it before a sentence about something inside. */
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('.') + 1);

/** Where nothing is known of the value, whatever looks like a path is one. */
const isName = (word: string, names?: ReadonlySet<string>): boolean =>
  names === undefined ? /^[a-z_$][\w$]*(?:\.[\w$]+)*$/i.test(word) : names.has(word.split('.', 1)[0]);
