/**
 * A request that is made when somebody asks for it. Most messages of a socket are answered before anybody has: a request made of
 * another makes a prototype of that one, which then weighs twice as much, for as long as its connection lives.
 */
export abstract class RequestInWaiting {
  private made?: object;

  /** Always the same one. */
  get whole(): object {
    return (this.made ??= this.make());
  }

  protected abstract make(): object;
}

/** The request itself. */
export const wholeRequest = (request: object): object =>
  request instanceof RequestInWaiting ? request.whole : request;
