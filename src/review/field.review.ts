import { RESERVED_FIELDS } from '../component/component.metadata.js';
import type { CompiledTemplate } from '../rendering/compiled-template.js';
import { checkFields, type UnknownName } from '../rendering/template-fields.js';
import type { ReviewedClass } from './class.review.js';
import { instead, nearest, type Mistake } from './mistake.js';
import { elementNames } from './written-types.js';

export interface TemplateNames {
  readonly template: CompiledTemplate;
  readonly helpers: ReadonlySet<string>;
  /** Names that features add. */
  readonly added: readonly string[];
  partial(name: string): CompiledTemplate | undefined;
  placeOf(unknown: UnknownName): string;
}

/** Names in a component's template that nothing in its class explains. */
export const reviewFields = (reviewed: ReviewedClass, names: TemplateNames): readonly Mistake[] => {
  const { type, state, temporary, computed } = reviewed.definition;
  const mistakes: Mistake[] = [];
  const own = [...state.keys(), ...temporary, ...computed];
  checkFields(names.template, {
    owner: type.name,
    fields: new Set([...own, ...RESERVED_FIELDS, ...names.added]),
    helpers: names.helpers,
    partial: (name) => names.partial(name),
    within: (field) => within(reviewed, field),
    report: (unknown) => {
      const what = explain(reviewed, unknown, own);
      if (what !== undefined) mistakes.push({ place: names.placeOf(unknown), what });
    },
  });
  return mistakes;
};

const explain = (reviewed: ReviewedClass, unknown: UnknownName, own: readonly string[]): string | undefined => {
  const { type } = reviewed.definition;
  const { name, known, atRoot, what } = unknown;
  if (!atRoot) {
    return known.has('*') ? undefined : what.replace(/ It has: .*$/, instead(name, known));
  }
  const extra = extraNames(reviewed, name);
  if (extra !== 'it' && isMember(reviewed, name)) {
    return `reads {{${name}}}, and ${type.name}.${name} is not for the template. Mark it with @State(), @Temporary() or @Computed().`;
  }
  switch (extra) {
    case 'it':
      return undefined;
    case 'any':
      return nearest(name, own) === undefined ? undefined : `reads {{${name}}}.${instead(name, own)}`;
    default:
      return `reads {{${name}}}, which ${type.name} does not have.${instead(name, [...own, ...RESERVED_FIELDS])}`;
  }
};

/** What `beforeRender()` adds: this name, who knows what, or nothing of the kind. */
const extraNames = ({ definition: { type } }: ReviewedClass, name: string): 'it' | 'any' | 'none' => {
  const hook = (type.prototype as Record<string, unknown>).beforeRender;
  if (typeof hook !== 'function') {
    return 'none';
  }
  const text = Function.prototype.toString.call(hook);
  if (text.match(/[\w$]+/g)?.includes(name)) {
    return 'it';
  }
  return /\.\.\.|return\s+(?!\{|;|\})/.test(text) ? 'any' : 'none';
};

const isMember = ({ definition: { type }, sample }: ReviewedClass, name: string): boolean =>
  (sample !== undefined && Object.hasOwn(sample, name)) || Object.hasOwn(type.prototype as object, name);

const within = ({ definition: { state, temporary }, source, sample }: ReviewedClass, field: string) => {
  if (!state.has(field) && !temporary.includes(field)) {
    return undefined;
  }
  const value = (sample as Record<string, unknown> | undefined)?.[field];
  const elements = Array.isArray(value) ? (value as unknown[]) : [];
  const written = elementNames(source, field);
  if (written || elements.length === 0 || !elements.every(isPlain)) {
    return written;
  }
  return new Set(elements.flatMap((element) => Object.keys(element as object)));
};

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
