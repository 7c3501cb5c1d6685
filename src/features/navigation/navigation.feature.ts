import { LiveError } from '../../errors/live-error.js';
import { Feature, type LiveFeature, type Next } from '../../lifecycle/live-feature.js';
import type { LiveContext } from '../../lifecycle/live.context.js';
import type { Effects } from '../../protocol/envelope.js';
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
  async aroundRender(ctx: LiveContext, next: Next<Rendered>): Promise<Rendered> {
    return ctx.effects.redirect ? Rendered.empty : next();
  }

  headers({ redirect: target }: Effects): Record<string, string> {
    return target ? { 'hx-redirect': target.to } : {};
  }
}

/**
 * Goes to another address of this site once the event is saved.
 * @throws LiveError `HANDLER_ERROR` for another site, another scheme, or control characters
 */
export const redirect = (ctx: LiveContext, to: string, { replace }: { replace?: boolean } = {}): void => {
  if (!isOwnAddress(to)) {
    throw new LiveError(
      'HANDLER_ERROR',
      'redirect() goes to addresses of this site only: begin the address with one "/"',
    );
  }
  ctx.effect('redirect', replace ? { to, replace } : { to });
};

// Not a real host: only shows whether an address leaves whatever host it is resolved against.
const PROBE = 'https://own.invalid';

const isOwnAddress = (to: string): boolean => {
  // Browsers drop or fold these before they parse, so they are refused before anybody parses.
  // eslint-disable-next-line no-control-regex -- control characters are the point
  if (/[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/.test(to) || /%0[0-9a-d]/i.test(to)) {
    return false;
  }
  if (!/^[/?#]/.test(to)) {
    return false;
  }
  try {
    return new URL(to, PROBE).origin === PROBE;
  } catch {
    return false;
  }
};
