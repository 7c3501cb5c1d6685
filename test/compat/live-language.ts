import type { ExecutionContext } from '@nestjs/common';

interface Asked {
  readonly i18nLang?: string;
  /** On Fastify. */
  readonly raw?: { readonly i18nLang?: string };
}

/** As the guide has it: an interaction speaks the language that the middleware has found for its request or handshake. */
export class LiveLanguage {
  resolve(context: ExecutionContext): string | undefined {
    if (context.getType<string>() !== 'live') return undefined;
    const request = context.switchToHttp().getRequest<Asked>();
    return request.i18nLang ?? request.raw?.i18nLang;
  }
}
