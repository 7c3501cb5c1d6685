import { markField } from '../../component/component.metadata.js';

const FIELDS = 'nest-live:upload';

/** A file that has arrived, as it stands in an `@Upload()` field. */
export interface Upload {
  readonly id: string;
  /** The client's file name, made safe to be shown. Never a name to store anything under. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Media type, as its bytes say. */
  readonly type: string;
  /** `used`: a handler has consumed it. */
  readonly state: 'ready' | 'used';
  /** Address of the file for whoever has brought it, as long as it is not consumed; of pictures only. */
  readonly preview?: string;
}

export interface UploadFieldOptions {
  /**
   * Media types that are taken: `image/png`, `image/*`. A file has to be what its name and its declared type say, by its own
   * bytes. SVG, HTML and XML are taken only where they are named.
   */
  readonly types: readonly string[];
  /** Largest file, in bytes. @default 12_582_912 (12 MiB) */
  readonly maxBytes?: number;
  /** Most files in the field. @default 10 */
  readonly count?: number;
}

export interface UploadField extends Required<UploadFieldOptions> {
  readonly name: string;
}

/**
 * A state field of type `Upload[]` that takes files from the page. Handlers consume them with `Uploads`; what is taken out
 * of the field, or left in it when the instance ends, is thrown away.
 */
export const Upload =
  ({ types, maxBytes = 12 * 1024 * 1024, count = 10 }: UploadFieldOptions): PropertyDecorator =>
  (prototype, property) => {
    const name = String(property);
    markField(prototype, { name, kind: 'state' });
    const field: UploadField = { name, types: types.map((type) => type.toLowerCase()), maxBytes, count };
    Reflect.defineMetadata(FIELDS, [...readUploadFields(prototype), field], prototype);
  };

/** The fields of a class and of those it extends. */
export const readUploadFields = (prototype: object): readonly UploadField[] =>
  (Reflect.getMetadata(FIELDS, prototype) ?? []) as UploadField[];
