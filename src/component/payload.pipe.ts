import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';

import { readBySchema } from './schema.reader.js';
import { schemaOf, type StandardSchema } from './standard-schema.js';
import { primitiveName, readPrimitive, refuseFields, validateInto } from './validation.js';

interface Manner {
  /** Text of a form is read as the declared type, JSON is not converted. */
  readonly encoding: 'json' | 'form';
  /** The author's own pipes stand before it: what they have made of a value is not taken apart again. */
  readonly after: 'nothing' | 'own pipes';
}

/** Checks what `@Payload()` hands to a handler against the parameter's declared type, before the handler runs. */
export class PayloadPipe implements PipeTransform {
  constructor(private readonly manner: Manner) {}

  get inForm(): PayloadPipe {
    return new PayloadPipe({ ...this.manner, encoding: 'form' });
  }

  get isFirst(): boolean {
    return this.manner.after === 'nothing';
  }

  transform(given: unknown, { metatype, data: field }: ArgumentMetadata): unknown {
    const expected = primitiveName(metatype);
    if (expected) {
      return this.primitive({ type: metatype, expected, field }, given);
    }
    if (!metatype || (metatype as unknown) === Object || (field && given === undefined)) {
      return given;
    }
    if (!this.isFirst && given instanceof metatype) {
      return given;
    }
    const schema = schemaOf(metatype);
    return schema ? readBySchema(schema, given, field) : validateInto(metatype as Type<object>, given, { field });
  }

  private primitive(
    { type, expected, field }: { type: unknown; expected: string; field?: string },
    given: unknown,
  ): unknown {
    // An optional parameter has the same declared type as a required one, so a missing field stays undefined.
    if (field && given === undefined) {
      return undefined;
    }
    const read = readPrimitive(type, given, this.manner.encoding);
    if (read === undefined) {
      throw refuseFields({ [field ?? '']: [`must be ${expected}`] });
    }
    return read;
  }
}

/** Checks what `@Payload({ schema })` hands to a handler, where no pipe of Nest's does. */
export class SchemaPipe implements PipeTransform {
  constructor(readonly schema: StandardSchema) {}

  transform(given: unknown, { data: field }: ArgumentMetadata): Promise<unknown> {
    return readBySchema(this.schema, given, field);
  }
}
