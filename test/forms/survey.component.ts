import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsDate,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { LiveComponent, State } from 'nest-live';
import { FormComponent } from 'nest-live/forms';

export enum Level {
  Low = 1,
  High = 2,
}

export class Place {
  @IsString()
  city: string;

  @IsString()
  zip: string;

  @IsBoolean()
  main: boolean;
}

export class Row {
  @IsString()
  name: string;

  @IsNumber()
  price: number;

  @IsBoolean()
  gift: boolean;

  @IsArray()
  @IsString({ each: true })
  tags: string[];
}

/** Every kind of value that a form can say. */
export class Survey {
  @IsString()
  name: string;

  @IsString()
  text: string;

  @IsInt()
  count: number;

  @IsNumber()
  amount: number;

  @IsOptional()
  @IsNumber()
  maybe?: number;

  @IsOptional()
  @IsNumber()
  cleared: number | null = null;

  @IsOptional()
  @IsString()
  note?: string;

  @Min(0)
  @Max(10)
  scale: number;

  @IsBoolean()
  agreed: boolean;

  @IsBoolean()
  declined: boolean;

  @IsBoolean()
  valued: boolean;

  @IsString({ each: true })
  colours: string[];

  @IsArray()
  nothing: string[];

  @IsIn(['tea', 'coffee'])
  drink: string;

  @IsEnum(Level)
  level: Level;

  @IsArray()
  @IsInt({ each: true })
  numbers: number[];

  @IsArray()
  @IsString({ each: true })
  aliases: string[];

  @ValidateNested()
  @Type(() => Place)
  place: Place;

  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => Row)
  rows: Row[];

  @IsDate()
  day: Date;

  @IsDate()
  moment: Date;

  @IsOptional()
  @IsDate()
  never?: Date;

  @IsArray()
  @Type(() => Date)
  @IsDate({ each: true })
  days: Date[];

  @IsString()
  time: string;

  @IsString()
  secret: string;

  @IsString()
  intent: string;
}

/** What the browser's tests enter, and every way has to hand over. */
export const ENTERED: Readonly<Partial<Survey>> = {
  name: 'Zoë “O’Hara” <b> & 100 % + café',
  text: 'one\ntwo\n\n three',
  count: 3,
  amount: 2.5,
  maybe: undefined,
  cleared: null,
  note: undefined,
  scale: 7,
  agreed: true,
  declined: false,
  valued: true,
  colours: ['red', 'blue'],
  nothing: [],
  drink: 'coffee',
  level: Level.High,
  numbers: [1, 3],
  aliases: ['ada', 'countess'],
  place: Object.assign(new Place(), { city: 'London', zip: '0042', main: false }),
  rows: [
    Object.assign(new Row(), { name: 'Tea', price: 3.5, gift: true, tags: ['hot', 'green'] }),
    Object.assign(new Row(), { name: 'Jam', price: 4, gift: false, tags: [] }),
  ],
  day: new Date('2026-03-01T00:00:00Z'),
  moment: new Date('2026-03-01T14:30:00Z'),
  never: undefined,
  days: [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')],
  time: '09:15',
  secret: 'kept',
  intent: 'save',
};

/** The newest survey that was accepted. */
export const received: { survey?: Survey } = {};

const TEMPLATE = `<form live-submit="submit" hx-post="/components/survey" hx-target="this" hx-swap="outerHTML" hx-vals='{"event":"submit"}' novalidate>
  {{liveFields}}<input type="hidden" name="secret" value="kept">
  <output>{{count}}</output><pre>{{json fieldErrors}}</pre>
  <input name="name" value="{{value 'name'}}"><textarea name="text">{{value 'text'}}</textarea>
  <input name="count" type="number"><input name="amount" type="number" step="any"><input name="maybe" type="number">
  <input name="cleared" type="number"><input name="note"><input name="scale" type="range" min="0" max="10">
  <input name="agreed" type="checkbox"><input name="declined" type="checkbox">
  <input name="valued" type="checkbox" value="yes">
  <input name="colours" type="checkbox" value="red"><input name="colours" type="checkbox" value="green">
  <input name="colours" type="checkbox" value="blue">
  <input name="nothing" type="checkbox" value="a"><input name="nothing" type="checkbox" value="b">
  <input name="drink" type="radio" value="tea"><input name="drink" type="radio" value="coffee">
  <select name="level"><option value="1">Low</option><option value="2">High</option></select>
  <select name="numbers[]" multiple><option>1</option><option>2</option><option>3</option></select>
  <input name="aliases[]"><input name="aliases[]">
  <input name="place[city]"><input name="place.zip"><input name="place[main]" type="checkbox">
  <input name="rows[0][name]"><input name="rows[0][price]" type="number" step="any">
  <input name="rows[0][gift]" type="checkbox"><select name="rows[0][tags][]" multiple><option>hot</option><option>cold</option><option>green</option></select>
  <input name="rows.1.name"><input name="rows.1.price" type="number" step="any"><input name="rows.1.gift" type="checkbox">
  <select name="rows.1.tags" multiple><option>hot</option></select>
  <input name="day" type="date"><input name="moment" type="datetime-local"><input name="never" type="date">
  <input name="days" type="date"><input name="days" type="date"><input name="time" type="time">
  <input name="photo" type="file"><input name="name" value="disabled" disabled>
  <button name="intent" value="discard">Discard</button><button name="intent" value="save">Save</button>
</form>`;

@LiveComponent('survey', { template: TEMPLATE })
export class SurveyForm extends FormComponent<Survey> {
  @State() count = 0;
  protected readonly dto = Survey;

  protected onSubmit(survey: Survey): void {
    received.survey = survey;
    this.count += 1;
  }
}
