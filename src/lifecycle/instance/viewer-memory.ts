import { RowMemory } from '../../rendering/rows/row-memory.js';
import { StateMemory } from '../../state/state-memory.js';
import { ShownChildren } from '../context/shown-children.js';

/** What makes the next event of one viewer cheaper than the last one. Nothing is wrong without it. */
export class ViewerMemory {
  readonly rows = new RowMemory();
  readonly state = new StateMemory();
  readonly children = new ShownChildren();

  get bytes(): number {
    return this.rows.bytes + this.state.bytes + this.children.bytes;
  }

  get rests(): boolean {
    return this.rows.rests;
  }

  set rests(rests: boolean) {
    this.rows.rests = this.state.rests = this.children.rests = rests;
  }

  forget(): void {
    this.rows.forget();
    this.state.forget();
    this.children.forget();
  }
}
