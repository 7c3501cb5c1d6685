import { LiveComponent, Present } from 'nest-live';

import { displayName } from './display-name.js';

/** Whoever has it open is in the room. Signed-in visitors see names, everybody else sees how many. */
@Present('tea-room', { about: (caller) => ({ name: displayName(caller) }) })
@LiveComponent('tea-room')
export class TeaRoom {}
