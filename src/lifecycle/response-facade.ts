type HeaderValue = string | number | readonly string[];

/**
 * Stands in for the HTTP response in Nest's pipeline, so that guards and filters written for HTTP can set headers and
 * "reply" on a socket too. What they reply is not sent: the original error decides the coded answer, so that nobody is
 * sent to a sign-in page in the middle of an event.
 */
export class ResponseFacade {
  statusCode = 200;
  headersSent = false;
  readonly headers = new Map<string, HeaderValue>();

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
    this.headers.set(name.toLowerCase(), value);
    return this;
  }

  set(name: string, value: HeaderValue): this {
    return this.setHeader(name, value);
  }

  type(value: string): this {
    return this.setHeader('content-type', value);
  }

  appendHeader(name: string, value: string): this {
    const known = this.headers.get(name.toLowerCase());
    return this.setHeader(name, known === undefined ? value : `${String(known)}, ${value}`);
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.headers.get(name.toLowerCase());
  }

  removeHeader(name: string): this {
    this.headers.delete(name.toLowerCase());
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
