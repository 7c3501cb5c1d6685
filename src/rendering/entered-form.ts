import { readForms, mayHaveForms, type EventOf, type FormListener, type Tag } from './form-reader.js';
import { escaped } from './escape.js';
import { HtmlEdits } from './html-edits.js';
import { isPrivate } from './plain-forms.js';

/** What was entered, by the names of controls. */
export type Entered = Readonly<Record<string, unknown>>;

/** Inputs whose value is not what a person enters, or is nobody's business. */
const LEFT_ALONE = new Set(['hidden', 'password', 'file', 'submit', 'button', 'reset', 'image']);

/** Fills one form of a component (see `FoundForm.index`) with what a person had entered when it was refused. */
export function withEntered(html: string, index: number, entered: Entered): string {
  return mayHaveForms(html) ? filled(html, { index, entered }) : html;
}

/**
 * Fills the form that a script of another hand has sent (htmx), in the refusal that takes its place. It says not which one
 * that was: of the component's forms the first that has all names.
 */
export function withSent(html: string, id: string, entered: Entered): string {
  const names = Object.keys(entered);
  if (names.length === 0) return html;
  const ofComponent: EventOf = (_attributes, root) => (root.id === id ? '' : undefined);
  const forms: Set<string>[] = [];
  readForms(
    html,
    {
      form: () => void forms.push(new Set()),
      tag: ({ attributes: { name } }, { index }) => name !== undefined && forms[index].add(name),
    },
    ofComponent,
  );
  const index = forms.findIndex((known) => names.every((name) => known.has(name) || known.has(`${name}[]`)));
  return index < 0 ? html : filled(html, { index, entered, eventOf: ofComponent });
}

interface Filling {
  readonly index: number;
  readonly entered: Entered;
  readonly eventOf?: EventOf;
}

function filled(html: string, { index, entered, eventOf }: Filling): string {
  const edits = new HtmlEdits(html);
  let select: readonly string[] | undefined;
  let option: Tag | undefined;
  let area: { readonly end: number; readonly text: string } | undefined;
  const textsOf = ({ attributes: { name = '' } }: Tag): readonly string[] | undefined => {
    // A body parser may have taken the brackets of `tags[]` for what they mean.
    const key = [name, name.replace(/\[\]$/, '')].find((one) => Object.hasOwn(entered, one));
    return key === undefined ? undefined : [entered[key]].flat().map(String);
  };

  const listener: FormListener = {
    tag(tag, form) {
      if (form.index !== index) return;
      const texts = textsOf(tag);
      if (tag.name === 'select') select = texts ?? (isList(tag) && isGiven(tag) ? [] : undefined);
      else if (tag.name === 'option') option = tag;
      else if (tag.name === 'textarea' && texts) area = { end: tag.end, text: texts[0] ?? '' };
      else if (tag.name === 'input') fillInput(edits, tag, { texts, isGiven: isGiven(tag) });
    },
    close(name, at, form) {
      if (form.index !== index) return;
      if (name === 'textarea' && area) {
        // A browser drops the first line break of the content.
        edits.replace(area.end, at, `\n${escaped(area.text)}`);
        area = undefined;
      }
      if (name === 'option' && option && select) {
        const { value = html.slice(option.end, at).trim() } = option.attributes;
        edits.replace(option.start, option.end, tagText(option, { selected: select.includes(value) ? '' : undefined }));
      }
      if (name === 'option') option = undefined;
      if (name === 'select') select = undefined;
    },
  };
  readForms(html, listener, eventOf);
  return edits.apply();
}

interface Given {
  readonly texts?: readonly string[];
  /** What is not among what was entered was not ticked. */
  readonly isGiven: boolean;
}

/** Whether a browser sends it as soon as anything is chosen. */
const isGiven = ({ attributes: { name, disabled } }: Tag): boolean => name !== undefined && disabled === undefined;

const isList = ({ attributes: { multiple } }: Tag): boolean => multiple !== undefined;

const fillInput = (edits: HtmlEdits, tag: Tag, { texts, isGiven }: Given): void => {
  const type = (tag.attributes.type ?? 'text').toLowerCase();
  if (type === 'checkbox' || type === 'radio') {
    const { value } = tag.attributes;
    const isOn = texts !== undefined && (texts.includes(value ?? 'on') || (value === undefined && texts[0] === 'true'));
    if (isGiven) edits.replace(tag.start, tag.end, tagText(tag, { checked: isOn ? '' : undefined }));
  } else if (texts && !LEFT_ALONE.has(type) && !isPrivate(tag.attributes)) {
    edits.replace(tag.start, tag.end, tagText(tag, { value: texts[0] ?? '' }));
  }
};

const tagText = ({ name, attributes }: Tag, changed: Readonly<Record<string, string | undefined>>): string => {
  const all: Record<string, string | undefined> = { ...attributes, ...changed };
  const written = Object.entries(all).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escaped(value)}"`));
  return `<${name}${written.join('')}>`;
};
