import { randomBytes } from 'node:crypto';

import type { Visitor } from './visitor.js';

/** One push stream as it comes, for as long as it lasts: it does not come back. */
export class OpenStream {
  /** Follows an instance that the visitor has a token of. */
  static async open(visitor: Visitor, component: string, state: string): Promise<OpenStream> {
    const query = new URLSearchParams({ sub: `${component}:${state}`, page: randomBytes(16).toString('base64url') });
    const gone = new AbortController();
    if (visitor.options.user) query.set('user', visitor.options.user);
    const response = await fetch(`http://127.0.0.1:${visitor.port}/components/-/pushes?${query}`, {
      headers: { accept: 'text/event-stream', ...visitor.headers },
      signal: gone.signal,
    });
    const stream = new OpenStream(response.status, gone);
    void stream.read(response);
    return stream;
  }

  text = '';
  isClosed = false;
  /** When something was heard last, of `performance.now()`. */
  heardAt = 0;
  /** The same of a render that was pushed. */
  pushedAt = 0;

  private constructor(
    readonly status: number,
    private readonly gone: AbortController,
  ) {}

  count(event: string): number {
    return this.text.split(`event: ${event}\n`).length - 1;
  }

  close(): void {
    this.gone.abort();
  }

  private async read(response: Response): Promise<void> {
    try {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        this.heardAt = performance.now();
        const text = decoder.decode(chunk, { stream: true });
        if (text.includes('event: component_update')) this.pushedAt = this.heardAt;
        this.text += text;
      }
    } catch {
      // A node that was killed says no goodbye.
    } finally {
      this.isClosed = true;
    }
  }
}
