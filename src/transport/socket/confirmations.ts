/** What is small is done at once: so many weigh like one render. */
const SMALL_IN_ONE = 8;

/**
 * Renders that a client has been sent and has not confirmed: how many wait in it nothing else tells, since its system takes
 * bytes before its page does. It is asked with one of several, and confirms those before it too.
 */
export class Confirmations {
  private renders = 0;
  /** In parts of a render that is not small. */
  private weight = 0;
  /** Those of them that the client has not been asked for. */
  private unaskedRenders = 0;
  private unaskedWeight = 0;

  /** @param most how many renders may be unconfirmed, of small ones eight times as many */
  constructor(private readonly most: number) {}

  get unconfirmed(): number {
    return this.renders;
  }

  get hasRoom(): boolean {
    return this.weight < this.most * SMALL_IN_ONE;
  }

  /** Before one more is sent. @returns whether the client may be sent it without being asked: not before half of the room is used */
  add(isSmall: boolean): boolean {
    const weight = isSmall ? 1 : SMALL_IN_ONE;
    this.renders += 1;
    this.weight += weight;
    this.unaskedRenders += 1;
    this.unaskedWeight += weight;
    return this.unaskedWeight * 2 < this.most * SMALL_IN_ONE;
  }

  /** The client is asked now. @returns what to call when it has confirmed */
  ask(): () => void {
    const { unaskedRenders: renders, unaskedWeight: weight } = this;
    this.unaskedRenders = this.unaskedWeight = 0;
    return () => {
      this.renders = Math.max(0, this.renders - renders);
      this.weight = Math.max(0, this.weight - weight);
    };
  }

  forget(): void {
    this.renders = this.weight = this.unaskedRenders = this.unaskedWeight = 0;
  }
}
