import Handlebars from 'handlebars';

import { compileTemplate } from './compiled-template.js';
import { checkFields } from './template-fields.js';

const env = Handlebars.create();
const partial = compileTemplate(env, '\n{{name}} {{label}}', 'part.hbs');

const check = (template: string) => () =>
  checkFields(compileTemplate(env, template, 'x.hbs'), {
    owner: 'component "x" (X)',
    fields: new Set(['count', 'name', 'items', 'user']),
    helpers: new Set([...Object.keys(env.helpers), 'shout']),
    partial: (name) => (name === 'part' ? partial : undefined),
  });

describe('checkFields', () => {
  it.each([
    '{{count}} {{this.name}} {{./name}} {{user.any.thing}} {{shout name}} {{shout}} {{shout (shout name) x=name}}',
    '{{#each items}}{{anything}}{{../anything}}{{else}}{{name}}{{/each}}{{#with user as |u|}}{{u.a}}{{b}}{{/with}}',
    '{{#if name}}{{count}}{{else if user}}{{name}}{{/if}}{{#items}}{{x}}{{/items}}{{@root.count}}{{@anything}}{{this}}{{.}}',
    '{{> part label="x"}}{{> part user}}{{> other}}{{#*inline "i"}}{{free}}{{/inline}}{{#shout}}{{free}}{{/shout}}',
    '{{#> layout}}{{free}}{{/layout}}{{"name"}}{{lookup user "x"}}{{{name}}}{{&name}}{{> @partial-block}}{{../x}}',
  ])('accepts %j', (template) => {
    expect(check(template)).not.toThrow();
  });

  it.each([
    ['\n\n <b>{{cuont}}</b>', 'x.hbs:3:7 reads {{cuont}}'],
    ['{{this.cuont}}', 'reads {{this.cuont}}'],
    ['{{usr.name}}', 'reads {{usr.name}}'],
    ['{{#if cuont}}{{/if}}', 'x.hbs:1:7 reads {{cuont}}'],
    ['{{#if count}}{{else}}{{cuont}}{{/if}}', 'reads {{cuont}}'],
    ['{{#each itms}}{{/each}}', 'reads {{itms}}'],
    ['{{#each items}}{{else}}{{cuont}}{{/each}}', 'reads {{cuont}}'],
    ['{{#each items}}{{@root.cuont}}{{/each}}', 'reads {{@root.cuont}}'],
    ['{{shout nme}}', 'reads {{nme}}'],
    ['{{shout (shout x=nme)}}', 'reads {{nme}}'],
    ['{{whisper name}}', 'calls {{whisper …}}, which is no helper'],
    ['{{> part}}', 'part.hbs:2:12 reads {{label}}'],
    ['{{> part label=nme}}', 'reads {{nme}}'],
    ['{{constructor}}', 'reads {{constructor}}'],
  ])('refuses %j', (template, message) => {
    expect(check(template)).toThrow(message);
    expect(check(template)).toThrow('[TEMPLATE_UNKNOWN_FIELD]');
  });
});
