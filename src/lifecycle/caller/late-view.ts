import { emptyView, type ViewObject } from '../../rendering/view-object.js';

/** A view that is found when something of it is read. */
export const lateView = (find: () => ViewObject): ViewObject =>
  new Proxy<ViewObject>(emptyView(), {
    get: (_, name) => Reflect.get(find(), name) as unknown,
    has: (_, name) => Reflect.has(find(), name),
    ownKeys: () => Reflect.ownKeys(find()),
    getOwnPropertyDescriptor: (_, name) => {
      const found = Reflect.getOwnPropertyDescriptor(find(), name);
      // A proxy may not say of a property that it stays, unless its own target has it.
      return found && { ...found, configurable: true };
    },
  });
