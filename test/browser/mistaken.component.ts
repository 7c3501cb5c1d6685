import { IsEmail, MaxLength, MinLength } from 'class-validator';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { FormComponent } from 'nest-live/forms';

export class Guest {
  @MinLength(2, { message: 'Say who you are.' }) name: string;
  @IsEmail({}, { message: 'Write an address.' }) email: string;
  @MinLength(3, { message: 'Choose a day.' }) day: string;
}

/** A form with all that `{{field}}` prints, and a summary. */
@LiveComponent('mistaken', {
  template: `<section>
  {{#if done}}<p id="done" role="status">Thank you</p>{{/if}}
  <form live-submit="submit" live-change="change" novalidate>
    {{#if wrong}}<div id="summary" role="alert">Not sent yet.</div>{{/if}}
    {{field 'email' label='E-mail'}}
    {{field 'name' label='Your name'}}
    {{field 'day' label='Day' type='radio' options=days}}
    <button id="send">Send</button>
  </form>
  <input id="elsewhere" aria-label="Elsewhere">
</section>`,
})
export class Mistaken extends FormComponent<Guest> {
  @State() done = false;

  protected readonly dto = Guest;

  protected onSubmit(): void {
    this.done = true;
    this.reset();
  }

  beforeRender(): object {
    return { days: ['Monday', 'Tuesday'], wrong: this.submitted && !this.valid };
  }
}

/** A form whose template says itself where to go. */
@LiveComponent('summed', {
  template: `<form live-submit="submit" novalidate>
  {{#if wrong}}<h2 id="sum" tabindex="-1" autofocus>Not sent yet</h2>{{/if}}
  {{field 'name' label='Your name'}}
  <button id="send">Send</button>
</form>`,
})
export class Summed extends Mistaken {}

export class Wish {
  @MaxLength(5, { message: 'No more than five letters.' }) wish: string;
}

/** No form of ours: its handler takes a DTO. */
@LiveComponent('wishes', {
  template: `<form live-submit="wish">
  <label>Who <input name="who"></label> <label>What you wish for <input name="wish" id="wish"></label>
  <button id="send">Send</button> <output>{{wish}}</output>
</form>`,
})
export class Wishes {
  @State() wish = '';

  @OnEvent('wish')
  take(@Payload() { wish }: Wish): void {
    this.wish = wish;
  }
}
