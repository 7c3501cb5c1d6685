import { PARAMETER } from '../../component/parameter.decorators.js';
import { FormText, isFormEncoded } from '../../protocol/form-encoding.js';
import type { LiveContext } from '../context/live.context.js';
import type { ResponseFacade } from '../context/response-facade.js';

/** Parameter type of the carried interaction; no decorator uses it. */
export const CARRIED = 299;

/** What guards, interceptors, filters and parameters find: request, response, next, interaction, payload, call. */
export type PipelineArguments = readonly [
  request: object,
  response: ResponseFacade,
  next: undefined,
  live: LiveContext,
  payload: unknown,
  call?: unknown,
];

/** What one parameter of a method is given. */
export const argumentOf = (type: number, field: string | undefined, args: PipelineArguments): unknown => {
  const live = args[3];
  switch (type) {
    case PARAMETER.PAYLOAD:
      return field === undefined ? live.payload : fieldOf(live.payload, field);
    case PARAMETER.REQUEST:
      return args[0];
    case PARAMETER.RESPONSE:
      return args[1];
    case PARAMETER.HEADERS:
      return headersOf(args[0], field);
    case PARAMETER.LIVE:
      return live;
    case PARAMETER.CALLER:
      return live.caller;
    default:
      return undefined;
  }
};

const headersOf = (request: unknown, name: string | undefined): unknown => {
  const { headers = {} } = request as { headers?: Record<string, unknown> };
  return name === undefined ? headers : headers[name.toLowerCase()];
};

const fieldOf = (payload: unknown, field: string): unknown => {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, field)) {
    return undefined;
  }
  const value = (payload as Record<string, unknown>)[field];
  return typeof value === 'string' && isFormEncoded(payload) ? new FormText(value) : value;
};
