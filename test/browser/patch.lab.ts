import { join } from 'node:path';

import { build } from 'esbuild';

const CLIENT = join(import.meta.dirname, '../../libs/client/src');
const PATCH = join(import.meta.dirname, '../../src/patch');

/** What a person does: keys and clicks that a browser trusts. */
export interface Hands {
  click(selector: string): Promise<void>;
  /** Types into whatever has the focus. */
  type(text: string): Promise<void>;
  press(key: string): Promise<void>;
  /** Parts of a date, and on to the next one. */
  parts(...parts: readonly string[]): Promise<void>;
  /** By keys in a menu, by clicks in a list. */
  choose(select: string, ...values: readonly string[]): Promise<void>;
}

/** What a patch is told beside the HTML. */
export interface Answer {
  /** Controls whose present values the patch answers. */
  readonly to?: string;
  /** As an accepted submit. */
  readonly clears?: boolean;
  /** As an answer to typing. */
  readonly isTyping?: boolean;
}

export type Patch = string | readonly [html: string, answer?: Answer];

/** Somebody types, a script runs, the server renders. */
export interface Step {
  readonly type?: string;
  readonly script?: () => unknown;
  readonly patch?: Patch;
}

/** One page, what somebody does to it, what the server then renders, and what has to be there. */
export interface PatchCase {
  readonly title: string;
  readonly html: string;
  /** In the page, before the client has started. */
  readonly early?: () => unknown;
  readonly hands?: (hands: Hands) => Promise<void>;
  /** In the page, after that: what its scripts do. */
  readonly script?: () => unknown;
  readonly patches?: readonly Patch[];
  /** What comes after the patches, in turn. */
  readonly steps?: readonly Step[];
  readonly look: () => unknown;
  readonly seen: unknown;
}

/** The client's own patch as a script, without a server: `lab.start()` and `lab.patch(html)`. */
export const labScript = async (): Promise<string> => {
  const contents = `
    import './modules/dialogs.js';
    import './modules/editing.js';
    import './modules/focus.js';
    import './modules/foreign.js';
    import './modules/rows.js';
    import { bind } from './bindings.js';
    import { createComponent } from './component.js';
    import { controlValue, isControl } from './control.js';
    import { withDescendants } from './unshadowed.js';
    import { ShownRenders } from '${PATCH}/shown-renders.js';
    import { takenBy } from '${PATCH}/taken.js';
    export const calls = [];
    let root, component, shown, early;
    bind(() => ({ ...component, call: (name) => calls.push(name), delays: { later: (key, ms, run) => run() } }));
    export const put = (html) => { calls.length = 0; early = html; document.querySelector('#lab').innerHTML = html; };
    const room = new ShownRenders({ maxShownBytes: 1e9, maxConnectionShownBytes: 1e9 });
    export const start = (takesPatches) => {
      shown = takesPatches ? room.make({ bytes: 0 }, takenBy({ takes: 4 })) : undefined;
      shown?.show(early, '');
      root = document.querySelector('#lab').firstElementChild;
      const page = { replaced() {}, pump() {}, tell() {}, life: '' };
      component = createComponent(root, page);
      withDescendants(root).forEach(ownAttributes);
      if (!root.hasAttribute('live-id')) root.setAttribute('live-id', 'lab');
      globalThis[Symbol.for('nest-live')] = { components: [component] };
    };
    export const patch = (html, { to, clears, isTyping } = {}) => {
      const controls = to ? [...document.querySelectorAll(to)].filter(isControl) : [];
      const cause = to && { sentValues: new Map(controls.map((one) => [one, controlValue(one)])), clears, isTyping };
      const patch = shown?.next(html, '');
      const fits = !!patch && component.show({ patch }, cause);
      if (patch && !fits) missed += 1;
      if (!fits) component.show({ html }, cause);
      return !!patch;
    };
    let missed = 0;
    /** Patches that did not fit what the page shows. */
    export const misses = () => missed;
    export const show = (patch) => component.show({ patch });
    import { ownAttributes } from './attributes.js';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: CLIENT, loader: 'ts' },
    bundle: true,
    format: 'iife',
    globalName: 'lab',
    // The modules are there for what they do.
    ignoreAnnotations: true,
    write: false,
  });
  return outputFiles[0].text;
};
