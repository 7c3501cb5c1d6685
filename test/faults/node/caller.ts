import { Injectable } from '@nestjs/common';
import { CallerResolver, type CallerInit, type CallerRequest } from 'nest-live';

/** Whoever the address names: `?user=ada`, and of which login: `&login=2`. */
@Injectable()
export class NamedCaller extends CallerResolver {
  resolve({ url }: CallerRequest & { readonly url?: string }): CallerInit {
    const { searchParams } = new URL(url ?? '/', 'http://node');
    const id = searchParams.get('user');
    return id === null ? {} : { user: { id }, id, sessionId: searchParams.get('login') ?? undefined };
  }
}
