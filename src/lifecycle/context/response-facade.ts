type HeaderValue = string | number | readonly string[];

/**
 * Stands in for the HTTP response in Nest's pipeline, so that guards and filters written for HTTP can set headers and
 * "reply" on a socket too. What they reply is not sent: the original error decides the coded answer, so that nobody is
 * sent to a sign-in page in the middle of an event.
 */
export class ResponseFacade {
  statusCode = 200;
  headersSent = false;
  writableEnded = false;
  private headers?: Map<string, HeaderValue>; // a new Map and Set for those who use them: one stands on every socket
  private listeners?: Set<() => void>;

  /** @param locals what the application has left for whoever answers */
  constructor(readonly locals: Record<string, unknown> = {}) {}

  get sent(): boolean {
    return this.headersSent;
  }

  get raw(): this {
    return this;
  }

  /** What `Retry-After` says in seconds, as guards that count write it. */
  get retryAfterMs(): number | undefined {
    const seconds = Number(this.getHeader('retry-after') ?? NaN);
    return seconds > 0 && Number.isFinite(seconds) ? seconds * 1_000 : undefined;
  }

  status(code: number): this {
    this.statusCode = code;
    return this;
  }

  code(code: number): this {
    return this.status(code);
  }

  header(name: string, value: HeaderValue): this {
    return this.setHeader(name, value);
  }

  setHeader(name: string, value: HeaderValue): this {
    (this.headers ??= new Map()).set(name.toLowerCase(), value);
    return this;
  }

  set(name: string | Readonly<Record<string, HeaderValue>>, value?: HeaderValue): this {
    const pairs = typeof name === 'string' ? [[name, value ?? ''] as const] : Object.entries(name);
    pairs.forEach(([one, given]) => this.setHeader(one, given));
    return this;
  }

  get(name: string): HeaderValue | undefined {
    return this.getHeader(name);
  }

  hasHeader(name: string): boolean {
    return this.headers?.has(name.toLowerCase()) === true;
  }

  getHeaders(): Readonly<Record<string, HeaderValue>> {
    return Object.fromEntries(this.headers ?? []);
  }

  append(name: string, value: string | readonly string[]): this {
    return this.appendHeader(name, String(value));
  }

  vary(field: string | readonly string[]): this {
    return this.append('vary', field);
  }

  /** No cookie is set by an event: a socket has no way to. */
  cookie(): this {
    return this;
  }

  setCookie(): this {
    return this;
  }

  clearCookie(): this {
    return this;
  }

  /** `finish` and `close` come when the interaction is over, whatever has become of it. */
  on(event: string, listener: () => void): this {
    if (event === 'finish' || event === 'close') {
      (this.listeners ??= new Set()).add(listener);
    }
    return this;
  }

  once(event: string, listener: () => void): this {
    return this.on(event, listener);
  }

  addListener(event: string, listener: () => void): this {
    return this.on(event, listener);
  }

  off(_event: string, listener: () => void): this {
    this.listeners?.delete(listener);
    return this;
  }

  removeListener(event: string, listener: () => void): this {
    return this.off(event, listener);
  }

  /** For the pipeline, once it is through. */
  finish(): void {
    this.writableEnded = true;
    this.listeners?.forEach((listener) => listener());
  }

  type(value: string): this {
    return this.setHeader('content-type', value);
  }

  appendHeader(name: string, value: string): this {
    const known = this.getHeader(name);
    return this.setHeader(name, known === undefined ? value : `${String(known)}, ${value}`);
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.headers?.get(name.toLowerCase());
  }

  removeHeader(name: string): this {
    this.headers?.delete(name.toLowerCase());
    return this;
  }

  json(): this {
    return this.end();
  }

  redirect(): this {
    return this.end();
  }

  render(): this {
    return this.end();
  }

  send(): this {
    return this.end();
  }

  end(): this {
    this.headersSent = true;
    return this;
  }
}
