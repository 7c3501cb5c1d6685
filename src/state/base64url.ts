// Characters whose unused low bits are zero: the only ones a canonical encoding may end with.
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

/** Whether text of base64url characters is the one encoding of its bytes (same answer as decoding and encoding again). */
export const isCanonicalBase64url = (text: string): boolean => {
  const last = text.charAt(text.length - 1);
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return LAST_OF_TWO.includes(last);
    case 3:
      return LAST_OF_THREE.includes(last);
    default:
      return false;
  }
};
