import type { TemplateCall } from 'nest-live/extend';

import { textOf } from '../form.text.js';
import type { FormData } from '../form.data.js';
import type { ModelChoice, ModelId } from './model.js';

/** Ids that a `one` or `many` field holds; emptied controls hold none. */
export const idsIn = (value: unknown): readonly ModelId[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter(
    (one): one is ModelId => (typeof one === 'string' && one !== '') || typeof one === 'number',
  );

/** Ids in the field of any of these, once each. */
export const idsOf = (field: string, versions: readonly (FormData | undefined)[]): readonly ModelId[] => [
  ...new Map(versions.flatMap((data) => idsIn(data?.[field])).map((id) => [String(id), id])).values(),
];

export const includes = (choices: readonly ModelChoice[], id: ModelId): boolean =>
  choices.some((choice) => String(choice.id) === String(id));

/** `{{choiceLabel 'customer' id}}`: what a record that is or was chosen is called; for a list, all of them. */
export const choiceLabel = ({ view }: TemplateCall, field: unknown, value: unknown): string => {
  const known = (view.choices as Readonly<Record<string, readonly ModelChoice[] | undefined>> | undefined) ?? {};
  const choices = known[String(field)] ?? [];
  return idsIn(value)
    .map((id) => choices.find((choice) => String(choice.id) === String(id))?.label ?? textOf(id))
    .join(', ');
};
