import { LiveComponent, OnEvent, State } from 'nest-live';

@LiveComponent('lane', { slots: ['header', 'default'] })
export class Lane {
  @State() folded = false;

  @OnEvent()
  fold(): void {
    this.folded = !this.folded;
  }
}
