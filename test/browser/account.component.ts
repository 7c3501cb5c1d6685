import { IsEmail, MinLength } from 'class-validator';
import { LiveComponent, OnEvent, State } from 'nest-live';
import { FormComponent } from 'nest-live/forms';

class Account {
  @IsEmail({}, { message: 'is no address' })
  email: string;

  @MinLength(3, { message: 'is too short' })
  name: string;
}

/** A form that says what is wrong while it is filled in. */
@LiveComponent('account', {
  template: `<div>
    <form live-submit="submit" live-change="change" novalidate>
      {{#each fields}}
        <label for="{{fieldId this}}">{{this}}</label>
        <input id="{{fieldId this}}" name="{{this}}" value="{{value this}}" aria-invalid="{{hasFieldError this}}" aria-describedby="{{errorsId this}}">
        <p id="{{errorsId this}}">{{#fieldErrors this}}{{this}}{{/fieldErrors}}</p>
      {{/each}}
      <button>Send</button>
    </form>
    <button id="look" live-click="look">Look</button>
    <output>{{looks}}</output><i>{{sent}}</i>
  </div>`,
})
export class AccountForm extends FormComponent<Account> {
  @State() looks = 0;
  @State() sent = '';
  @State() fields = ['email', 'name'];
  protected readonly dto = Account;

  protected onSubmit({ email }: Account): void {
    if (email === 'taken@example.org') {
      this.addError('email', 'is taken');
      return;
    }
    this.sent = email;
    this.reset();
  }

  @OnEvent()
  look(): void {
    this.looks += 1;
  }
}
