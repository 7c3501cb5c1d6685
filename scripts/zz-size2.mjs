import { build } from 'esbuild'; import { minify } from '@swc/core'; import { gzipSync } from 'node:zlib';
const props = process.argv[2];
for (const es of [{},{minifySyntax:true},{minifySyntax:true,minifyIdentifiers:true},{minify:true}]) for (const target of ['es2022','esnext']) {
const o = await build({bundle:true,target,platform:'browser',legalComments:'none',entryPoints:['/work/main/libs/client/src/script.ts'],format:'iife',write:false, ...es, ...(props?{mangleProps:new RegExp('^('+props+')$')}:{})});
console.log(JSON.stringify(es), target, 'esbuild only', gzipSync(o.outputFiles[0].text,{level:9}).length);
for (const opt of [{passes:3,unsafe:true},{passes:3,unsafe:true,inline:1},{passes:1,unsafe:true},{passes:4,unsafe:true,reduce_funcs:false},{passes:3,unsafe:true,sequences:false},{passes:3,unsafe:true,collapse_vars:false},{passes:3,unsafe:true,reduce_vars:false},{passes:3,unsafe:true,conditionals:false},{passes:3,unsafe:true,if_return:false},{passes:3,unsafe:true,join_vars:false},{passes:3,unsafe:true,comparisons:false},{passes:3,unsafe:true,hoist_vars:true}]) {
const {code} = await minify(o.outputFiles[0].text,{compress:{ecma:2022,...opt},mangle:{toplevel:true},ecma:2022, module:true});
console.log('  ',JSON.stringify(opt),code.length, gzipSync(code,{level:9}).length);}}
