import type { IncomingHttpHeaders } from 'node:http';

/** An HTTP request, whatever framework received it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Last segment of the path: the component's name. */
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly encrypted: boolean;
  /** The framework's own request: what guards and resolvers see. */
  readonly original: object;
}

/** What every answer of ours says: it is of the kind that it names, and of no other. */
export const NO_SNIFFING = { 'x-content-type-options': 'nosniff' } as const;

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
