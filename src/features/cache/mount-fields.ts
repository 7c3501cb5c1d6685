import type { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { SafeHtml } from '../../rendering/safe-html.js';
import type { StateCodec } from '../../state/codec.js';
import { nameOf } from './cache.key.js';

/** A component's fields at one moment. */
export interface MountFields {
  readonly own: Readonly<Record<string, unknown>>;
  /** The state alone, as text. */
  readonly state: string;
}

/** The `@State()` fields as the codec writes them; null for what it cannot write. */
export const stateOf = ({ definition, component }: LiveContext, codec: StateCodec): string | null => {
  const fields = component as Record<string, unknown>;
  return encode(Object.fromEntries([...definition.state.keys()].map((name) => [name, fields[name]])), codec);
};

export const fieldsOf = (live: LiveContext, codec: StateCodec): MountFields | null => {
  const state = stateOf(live, codec);
  return state === null ? null : { own: { ...live.component }, state };
};

export const fillState = ({ definition, component }: LiveContext, text: string, codec: StateCodec): void => {
  const state = codec.decode(text);
  for (const name of definition.state.keys()) {
    if (Object.hasOwn(state, name)) {
      (component as Record<string, unknown>)[name] = state[name];
    }
  }
};

/**
 * What others have added to the fields since then: features, and interceptors. It may be this viewer's own, so a render
 * with other additions is another render. Null for what cannot be compared.
 */
export const additionsTo = (live: LiveContext, { own, state }: MountFields, codec: StateCodec): string | null => {
  const now = stateOf(live, codec);
  const others = Object.entries(live.component).filter(
    ([name, value]) => !live.definition.state.has(name) && !Object.is(value, own[name]),
  );
  const added = encode({ others }, codec);
  return now === null || added === null ? null : nameOf(now === state ? null : now, added);
};

/** What features name for the template besides fields. Null for what cannot be compared. */
export const namedFor = (live: LiveContext, features: FeatureHost, codec: StateCodec): string | null => {
  const named: [string, unknown][] = [];
  features
    .of(live.definition)
    .onView(live, (name, value) => named.push([name, SafeHtml.is(value) ? ['html', String(value)] : value]));
  return encode({ named }, codec);
};

const encode = (fields: Record<string, unknown>, codec: StateCodec): string | null => {
  try {
    return codec.encode(fields);
  } catch {
    // What cannot be written cannot be kept; the mount goes on, and says so itself if it has to.
    return null;
  }
};
