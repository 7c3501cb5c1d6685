/** A page could not be rendered: where in which file, and why (`cause`). */
export class PageRenderError extends Error {
  override readonly name = 'PageRenderError';

  constructor(
    page: string,
    readonly place: string,
    cause: unknown,
  ) {
    super(`Page "${page}" failed at ${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
