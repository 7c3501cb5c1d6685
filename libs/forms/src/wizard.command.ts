import type { Type } from '@nestjs/common';

import type { FormData } from './form.data.js';
import { isBranch } from './form.decoder.js';
import { declares } from './form.entry.js';

/** What a form of a wizard tells it. */
export interface WizardCommand {
  readonly command?: string;
  readonly from?: string;
  readonly fields?: FormData;
}

/**
 * Names in a wizard's form that are not fields of its step: a button that says where to go (`name="go" value="back"`), and
 * a hidden field that says for which step it was filled in.
 */
const TOLD = { go: 'command', step: 'from' } as const;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** What the wizard itself is told, apart from the fields of its step. @param dto of the step that is shown */
export const told = (dto: Type<object>, payload: unknown): WizardCommand => {
  if (!isBranch(payload)) {
    return { fields: payload as FormData | undefined };
  }
  const command: Mutable<WizardCommand> = { fields: { ...payload } };
  for (const [name, key] of Object.entries(TOLD)) {
    const value = payload[name];
    if (typeof value === 'string' && !declares(dto, [name])) {
      command[key] = value;
      delete command.fields?.[name];
    }
  }
  return command;
};
