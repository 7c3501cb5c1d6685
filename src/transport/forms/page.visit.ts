import { randomBytes } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { ownAddress, type OwnAddress } from '../../protocol/own-address.js';
import { readPageAddress } from '../../protocol/page-address.js';
import { PublicPath } from '../../protocol/public-path.js';
import { FORM_COOKIE, PageMemory, type LeftPage, type LeftRoot } from './page.memory.js';

interface Asked {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One page on its way to a browser: what its forms have to say, and what an earlier form has left for it. */
export class PageVisit {
  /** Of all forms of this page. */
  readonly life = randomBytes(16).toString('base64url');
  /** What nobody may be led back to is not said. */
  readonly at?: OwnAddress;
  private readonly counts = new Map<string, number>();

  constructor(
    arrived: string,
    /** Writes an address of this application as the page's browser knows it. */
    readonly address: (own: string) => string,
    /** Absent for nearly every page. */
    readonly left?: Promise<LeftPage | undefined>,
  ) {
    this.at = ownAddress(arrived);
  }

  /** Names the place of what the page asks for next; asked for in one order whenever the page is rendered. */
  next(component: string): string {
    const count = this.counts.get(component) ?? 0;
    this.counts.set(component, count + 1);
    return `${component}:${count}`;
  }

  async rootAt(place: string): Promise<LeftRoot | undefined> {
    return (await this.left)?.roots.find((root) => root.place === place);
  }
}

/** Who asks for a page. */
export interface Visitor {
  readonly caller: () => Promise<LiveCaller>;
  readonly secure: boolean;
  /** Called when what was left for the page is taken. */
  readonly done: () => void;
}

/** Finds the visit that a request is. */
@Injectable()
export class PageVisits {
  private readonly byRequest = new WeakMap<object, PageVisit>();

  private readonly logger = new Logger('Live');

  constructor(
    private readonly memory: PageMemory,
    private readonly path: PublicPath,
  ) {}

  of(request: object, visitor: Visitor): PageVisit {
    const known = this.byRequest.get(request);
    if (known) {
      return known;
    }
    const arrived = this.path.arrived(request);
    const address = (own: string): string => this.path.address(request, own);
    const visit = new PageVisit(arrived, address, this.leftFor(request as Asked, arrived, visitor));
    this.byRequest.set(request, visit);
    void visit.left?.then((left) => left && this.keep(visit, left.roots, visitor));
    return visit;
  }

  private leftFor({ headers }: Asked, arrived: string, visitor: Visitor): PageVisit['left'] {
    const { cookie, purpose, 'sec-purpose': secPurpose = purpose } = headers;
    // A page that nobody looks at yet takes nothing away from the one that somebody does.
    if (typeof cookie !== 'string' || !cookie.includes(FORM_COOKIE) || secPurpose !== undefined) {
      return undefined;
    }
    const { path } = readPageAddress(arrived);
    const taken = visitor
      .caller()
      .then((caller) => this.memory.take(cookie, path, { caller, secure: visitor.secure }))
      .catch((error: unknown) => this.missed(error));
    return taken.then((left) => {
      if (left) visitor.done();
      return left;
    });
  }

  /** The other roots of the page stand in it again after its next form. */
  private async keep({ life }: PageVisit, roots: readonly LeftRoot[], { caller }: Visitor): Promise<void> {
    await caller()
      .then((who) => this.memory.remember(life, roots, who))
      .catch((error: unknown) => this.missed(error));
  }

  private missed(error: unknown): undefined {
    this.logger.warn(`what a form has left for its page was not found: ${String(error)}`);
    return undefined;
  }
}
