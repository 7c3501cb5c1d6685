import { LiveComponent, OnEvent, RateLimit, State } from 'nest-live';

@LiveComponent('doorbell')
export class Doorbell {
  @State() rings = 0;
  @State() knocks = 0;

  /** Three in any ten seconds, from all pages of one person together. The fourth is refused and changes nothing. */
  @OnEvent()
  @RateLimit({ limit: 3, per: 10_000 })
  ring(): void {
    this.rings += 1;
  }

  /** Another event counts by itself. */
  @OnEvent()
  @RateLimit('60/min')
  knock(): void {
    this.knocks += 1;
  }
}
