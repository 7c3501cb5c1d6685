import { createHash, randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { Budgets } from '../../budgets/budgets.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { cookieLine, cookieName, openCookie } from '../../protocol/cookie.js';
import type { WireError } from '../../protocol/envelope.js';
import type { Entered } from '../../rendering/entered-form.js';
import { SignedValues } from '../../state/signed-value.js';
import { FormStore } from '../../state/form-store.js';

/** Names what the next page of a form is to show; the browser keeps it no longer than that. */
export const FORM_COOKIE = 'nest_live_form';

/** How long a browser may take from a form to the page that follows. */
const MAX_AGE_S = 120;
/** How long a page may stand open until its next form goes on with what else stands in it. */
const PAGE_MS = 15 * 60_000;
/** What keeping a text costs beside it: its name, and its place in a store. */
const OVERHEAD_BYTES = 300;

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

/**
 * What a page without script cannot remember by itself, from a form to the page that follows. It is kept in a store of its
 * own under a random name: any node finds it, and however large a state is, the cookie only holds the name. What one caller
 * has left is found by the same caller alone, and has a budget: beyond it nothing is kept.
 */
@Injectable()
export class PageMemory {
  constructor(
    private readonly store: FormStore,
    private readonly values: SignedValues,
    private readonly budgets: Budgets,
  ) {
    budgets.forms.onDrop((id) => void store.delete(id).catch(() => undefined));
  }

  /** @returns the `Set-Cookie` line by which the next page finds it; undefined where there is no room for it */
  async leave(page: LeftPage, { caller, secure }: Leaving): Promise<string | undefined> {
    const name = randomBytes(16).toString('base64url');
    const id = idOf('left', name, caller);
    if (!(await this.put(id, page, { caller, lifeMs: MAX_AGE_S * 1_000 }))) {
      return undefined;
    }
    const value = this.values.signValue(name, 'form');
    return cookieLine(cookieName(FORM_COOKIE, { secure }), value, { secure, maxAge: MAX_AGE_S });
  }

  /** What was left for the page of this path: once, and then nobody finds it again. */
  async take(cookie: string | undefined, path: string, { caller, secure }: Leaving): Promise<LeftPage | undefined> {
    const name = cookieName(FORM_COOKIE, { secure });
    const found = openCookie(cookie, name, (value) => this.values.openValue(value, 'form'));
    if (found === null) {
      return undefined;
    }
    const id = idOf('left', found, caller);
    const left = (await this.get(id)) as LeftPage | undefined;
    if (left?.path !== path || (await this.store.take(id)) === null) {
      return undefined;
    }
    this.budgets.forms.give(id);
    return left;
  }

  /** Keeps, for the forms of a page of this life, what else stands in it. */
  async remember(life: string, roots: readonly LeftRoot[], caller: LiveCaller): Promise<void> {
    await this.put(idOf('page', life, caller), roots, { caller, lifeMs: PAGE_MS });
  }

  async recall(life: string, caller: LiveCaller): Promise<readonly LeftRoot[]> {
    return ((await this.get(idOf('page', life, caller))) as readonly LeftRoot[] | undefined) ?? [];
  }

  /** Whether a form says what it said the first time, if it has come before and that is known. */
  async isSame(form: string, digest: string, caller: LiveCaller): Promise<boolean> {
    const id = idOf('form', form, caller);
    await this.put(id, digest, { caller, lifeMs: PAGE_MS });
    return ((await this.get(id)) ?? digest) === digest;
  }

  private async put(
    id: string,
    value: unknown,
    { caller, lifeMs }: { readonly caller: LiveCaller; readonly lifeMs: number },
  ): Promise<boolean> {
    const text = JSON.stringify(value);
    const { forms } = this.budgets;
    if (!forms.has(id) && !forms.take(id, { owner: caller.owner, bytes: OVERHEAD_BYTES + 2 * text.length, lifeMs })) {
      return false;
    }
    await this.store.put(id, text, lifeMs);
    return true;
  }

  private async get(id: string): Promise<unknown> {
    const text = await this.store.get(id);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  }
}

/** For whom something is left, and by which cookie it is found. */
export interface Leaving {
  readonly caller: LiveCaller;
  readonly secure: boolean;
}

/** None of these is found by a name that was meant for another, nor by anybody else. */
const idOf = (kind: 'left' | 'page' | 'form', name: string, { id, sessionId, tenant }: LiveCaller): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, name, id, sessionId, tenant]))
    .digest('base64url');
