const MAX_CHARS = 120;
/** Of a longer one only the end is looked at: it costs the square of this. */
const MAX_READ_CHARS = 1_024;

/** Letters that turn the direction of text, and those without a width: what is read would not be what is there. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** A client's file name as it may be shown to people: the last part of a path, visible, at most 120 characters. */
export const displayName = (name: string): string => {
  const visible = name.slice(-MAX_READ_CHARS).normalize('NFC').replace(INVISIBLE, '');
  const last = visible.slice(Math.max(visible.lastIndexOf('/'), visible.lastIndexOf('\\')) + 1);
  const plain = last
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(DEVICE, '_$&');
  return shortened(plain) || 'file';
};

/** What follows the last dot, in lower case; empty without one. */
export const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** The extension stays readable. */
const shortened = (name: string): string => {
  const letters = [...name];
  if (letters.length <= MAX_CHARS) {
    return name;
  }
  const extension = extensionOf(name);
  const end = extension && extension.length <= 10 ? `.${extension}` : '';
  return letters.slice(0, MAX_CHARS - end.length - 1).join('') + '…' + end;
};
