import { Parser } from 'htmlparser2';

export type Attributes = Readonly<Record<string, string>>;

/** A live root around a form. */
export interface FormRoot {
  readonly component: string;
  readonly id: string;
  /** Its `live-state`. */
  readonly token: string;
}

/** A start tag and where it stands. */
export interface Tag {
  readonly name: string;
  readonly attributes: Attributes;
  /** Index of `<`. */
  readonly start: number;
  /** Index behind `>`. */
  readonly end: number;
}

/** A form that a component answers; without another `EventOf`, one with `live-submit` that says neither where it goes nor how. */
export interface FoundForm {
  /** The how-manieth of its kind in the HTML, from 0. */
  readonly index: number;
  /** Name of the event. */
  readonly event: string;
  readonly tag: Tag;
  readonly root: FormRoot;
  /** The outermost root; the form's own where none is around it. */
  readonly outermost: FormRoot;
}

export interface FormListener {
  form?(form: FoundForm): void;
  /** An element inside the form, its start tag. */
  tag?(tag: Tag, form: FoundForm): void;
  /** The end of an element inside the form: `at` is where its content ends. */
  close?(name: string, at: number, form: FoundForm): void;
  /** `at` is where the form's content ends. */
  end?(form: FoundForm, at: number): void;
}

const SUBMIT = /^live-submit(?:\.|$)/;

/** The event of a form, where it is one of those that are looked for. */
export type EventOf = (attributes: Attributes, root: FormRoot) => string | undefined;

const plainEvent: EventOf = (attributes, { token }) =>
  token === '' || 'action' in attributes || 'method' in attributes
    ? undefined
    : Object.entries(attributes).find(([name]) => SUBMIT.test(name))?.[1];

/** Whether there can be any such form. */
export const mayHaveForms = (html: string): boolean => html.includes('live-submit') && html.includes('<form');

/** Reads the forms of components, in their order. */
export function readForms(html: string, listener: FormListener, eventOf = plainEvent): void {
  const roots: { readonly depth: number; readonly root: FormRoot }[] = [];
  let depth = 0;
  let found = 0;
  let open: { readonly depth: number; readonly form: FoundForm } | undefined;

  const enter = (tag: Tag): void => {
    const { 'live-id': id, 'live-component': component, 'live-state': token } = tag.attributes;
    if (id !== undefined) roots.push({ depth, root: { id, component: component ?? '', token: token ?? '' } });
    const root = roots.at(-1)?.root;
    if (tag.name !== 'form' || open !== undefined || root === undefined) return;
    const event = eventOf(tag.attributes, root);
    if (event === undefined) return;
    open = { depth, form: { index: found, event, tag, root, outermost: roots[0].root } };
    found += 1;
    listener.form?.(open.form);
  };

  const parser: Parser = new Parser({
    onopentag(name, attributes) {
      depth += 1;
      const tag = { name, attributes, start: parser.startIndex, end: parser.endIndex + 1 };
      const inside = open?.form;
      enter(tag);
      if (inside) listener.tag?.(tag, inside);
    },
    onclosetag(name) {
      if (open?.depth === depth) {
        listener.end?.(open.form, parser.startIndex);
        open = undefined;
      } else if (open) listener.close?.(name, parser.startIndex, open.form);
      if (roots.at(-1)?.depth === depth) roots.pop();
      depth -= 1;
    },
  });
  parser.end(html);
}
