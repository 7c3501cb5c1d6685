import { Transform } from 'class-transformer';
import { Equals, IsEmail, IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** What it may be about, by the value of the option. */
export const TOPICS: Readonly<Record<string, string>> = {
  order: 'An order',
  product: 'A product',
  press: 'Press',
  other: 'Something else',
};

/** Everything the form asks for, and what is right. The page, a plain form post and a program all meet the same rules. */
export class ContactMessage {
  @IsNotEmpty({ message: 'Tell us your name.' })
  @MaxLength(80, { message: 'Keep it below 80 letters.' })
  @Trimmed()
  name: string;

  @IsEmail({}, { message: 'Write an address that we can answer, like ada@example.org.' })
  @MaxLength(200, { message: 'Keep it below 200 letters.' })
  @Trimmed()
  email: string;

  @IsIn(Object.keys(TOPICS), { message: 'Choose what it is about.' })
  topic: string;

  @IsOptional()
  @Matches(/^\d{4,8}$/, { message: 'An order number has 4 to 8 digits.' })
  orderNumber?: string;

  @IsNotEmpty({ message: 'Write us what we can do for you.' })
  @MaxLength(2_000, { message: 'Keep it below 2,000 letters.' })
  @Trimmed()
  message: string;

  @Equals(true, { message: 'Without it we may not keep your message.' })
  consent: boolean;

  /** Nobody sees this field. What fills it in is a program. */
  @IsOptional()
  @IsString()
  website?: string;
}
