import { IsEmail, IsInt, Min } from 'class-validator';
import { LiveComponent, State } from 'nest-live';
import { WizardComponent } from 'nest-live/forms';

class Contact {
  @IsEmail({}, { message: 'is no address' })
  name: string;
}

class Trip {
  @Min(1)
  @IsInt({ message: 'must be a number' })
  name: number;
}

interface Booking {
  contact: Contact;
  trip: Trip;
}

/** A wizard whose steps have a field of the same name in the same place. */
@LiveComponent('booking', {
  template: `<form live-submit="{{#if isReview}}submit{{else}}next{{/if}}" live-change="change" novalidate>
    <input type="hidden" name="step" value="{{step}}"><output>{{step}}</output>
    {{#if isReview}}<p>{{answer 'contact.name'}} {{answer 'trip.name'}}</p>
    {{else}}{{field 'name' label=step}}{{/if}}
    <button>Next</button><button name="go" value="back">Back</button><i>{{booked}}</i>
  </form>`,
})
export class BookingWizard extends WizardComponent<Booking> {
  @State() booked = 0;
  protected readonly steps = { contact: Contact, trip: Trip };

  protected onSubmit(): void {
    this.booked += 1;
  }
}
