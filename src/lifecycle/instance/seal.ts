import { hash, randomBytes } from 'node:crypto';

import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import type { PrintedHtml } from '../../rendering/printed-html.js';
import type { StateCodec } from '../../state/codec.js';
import { isSameText, type Text } from '../../texts/long-text.js';
import type { SignedValues } from '../../state/signed-value.js';
import { isWithinReach } from '../../component/migrations.js';
import type { StateChange, StateStore } from '../../state/state-store.js';
import type { TokenForm, TokenExpectation, TokenPayload, TokenPurpose, TokenSealer } from '../../state/token-sealer.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Opened, Renewal } from './state-holder.js';
import { holdsSecrets, NOTHING_GIVEN, packGiven, unpackGiven, type Given } from '../context/placed.js';

/** How long tokens are accepted, in milliseconds. */
export interface TokenLife {
  readonly mountMs: number;
  readonly stateMs: number;
  /** How long a ticket mounts again, from the first sealing of what it gives. */
  readonly ticketMs: number;
  /** Whether whoever sees a token that carries state or props can read it. */
  readonly form: TokenForm;
}

/** What tokens are made with. */
export interface SealParts {
  readonly sealer: TokenSealer;
  readonly values: SignedValues;
  readonly codec: StateCodec;
  readonly store: StateStore;
}

type TokenContent = Pick<Opened, 'definition' | 'id' | 'sealed' | 'since'>;

interface Sealing {
  readonly content: TokenContent;
  readonly caller: LiveCaller;
  /** What only this purpose says; what is undefined is not in the token. */
  readonly own: Pick<TokenPayload, 'cs' | 'e' | 'v' | 'g' | 'f' | 'st'>;
  /** Shape of the state inside. @default the component's */
  readonly shape?: number;
}

/** What a request says of the instance that it means. */
interface Meant {
  readonly instance?: string;
  /** As in `RequestEnvelope`. */
  readonly keeps?: string;
}

/** What a token names. */
export interface Named {
  readonly id: string;
  readonly given: Given;
}

interface SealedPosition {
  readonly epoch: string;
  readonly version: number;
  readonly held?: StateChange;
}

/** Room for what a token says besides props and state: names, numbers, times, seal. */
const TOKEN_FRAME_CHARS = 1_024;

/** What `encode` makes of nothing given: most components on most events. */
const NOTHING = '{"p":{}}';

/** What a token says of what its instance was given, encoded: text the codec made, as the token's MAC has proved. */
export const givenIn = ({ p }: TokenPayload): string => (typeof p === 'string' ? p : NOTHING);

/** What the codec makes of a component without state. */
const NO_STATE = '{}';

const TOKEN_ATTRIBUTE = ' live-state="';
const TOKENS = / live-state="[^"]*"/g;

const OWN_PRINT_CHARS = 512;

const withoutTokens = (text: string): string => (text.includes(TOKEN_ATTRIBUTE) ? text.replaceAll(TOKENS, '') : text);

const digestOf = (text: string): string => hash('sha256', text, 'base64url').slice(0, 12);

/** Makes and reads the tokens a page holds, bound to the caller. */
export class Seal {
  private readonly principals = new WeakMap<LiveCaller, string>();
  /** A render that is shown to many is digested once. */
  private readonly prints = new WeakMap<PrintedHtml, string>();

  private readonly sealer: TokenSealer;
  private readonly values: SignedValues;
  private readonly codec: StateCodec;
  private readonly store: StateStore;

  constructor(
    { sealer, values, codec, store }: SealParts,
    private readonly life: TokenLife,
  ) {
    this.sealer = sealer;
    this.values = values;
    this.codec = codec;
    this.store = store;
  }

  /** A page's first token: sealed props and, unless it was stored at mount, the snapshot. Stores nothing. */
  mount(content: TokenContent, caller: LiveCaller, extra: { snapshot?: string; fingerprint: string }): string {
    const { fingerprint: f, snapshot: st } = extra;
    return this.seal('mount', { content, caller, own: { g: this.store.generation, f, st } });
  }

  /** Names the instance, the client session and the newest state its holder has seen; `held`: that state itself, too. */
  state(opened: Opened, caller: LiveCaller, { epoch: e, version: v, held }: SealedPosition): string {
    const own = { cs: opened.cs, e, v, st: held?.snapshot };
    return this.seal('state', { content: opened, caller, own, shape: held?.shape });
  }

  /** End of every token of this kind sealed up to now, and of its acceptance on any node, in milliseconds. */
  get endOfState(): number {
    return Date.now() + this.life.stateMs + 2 * this.sealer.skewMs;
  }

  /** Whether a token can carry this state beside what else it says. */
  canCarry({ sealed }: Pick<Opened, 'sealed'>, snapshot: string): boolean {
    const bytes = Buffer.byteLength(JSON.stringify([sealed, snapshot]));
    return (bytes * 4) / 3 + TOKEN_FRAME_CHARS <= this.sealer.maxTokenChars;
  }

  /** When and how a token sealed now has to be replaced. */
  get renewal(): Renewal {
    return { kid: this.sealer.kid, by: Date.now() + this.life.stateMs / 2 };
  }

  /** By when one that was opened has to be replaced. */
  renewalOf(token: string, { iat }: TokenPayload): Renewal {
    return { kid: token.split('.', 2)[1], by: iat + this.life.stateMs / 2 };
  }

  /** Whether a token is past half of its life, or its key has been followed by another one. */
  isDue({ kid, by }: Renewal): boolean {
    return Date.now() > by || kid !== this.sealer.kid;
  }

  /** A page's ticket to join an instance that the server has made for many pages. Good for nothing else. */
  sub(content: TokenContent, caller: LiveCaller): string {
    return this.seal('sub', { content, caller, own: {} });
  }

  /**
   * A mount token of whoever has been shown its instance is as good as one that names the state: its mount is adopted.
   * @throws LiveError `STATE_INVALID`, `STATE_EXPIRED`, `STATE_OUTDATED`
   */
  open(
    token: string | undefined,
    { definition, caller, instance, keeps }: { definition: ComponentDefinition; caller: LiveCaller } & Meant,
  ): TokenPayload {
    return this.sealer.open(token, {
      purposes: ['state', 'mount', 'sub'],
      name: definition.name,
      ...this.holder(caller),
      instance,
      shapes: (shape) => isWithinReach(definition, shape),
      adoptedMs: keeps ? this.life.stateMs : undefined,
    });
  }

  /**
   * A mount token as a ticket to mount again: its props stay true after its state has expired or changed shape. So do
   * those of what stands in a template; what was made for many pages is not made again for one. Mounting again makes no ticket
   * younger, so what was given under a right that is lost ends with it.
   * @throws LiveError `STATE_INVALID`, `STATE_EXPIRED`
   */
  openTicket(ticket: string, definition: ComponentDefinition, caller: LiveCaller): TokenPayload {
    const token = this.sealer.open(ticket, {
      purposes: ['mount', 'sub'],
      name: definition.name,
      ...this.holder(caller),
      expiry: 'ignored',
    });
    if (token.pur === 'sub' && !this.isPlaced(token)) {
      throw new LiveError('STATE_INVALID', 'a shared instance cannot be mounted by its ticket');
    }
    const end = (token.b ?? token.iat) + this.life.ticketMs + this.sealer.skewMs;
    if (Date.now() > end) {
      throw new LiveError('STATE_EXPIRED', `state.expired ticket of "${definition.name}" is past its end`);
    }
    return token;
  }

  /** Which instance a token names and what that was given, whoever holds it; undefined for one that is not ours. */
  peek(token: string | undefined, { name }: ComponentDefinition): Named | undefined {
    const said = this.sealer.peek(token, { purposes: ['state', 'mount', 'sub'], name });
    return said && { id: said.i, given: this.decode(givenIn(said)) };
  }

  /** Whether a template and not a page asked for the instance that a token names. */
  isPlaced(token: TokenPayload): boolean {
    return this.decode(givenIn(token)).owner !== undefined;
  }

  encode(given: Partial<Given>): string {
    return this.codec.encode(packGiven(given));
  }

  decode(sealed: string): Given {
    return sealed === NOTHING ? NOTHING_GIVEN : unpackGiven(this.codec.decode(sealed));
  }

  /** Identity of a render: equal HTML, equal fingerprint. The tokens of what stands in it differ each time. */
  fingerprint(html: PrintedHtml): string {
    return digestOf(withoutTokens(html.withToken('')));
  }

  /** What a handle shows, to be told from what it is shown next: small HTML is its own fingerprint, and costs nothing. */
  print(html: PrintedHtml): string {
    const known = this.prints.get(html);
    if (known !== undefined) {
      return known;
    }
    const shown = withoutTokens(html.withToken(''));
    if (shown.length <= OWN_PRINT_CHARS) {
      return shown;
    }
    const print = digestOf(shown);
    this.prints.set(html, print);
    return print;
  }

  /** Whether a render is one that is remembered as it was sent. */
  isSame(shown: Text, html: PrintedHtml): boolean {
    if (isSameText(shown, html.text)) return true;
    const [one, other] = [String(shown), html.withToken('')];
    return withoutTokens(one) === withoutTokens(other);
  }

  /** 128 random bits, server-made. */
  newId(): string {
    return randomBytes(16).toString('base64url');
  }

  /** A page that was made for a user before the browser had a cookie of ours is that user's still. */
  private holder(caller: LiveCaller): Pick<TokenExpectation, 'sub' | 'alias' | 'tenant'> {
    const { id, sessionId, tenant, isAuthenticated, isSessionGiven } = caller;
    const isNamedByUser = isAuthenticated && !isSessionGiven && id !== '' && sessionId !== '';
    const alias = isNamedByUser ? () => this.values.principalOf(id, '') : undefined;
    return { sub: this.principal(caller), alias, tenant };
  }

  private principal(caller: LiveCaller): string {
    const known = this.principals.get(caller);
    if (known !== undefined) {
      return known;
    }
    const principal = this.values.principalOf(caller.id, caller.sessionId);
    this.principals.set(caller, principal);
    return principal;
  }

  /** Names and numbers tell nobody anything; props may be what secret fields were filled from. */
  private formOf({ encrypted }: ComponentDefinition, sealed: string, st?: string): TokenForm {
    if (encrypted || holdsSecrets(sealed)) {
      return 'encrypted';
    }
    const carries = sealed !== NOTHING || (st !== undefined && st !== NO_STATE);
    return carries ? this.life.form : 'signed';
  }

  private seal(pur: TokenPurpose, { content, caller, own: { cs, e, v, g, f, st }, shape }: Sealing): string {
    const { definition, id, sealed, since } = content;
    const iat = Date.now();
    const payload: TokenPayload = {
      pur,
      n: definition.name,
      i: id,
      sh: shape ?? definition.shape,
      sub: this.principal(caller),
      ten: caller.tenant,
      iat,
      exp: iat + (pur === 'mount' ? this.life.mountMs : this.life.stateMs),
      p: sealed === NOTHING ? undefined : sealed,
      cs,
      e,
      v,
      b: since,
      g,
      f,
      st,
    };
    return this.sealer.seal(payload, this.formOf(definition, sealed, st));
  }
}
