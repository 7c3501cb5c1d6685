import { RowMemory } from '../../rendering/rows/row-memory.js';
import { StateMemory } from '../../state/state-memory.js';
import { ShownChildren } from '../context/shown-children.js';

interface Part {
  rests: boolean;
  readonly bytes: number;
  forget(): void;
}

/**
 * What makes the next event of one viewer cheaper than the last one. Nothing is wrong without it. Its parts are made when
 * they are first used: most viewers only look on.
 */
export class ViewerMemory {
  private isFull = false;
  private parts?: Part[];
  private madeRows?: RowMemory;
  private madeState?: StateMemory;
  private madeChildren?: ShownChildren;

  get rows(): RowMemory {
    return (this.madeRows ??= this.with(new RowMemory()));
  }

  get state(): StateMemory {
    return (this.madeState ??= this.with(new StateMemory()));
  }

  get children(): ShownChildren {
    return (this.madeChildren ??= this.with(new ShownChildren()));
  }

  get bytes(): number {
    return this.parts?.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
  }

  get rests(): boolean {
    return this.isFull;
  }

  set rests(rests: boolean) {
    if (this.isFull === rests) return;
    this.isFull = rests;
    this.parts?.forEach((part) => (part.rests = rests));
  }

  forget(): void {
    this.parts?.forEach((part) => part.forget());
  }

  private with<T extends Part>(part: T): T {
    part.rests = this.isFull;
    (this.parts ??= []).push(part);
    return part;
  }
}
