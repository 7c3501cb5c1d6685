import { escaped } from './escape.js';
import { readForms, mayHaveForms, type Attributes, type FoundForm, type Tag } from './form-reader.js';
import { HtmlEdits } from './html-edits.js';

/** What a form says beside what the person enters, by input name. */
export type HiddenInputs = Readonly<Record<string, string | undefined>>;

export interface PlainForms {
  /** Where the form of a component goes. */
  action(component: string): string;
  inputs(form: FoundForm): HiddenInputs;
}

/** Signs behind a control's name that say how its values are read: the browser client reads them from the elements. */
export type ControlKind = 'flag' | 'list' | 'secret' | 'file';

const SIGNS: Readonly<Record<ControlKind, string>> = { flag: '?', list: '*', secret: '!', file: '-' };
const KINDS = new Map<string | undefined, ControlKind>(
  (Object.keys(SIGNS) as ControlKind[]).map((kind) => [SIGNS[kind], kind]),
);

interface Control {
  readonly isBox: boolean;
  readonly hasValue: boolean;
  readonly kind?: ControlKind;
}

const CONTROLS = new Set(['input', 'select', 'textarea', 'button', 'output']);
const PRIVATE = /^(?:cc-|one-time-code$|current-password$|new-password$)/;

/** What is entered here is shown to nobody again. */
export const isPrivate = ({ type = '', autocomplete = '' }: Attributes): boolean =>
  type.toLowerCase() === 'password' || PRIVATE.test(autocomplete);

/**
 * Makes the forms of components (`<form live-submit="…">`) work where no script runs: each gets its method, its address
 * and, at its end, hidden inputs whose names begin with `$`. A button in it that has `live-click` sends its own event.
 */
export function withPlainForms(html: string, plain: PlainForms): string {
  if (!mayHaveForms(html)) return html;
  const edits = new HtmlEdits(html);
  let controls = new Map<string, Control[]>();
  let opening: Opening = { start: 0, end: 0, where: '', files: false };
  readForms(html, {
    form({ tag: { start, end }, root }) {
      controls = new Map();
      opening = { start, end, where: `method="post" action="${escaped(plain.action(root.component))}"`, files: false };
    },
    tag(tag) {
      const { name, disabled } = tag.attributes;
      if (CONTROLS.has(tag.name) && name && disabled === undefined) {
        const same = controls.get(name) ?? [];
        same.push(controlOf(tag));
        controls.set(name, same);
      }
      const field = uploadFieldOf(tag);
      if (field !== undefined) {
        opening.files = true;
        // Of two the first counts.
        if (name !== field) edits.insert(tag.start + '<input'.length, ` name="${escaped(field)}"`);
      }
      const submitter = submitterOf(tag);
      if (submitter !== undefined) edits.insert(tag.start + '<button'.length, submitter);
    },
    end(form, at) {
      const { $event, ...own } = plain.inputs(form);
      const { start, end, where, files } = opening;
      edits.insert(start + '<form'.length, files ? ` ${where} enctype="multipart/form-data"` : ` ${where}`);
      // Whose files they are has to be known before the first of them comes.
      if (files) edits.insert(end, written(own));
      edits.insert(at, written({ ...(files ? {} : own), $event, $kinds: kindsOf(controls) }));
    },
  });
  return edits.apply();
}

interface Opening {
  readonly start: number;
  readonly end: number;
  readonly where: string;
  files: boolean;
}

const written = (inputs: HiddenInputs): string =>
  Object.entries(inputs)
    .map(([name, value]) =>
      value === undefined || value === '' ? '' : `<input type="hidden" name="${name}" value="${escaped(value)}">`,
    )
    .join('');

/** Which field of its component a file input is for. */
const uploadFieldOf = ({ name, attributes }: Tag): string | undefined =>
  name === 'input' && attributes.type?.toLowerCase() === 'file' ? attributes['live-upload'] : undefined;

const controlOf = ({ name, attributes }: Tag): Control => {
  const { type = '', multiple, value } = attributes;
  const isBox = name === 'input' && type.toLowerCase() === 'checkbox';
  const own = { isBox, hasValue: value !== undefined };
  if (name === 'select' && multiple !== undefined) return { ...own, kind: 'list' };
  if (name !== 'input') return own;
  if (type.toLowerCase() === 'file') return { ...own, kind: 'file' };
  return isPrivate(attributes) ? { ...own, kind: 'secret' } : own;
};

/** As the browser client reads them: boxes of one name are a list, a single one without a value is yes or no. */
const kindOf = (controls: readonly Control[]): ControlKind | undefined => {
  const kind = controls.find((control) => control.kind)?.kind;
  if (kind !== undefined || !controls.some(({ isBox }) => isBox)) return kind;
  if (controls.length > 1) return 'list';
  return controls[0].hasValue ? undefined : 'flag';
};

const kindsOf = (all: ReadonlyMap<string, readonly Control[]>): string =>
  [...all]
    .map(([name, controls]) => [name, kindOf(controls)] as const)
    .flatMap(([name, kind]) => (kind === undefined ? [] : [encodeURIComponent(name) + SIGNS[kind]]))
    .join(' ');

/** The names of each kind. */
export const readKinds = (text: string): Readonly<Record<ControlKind, readonly string[]>> => {
  const names: Record<ControlKind, string[]> = { flag: [], list: [], secret: [], file: [] };
  for (const word of text.split(' ')) {
    const kind = KINDS.get(word.at(-1));
    if (kind !== undefined) names[kind].push(decode(word.slice(0, -1)));
  }
  return names;
};

const decode = (word: string): string => {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
};

/** The attributes of a button that sends an event of its own, instead of the form's. */
const submitterOf = ({ name, attributes }: Tag): string | undefined => {
  const event = attributes['live-click'];
  const { type = 'submit', name: own, disabled } = attributes;
  if (name !== 'button' || event === undefined || type.toLowerCase() !== 'submit' || own || disabled !== undefined) {
    return undefined;
  }
  return ` name="$event" value="${escaped(withPayload(event, attributes))}" formnovalidate`;
};

const withPayload = (event: string, attributes: Attributes): string => {
  const said = Object.entries(attributes)
    .filter(([name]) => name.startsWith('live-value-'))
    .map(([name, value]) => [camelCase(name.slice('live-value-'.length)), value] as const);
  const json = attributes['live-payload'];
  if (said.length === 0) return json === undefined ? event : `${event} ${json}`;
  const given = json === undefined ? {} : readObject(json);
  // What is no object stays as it is written, and the handler's own checks refuse it.
  return given ? `${event} ${JSON.stringify({ ...given, ...Object.fromEntries(said) })}` : `${event} ${json}`;
};

const readObject = (json: string): object | undefined => {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === 'object' && !Array.isArray(read) ? (read ?? {}) : undefined;
  } catch {
    return undefined;
  }
};

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
