import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { LiveComponent, OnEvent, Payload, Secret, State } from 'nest-live';

export class Address {
  static made = 0;

  @IsString()
  street: string;

  constructor() {
    Address.made += 1;
  }
}

export class Order {
  static made = 0;

  @IsString()
  @MaxLength(20)
  title: string;

  @IsInt()
  amount: number;

  @IsIn(['user', 'guest'])
  role: string;

  @ValidateNested()
  @Type(() => Address)
  address: Address;

  constructor() {
    Order.made += 1;
  }
}

class Base {
  inherited(): void {
    Target.calls.push('inherited');
  }
}

/** Something worth attacking: a locked field, an open one, a secret, a typed payload, methods that are nobody's business. */
@LiveComponent('target', {
  publicProps: ['start'],
  template: '<div><output>{{count}}</output> {{note}} {{profile.name}}</div>',
})
export class Target extends Base {
  static calls: string[] = [];

  @State() count = 0;
  @State() isAdmin = false;
  @State() user = { id: 1 };
  @State({ bind: true }) note = '';
  @State({ bind: true }) size = 1;
  @State({ bind: true }) open = false;
  @State({ bind: true }) items: unknown[] = [];
  @State({ bind: true }) profile: Record<string, unknown> = {};
  @Secret() key = 'secret-key-of-the-state';

  onMount({ start = 0 }: { start?: number }): void {
    this.count = Number(start);
  }

  @OnEvent()
  increment(): void {
    Target.calls.push('increment');
    this.count += 1;
  }

  @OnEvent()
  order(@Payload() order: Order): void {
    Target.calls.push(`order ${order.role}`);
    this.count += 100;
  }

  @OnEvent()
  anything(@Payload() anything: unknown): void {
    Target.calls.push('anything');
    this.note = JSON.stringify(anything);
  }

  render(): void {
    Target.calls.push('render');
  }

  hydrate(): void {
    Target.calls.push('hydrate');
  }

  onModuleInit(): void {
    Target.calls.push('onModuleInit');
  }

  destroyEverything(): void {
    Target.calls.push('destroyEverything');
  }
}

@LiveComponent('admin', { template: '<div>admin {{isAdmin}}</div>' })
export class Admin {
  @State() count = 0;
  @State() isAdmin = false;

  @OnEvent()
  increment(): void {
    Target.calls.push('admin');
    this.count += 1;
  }
}
