import { LiveError } from '../../errors/live-error.js';
import type { UploadField } from './upload.decorator.js';
import type { Announced } from './upload.receiver.js';

type FindField = (name: unknown) => UploadField;

/** More than any field takes at once. */
const MAX_FILES = 100;

interface Announcement {
  readonly field: UploadField;
  readonly files: readonly Announced[];
}

/** `{ field, files: [{ name, size, type }] }` @throws LiveError `BAD_FRAME` */
export const readAnnouncement = (payload: unknown, find: FindField): Announcement => {
  const { field, files } = recordOf(payload);
  if (!Array.isArray(files) || files.length === 0 || files.length > MAX_FILES) {
    throw bad('files is no list of 1 to 100 files');
  }
  return { field: find(field), files: files.map(fileOf) };
};

/** `{ field, ids }` @throws LiveError `BAD_FRAME` */
export const readUploaded = (payload: unknown, find: FindField): { field: UploadField; ids: readonly string[] } => {
  const { field, ids } = recordOf(payload);
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > MAX_FILES || !ids.every((id) => typeof id === 'string')) {
    throw bad('ids is no list of 1 to 100 ids');
  }
  return { field: find(field), ids };
};

/** `{ field, id }` @throws LiveError `BAD_FRAME` */
export const readDiscarded = (payload: unknown, find: FindField): { field: UploadField; id: string } => {
  const { field, id } = recordOf(payload);
  if (typeof id !== 'string') {
    throw bad('id is no id');
  }
  return { field: find(field), id };
};

const fileOf = (value: unknown): Announced => {
  const { name, size, type } = recordOf(value);
  const bytes = typeof size === 'string' && size !== '' ? Number(size) : size;
  if (typeof name !== 'string' || !Number.isSafeInteger(bytes) || (bytes as number) < 0) {
    throw bad('a file has a name and a size in bytes');
  }
  return { name, size: bytes as number, type: typeof type === 'string' ? type : '' };
};

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad('the payload is no object');
  }
  return value as Record<string, unknown>;
};

const bad = (reason: string): LiveError => new LiveError('BAD_FRAME', reason);
