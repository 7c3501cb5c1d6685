import { LiveComponent, State } from 'nest-live';

/** Nothing of it is a session field: `persist` brings its whole state back on this page. */
@LiveComponent('tea-note', { persist: true })
export class TeaNote {
  @State({ bind: true }) text = '';
}
