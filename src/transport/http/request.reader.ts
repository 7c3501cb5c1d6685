import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { isSamePrincipal, type LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Arrival } from '../../lifecycle/run/interaction.js';
import type { RequestEnvelope } from '../../protocol/envelope.js';
import { isFormType, markFormEncoded } from '../../protocol/form-encoding.js';
import type { Mutable } from '../../protocol/mutable.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { readPageAddress } from '../../protocol/page-address.js';
import { parseForm, type FormBody } from '../../protocol/parse-form.js';
import { parseCompactRequest, parseRequest } from '../../protocol/parse-request.js';
import { largerThan } from '../../protocol/inspect-data.js';
import { after, type Soon } from '../../protocol/soon.js';
import { Admission } from '../admission.js';
import { CallerIntake, type Intake } from '../caller.intake.js';
import { OriginPolicy } from '../origin.policy.js';
import type { HttpRequest } from './exchange.js';
import { readFormBody } from './form-body.js';
import { PollingReaders } from './polling.readers.js';

/** An HTTP request that may go on to the runner. */
export interface ReadRequest {
  readonly arrival: Mutable<Arrival>;
  /** An anonymous caller's new cookie: of somebody who is still nobody when the guards have spoken. */
  readonly setCookie: () => string | undefined;
  /** The body of a form. */
  readonly form?: FormBody;
}

/** A request that asks for many components. */
export interface JointRequest {
  readonly caller: LiveCaller;
  readonly setCookie: () => string | undefined;
  /** One of them. @throws LiveError its refusal */
  readonly arrival: (kind: 'join' | 'mount', raw: unknown) => Arrival;
}

/** Who asks, and what becomes of something that is asked for. */
interface Met extends Pick<JointRequest, 'caller' | 'setCookie'> {
  readonly arrival: (kind: Arrival['kind'], envelope: RequestEnvelope) => Mutable<Arrival>;
}

/** Who has sent something, as far as that is known before its guards are asked. */
export type Sender = Pick<Arrival, 'caller' | 'request' | 'recognition'>;

interface FrameworkRequest {
  readonly headers: HttpRequest['headers'];
  readonly socket?: { readonly encrypted?: boolean };
}

interface Parsed {
  readonly envelope: RequestEnvelope;
  readonly form?: FormBody;
}

/** An HTTP request becomes an arrival: origin → size → shape → caller → whether this node takes it on. */
@Injectable()
export class RequestReader {
  constructor(
    private readonly intake: CallerIntake,
    private readonly origins: OriginPolicy,
    private readonly admission: Admission,
    private readonly readers: PollingReaders,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** Who asks for something that is no component, as of the guards that have spoken. */
  async callerOf(request: FrameworkRequest): Promise<LiveCaller> {
    return (await this.intake.of(request as unknown as CallerRequest)).caller;
  }

  /** Before a body is read that is larger than others: where it comes from, who sends it, whether this node takes it on. */
  async admit(request: HttpRequest): Promise<Sender> {
    this.checkOrigin(request);
    const { original } = request;
    const { caller, who } = await this.intake.of(original as CallerRequest);
    this.admission.message(caller);
    this.admission.newWork();
    return { caller, request: original, recognition: who && { request: original, who } };
  }

  /**
   * @param isAdmitted it was let in, and its fields were measured, before its body was read
   * @throws LiveError the refusal
   */
  read(request: HttpRequest, isAdmitted = false): Soon<ReadRequest> {
    this.checkOrigin(request);
    const { envelope, form } = this.parse(request, isAdmitted);
    return after(this.meet(request), (met) => {
      if (!isAdmitted) {
        this.admission.message(met.caller);
      }
      return { arrival: met.arrival(kindOf(request, envelope), envelope), setCookie: met.setCookie, form };
    });
  }

  /**
   * A request that asks for much at once, and counts as one.
   * @throws LiveError the refusal of all of it
   */
  async readJoint(request: HttpRequest): Promise<JointRequest> {
    this.checkOrigin(request);
    this.measure(request);
    const { caller, setCookie, arrival } = await this.meet(request);
    this.admission.message(caller);
    return { caller, setCookie, arrival: (kind, raw) => arrival(kind, parseRequest(raw, this.limits)) };
  }

  private meet(request: HttpRequest): Soon<Met> {
    const startedAt = performance.now();
    return after(this.intake.of(request.original as CallerRequest), (intake) => this.met(request, intake, startedAt));
  }

  private met(request: HttpRequest, { caller, setCookie, who }: Intake, startedAt: number): Met {
    const trace = { startedAt, attempt: 1 };
    const { original } = request;
    let found = caller;
    const met = (now: LiveCaller): void => {
      if (!isSamePrincipal(now, found)) {
        this.admission.message(now);
      }
      found = now;
    };
    const recognition = who && { request: original, who, met };
    // Anything but a GET was refused.
    const isForeign = this.origins.isForeign(request);
    return {
      caller,
      setCookie: () => (found.sessionId === caller.sessionId ? setCookie : undefined),
      arrival: (kind, envelope) => {
        if (kind === 'mount' || kind === 'join') {
          this.admission.newWork();
        }
        const poll = { envelope, caller, request: original, recognition };
        const hold = kind === 'join' || kind === 'event' ? this.readers.holding(poll) : undefined;
        const output = undefined;
        return {
          kind,
          envelope,
          caller,
          transport: 'http',
          request: original,
          recognition,
          trace,
          hold,
          isForeign,
          output,
        };
      },
    };
  }

  private checkOrigin(request: HttpRequest): void {
    const isAllowed = request.method === 'GET' ? this.origins.allowsHost(request) : this.origins.allowsRequest(request);
    if (!isAllowed) {
      throw new LiveError('ORIGIN_REJECTED', this.origins.reasonOf(request));
    }
  }

  private measure({ headers, body }: HttpRequest): void {
    const { maxFrameBytes } = this.limits;
    const isLarge =
      Number(headers['content-length'] ?? 0) > maxFrameBytes || (isUnmeasured(headers) && sizeOf(body) > maxFrameBytes);
    if (isLarge) {
      throw largerThan(maxFrameBytes);
    }
  }

  private parse(request: HttpRequest, isAdmitted: boolean): Parsed {
    const { method, name, headers, query, body } = request;
    if (!isAdmitted) {
      this.measure(request);
    }
    if (method === 'GET') {
      const url = addressed(query, headers['hx-current-url']);
      return { envelope: parseRequest({ params: markFormEncoded({ ...query }), url }, this.limits, name) };
    }
    const isForm = isAdmitted || isFormType(headers['content-type']);
    if (Array.isArray(body) && !isForm) {
      return { envelope: parseCompactRequest(body, this.limits, name) };
    }
    if (!isForm) {
      return { envelope: parseRequest(body ?? {}, this.limits, name) };
    }
    const form = parseForm(body, this.limits);
    const raw = readFormBody(form, { isHtmx: headers['hx-request'] !== undefined });
    return { envelope: parseRequest(raw, this.limits, name), form };
  }
}

/** A chunked or compressed body, read by the application's own parser: no header says how large it was. */
const isUnmeasured = (headers: HttpRequest['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined;

/** A mount that says something in its address says it for the page it is for. */
const addressed = (query: HttpRequest['query'], page: unknown): string | undefined => {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    [value].flat().forEach((one) => typeof one === 'string' && text.append(name, one));
  }
  return text.size > 0 ? `${readPageAddress(page).path}?${text.toString()}` : undefined;
};

const sizeOf = (body: unknown): number => Buffer.byteLength(JSON.stringify(body ?? null));

const kindOf = ({ method }: HttpRequest, { state, event }: RequestEnvelope): Arrival['kind'] => {
  if (method === 'DELETE') {
    return 'leave';
  }
  if (event !== undefined) {
    return 'event';
  }
  return state === undefined ? 'mount' : 'join';
};
