import { isDeepStrictEqual } from 'node:util';

import type { IncomingHttpHeaders } from 'node:http';

import { constraintMessages, fieldType } from '../../component/bound-fields.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { clockOf } from '../../component/zones.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { LiveError } from '../../errors/live-error.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import {
  Feature,
  type ClientNeeds,
  type Destination,
  type LiveFeature,
  type Seam,
} from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Effects } from '../../protocol/envelope.js';
import { ownAddress, type OwnAddress } from '../../protocol/own-address.js';
import { MAX_ADDRESS_CHARS, readPageAddress } from '../../protocol/page-address.js';
import { readTexts, textsOf } from './query-text.js';
import { readUrlFields, type UrlField } from './url.decorator.js';

declare module '../../protocol/envelope.js' {
  interface EffectMap {
    /** New texts of some names in the page's query string; a name without texts is left out, other names stay. */
    url: { readonly query: Readonly<Record<string, readonly string[]>>; readonly by: 'pushState' | 'replaceState' };
  }
}

/** The browser went back or forward: its payload is the page's address as it is now. */
export const URL_EVENT = '$url';

type Values = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, readonly string[]>>;

/** What one interaction knows of its component's fields. */
interface Followed {
  /** Class defaults: what an address leaves out. */
  readonly defaults: Values;
  /** What the address says already. */
  said?: Query;
}

/** Keeps `@Url()` fields and the page's query string equal. */
@Feature()
export class UrlStateFeature implements LiveFeature {
  readonly events = {
    [URL_EVENT]: {
      knows: (definition: ComponentDefinition) => this.fields.has(definition),
      run: (ctx: LiveContext) => this.follow(ctx),
    },
  };

  private readonly fields = new Map<ComponentDefinition, readonly UrlField[]>();
  private readonly followed = new WeakMap<LiveContext, Followed>();

  onDefine(definition: ComponentDefinition): void {
    const fields = readUrlFields(definition.type.prototype as object);
    if (fields.length > 0) {
      checkFields(definition, fields);
      this.fields.set(definition, fields);
    }
  }

  seamsOf(definition: ComponentDefinition): readonly Seam[] {
    return this.fields.has(definition) ? ['onMake', 'onHydrate', 'onDehydrate'] : [];
  }

  ownKeys(definition: ComponentDefinition): readonly string[] {
    return this.of(definition).map(({ as }) => as);
  }

  client(definition: ComponentDefinition): ClientNeeds | undefined {
    return this.fields.has(definition) ? { attributes: { 'live-url': '' }, modules: ['url'] } : undefined;
  }

  /** @throws LiveSetupError `OPTION_INVALID` for a field whose type nothing says */
  onMake(ctx: LiveContext): void | Promise<void> {
    const fields = this.fields.get(ctx.definition);
    if (!fields) {
      return;
    }
    const component = ctx.component as Values;
    const defaults = Object.fromEntries(fields.map(({ name }) => [name, component[name]]));
    this.followed.set(ctx, { defaults });
    if (ctx.entry === 'mount') {
      fields.forEach(({ name }) => ctx.claim(name));
      return this.fill(ctx, ctx.page.query);
    }
  }

  onHydrate(ctx: LiveContext): void {
    const followed = this.followed.get(ctx);
    if (followed) {
      followed.said = this.queryOf(ctx, followed);
    }
  }

  onDehydrate(ctx: LiveContext): void {
    const followed = this.followed.get(ctx);
    if (!followed || ctx.entry === 'mount') {
      return;
    }
    const now = this.queryOf(ctx, followed);
    const { said } = followed;
    const isBack = ctx.event === URL_EVENT;
    // After back or forward all of it is said again: whatever was on its way meanwhile, the address ends as the state.
    const changed = this.of(ctx.definition).filter(({ as }) => isBack || !isDeepStrictEqual(said?.[as], now[as]));
    if (changed.length === 0) {
      return;
    }
    const query = Object.fromEntries(changed.map(({ as }) => [as, now[as]]));
    const push = ctx.entry === 'event' && !isBack && changed.some(({ history }) => history === 'push');
    ctx.effect('url', { query, by: push ? 'pushState' : 'replaceState' });
  }

  /** For htmx, which says what its page's address is and takes a new one. */
  headers({ url }: Effects, { 'hx-current-url': current }: IncomingHttpHeaders): Record<string, string> {
    if (!url || typeof current !== 'string' || !URL.canParse(current)) {
      return {};
    }
    const to = addressWith(current, url.query);
    return to === undefined ? {} : { [url.by === 'pushState' ? 'hx-push-url' : 'hx-replace-url']: to };
  }

  destination({ url }: Effects, from: string): Destination | undefined {
    const to = url && addressWith(from, url.query);
    return to === undefined ? undefined : { to, isSamePage: true };
  }

  private of(definition: ComponentDefinition): readonly UrlField[] {
    return this.fields.get(definition) ?? [];
  }

  /** @throws LiveError `BAD_FRAME` for what is no address */
  private async follow(ctx: LiveContext): Promise<void> {
    const { payload } = ctx;
    if (typeof payload !== 'string' || payload.length > MAX_ADDRESS_CHARS) {
      throw new LiveError('BAD_FRAME', `the payload of ${URL_EVENT} is no address`);
    }
    const component = ctx.component as Record<string, unknown> & AuthorHooks;
    const before = { ...component };
    const defaults = this.followed.get(ctx)?.defaults ?? {};
    this.of(ctx.definition).forEach(({ name }) => (component[name] = defaults[name]));
    await this.fill(ctx, readPageAddress(payload).query);
    const names = this.of(ctx.definition).map(({ name }) => name);
    const fields = names.filter((name) => !isSame(before[name], component[name]));
    if (fields.length > 0) {
      const previous = Object.fromEntries(fields.map((name) => [name, before[name]]));
      await component.onUpdate?.({ fields, previous });
    }
  }

  /** By declared name and type only; what cannot be read or is refused stays the default. */
  private async fill(ctx: LiveContext, query: URLSearchParams): Promise<void> {
    const { definition } = ctx;
    const component = ctx.component as Record<string, unknown>;
    const read = this.of(definition).map((field) => {
      const type = typeOf(definition, field, component[field.name]);
      return [
        field.name,
        readTexts(type, query.getAll(field.as), clockOf(definition.type, field.name, ctx.zones)),
      ] as const;
    });
    const values = Object.fromEntries(read.filter(([, value]) => value !== undefined));
    if (Object.keys(values).length === 0) {
      return;
    }
    const messages = await constraintMessages(definition, values);
    const refused = new Set(Object.keys(messages).map((path) => path.split('.', 1)[0]));
    for (const [name, value] of Object.entries(values)) {
      if (!refused.has(name)) {
        component[name] = value;
      }
    }
  }

  private queryOf({ definition, component }: LiveContext, { defaults }: Followed): Query {
    const values = component as Values;
    const texts = this.of(definition).map(({ name, as }) => {
      const own = textsOf(values[name]);
      return [as, isDeepStrictEqual(own, textsOf(defaults[name])) ? [] : own] as const;
    });
    return Object.fromEntries(texts);
  }
}

/** The address of a page with other texts in its query. */
const addressWith = (from: string, query: Query): OwnAddress | undefined => {
  // Not a real host: an address within the site has none.
  const address = new URL(from, 'http://page.invalid');
  for (const [name, texts] of Object.entries(query)) {
    address.searchParams.delete(name);
    texts.forEach((text) => address.searchParams.append(name, text));
  }
  return ownAddress(address.pathname + address.search);
};

/** @throws LiveSetupError */
const checkFields = ({ type, state }: ComponentDefinition, fields: readonly UrlField[]): void => {
  const taken = new Map<string, string>();
  for (const { name, as } of fields) {
    const other = taken.get(as);
    if (other !== undefined) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `${type.name}.${name} and ${type.name}.${other} are both "${as}" in the address. Give one of them another name: @Url({ as: '…' }).`,
      );
    }
    taken.set(as, name);
    if (state.get(name)?.secret) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `${type.name}.${name} is a @Secret() and would stand in the address. Remove @Url().`,
      );
    }
  }
};

/** @throws LiveSetupError */
const typeOf = ({ type: { name: owner } }: ComponentDefinition, { name, type }: UrlField, value: unknown): unknown => {
  const known = fieldType(type, value);
  if (known === undefined) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      `Nothing says what ${owner}.${name} is: write @Url({ type: Date }), or give the field a default value.`,
    );
  }
  return known;
};

/** Values of `Temporal` have nothing of their own to look at. */
const isSame = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(one, other) && isDeepStrictEqual(textsOf(one), textsOf(other));
