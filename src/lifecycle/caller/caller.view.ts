import { toViewValue, type ViewObject } from '../../rendering/view-object.js';
import type { LiveCaller } from './caller.js';

/** What templates may read of a caller besides `id`, `isAuthenticated`, `isStaff` and `isSuperuser`. */
export type CallerFields = (caller: LiveCaller) => Readonly<Record<string, unknown>>;

/** The caller as templates see it. A user's own object may hold anything: nothing of it is here unless it is declared. */
export class CallerView {
  private readonly views = new WeakMap<LiveCaller, ViewObject>();

  constructor(private readonly declared: CallerFields = () => ({})) {}

  of(caller: LiveCaller): ViewObject {
    let view = this.views.get(caller);
    if (!view) {
      const { id, isAuthenticated, isStaff, isSuperuser } = caller;
      view = toViewValue({ ...this.declared(caller), id, isAuthenticated, isStaff, isSuperuser }) as ViewObject;
      this.views.set(caller, view);
    }
    return view;
  }
}
