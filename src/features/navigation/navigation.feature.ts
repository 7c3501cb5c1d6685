import { LiveError } from '../../errors/live-error.js';
import { Feature, type Destination, type LiveFeature, type Next } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Effects } from '../../protocol/envelope.js';
import { isOwnAddress, ownAddress } from '../../protocol/own-address.js';
import { PublicPath } from '../../protocol/public-path.js';
import { after, type Soon } from '../../protocol/soon.js';
import { Rendered } from '../../rendering/rendered.js';

declare module '../../protocol/envelope.js' {
  interface EffectMap {
    /** Go to another address of this site. */
    redirect: { readonly to: string; readonly replace?: boolean };
  }
}

/** Sends the browser elsewhere. A redirected component is not rendered: nobody would see it. */
@Feature()
export class NavigationFeature implements LiveFeature {
  readonly leavesFields = true;
  constructor(private readonly path: PublicPath) {}

  aroundRender(ctx: LiveContext, next: Next<Rendered>): Soon<Rendered> {
    return after(ctx.effects.redirect ? Rendered.empty : next(), this.rendered, ctx);
  }

  private readonly rendered = (rendered: Rendered, ctx: LiveContext): Rendered => {
    const { redirect: target } = ctx.effects;
    if (target) {
      // An effect can be sent without redirect().
      refuseForeign(target.to);
      ctx.effect('redirect', { ...target, to: this.path.address(ctx.request, target.to) });
    }
    return rendered;
  };

  headers({ redirect: target }: Effects): Record<string, string> {
    const to = ownAddress(target?.to);
    return to === undefined ? {} : { 'hx-redirect': to };
  }

  destination({ redirect: target }: Effects): Destination | undefined {
    const to = ownAddress(target?.to);
    return to === undefined ? undefined : { to };
  }
}

/**
 * Goes to another address of this site once the event is saved.
 * @throws LiveError `HANDLER_ERROR` for another site, another scheme, or control characters
 */
export const redirect = (ctx: LiveContext, to: string, { replace }: { replace?: boolean } = {}): void => {
  refuseForeign(to);
  ctx.effect('redirect', replace ? { to, replace } : { to });
};

function refuseForeign(to: unknown): void {
  if (isOwnAddress(to)) return;
  throw new LiveError(
    'HANDLER_ERROR',
    'redirect() goes to addresses of this site only: begin the address with one "/"',
  );
}
