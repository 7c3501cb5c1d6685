import { describe, expect, it } from '@jest/globals';
import { Computed, LiveComponent, State, Temporary } from 'nest-live';

import { readDefinition } from './component.metadata.js';

@LiveComponent('one')
class HasId {
  @State() id = '';
}

@LiveComponent('two')
class HasProps {
  @Temporary() props = {};
}

@LiveComponent('three')
class HasErrors {
  @Computed()
  get errors(): readonly string[] {
    return [];
  }
}

class HasSlots {
  @State() slots = '';
}

@LiveComponent('four')
class Inherits extends HasSlots {}

describe('a field with a name that every template has', () => {
  it.each([
    [HasId, /HasId\.id .*such as "hasIdId".*FIELD_RESERVED/],
    [HasProps, /HasProps\.props/],
    [HasErrors, /HasErrors\.errors/],
    [Inherits, /Inherits\.slots/],
  ])('is refused: %p', (type, message) => {
    expect(() => readDefinition(type)).toThrow(message);
  });
});
