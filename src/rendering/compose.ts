import type { Type } from '@nestjs/common';

import { readComponentMark } from '../component/component.metadata.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { toDynamic } from './html-tag.js';
import { Placement } from './placement.js';
import { Rendered } from './rendered.js';

/** What stands in a slot: text (escaped), `html`, `trustHtml()`, another composed component, or a list of these. */
export type SlotContent = unknown;

export interface ComposeOptions {
  /** Which one of several of this component: the same key is the same instance. */
  readonly key?: string | number;
  readonly props?: Readonly<Record<string, unknown>>;
  /** Any other name is a slot. */
  readonly [slot: string]: SlotContent;
}

/**
 * A component with its slots filled, as a value: returned by `beforeRender()`, put into an `html` template, into another
 * slot, or handed to a page. It is mounted where it is printed.
 * @throws LiveSetupError `COMPONENT_NOT_A_CLASS`
 */
export const compose = (type: Type<object>, { key, props, ...contents }: ComposeOptions = {}): Placement => {
  const mark = readComponentMark(type);
  if (!mark) {
    throw new LiveSetupError(
      'COMPONENT_NOT_A_CLASS',
      `compose() was given ${(type as Partial<Type>).name ?? typeof type}, which is no component. Decorate it with @LiveComponent('name').`,
    );
  }
  const filled = Object.entries(contents).filter(([, content]) => content !== undefined);
  const slots = Object.fromEntries(
    filled.map(([slot, content]) => [slot, new Rendered(['', ''], [toDynamic(content)])]),
  );
  return new Placement({
    component: mark.name,
    key: key === undefined ? undefined : String(key),
    props,
    slots,
    place: `compose(${type.name})`,
    isComposed: true,
  });
};
