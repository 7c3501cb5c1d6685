import { build } from 'esbuild'; import { minify } from '@swc/core'; import { gzipSync } from 'node:zlib'; import { INTERNAL_NAMES } from './client-names.mjs';
for (const raw of [undefined,{compilerOptions:{alwaysStrict:false}}]) for (const m of [false,true]) {
const o = await build({bundle:true,target:'es2022',platform:'browser',legalComments:'none',minifySyntax:m,minifyIdentifiers:m,entryPoints:['/work/main/libs/client/src/script.ts'],format:'iife',write:false, tsconfigRaw: raw, mangleProps:new RegExp('^('+INTERNAL_NAMES.join('|')+')$')});
const {code} = await minify(o.outputFiles[0].text,{compress:{ecma:2022,unsafe:true,passes:3},mangle:{toplevel:true},ecma:2022});
console.log(!!raw,m,code.slice(0,30),code.length, gzipSync(code,{level:9}).length);}
