import type { ComponentDefinition } from '../component/definition.js';
import { LiveSetupError } from '../errors/setup-error.js';

/** @throws LiveSetupError `SLOT_UNKNOWN` for a slot that a component with declared slots does not have */
export const refuseUnknownSlots = (
  { name, options: { slots } }: ComponentDefinition,
  filled: Readonly<Record<string, unknown>>,
  place?: string,
): void => {
  const unknown = slots && Object.keys(filled).find((slot) => !slots.includes(slot));
  if (unknown !== undefined) {
    const known = slots?.join(', ') || 'none';
    throw new LiveSetupError(
      'SLOT_UNKNOWN',
      `${place ?? 'somebody'} fills the slot "${unknown}" of "${name}", which has: ${known}. Add it to @LiveComponent('${name}', { slots: […] }) or write {{#slot}} with another name.`,
    );
  }
};
