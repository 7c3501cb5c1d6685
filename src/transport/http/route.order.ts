/** As much of a layer of Express' router as says whom it answers. */
interface Layer {
  readonly route?: {
    _handlesMethod(method: string): boolean;
    readonly stack: readonly {
      readonly handle: { readonly name: string; readonly constructor: { readonly name: string } };
    }[];
  };
  match(path: string): boolean;
}

/** Nest's own around a middleware that is there for one method only, by their names in Nest 12 and 11. */
const MIDDLEWARE: ReadonlySet<string> = new Set(['', 'handler', 'middlewareFunction']);

/**
 * Routes of ours go behind the application's middleware and before the first of its routes that would answer in their place,
 * such as the `{*path}` of a controller that serves an application of one page: Express asks in the order of registration.
 *
 * @param register registers them
 */
export const inFrontOfRoutes = (stack: unknown[], prefix: string, register: () => void): void => {
  const theirs = stack.length;
  register();
  const own = stack.splice(theirs);
  const asked = [
    ['GET', `${prefix}/-/nest-live.js`],
    ['GET', `${prefix}/name`],
    ['POST', `${prefix}/name`],
  ] as const;
  const first = (stack as Layer[]).findIndex(
    (layer) =>
      isRoute(layer) && asked.some(([method, path]) => layer.route?._handlesMethod(method) && layer.match(path)),
  );
  stack.splice(first < 0 ? stack.length : first, 0, ...own);
};

const isRoute = ({ route }: Layer): boolean => {
  const handle = route?.stack[0]?.handle;
  return handle !== undefined && (handle.constructor.name === 'AsyncFunction' || !MIDDLEWARE.has(handle.name));
};
