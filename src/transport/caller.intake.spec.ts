import { RequestUserResolver, type CallerRequest } from '../lifecycle/caller/caller-resolver.js';
import { ClientAddress } from '../protocol/client-address.js';
import { KeyRing } from '../state/keys.js';
import { SignedValues } from '../state/signed-value.js';
import { CallerIntake, SESSION_COOKIE, type Intake } from './caller.intake.js';
import { OriginPolicy } from './origin.policy.js';

const DAY_MS = 86_400_000;
const secret = (letter: string): string => letter.repeat(32);

describe('CallerIntake: who comes with a cookie of ours', () => {
  let now = 0;
  let intake: CallerIntake;

  const request = (cookie?: string, rest: object = {}): CallerRequest => ({
    headers: cookie === undefined ? {} : { cookie },
    ...rest,
  });
  const met = async (asked: CallerRequest): Promise<Intake> => intake.of(asked);
  const newCookie = async (): Promise<string> => String((await met(request())).setCookie).split(';')[0];

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1);
    const keys = new KeyRing(
      [
        { kid: 'old', secret: secret('o'), verifyUntil: now + DAY_MS },
        { kid: 'new', secret: secret('n') },
      ],
      'intake',
    );
    intake = new CallerIntake(
      new RequestUserResolver(),
      new SignedValues(keys, { now: () => now }),
      new ClientAddress(true),
      new OriginPolicy({ trustProxy: true }),
    );
  });

  it('is the very same caller with each request, without being given a cookie again', async () => {
    const cookie = await newCookie();
    const first = await met(request(cookie));
    const second = await met(request(cookie));
    expect(first).toMatchObject({ caller: { isNew: false, isAuthenticated: false }, setCookie: undefined });
    expect(second.caller).toBe(first.caller);
  });

  it('is another one than everybody with another cookie, or with one that nobody has signed', async () => {
    const [cookie, other] = [await newCookie(), await newCookie()];
    const { caller } = await met(request(cookie));
    const ids = [caller.sessionId];
    for (const one of [other, `${cookie}x`, `${SESSION_COOKIE}=made-up.${cookie.split('.')[1]}`]) {
      ids.push((await met(request(one))).caller.sessionId, (await met(request(one))).caller.sessionId);
    }
    // The second one is met again; what is not signed is somebody new each time.
    expect(new Set(ids).size).toBe(6);
  });

  it('is no longer known when the key that signed the cookie is over', async () => {
    const cookie = await newCookie();
    const { caller } = await met(request(cookie));
    now += DAY_MS + 1;
    const after = await met(request(cookie));
    expect(after.caller.sessionId).not.toBe(caller.sessionId);
    expect(after.setCookie).toContain(SESSION_COOKIE);
  });

  it('counts for the network that each request comes from', async () => {
    const cookie = await newCookie();
    const from = async (address: string): Promise<unknown> =>
      (await met({ headers: { cookie, 'x-forwarded-for': address } })).caller.owner.address;
    expect([await from('192.0.2.1'), await from('198.51.100.7'), await from('192.0.2.1')]).toEqual([
      '192.0.2.1',
      '198.51.100.7',
      '192.0.2.1',
    ]);
  });

  it('has its cookie of another name over TLS, and is not the same without', async () => {
    const cookie = await newCookie();
    const plain = await met(request(cookie));
    const secure = await met({ headers: { cookie, 'x-forwarded-proto': 'https' } });
    expect(secure.caller.sessionId).not.toBe(plain.caller.sessionId);
    expect(secure.setCookie).toContain(`__Host-${SESSION_COOKIE}=`);
  });

  it('is whoever is on the request: one who has signed in, and nobody again afterwards', async () => {
    const cookie = await newCookie();
    const nobody = await met(request(cookie));
    const user = await met(request(cookie, { user: { id: 'ada', roles: ['editor'] } }));
    expect(user.caller).toMatchObject({ id: 'ada', sessionId: nobody.caller.sessionId, isAuthenticated: true });
    expect((await met(request(cookie))).caller).toBe(nobody.caller);
  });

  it('is found by guards behind the same request, each time for itself', async () => {
    const cookie = await newCookie();
    const asked = request(cookie);
    const { who, caller } = await met(asked);
    const guarded = Object.assign(Object.create(asked) as object, { user: { id: 'ada' } });
    expect(who?.(guarded)).toMatchObject({ id: 'ada' });
    expect(who?.(asked)).toMatchObject({ id: '', sessionId: caller.sessionId });
    expect((await met(request(cookie))).caller.isAuthenticated).toBe(false);
    // Guards have found somebody on the request itself.
    expect((await met(Object.assign(asked, { user: { id: 'ada' } }))).caller).toMatchObject({ id: 'ada' });
  });
});
