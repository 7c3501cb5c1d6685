import { LiveSetupError } from '../errors/setup-error.js';

/** Who asks for something that is no component: a route of an ordinary controller. */
export type CallerSource = (request: object) => Promise<unknown>;

/** By the Express or Fastify application that a request belongs to: a parameter decorator has no other way to a module. */
const byServer = new WeakMap<object, CallerSource>();

export const offerCallers = (server: object, source: CallerSource): void => {
  byServer.set(server, source);
};

/** @throws LiveSetupError `OPTION_INVALID` for a request of an application without `ComponentsModule` */
export const callerOn = async (request: unknown): Promise<unknown> => {
  const { app, server } = (request ?? {}) as { readonly app?: object; readonly server?: object };
  // A scope of Fastify has the application behind it as its prototype.
  for (let place = app ?? server; place; place = Object.getPrototypeOf(place) as object | undefined) {
    const source = byServer.get(place);
    if (source) {
      return source(request as object);
    }
  }
  throw new LiveSetupError(
    'OPTION_INVALID',
    'a caller was asked for outside of HTTP and components: no ComponentsModule serves this request.',
  );
};
