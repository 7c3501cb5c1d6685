import type { LiveCaller } from '../../lifecycle/caller/caller.js';

const PRESENT = 'nest-live:present';

type Props = Readonly<Record<string, unknown>>;

export interface PresentOptions {
  /** Whoever looks at the component is present; `false` shows who is, and adds nobody. @default true */
  readonly counted?: boolean;
  /** What signed-in others may know of somebody besides the user's id: a name, at most 1,000 characters as JSON. */
  readonly about?: (caller: LiveCaller) => unknown;
}

export interface PresentMark extends PresentOptions {
  readonly topic: string | ((props: Props) => string);
}

/**
 * Who has this component open is present on a topic, and it is rendered again when somebody comes or goes. The template
 * gets `present` (signed-in users, for signed-in viewers) and `presentCount`.
 * @param topic a name, or a function of the component's sealed props
 */
export const Present =
  (topic: PresentMark['topic'], options: PresentOptions = {}): ClassDecorator =>
  (type) => {
    Reflect.defineMetadata(PRESENT, { ...options, topic }, type);
  };

export const readPresent = (type: object): PresentMark | undefined =>
  Reflect.getMetadata(PRESENT, type) as PresentMark | undefined;
