import { IsEmail, IsIn, IsOptional, Length, Matches, MaxLength } from 'class-validator';

export const WAYS = ['post', 'pick-up'] as const;

/** Where an order goes. */
export class Delivery {
  @Length(2, 60, { message: 'Write your name.' })
  name: string;

  @IsEmail({}, { message: 'This is no e-mail address.' })
  email: string;

  @Length(3, 80, { message: 'Write street and number.' })
  street: string;

  @Matches(/^[A-Z0-9][A-Z0-9 -]{2,8}$/i, { message: 'This is no postcode.' })
  postcode: string;

  @Length(2, 60, { message: 'Write the town.' })
  town: string;

  @IsIn(WAYS)
  way: (typeof WAYS)[number];

  @IsOptional()
  @MaxLength(200, { message: 'Keep it below 200 letters.' })
  note?: string;
}
