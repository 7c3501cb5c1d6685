import { LiveSetupError } from '../errors/setup-error.js';
import { nameOf } from './hole-rules.js';
import { step } from './markup-reader.js';
import { type MarkupState, placeIn, TEXT } from './markup-state.js';
import { Placement, type Tree } from './placement.js';
import { Rendered } from './rendered.js';

/**
 * A template's own `{{component}}` is judged before it runs. A composed component is a value, which can be printed
 * anywhere: it is judged here, where it was printed.
 * @throws LiveSetupError `TEMPLATE_UNSAFE_CONTEXT` for one that stands where no element can
 */
export const refuseOutsideElements = (rendered: Tree): void => {
  if (rendered.placements().some(({ isComposed }) => isComposed)) {
    read(rendered, TEXT);
  }
};

const read = ({ statics, dynamics }: Tree, start: MarkupState): MarkupState => {
  let state = after(statics[0] ?? '', start);
  dynamics.forEach((dynamic, i) => {
    if (typeof dynamic === 'string') state = after(dynamic, state);
    else if (dynamic instanceof Placement) judge(dynamic, state);
    else if (dynamic instanceof Rendered) state = read(dynamic, state);
    state = after(statics[i + 1] ?? '', state);
  });
  return state;
};

const after = (text: string, start: MarkupState): MarkupState => {
  let state = start;
  for (const sign of text) state = step(state, sign);
  return state;
};

const judge = ({ isComposed, place = 'a composed component' }: Placement, state: MarkupState): void => {
  const where = placeIn(state);
  if (isComposed && where.kind !== 'text') {
    throw new LiveSetupError(
      'TEMPLATE_UNSAFE_CONTEXT',
      `${place} is printed into ${nameOf(where)}. Move it where an element can stand.`,
    );
  }
};
