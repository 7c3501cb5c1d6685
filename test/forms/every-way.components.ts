import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsDate,
  IsEmail,
  IsIn,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { FormComponent, WizardComponent } from 'nest-live/forms';

/** What handlers were given, newest last. */
export const received: unknown[] = [];

const HTMX = (name: string, event: string): string =>
  `hx-post="/components/${name}" hx-target="this" hx-swap="outerHTML" hx-vals='{"event":"${event}"}' novalidate`;

class Line {
  @Length(1, 10, { message: 'needs a name' })
  name: string;

  @IsInt({ message: 'must be a whole number' })
  @Max(9, { message: 'is too many' })
  amount: number;
}

class Address {
  @IsString()
  @Length(2, 40, { message: 'needs a city' })
  city: string;
}

export class Order {
  @IsString()
  text: string;

  @ValidateNested()
  @Type(() => Address)
  address: Address;

  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => Line)
  lines: Line[];

  @IsBoolean()
  isGift: boolean;

  @IsArray()
  @IsString({ each: true })
  colours: string[];

  @IsArray()
  @IsInt({ each: true })
  sizes: number[];

  @IsDate()
  day: Date;

  @IsIn(['post', 'shop'], { message: 'is no way to us' })
  by: string;
}

/** A form of the library: nested fields, a list, boxes, choices, a date. */
@LiveComponent('order', {
  template: `<form live-submit="submit" ${HTMX('order', 'submit')}>{{liveFields}}
  <output>{{count}}</output><pre>{{json fieldErrors}}</pre>
  <textarea name="text">{{value 'text'}}</textarea><input name="address[city]" value="{{value 'address.city'}}">
  <input name="lines[0][name]" value="{{value 'lines.0.name'}}"><input name="lines[0][amount]" value="{{value 'lines.0.amount'}}">
  <input name="lines.1.name" value="{{value 'lines.1.name'}}"><input name="lines.1.amount" value="{{value 'lines.1.amount'}}">
  <input type="checkbox" name="isGift"><input type="checkbox" name="colours" value="red"><input type="checkbox" name="colours" value="blue">
  <select name="sizes[]" multiple><option>1</option><option>2</option><option>3</option></select>
  <input type="date" name="day" value="{{value 'day'}}">
  <input type="radio" name="by" value="post"><input type="radio" name="by" value="shop">
  <button>Send</button></form>`,
})
export class OrderForm extends FormComponent<Order> {
  @State() count = 0;
  protected readonly dto = Order;

  protected onSubmit(order: Order): void {
    received.push(order);
    this.count += 1;
  }
}

class Contact {
  @IsEmail({}, { message: 'is no address' })
  email: string;
}

class Party {
  // Nobody has to say it here.
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'needs somebody' })
  seats: number;

  @IsBoolean()
  window: boolean;
}

export interface Booking {
  contact: Contact;
  party: Party;
}

/** Several DTOs, one after the other. */
@LiveComponent('booking', {
  template: `<form live-submit="{{#if isReview}}submit{{else}}next{{/if}}" hx-post="/components/booking" hx-target="this" hx-swap="outerHTML"
  hx-vals='{"event":"{{#if isReview}}submit{{else}}next{{/if}}"}' novalidate>{{liveFields}}
  <output>{{count}}</output><i>{{step}}</i><pre>{{json fieldErrors}}</pre>
  {{#if isReview}}<b>{{answer 'contact.email'}}/{{answer 'party.seats'}}</b>
  {{else}}<input name="email" value="{{value 'email'}}"><input name="seats" value="{{value 'seats'}}">
  <input type="checkbox" name="window">{{/if}}
  <button>Send</button></form>`,
})
export class BookingWizard extends WizardComponent<Booking> {
  @State() count = 0;
  protected readonly steps = { contact: Contact, party: Party };

  protected onSubmit(booking: Booking): void {
    received.push(booking);
    this.count += 1;
  }
}

class Comment {
  @Length(2, 20)
  text: string;

  @Type(() => Number)
  @IsInt()
  @Max(5)
  stars: number;

  @IsBoolean()
  isPublic: boolean;
}

/** A handler with a DTO, and no library for forms. */
@LiveComponent('comment', {
  template: `<form live-submit="submit" ${HTMX('comment', 'submit')}>{{liveFields}}
  <output>{{count}}</output><pre>{}</pre>
  <textarea name="text"></textarea><input name="stars"><input type="checkbox" name="isPublic">
  <button>Send</button></form>`,
})
export class CommentForm {
  @State() count = 0;

  @OnEvent()
  submit(@Payload() comment: Comment): void {
    received.push(comment);
    this.count += 1;
  }
}
