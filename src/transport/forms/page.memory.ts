import { createHash, randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { cookieLine, readCookie } from '../../protocol/cookie.js';
import type { WireError } from '../../protocol/envelope.js';
import type { Entered } from '../../rendering/entered-form.js';
import { SignedValues } from '../../state/signed-value.js';
import { StateStore } from '../../state/state-store.js';

/** Names what the next page of a form is to show; the browser keeps it no longer than that. */
export const FORM_COOKIE = 'nest_live_form';

/** How long a browser may take from a form to the page that follows. */
const MAX_AGE_S = 120;

/** What stands in a page again after a form: by its place there. */
export interface LeftRoot {
  readonly place: string;
  readonly component: string;
  /** Names its state; good for its caller alone. */
  readonly token: string;
}

/** Why a form was refused, and what was entered into it. */
export interface Refused {
  readonly place: string;
  /** The how-manieth form of that place. */
  readonly index: number;
  readonly error: WireError;
  readonly entered: Entered;
}

/** What a page is to show after a form. */
export interface LeftPage {
  /** Path of the page. */
  readonly path: string;
  readonly roots: readonly LeftRoot[];
  readonly refused?: Refused;
}

interface Kept extends LeftPage {
  readonly until: number;
}

/**
 * What a page without script cannot remember by itself, from a form to the page that follows. It is kept in the state
 * store under a random name: any node finds it, and however large a state is, the cookie only holds the name.
 */
@Injectable()
export class PageMemory {
  constructor(
    private readonly store: StateStore,
    private readonly values: SignedValues,
  ) {}

  /** @returns the `Set-Cookie` line by which the next page finds it */
  async leave(page: LeftPage, { secure }: { readonly secure: boolean }): Promise<string> {
    const name = randomBytes(16).toString('base64url');
    await this.put(idOf('left', name), { ...page, until: Date.now() + MAX_AGE_S * 1_000 } satisfies Kept);
    return cookieLine(FORM_COOKIE, this.values.signValue(name, 'form'), { secure, maxAge: MAX_AGE_S });
  }

  /** What was left for the page of this path: once, and then nobody finds it again. */
  async take(cookie: string | undefined, path: string): Promise<LeftPage | undefined> {
    const name = this.values.openValue(readCookie(cookie, FORM_COOKIE), 'form');
    if (name === null) {
      return undefined;
    }
    const id = idOf('left', name);
    const left = (await this.get(id)) as Kept | undefined;
    if (left?.path !== path || left.until < Date.now()) {
      return undefined;
    }
    return (await this.store.end(id)) ? left : undefined;
  }

  /** Keeps, for the forms of a page of this life, what else stands in it. */
  async remember(life: string, roots: readonly LeftRoot[]): Promise<void> {
    await this.put(idOf('page', life), roots);
  }

  async recall(life: string): Promise<readonly LeftRoot[]> {
    return ((await this.get(idOf('page', life))) as readonly LeftRoot[] | undefined) ?? [];
  }

  /** Whether a form says what it said the first time, if it has come before. */
  async isSame(form: string, digest: string): Promise<boolean> {
    const id = idOf('form', form);
    await this.put(id, digest);
    return ((await this.get(id)) ?? digest) === digest;
  }

  private async put(id: string, value: unknown): Promise<void> {
    const birth = randomBytes(16).toString('base64url');
    await this.store.create({ id, birth, snapshot: JSON.stringify(value), shape: 0 });
  }

  private async get(id: string): Promise<unknown> {
    const stored = await this.store.peek(id);
    return stored ? (JSON.parse(stored.snapshot) as unknown) : undefined;
  }
}

/** No id of an instance has this form, and none of these is found by a name that was meant for another. */
const idOf = (kind: 'left' | 'page' | 'form', name: string): string =>
  `form-${createHash('sha256').update(`${kind}:${name}`).digest('base64url')}`;
