import { extensionOf } from './file-name.js';

/** `bytes`: told by its first bytes. `text`: told by its name, and its bytes have to be text. `markup`: text that browsers run. */
export type FileNature = 'bytes' | 'text' | 'markup';

/** A kind of file that may be uploaded. */
export interface FileKind {
  readonly type: string;
  readonly nature: FileNature;
  /** Extensions a name may have, the one that is stored first. */
  readonly extensions: readonly string[];
  /** What browsers and sniffers call it, too. */
  readonly aliases: readonly string[];
}

const kind =
  (nature: FileNature) =>
  (type: string, extensions: string, aliases = ''): FileKind => ({
    type,
    nature,
    extensions: extensions.split(' '),
    aliases: aliases === '' ? [] : aliases.split(' '),
  });
const bytes = kind('bytes');
const text = kind('text');
const markup = kind('markup');

const OFFICE = 'application/vnd.openxmlformats-officedocument.';
const OPEN = 'application/vnd.oasis.opendocument.';

/** The allow-list: what is not here is not taken, whatever a field says. */
export const FILE_KINDS: readonly FileKind[] = [
  bytes('image/png', 'png apng', 'image/x-png image/apng'),
  bytes('image/jpeg', 'jpg jpeg jpe jfif', 'image/jpg image/pjpeg'),
  bytes('image/gif', 'gif'),
  bytes('image/webp', 'webp'),
  bytes('image/avif', 'avif'),
  bytes('image/bmp', 'bmp', 'image/x-ms-bmp'),
  bytes('image/tiff', 'tif tiff'),
  bytes('image/heic', 'heic heif', 'image/heif image/heic-sequence image/heif-sequence'),
  bytes('image/x-icon', 'ico', 'image/vnd.microsoft.icon'),
  bytes('application/pdf', 'pdf', 'application/x-pdf'),
  bytes('application/rtf', 'rtf', 'text/rtf'),
  bytes('application/zip', 'zip', 'application/x-zip-compressed application/x-zip'),
  bytes('application/gzip', 'gz tgz', 'application/x-gzip'),
  bytes('application/x-7z-compressed', '7z'),
  bytes('application/x-tar', 'tar'),
  bytes(`${OFFICE}wordprocessingml.document`, 'docx'),
  bytes(`${OFFICE}spreadsheetml.sheet`, 'xlsx'),
  bytes(`${OFFICE}presentationml.presentation`, 'pptx'),
  bytes(`${OPEN}text`, 'odt'),
  bytes(`${OPEN}spreadsheet`, 'ods'),
  bytes(`${OPEN}presentation`, 'odp'),
  bytes('application/epub+zip', 'epub'),
  bytes('audio/mpeg', 'mp3', 'audio/mp3'),
  bytes('audio/wav', 'wav', 'audio/x-wav audio/wave audio/vnd.wave'),
  bytes('audio/ogg', 'ogg oga opus', 'application/ogg audio/opus'),
  bytes('audio/flac', 'flac', 'audio/x-flac'),
  bytes('audio/mp4', 'm4a m4b mp4', 'audio/x-m4a audio/m4a video/mp4'),
  bytes('video/mp4', 'mp4 m4v', 'video/x-m4v'),
  bytes('video/quicktime', 'mov'),
  bytes('video/webm', 'webm', 'audio/webm'),
  bytes('video/matroska', 'mkv', 'video/x-matroska'),
  text('text/plain', 'txt text log'),
  text('text/csv', 'csv', 'application/csv application/vnd.ms-excel text/comma-separated-values text/plain'),
  text('text/markdown', 'md markdown', 'text/x-markdown text/plain'),
  text('application/json', 'json', 'text/json text/plain'),
  markup('image/svg+xml', 'svg', 'image/svg'),
  markup('text/html', 'html htm'),
  markup('application/xml', 'xml', 'text/xml'),
];

const UNSAID = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

const BY_TYPE = new Map(FILE_KINDS.map((one) => [one.type, one]));
/** What a sniffer calls it; a text's other names are no proof of anything. */
const BY_ALIAS = new Map(
  FILE_KINDS.filter(({ nature }) => nature === 'bytes').flatMap((one) => one.aliases.map((alias) => [alias, one])),
);

/** The kind a media type names, without its parameters. */
export const kindOfType = (type: string): FileKind | undefined => {
  const plain = plainType(type);
  return BY_TYPE.get(plain) ?? BY_ALIAS.get(plain);
};

/**
 * What a file says it is: its name's extension and its declared type have to agree. Undefined where they do not, or name
 * nothing that may be uploaded.
 */
export const declaredKind = (name: string, declared: string): FileKind | undefined => {
  const type = plainType(declared);
  const extension = extensionOf(name);
  const named = extension === '' ? [kindOfType(type)].filter((one) => one !== undefined) : namedBy(extension);
  if (UNSAID.has(type)) {
    return named[0];
  }
  return named.find((one) => one.type === type) ?? named.find(({ aliases }) => aliases.includes(type));
};

/** Recordings of sound are called `.mp4` too: the kind whose usual extension it is stands first. */
const namedBy = (extension: string): readonly FileKind[] =>
  FILE_KINDS.filter(({ extensions }) => extensions.includes(extension)).sort(
    (one, other) => one.extensions.indexOf(extension) - other.extensions.indexOf(extension),
  );

/** Whether a field that lists `types` takes the kind. Markup is never meant by a `*`: it has to be named. */
export const isAccepted = ({ type, nature }: FileKind, types: readonly string[]): boolean =>
  types.includes(type) || (nature !== 'markup' && types.includes(`${type.split('/', 1)[0]}/*`));

const plainType = (type: string): string => type.split(';', 1)[0].trim().toLowerCase();
