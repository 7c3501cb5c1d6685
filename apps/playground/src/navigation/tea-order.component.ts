import { IsIn, IsNotEmpty, MaxLength } from 'class-validator';
import { Live, LiveComponent, OnEvent, Payload, redirect, type BeforeRender, type LiveContext } from 'nest-live';

const TEAS = ['Assam', 'Jasmine', 'Rooibos'] as const;

export class Order {
  @IsNotEmpty({ message: 'tell us whom the tea is for' })
  @MaxLength(40, { message: 'is longer than a cup is wide' })
  name: string;

  @IsIn(TEAS, { message: 'is not on the menu' })
  tea: string;
}

@LiveComponent('tea-order')
export class TeaOrder implements BeforeRender {
  /** The order is checked before this runs; the browser leaves when the event is saved. */
  @OnEvent()
  order(@Payload() { name, tea }: Order, @Live() live: LiveContext): void {
    redirect(live, `/navigation/served?${new URLSearchParams({ name, tea }).toString()}`);
  }

  beforeRender(): { teas: readonly string[] } {
    return { teas: TEAS };
  }
}
