import { isIPv6 } from 'node:net';

const V4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i;

/** What one client has for itself: an IPv4 address, or the half of an IPv6 address that its owner cannot change. */
export const networkOf = (address: string): string => {
  const [, v4] = V4.exec(address) ?? [];
  if (v4 !== undefined) {
    return v4;
  }
  const [bare] = address.replace(/^\[|\](:\d+)?$/g, '').split('%');
  if (!isIPv6(bare)) {
    return address;
  }
  const [head, tail] = bare.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
};
