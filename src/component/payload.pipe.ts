import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';

import { FormText } from '../protocol/form-encoding.js';
import { primitiveName, readPrimitive, refuseFields, validateInto } from './validation.js';

/** Checks what `@Payload()` hands to a handler against the parameter's declared type, before the handler runs. */
@Injectable()
export class PayloadPipe implements PipeTransform {
  transform(value: unknown, { metatype, data: field }: ArgumentMetadata): unknown {
    const encoding = value instanceof FormText ? 'form' : 'json';
    const given = value instanceof FormText ? value.text : value;
    const expected = primitiveName(metatype);
    if (expected) {
      return this.primitive({ type: metatype, expected, field, encoding }, given);
    }
    if (!metatype || (metatype as unknown) === Object) {
      return given;
    }
    return field && given === undefined ? undefined : validateInto(metatype as Type<object>, given);
  }

  private primitive(
    { type, expected, field, encoding }: { type: unknown; expected: string; field?: string; encoding: 'json' | 'form' },
    given: unknown,
  ): unknown {
    // An optional parameter has the same declared type as a required one, so a missing field stays undefined.
    if (field && given === undefined) {
      return undefined;
    }
    const read = readPrimitive(type, given, encoding);
    if (read === undefined) {
      throw refuseFields({ [field ?? '']: [`must be ${expected}`] });
    }
    return read;
  }
}
