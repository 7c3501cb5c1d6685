import { register } from 'node:module';

/** The doors that are published as one file each, and what they are compiled of. */
const HOOKS = `export const resolve = (specifier, context, next) => {
  const [, door = 'index'] = /^nest-live(?:\\/(extend|testing|forms|redis|typeorm))?$/.exec(specifier) ?? [, ''];
  if (!door || !/\\/dist\\//.test(context.parentURL)) return next(specifier, context);
  const module = /^(index|extend)$/.test(door) ? 'src/' + door : 'libs/' + door + '/src/index';
  return { url: context.parentURL.replace(/\\/dist\\/.*$/, '/dist/' + module + '.js'), shortCircuit: true };
};`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
