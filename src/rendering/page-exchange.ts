/**
 * The request a page is rendered for and its response, as the platform gives them (Express or Fastify). Handed from the
 * view engine to each mount: an AsyncLocalStorage would make every promise of the process dearer, pages or not.
 */
export interface PageExchange {
  readonly request: object;
  /** Gets the anonymous caller's cookie. */
  readonly response?: object;
}
