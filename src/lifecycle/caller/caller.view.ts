import { applicationRuns } from '../../component/application-code.js';
import { toViewValue, type ViewObject } from '../../rendering/view-object.js';
import type { LiveCaller } from './caller.js';
import { lateView } from './late-view.js';

/** What templates may read of a caller besides `id`, `isAuthenticated`, `isStaff` and `isSuperuser`. */
export type CallerFields = (caller: LiveCaller) => Readonly<Record<string, unknown>>;

/** The caller as templates see it. A user's own object may hold anything: nothing of it is here unless it is declared. */
export class CallerView {
  /** Nobody looks like anybody else without a login, of whom there are many. */
  private nobody?: ViewObject;
  private readonly views = new WeakMap<LiveCaller, ViewObject>();

  constructor(private readonly declared?: CallerFields) {}

  of(caller: LiveCaller): ViewObject {
    if (!this.declared && !caller.isAuthenticated && caller.id === '') {
      return (this.nobody ??= this.viewOf(caller));
    }
    let view = this.views.get(caller);
    if (!view) {
      view = this.viewOf(caller);
      this.views.set(caller, view);
    }
    return view;
  }

  /** Of whoever it will be asked for: nothing of the caller is read where the template reads none of it. */
  late(asked: { readonly caller: LiveCaller }): ViewObject {
    return lateView(() => this.of(asked.caller));
  }

  private viewOf(caller: LiveCaller): ViewObject {
    const { id, isAuthenticated, isStaff, isSuperuser } = caller;
    if (this.declared) applicationRuns();
    return toViewValue({ ...this.declared?.(caller), id, isAuthenticated, isStaff, isSuperuser }) as ViewObject;
  }
}
